r"""Commands within a paragraph: emphasis, citations, references, links, notes, formulas, abbreviations."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from qa.readers.latex.formulas import formula_in_html
from qa.readers.latex.state import OPEN_BRACE, TexDocument, end_of_nothing
from qa.readers.latex.symbols import (
    ACCENTED,
    TEX_ACCENTS,
    accented,
    command_names,
)
from qa.readers.latex.terms import SIUNITX, define_term, render, write_number, write_term

Command = Callable[[TexDocument, str], None]
LONGEST_IN_LINE = 2_000  # characters of a formula in a line
STYLES = {
    **dict.fromkeys(command_names("emph textit textsl"), ("<i>", "</i>")),
    **dict.fromkeys(["textbf", "strong"], ("<b>", "</b>")),
    **dict.fromkeys(["texttt", "code"], ("<code>", "</code>")),
    **dict.fromkeys(["sout", "st"], ("<s>", "</s>")),
    **dict.fromkeys(["textsuperscript", "textsu"], ("<sup>", "</sup>")),
    **dict.fromkeys(["textsubscript"], ("<sub>", "</sub>")),
    **dict.fromkeys(["enquote"], ("“", "”")),
}
SWITCHES = {
    **dict.fromkeys(["bf", "bfseries"], ("<b>", "</b>")),
    **dict.fromkeys(command_names("it itshape em sl slshape"), ("<i>", "</i>")),
}
NO_SPACE_BEFORE = frozenset(".,;:!?)'-/}~\\] \n\t")
KINDS_OF_REFERENCE = {
    **dict.fromkeys(("ref", "ref*", "pageref", "subref", "vref"), "{}"),
    "eqref": "({})",
    **dict.fromkeys(("cref", "Cref", "autoref", "Autoref", "fullref"), "kind {}"),
    "nameref": "{}",
}
MATH_ENDS = {"$": "$", "$$": "$$", "(": r"\)", "[": r"\]"}


def write_style(body: TexDocument, name: str) -> None:
    opening, closing = STYLES[name]
    body.open_braces(body.output.style(opening, closing))


def switch_style(body: TexDocument, name: str) -> None:
    """Change the style for the rest of a group in braces."""
    if body.opened and body.opened[-1].name == OPEN_BRACE:
        end, close = body.output.style(*SWITCHES[name]), body.opened[-1].close
        body.opened[-1].close = lambda: (end(), close())[0]


def write_tex_citation(body: TexDocument, name: str) -> None:
    r"""`\cite[before][after]{key, key}`, also several in one command: `\cites[12]{reyes}[3]{ito}`."""
    body.source.take("*")
    several = name.endswith("s") and not name.endswith("ss")
    while True:
        first, second = body.source.option(), body.source.option()
        if body.source.following() != OPEN_BRACE and body.source.skip_blanks() != OPEN_BRACE:
            break
        keys = [key for each in body.source.argument().split(",") if (key := each.strip())]
        notes = (first or "", second) if second is not None else ("", first or "")
        before, after = (render(each) for each in notes)
        body.output.put(body.works.cite(name, keys, (before, after)))
        if not several or body.source.following() not in ("[", OPEN_BRACE):
            break
        body.output.put(" ")


def write_reference(body: TexDocument, name: str) -> None:
    body.source.take("*")
    for place, label in enumerate(body.source.argument().split(",")):
        body.output.put(", " if place else "")
        body.refer(label, KINDS_OF_REFERENCE[name])


def write_label(body: TexDocument, name: str) -> None:
    label = body.source.argument().strip()
    body.waiting.append(label)
    body.labels.setdefault(label, body.said)


def write_address(body: TexDocument, name: str) -> None:
    address = re.sub(r"\\(.)", r"\1", "".join(body.source.argument(address=True).split()))
    words = f"doi:{address}" if name == "doi" and not address.startswith("http") else address
    target = f"https://doi.org/{address}" if words != address else address
    write = escape(words, quote=False)
    body.output.put(f'<a href="{escape(target)}">{write}</a>' if target.startswith("http") else write)


def write_link(body: TexDocument, name: str) -> None:
    body.source.option()
    address = re.sub(r"\\(.)", r"\1", "".join(body.source.argument(address=True).split()))
    is_web = address.startswith(("http:", "https:"))
    body.open_braces(body.output.style(f'<a href="{escape(address)}">', "</a>") if is_web else end_of_nothing)


def write_inner_link(body: TexDocument, name: str) -> None:
    r"""`\citeproc{ref-reyes2019}{Reyes 2019}`, `\hyperlink{ref-reyes2019}{2019}`: a mark, if that is an entry."""
    entry = body.works.entries.get(body.source.argument().strip())
    start = f'<a role="doc-biblioref" href="#work-{entry.number}">' if entry else ""
    body.open_braces(body.output.style(start, "</a>") if entry else end_of_nothing)


def write_note(body: TexDocument, name: str) -> None:
    body.source.option()
    mark_note(body, name)
    number = len(body.notes) - 1
    body.capture(lambda html: body.notes.__setitem__(number, html))


def mark_note(body: TexDocument, name: str) -> None:
    body.source.option()
    body.notes.append("")
    number = len(body.notes)
    body.said = ("Note", str(number))
    body.output.put(f'<sup><a href="#note-{number}">{number}</a></sup>')


def write_note_text(body: TexDocument, name: str) -> None:
    """The text of a note that was marked before."""
    body.source.option()
    empty = next((place for place, html in enumerate(body.notes) if not html), None)
    if empty is None:
        body.notes.append("")
    number = len(body.notes) - 1 if empty is None else empty
    body.capture(lambda html: body.notes.__setitem__(number, html))


def write_accent(body: TexDocument, name: str) -> None:
    source = body.source
    found = ACCENTED.match(source.text, source.place) if source.settle() else None
    if found is None:
        return
    source.place = found.end()
    letter = found["inside"] or found["dotless"] or found["letter"]
    body.output.put(accented(letter, TEX_ACCENTS[name]))


def write_formula(body: TexDocument, begins: str) -> None:
    """A formula that ends with the sign that belongs to the one it begins with; without an end, the sign is text."""
    stands_alone = begins in ("$$", "[")
    formula = body.source.until(MATH_ENDS[begins], LONGEST_IN_LINE * (5 if stands_alone else 1))
    if formula is None or (not stands_alone and re.search(r"\n[ \t]*\n", formula)):
        if formula is not None:
            body.source.place -= len(formula) + len(MATH_ENDS[begins])
        body.source.fail()
        body.broken = True
        body.text("$" if begins.startswith("$") else "")
    else:
        put_formula(body, formula, stands_alone=stands_alone)


def put_formula(body: TexDocument, formula: str, *, stands_alone: bool) -> None:
    """Write a formula as text, or as it is; one that stands alone and is not simple is a block."""
    formula = re.sub(r"(?<!\\)%[^\n]*\n?", "", formula).strip()
    number = ""
    for label in re.findall(r"\\label\{([^{}]*)\}", formula):
        body.counts["equation"] += 1
        number = str(body.counts["equation"])
        body.labels.setdefault(label.strip(), ("Equation", number))
    formula = re.sub(r"\s*\\label\{[^{}]*\}", "", formula).strip(" \n")
    simple = formula_in_html(formula, body.macros.bodies())
    if simple is not None:
        body.output.put(f" {simple}{f' ({number})' * bool(number)} " if stands_alone else simple)
    elif stands_alone and not body.output.captured:
        body.output.flush()
        body.output.page.block("pre", escape(formula, quote=False) + f" ({number})" * bool(number))
    else:
        body.text(f"${formula}$" if formula else "")


def write_math(body: TexDocument, name: str) -> None:
    put_formula(body, body.source.argument(), stands_alone=False)


def put_space(body: TexDocument, name: str) -> None:
    r"""`\xspace`: a blank, unless a sign follows."""
    following = body.source.following()
    if following and following not in NO_SPACE_BEFORE:
        body.output.put(" ")


def write_verbatim(body: TexDocument, name: str) -> None:
    r"""`\verb|a b|`: to the same sign."""
    body.source.take("*")
    if name != "verb":
        body.source.option()
    sign = body.source.following()
    body.source.take(sign)
    words = body.source.until({"{": "}"}.get(sign, sign), 500) if sign else None
    if words is None:
        body.broken = True
    else:
        body.output.put(f"<code>{escape(words, quote=False)}</code>")


INLINE_COMMANDS: dict[str, Command] = {
    **dict.fromkeys(STYLES, write_style),
    **dict.fromkeys(SWITCHES, switch_style),
    **dict.fromkeys(KINDS_OF_REFERENCE, write_reference),
    **dict.fromkeys(SIUNITX, write_number),
    **dict.fromkeys(TEX_ACCENTS, write_accent),
    **dict.fromkeys(("url", "nolinkurl", "path", "doi"), write_address),
    "href": write_link,
    **dict.fromkeys(("citeproc", "hyperlink"), write_inner_link),
    **dict.fromkeys(("footnote", "endnote", "sidenote", "tablefootnote"), write_note),
    **dict.fromkeys(("footnotemark", "endnotemark"), mark_note),
    **dict.fromkeys(("footnotetext", "endnotetext"), write_note_text),
    "label": write_label,
    "ensuremath": write_math,
    **dict.fromkeys(
        command_names("gls Gls glspl Glspl GLS acrshort acrlong acrfull ac acp acs acl acf Ac Acp acrshortpl"),
        write_term,
    ),
    **dict.fromkeys(
        command_names("newacronym acrodef newglossaryentry DeclareAcronym longnewglossaryentry"), define_term
    ),
    "xspace": put_space,
    **dict.fromkeys(("verb", "lstinline"), write_verbatim),
    "(": write_formula,
    "[": write_formula,
}
