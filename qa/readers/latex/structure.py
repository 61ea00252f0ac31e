r"""Parts of a document: headings, lists, captions, tables, the list of works, and what the file says about itself."""

from __future__ import annotations

import re
from functools import partial

from qa.readers.latex.state import TexDocument
from qa.readers.latex.works import words_of_html

TEX_SECTIONS = ("part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph")
USED = re.compile(r"\\(part|chapter|section)\*?\s*[\[{]")
HAS_TITLE = re.compile(r"\\[tT]itle\s*[\[{]")
HEADING_OF_WORKS = re.compile(
    r"<h\d>\W*(?:references|bibliography|literature|literatur\w*|works cited)\W*</h\d>", re.IGNORECASE
)
FIGURE, TABLE = "Figure", "Table"
IN_LANGUAGE = {
    "de": {FIGURE: "Abbildung", TABLE: "Tabelle"}, "es": {FIGURE: "Figura", TABLE: "Cuadro"},
    "it": {FIGURE: "Figura", TABLE: "Tabella"}, "pt": {FIGURE: "Figura", TABLE: "Tabela"},
    "nl": {FIGURE: "Figuur", TABLE: "Tabel"}, "sv": {FIGURE: "Figur", TABLE: "Tabell"},
}  # fmt: skip
KIND_OF_FLOAT = re.compile(r"tab(?:le|u)|algorithm|listing")
FLOATING = re.compile(r"(?:sideways|wrap|special|wide)?(?:figure|table)\*?|algorithm\*?|listing")
DEEPEST_FLOAT = 50  # what may be open between a float and its caption
PARTS_OF_FLOATS = frozenset({"subfigure", "subtable", "subcaptionblock"})


def write_heading(body: TexDocument, name: str) -> None:
    numbered = not body.source.take("*")
    body.source.option()
    body.close_captured()
    output = body.output
    output.flush()
    output.lists.clear()
    if name == "chapter" and numbered:
        body.counts["chapter"] += 1
        for kind in (FIGURE, TABLE):
            body.counts[kind] = 0
    body.waiting.clear()
    body.capture(partial(end_heading, body, name))


def end_heading(body: TexDocument, name: str, html: str) -> None:
    body.output.flush()
    body.output.page.heading(tex_level(body, name), html)
    body.said = (name.capitalize(), f"“{words_of_html(html)}”")
    body.labels |= dict.fromkeys(body.waiting, body.said)


def tex_level(body: TexDocument, name: str) -> int:
    return TEX_SECTIONS.index(name) - TEX_SECTIONS.index(body.highest) + body.level


def write_caption(body: TexDocument, name: str) -> None:
    """A caption with the name and the number of its table or figure."""
    kind = body.source.argument().capitalize() if name.startswith("captionof") else ""
    numbered = not body.source.take("*") and "*" not in name
    body.source.option()
    around = [each.name for each in reversed(body.opened[-DEEPEST_FLOAT:])]
    part = any(each in PARTS_OF_FLOATS for each in around) or name in ("subcaption", "subfloat")
    kind = kind or next((found for each in around if (found := kind_of_float(each))), FIGURE)
    number = ""
    if numbered and not part:
        body.counts[kind] += 1
        chapter = f"{body.counts['chapter']}." if body.counts["chapter"] else ""
        number = f"{chapter}{body.counts[kind]}"
        body.said = (IN_LANGUAGE.get(body.language, {}).get(kind, kind), number)
    body.capture(partial(end_caption, body, " ".join(body.said) if number else ""))


def kind_of_float(environment: str) -> str:
    found = KIND_OF_FLOAT.search(environment)
    return {"table": TABLE, "tabu": TABLE}.get(found[0], found[0].capitalize()) if found else ""


def begin_float(body: TexDocument, name: str) -> None:
    """A figure or a table may be put into the middle of a paragraph, which goes on after it."""
    output = body.output
    if output.captured:
        body.open(name)
        return
    before = (output.words, output.styles, output.item, output.lists)
    output.words, output.styles, output.item, output.lists = [], [], None, []

    def close() -> None:
        output.flush()
        output.words, output.styles, output.item, output.lists = before

    body.open(name, close)


def end_caption(body: TexDocument, said: str, html: str) -> None:
    if not body.output.captured:
        body.output.flush()
    if words_of_html(html):
        body.output.page.block("p", f"{said}: {html}" if said else html)


def write_tex_item(body: TexDocument, name: str) -> None:
    output = body.output
    term = body.source.option()
    if output.captured or not output.lists:
        output.put(" ")
    else:
        output.flush()
        kind, count = output.lists.pop()
        output.lists.append((kind, count + 1))
        if kind == "enumerate" and term is None:
            output.item = (f'<ol start="{count + 1}"><li>', "</li></ol>")
            body.said = ("Item", str(count + 1))
        else:
            output.item = ("<ul><li>", "</li></ul>")
    if term and re.search(r"\w\w|\d", re.sub(r"\\[a-zA-Z]+", "", term)):
        body.source.expand(rf"\textbf{{{term}}} ")


def begin_list(kind: str, body: TexDocument, name: str) -> None:
    body.source.option()
    if body.output.captured:
        body.open(name)
        return
    body.output.flush()
    depth = len(body.output.lists)
    body.output.lists.append((kind, 0))

    def close() -> None:
        body.output.flush()
        del body.output.lists[depth:]

    body.open(name, close)


def begin_quote(body: TexDocument, name: str) -> None:
    body.output.flush()
    body.output.quoted += 1

    def close() -> None:
        body.output.flush()
        body.output.quoted -= 1

    body.open(name, close)


def begin_works(body: TexDocument, name: str) -> None:
    body.source.argument()
    if name == "CSLReferences":  # of pandoc
        body.source.argument()
        body.works.typed = True
    body.output.flush()
    body.output.capture()
    body.open(name, partial(end_works, body))
    body.entry = ""


def begin_entry(body: TexDocument, name: str) -> None:
    end_entry(body)
    body.source.option()
    body.entry = body.source.argument().strip()


def end_entry(body: TexDocument) -> None:
    if not body.output.captured:  # an entry outside of a list
        return
    html = " ".join("".join(body.output.words).split())
    body.output.words = []
    if body.entry in body.works.entries and not body.works.entries[body.entry].html:
        body.works.entries[body.entry].html = html
    body.entry = ""


def end_works(body: TexDocument) -> None:
    end_entry(body)
    body.output.release()
    page = body.output.page
    if not (page.parts and HEADING_OF_WORKS.fullmatch(page.parts[-1])):
        page.heading(body.level, "References")
    page.parts.append(body.works.listed())


def write_for_print(body: TexDocument, name: str) -> None:
    """Words in two forms, of which the second is for another place."""
    words = body.source.argument()
    body.source.argument()
    body.source.expand(words)
