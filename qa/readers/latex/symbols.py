r"""What LaTeX prints for its commands: letters with accents, signs, numbers with units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import escape

from pylatexenc.latex2text import get_default_latex_context_db

SIGNS = {
    "%": "%", "&": "&", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", " ": " ", "\n": " ", "\t": " ",
    ",": " ", ";": " ", ":": " ", ">": " ", "!": "", "/": "", "-": "", "@": "", "|": "‖", "(": "(", ")": ")",
    "[": "[", "]": "]", "i": "i", "j": "j", "quad": " ", "qquad": " ", "enspace": " ", "thinspace": " ", "space": " ",
    "nobreakspace": " ", "copyright": "©", "textcopyright": "©", "degree": "°", "textdegree": "°", "pounds": "£",
    "euro": "€", "texteuro": "€", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "TeX": "TeX", "BibTeX": "BibTeX",
    "S": "§", "P": "¶", "dag": "†", "ddag": "‡", "celsius": "°C", "micro": "µ", "textmu": "µ", "ohm": "Ω",
    "permil": "‰", "textperthousand": "‰", "percent": "%", "og": "«", "fg": "»", "glqq": "„", "grqq": "“",
    "glq": "‚", "grq": "‘", "flqq": "«", "frqq": "»", "slash": "/", "textbackslash": "\\", "backslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textbar": "|", "textless": "<", "textgreater": ">",
    "lt": "<", "gt": ">", "textunderscore": "_", "textvisiblespace": " ", "textquotesingle": "'", "textquotedbl": '"',
    "textbraceleft": "{", "textbraceright": "}", "textdollar": "$", "textpm": "±", "texttimes": "×", "textonehalf": "½",
    "leqslant": "≤", "geqslant": "≥", "lesssim": "≲", "gtrsim": "≳", "colon": ":", "cdots": "⋯", "dotsc": "…",
    "dotsb": "⋯", "mid": "|", "vert": "|", "lvert": "|", "rvert": "|", "textellipsis": "…", "prime": "′",
}  # fmt: skip
TEX_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "H": "\u030b", "k": "\u0328", "r": "\u030a", "u": "\u0306", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
ACCENTED = re.compile(
    r"\s*(?:\{\s*\\?(?P<inside>[^\W\d_])\s*\}|\\(?P<dotless>[ij])(?![a-zA-Z])\s?|(?P<letter>[^\W\d_]))"
)
GERMAN = {"`": "„", "'": "“", "=": "-", "-": "", "~": "-", '"': "", "<": "«", ">": "»", "s": "ß", "z": "ß", "|": ""}
PREFIXES = {
    "yocto": "y", "zepto": "z", "atto": "a", "femto": "f", "pico": "p", "nano": "n", "micro": "µ", "milli": "m",
    "centi": "c", "deci": "d", "deca": "da", "hecto": "h", "kilo": "k", "mega": "M", "giga": "G", "tera": "T",
    "peta": "P",
}  # fmt: skip
UNITS = {
    "gram": "g", "kilogram": "kg", "metre": "m", "meter": "m", "second": "s", "minute": "min", "hour": "h", "day": "d",
    "litre": "L", "liter": "L", "mole": "mol", "ampere": "A", "kelvin": "K", "candela": "cd", "hertz": "Hz",
    "newton": "N", "pascal": "Pa", "joule": "J", "watt": "W", "volt": "V", "ohm": "Ω", "siemens": "S", "farad": "F",
    "tesla": "T", "coulomb": "C", "becquerel": "Bq", "gray": "Gy", "sievert": "Sv", "lumen": "lm", "lux": "lx",
    "degreeCelsius": "°C", "celsius": "°C", "degree": "°", "percent": "%", "hectare": "ha", "tonne": "t",
    "electronvolt": "eV", "bar": "bar", "dalton": "Da", "molar": "M", "byte": "B", "bit": "bit", "decibel": "dB",
    "um": "µm", "ug": "µg", "ul": "µl", "uL": "µL", "us": "µs", "uM": "µM", "arcminute": "′", "arcsecond": "″",
    "angstrom": "Å", "katal": "kat", "henry": "H", "weber": "Wb", "radian": "rad", "steradian": "sr",
}  # fmt: skip
UNIT = re.compile(r"\\(?P<name>[a-zA-Z]+|.)(?:\{(?P<power>[^{}]*)\})?|\^\{?(?P<raised>-?\d+)\}?|(?P<other>[^\\^])")
POWER_OF_TEN = re.compile(r"(?P<number>.*?)\s*[eEdD]\s*(?P<power>[+-]?\d+)\s*\Z")


def command_names(words: str) -> frozenset[str]:
    return frozenset(words.split())


@cache
def known_signs() -> Mapping[str, str]:
    """What commands without arguments print, by name: the table of pylatexenc, and what it lacks."""
    table = {}
    for spec in get_default_latex_context_db().iter_macro_specs():
        printed = getattr(spec, "simplify_repl", None)
        if isinstance(printed, str) and "%" not in printed and "\n" not in printed:
            table[spec.macroname] = printed
    greek = {name: letter for name, letter in table.items() if "α" <= letter <= "ω" or "Α" <= letter <= "Ω"}
    upright = {f"{form}{name}": letter for name, letter in greek.items() for form in ("up", "text")}
    return {**upright, **table, **SIGNS}


def accented(letter: str, accent: str) -> str:
    """A letter with an accent, as one character where there is one."""
    return unicodedata.normalize("NFC", letter + accent)


def number_in_html(written: str) -> str:
    """A number as siunitx prints it: `1e5` as 1 × 10⁵, `5 +- 1` as 5 ± 1."""
    written = written.replace("+-", " ± ").replace(r"\pm", " ± ").replace("~", " ")
    if power := POWER_OF_TEN.match(written):
        before = f"{typed_number(power['number'])} × " if power["number"].strip() else ""
        return f"{before}10<sup>{power['power'].lstrip('+').replace('-', '−')}</sup>"
    return typed_number(written)


def typed_number(written: str) -> str:
    words = " ".join(re.sub(r"\\[a-zA-Z]*|[{}]", " ", written).split())
    return escape(f"−{words[1:]}" if re.match(r"-[\d.]", words) else words, quote=False)


def unit_in_html(written: str) -> str:
    r"""A unit as siunitx prints it: `\milli\gram\per\litre` and `\mg\per\litre` as mg/L."""
    pieces: list[str] = []
    prefix = power = ""
    divided = False
    for found in UNIT.finditer(written):
        name = found["name"]
        if name in PREFIXES:
            prefix = PREFIXES[name]
        elif name == "per":
            pieces.append("/" if not divided else " ")
            divided = True
        elif name in ("squared", "cubed"):
            pieces.append("²" if name == "squared" else "³")
        elif name in ("square", "cubic"):
            power = "²" if name == "square" else "³"
        elif name in ("tothe", "raiseto"):
            pieces.append(f"<sup>{escape(found['power'] or '')}</sup>")
        elif name is not None and not name.isalpha():
            pieces.append({"%": "%", "&": "&amp;"}.get(name, " "))
        elif name is not None:
            unit = f"{prefix}{UNITS.get(name, name)}{power}"
            pieces.append(unit if not pieces or pieces[-1] in ("/", " ") else f" {unit}")
            prefix = power = ""
        elif found["raised"]:
            pieces.append(f"<sup>{found['raised'].replace('-', '−')}</sup>")
        else:
            pieces.append({".": " ", "~": " ", "{": "", "}": "", "$": ""}.get(found["other"], escape(found["other"])))
    return "".join(pieces).strip()
