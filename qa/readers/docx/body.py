"""The body of a Word document to blocks: paragraphs, lists, tables, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from qa.models import BlockKind
from qa.readers.docx.notes import NoteKind
from qa.readers.docx.numbering import Numbering
from qa.readers.docx.package import W, is_on, letters_in, value
from qa.readers.docx.runs import ALTERNATE, MENDELEY_TAG, Runs, chosen_form
from qa.readers.draft import Draft
from qa.readers.tables import names_columns
from qa.readers.writer import Writer
from qa.readers.xml import Element

LONGEST_BOLD_HEADING = 120
CAPTION = re.compile(r"(?:table|figure|fig|box|panel)\b\.?\s*\w{0,4}\d", re.IGNORECASE)
NO_HEADING = re.compile(r"[.;,]$")
EDGES_OF_LABEL = re.compile(r"^\W+|\W+$")
# Elements that only hold others.
HOLDERS = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent"))


class Body:
    """Writes the content of a document, or of a box in it. `title` is the first paragraph in the style of titles."""

    def __init__(self, writer: Writer, runs: Runs, numbering: Numbering) -> None:
        self.writer = writer
        self.runs = runs
        self.styles = runs.styles
        self.numbering = numbering
        self.title = ""
        self.lists = 0  # content controls around this place that hold a list of works
        self.special: Mapping[str, Callable[[Element], None]] = {
            f"{W}p": self.paragraph,
            f"{W}tbl": self.table,
            f"{W}sdt": self.control,
            f"{W}bookmarkStart": runs.begin_bookmark,
            f"{W}bookmarkEnd": runs.end_bookmark,
            ALTERNATE: self.alternate,
        }

    def content(self, element: Element) -> None:
        for child in element:
            if write := self.special.get(child.tag):
                write(child)
            elif child.tag in HOLDERS:
                self.content(child)

    def alternate(self, element: Element) -> None:
        if (chosen := chosen_form(element)) is not None:
            self.content(chosen)

    def control(self, element: Element) -> None:
        """A content control around paragraphs: a table of contents, a list of works, or a mark of Mendeley."""
        properties = element.find(f"{W}sdtPr")
        tag = value(properties, "tag") or ""
        if "Table of Contents" in (value(properties, "docPartObj", "docPartGallery") or ""):
            self.runs.left_out["the table of contents"] += letters_in(element)
            return
        if tag.startswith(MENDELEY_TAG):
            self.writer.begin("paragraph")
            self.runs.control(element)
            self.writer.end()
            return
        of_works = value(properties, "bibliography") is not None or tag.startswith("MENDELEY_BIBLIOGRAPHY")
        self.lists += of_works
        for content in element.findall(f"{W}sdtContent"):
            self.content(content)
        self.lists -= of_works

    @property
    def in_list(self) -> bool:
        return self.lists > 0 or self.runs.fields.in_list

    def paragraph(self, paragraph: Element) -> None:
        in_contents = self.runs.fields.in_contents
        if in_contents or any(name.startswith("toc ") for name in self.styles.names(self.styles.of(paragraph))):
            self.mute(paragraph)
            return
        level, number = self.styles.level(paragraph), self.numbering.number(paragraph)
        if level:
            self.write_notes("footnotes")
        listed: BlockKind = "paragraph" if number is None else "list_item"
        kind = "heading" if level else "reference" if self.in_list else self.styles.kind(paragraph) or listed
        draft = self.writer.begin(kind, level=level)
        self.write_number(draft, number or "")
        self.runs.content(paragraph)
        if self.in_list and draft.kind in ("paragraph", "list_item"):
            draft.kind = "reference"
        if draft.kind == "paragraph" and is_bold_line(paragraph, "".join(draft.pieces).strip()):
            draft.kind = "heading"
        block = self.writer.end()
        if block is not None and not self.title and self.styles.names(self.styles.of(paragraph))[:1] == ["title"]:
            self.title = self.writer.text()[block.start : block.end]
        self.write_boxes()

    def write_number(self, draft: Draft, number: str) -> None:
        """Write the number that Word draws: as part of a heading, but as the label of all else."""
        if draft.kind == "heading":
            self.writer.add(f"{number} ")
        elif number:
            self.writer.mark(number)
            draft.label = EDGES_OF_LABEL.sub("", number) or None

    def mute(self, paragraph: Element) -> None:
        """Follow the fields of a paragraph of a table of contents without writing it."""
        self.runs.left_out["the table of contents"] += letters_in(paragraph)
        self.runs.muted = True
        self.runs.content(paragraph)
        self.runs.muted = False

    def write_boxes(self) -> None:
        boxes, self.runs.boxes = self.runs.boxes, []
        for box in boxes:
            self.content(box)

    def write_notes(self, kind: NoteKind) -> None:
        for note in self.runs.notes.take(kind):
            self.writer.begin("footnote", label=note.label, id=note.id)
            self.writer.mark(note.printed)
            self.runs.fields.match(note.content)
            for paragraph in paragraphs_in(note.content):
                self.runs.content(paragraph)
                self.writer.add(" ")
            self.writer.end()
            self.write_boxes()

    def table(self, table: Element) -> None:
        rows = [row for row in parts_of(table, "tr") if value(row, "trPr", "del") is None]
        cells = [list(parts_of(row, "tc")) for row in rows]
        if sum(map(len, cells)) <= 1:  # a frame around text
            for row in cells:
                for cell in row:
                    self.content(cell)
            return
        heads = count_heads(rows, cells)
        self.writer.begin("table")
        for place, row in enumerate(cells):
            self.writer.row(head=place < heads)
            for cell in row:
                self.write_cell(cell)
        self.writer.end()
        self.write_boxes()

    def write_cell(self, cell: Element) -> None:
        self.writer.cell()
        for paragraph in paragraphs_in(cell):
            if number := self.numbering.number(paragraph):
                self.writer.add(f"{number} ")
            self.runs.content(paragraph)
            self.writer.add(" ")
        span = value(cell, "tcPr", "gridSpan") or ""
        self.writer.span_columns(int(span) if span.isdecimal() and len(span) < 5 else 1)


def parts_of(element: Element, name: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those in content controls, but not those of tables within."""
    for child in element:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in HOLDERS or child.tag == f"{W}sdt":
            yield from parts_of(child, name)


def paragraphs_in(element: Element) -> Iterator[Element]:
    """The paragraphs of a cell or note, also those of tables within, in order."""
    for child in element:
        if child.tag == f"{W}p":
            yield child
        elif child.tag == ALTERNATE:
            chosen = chosen_form(child)
            yield from paragraphs_in(chosen) if chosen is not None else ()
        elif child.tag not in (f"{W}del", f"{W}moveFrom"):
            yield from paragraphs_in(child)


def count_heads(rows: list[Element], cells: list[list[Element]]) -> int:
    """How many rows at the top name the columns: those marked so, else a first row in bold or above numbers."""
    marked = 0
    while marked < len(rows) and is_on(value(rows[marked], "trPr", "tblHeader")):
        marked += 1
    if marked:
        return marked
    bold = [all(is_all_bold(cell) for cell in row) for row in cells[:2]]
    if bold == [True, False]:
        return 1
    texts = [["".join(text.text or "" for text in cell.iter(f"{W}t")) for cell in row] for row in cells]
    return int(names_columns(texts))


def is_all_bold(element: Element) -> bool:
    """Whether all text in an element is bold by its runs; true if it has none."""
    runs = (run for run in element.iter(f"{W}r") if any(text.text for text in run.iter(f"{W}t")))
    return all(is_on(value(run, "rPr", "b")) for run in runs)


def is_bold_line(paragraph: Element, words: str) -> bool:
    """Whether a paragraph is a heading without a style: a short line in bold, without a full stop."""
    short = 0 < len(words) <= LONGEST_BOLD_HEADING and not NO_HEADING.search(words) and any(map(str.isalpha, words))
    runs = f"{W}r"
    return short and not CAPTION.match(words) and paragraph.find(f".//{runs}") is not None and is_all_bold(paragraph)
