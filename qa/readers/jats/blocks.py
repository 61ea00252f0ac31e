"""The parts of a JATS article to blocks: sections, paragraphs, lists, tables, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping

from qa.models import BlockKind
from qa.readers.jats.entries import write_entry
from qa.readers.jats.inline import Inline, best_form
from qa.readers.tables import names_columns
from qa.readers.writer import Writer
from qa.readers.xml import Element, attribute, element_names, flat, letters_of

DEEPEST_HEADING = 6
PARTS = element_names("ack app bio boxed-text glossary notes ref-list sec statement")
# Elements that are blocks or hold blocks; all others are words of a block.
OF_BLOCKS = PARTS | element_names(
    "answer app-group array caption chem-struct-wrap code def-item def-list disp-formula disp-formula-group "
    "disp-quote fig fig-group floats-group fn fn-group list list-item p preformat question question-wrap ref "
    "speech supplementary-material table table-wrap table-wrap-foot table-wrap-group title verse-group"
)
KINDS_WITHIN: Mapping[str, BlockKind] = {
    "disp-quote": "quotation",
    "verse-group": "quotation",
    "fn-group": "footnote",
    "table-wrap-foot": "footnote",
}
WITHOUT_TITLE = {"ack": "Acknowledgements", "ref-list": "References"}


class Blocks:
    """Writes the elements of an article as blocks."""

    def __init__(self, writer: Writer, inline: Inline) -> None:
        self.writer = writer
        self.inline = inline
        self.entries = 0
        self.special: Mapping[str, Callable[[Element, int], None]] = {
            **dict.fromkeys(PARTS, self.section),
            **dict.fromkeys(("table-wrap", "fig"), self.captioned),
            **dict.fromkeys(("preformat", "code"), self.code),
            "list-item": self.item,
            "def-item": self.definition,
            "table": self.table,
            "ref": self.entry,
            "fn": self.note,
            "title": self.title,
            "supplementary-material": self.supplement,
        }

    def flow(
        self, element: Element, depth: int, kind: BlockKind = "paragraph", skip: Collection[Element | None] = ()
    ) -> None:
        """Write mixed content: words become blocks of that kind, elements that are blocks their own. `depth` is the
        level of headings in it."""
        draft = self.writer.begin(kind)
        self.writer.add(element.text)
        for child in element:
            if child in skip:
                pass
            elif is_block(child) and not (child.tag == "fn" and draft.length):
                self.writer.end()
                self.block(child, depth, kind)
                draft = self.writer.begin(kind)
            else:
                self.inline.write(child)
            self.writer.add(child.tail)
        self.writer.end()

    def block(self, element: Element, depth: int, kind: BlockKind = "paragraph") -> None:
        if element.tag == "alternatives":
            self.block(best_form(element), depth, kind)
        elif write := self.special.get(element.tag):
            write(element, depth)
        else:
            self.flow(element, depth, KINDS_WITHIN.get(element.tag, kind))

    def section(self, element: Element, depth: int) -> None:
        otherwise = WITHOUT_TITLE.get(element.tag, "")
        title = element.find("title")
        written = self.heading(title, depth, label=element.find("label"), otherwise=otherwise)
        self.flow(element, depth + written, skip=(element.find("label"), title))
        self.write_notes()

    def title(self, element: Element, depth: int) -> None:
        self.heading(element, depth)

    def heading(self, title: Element | None, depth: int, *, label: Element | None = None, otherwise: str = "") -> bool:
        """Write a heading; whether there is one."""
        draft = self.writer.begin("heading", level=min(depth, DEEPEST_HEADING))
        self.writer.add(f"{flat(label)} ")
        if title is not None:
            self.inline.content(title)
        if not draft.length:
            self.writer.add(otherwise)
        return self.writer.end() is not None

    def item(self, element: Element, depth: int) -> None:
        """An item of a list; its label, which is an element of its own, comes first."""
        label, first = element.find("label"), element.find("p")
        if label is not None and first is not None:
            first.text = f"{flat(label)} {first.text or ''}"
        self.flow(element, depth, "list_item", skip=(label,) if first is not None else ())

    def definition(self, element: Element, depth: int) -> None:
        self.writer.begin("list_item")
        self.writer.add(element.text)
        for part in element:
            self.inline.content(part)
            self.writer.add(": " if part.tag == "term" else " ")
            self.writer.add(part.tail)
        self.writer.end()

    def captioned(self, element: Element, depth: int) -> None:
        """A table or figure: label and caption as a paragraph, then what it holds."""
        self.writer.begin("paragraph")
        label = flat(element.find("label"))
        self.writer.add(f"{label.rstrip('.:')}: " if label else "")
        captions = element.findall("caption")
        for caption in captions:
            self.writer.add(" ")
            self.inline.content(caption)
        self.writer.end()
        self.flow(element, depth, skip=(element.find("label"), *captions))

    def table(self, element: Element, depth: int) -> None:
        self.writer.begin("table")
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        heads = {row for row in rows if row.getparent().tag == "thead"}
        if not heads and names_columns([[flat(cell) for cell in row] for row in rows]):
            heads = set(rows[:1])
        for row in rows:
            self.writer.row(head=row in heads)
            for cell in row:
                self.writer.cell()
                self.inline.content(cell)
                span = attribute(cell, "colspan")
                self.writer.span_columns(int(span) if span.isdecimal() and len(span) < 5 else 1)
        self.writer.end()
        stray = letters_of(element) - sum(letters_of(cell) for row in rows for cell in row)
        self.inline.left_out += Counter({"words between the cells of a table": stray})

    def entry(self, element: Element, depth: int) -> None:
        self.entries += 1
        write_entry(element, self.entries, self.writer, self.inline)

    def note(self, element: Element, depth: int) -> None:
        label = element.find("label")
        printed = flat(label) or attribute(element, "symbol")
        self.writer.begin("footnote", label=printed or None, id=attribute(element, "id") or None)
        self.writer.mark(printed)
        self.writer.add(element.text)
        for child in element:
            if child is not label:
                self.inline.write(child)
            self.writer.add(child.tail)
        self.writer.end()

    def write_notes(self) -> None:
        """Write the notes that were met since the last time."""
        while self.inline.notes:
            self.note(self.inline.notes.pop(0), 0)

    def code(self, element: Element, depth: int) -> None:
        self.writer.begin("code")
        self.writer.add_lines("".join(element.itertext()))
        self.writer.end()

    def supplement(self, element: Element, depth: int) -> None:
        """What names a file beside the article: shown, but not a claim of the article."""
        self.writer.begin("metadata")
        self.inline.content(element)
        self.writer.end()


def is_block(element: Element) -> bool:
    return element.tag in OF_BLOCKS or (element.tag == "alternatives" and best_form(element).tag in OF_BLOCKS)
