r"""Reads the tokens of a LaTeX file one by one, and hands each command to what it does."""

from __future__ import annotations

import re
from html import escape

from qa.readers.latex.commands import SETTINGS, TEX_COMMANDS, WITHOUT_TEXT
from qa.readers.latex.inline import write_formula, write_tex_citation
from qa.readers.latex.state import OPEN_BRACE, TexDocument
from qa.readers.latex.symbols import GERMAN, known_signs
from qa.readers.latex.tables import end_cell
from qa.readers.latex.works import CITING, NO_CITING

QUOTES = {"``": "“", "''": "”", ",,": "„", "`": "‘", "'": "’", "---": "—", "--": "–"}
OWN_REFERENCE = re.compile(r"[a-zA-Z]*[rR]ef")
LENGTH = re.compile(r"\s*=?\s*-?[\d.]+\s*(?:pt|em|ex|cm|mm|in|bp|\\[a-z]+)?|\s*=?\s*\\[a-z]+")


def read_tokens(body: TexDocument) -> None:
    """Read the whole file."""
    while not body.ended and (token := body.source.next()) is not None:
        kind, words = token
        if kind == "words":
            body.output.put(escape(words, quote=False))
        elif kind == "command":
            run_command(body, words)
        elif kind == "paragraph":
            body.output.paragraph()
        elif kind == "opened":
            body.open(OPEN_BRACE)
        elif kind == "closed":
            body.close_brace()
        elif kind == "cell":
            end_cell(body)
        elif kind == "math":
            write_formula(body, words)
        elif kind == "tie":
            body.output.put(" ")
        elif kind == "sign":
            write_sign(body, words)
    body.broken |= bool(body.opened)
    while body.opened:
        body.close_last()
    body.output.flush()


def run_command(body: TexDocument, name: str) -> None:
    if name in body.macros.known:
        macro = body.macros.known[name]
        words = body.macros.expand(body.source, macro)
        if words is not None:
            body.unknown[name] = None
            body.source.expand(words)
    elif name in TEX_COMMANDS:
        TEX_COMMANDS[name](body, name)
    elif name in WITHOUT_TEXT:
        pass
    elif name in SETTINGS:
        body.source.place = body.source.match_end(LENGTH)
    elif CITING.fullmatch(name):
        write_tex_citation(body, name) if name not in NO_CITING else body.source.argument()
    elif (sign := known_signs().get(name)) is not None:
        body.output.put(escape(sign, quote=False))
    elif name.isalpha():
        body.unknown[name] = None
        body.source.take("*")
        if body.source.following() == "[":
            body.source.option()
        if OWN_REFERENCE.fullmatch(name) and body.source.following() == "{":
            refer_by_own_command(body)


def refer_by_own_command(body: TexDocument) -> None:
    r"""`\figref{f:lanes}` refers to a part; before words, as in `\gref{g:lane}{a lane}`, the label is no text."""
    label = body.source.argument()
    if body.source.following() != "{":
        body.refer(label, "{}")


def write_sign(body: TexDocument, sign: str) -> None:
    if sign == '"' and body.language == "de":
        following = body.source.following()
        if following in "aouAOUeEiI" and following:
            body.source.take(following)
            body.output.put({"a": "ä", "o": "ö", "u": "ü", "A": "Ä", "O": "Ö", "U": "Ü"}.get(following, following))
        elif following in GERMAN:
            body.source.take(following)
            body.output.put(GERMAN[following])
        else:
            body.output.put('"')
    elif sign.startswith("#"):
        return
    else:
        body.output.put(QUOTES.get(sign, escape(sign, quote=False)))
