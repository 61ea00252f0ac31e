r"""Simple formulas as text: numbers with powers and indices, signs, letters. Others stay as they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from html import escape, unescape

from qa.readers.latex.symbols import command_names, known_signs

LONGEST_SIMPLE = 300  # characters
DEEPEST_FORMULA = 6
MOST_SUBSTITUTIONS = 50
PIECE = re.compile(r"\\(?:[a-zA-Z]+|.)|\s+|[{}^_&~]|\d+(?:[.,]\d+)*|[^\\{}^_&~\s\d]", re.DOTALL)
WORDS_IN_FORMULA = command_names(
    "text textrm textnormal textup textit textbf textsf mbox mathrm mathit mathbf mathsf "
    "mathcal mathtt operatorname rm boldsymbol bm hbox emph ensuremath si unit"
)
OPERATORS = command_names(
    "log ln lg exp sin cos tan max min sup inf lim det dim Pr arg arcsin arccos arctan sinh cosh tanh gcd mod"
)
NO_SIGN = command_names(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr displaystyle textstyle scriptstyle "
    "limits nolimits rm bf it mathstrut strut nonumber notag"
)
LARGE = command_names("sum prod int iint oint bigcup bigcap coprod")
ON_LETTERS = {"bar": "\u0304", "overline": "\u0304", "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303",
              "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7"}  # fmt: skip
RELATIONS = frozenset("=<>≤≥≈≡≠∼≃≅±∓×÷→←↔⇒⇔⇌∈∉⊂⊆∪∩≪≫∝≲≳+−⋅∗↦")
SIGNED = frozenset("−+±∓")
SCRIPT = re.compile(r"[\w+−=,./*′†‡§¶ -]{1,12}", re.UNICODE)
CIRCLE = "∘"
TAG = re.compile(r"</?su[bp]>")


class NotSimpleError(Exception):
    """A formula that cannot be written as a line of text."""


def formula_in_html(formula: str, bodies: Mapping[str, str]) -> str | None:
    """A formula as a line of text, or None if it is not simple. `bodies`: those of macros without arguments."""
    if len(formula) > LONGEST_SIMPLE:
        return None
    for _ in range(MOST_SUBSTITUTIONS):
        before = formula
        formula = re.sub(r"\\([a-zA-Z]+)", lambda match: bodies.get(match[1], match[0]), formula, count=0)
        if formula == before or len(formula) > LONGEST_SIMPLE:
            break
    try:
        pieces = Formula(PIECE.findall(formula[: LONGEST_SIMPLE + 1])).row(0)
    except NotSimpleError:
        return None
    return None if len(formula) > LONGEST_SIMPLE else with_spaces(pieces)


class Formula:
    """Reads the pieces of a formula."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.place = 0

    def next(self) -> str:
        if self.place >= len(self.pieces):
            raise NotSimpleError
        self.place += 1
        return self.pieces[self.place - 1]

    def row(self, depth: int) -> list[str]:
        """What comes before the brace that closes this row, or the end."""
        found: list[str] = []
        while self.place < len(self.pieces):
            piece = self.next()
            if piece == "}" and depth:
                return found
            if piece in ("^", "_"):
                found.append(self.script(piece, depth))
            elif not piece.isspace():
                found += self.atom(piece, depth)
        if depth:
            raise NotSimpleError
        return found

    def atom(self, piece: str, depth: int) -> list[str]:
        if depth > DEEPEST_FORMULA or piece in ("}", "&"):
            raise NotSimpleError
        if piece == "{":
            return self.row(depth + 1)
        if piece.startswith("\\"):
            return self.command(piece[1:], depth)
        return [{"-": "−", "*": "∗", "~": " ", "'": "′"}.get(piece, escape(piece, quote=False))]

    def command(self, name: str, depth: int) -> list[str]:
        if name in NO_SIGN:
            return []
        if name in WORDS_IN_FORMULA:
            return [self.words()]
        if name in OPERATORS:
            return [" ", name, " "]
        if name in ("frac", "tfrac", "dfrac", "nicefrac", "sfrac"):
            above, below = self.one(depth), self.one(depth)
            return [in_round(above), "/", in_round(below)]
        if name == "sqrt":
            return ["√", in_round(self.one(depth))]
        if name in ON_LETTERS:
            letters = self.one(depth)
            if len(letters) != 1:
                raise NotSimpleError
            return [unicodedata.normalize("NFC", letters + ON_LETTERS[name])]
        if name == "mathbb":
            letter = self.one(depth)
            return [{"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ", "P": "ℙ", "E": "𝔼"}.get(letter, letter)]
        sign = known_signs().get(name)
        if sign is None or name in LARGE:
            raise NotSimpleError
        return [escape(sign, quote=False)]

    def one(self, depth: int) -> str:
        """The next argument, as a line of text."""
        piece = self.next()
        while piece.isspace():
            piece = self.next()
        return with_spaces(self.atom(piece, depth + 1))

    def words(self) -> str:
        """Words within a formula, with their blanks."""
        piece = self.next()
        while piece.isspace():
            piece = self.next()
        if piece != "{":
            return escape(piece, quote=False)
        found: list[str] = []
        while (piece := self.next()) != "}":
            if piece in ("{", "^", "_") or (piece.startswith("\\") and known_signs().get(piece[1:]) is None):
                raise NotSimpleError
            found.append(known_signs()[piece[1:]] if piece.startswith("\\") else piece.replace("~", " "))
        return escape("".join(found), quote=False)

    def script(self, sign: str, depth: int) -> str:
        written = self.one(depth).replace(" ", "")
        if sign == "^" and written in (CIRCLE, "°", "′"):
            return written.replace(CIRCLE, "°")
        if not SCRIPT.fullmatch(written.replace(CIRCLE, "°")):
            raise NotSimpleError
        tag = "sup" if sign == "^" else "sub"
        return f"<{tag}>{written}</{tag}>"


def in_round(line: str) -> str:
    """A part of a fraction, in brackets unless it is one number or name."""
    return line if re.fullmatch(r"[\w.,√]+", line) else f"({line})"


def with_spaces(pieces: list[str]) -> str:
    """The pieces as a line, with blanks around what relates two of them."""
    line = ""
    for place, piece in enumerate(pieces):
        before = unescape(TAG.sub("", line)).rstrip()[-1:]
        alone = not before or before in "([{,/|" or before in RELATIONS
        if piece in ("&lt;", "&gt;") or piece in RELATIONS:
            is_sign_of_number = piece in SIGNED and alone
            is_last = place == len(pieces) - 1
            line = f"{line}{piece}" if is_sign_of_number or alone or is_last else f"{line.rstrip()} {piece} "
        elif piece == "," and place + 1 < len(pieces) and not pieces[place + 1][:1].isdigit():
            line += ", "
        else:
            line += piece
    return " ".join(line.split())
