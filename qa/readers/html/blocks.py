"""The parts of a web page to blocks: headings, paragraphs, lists, tables, entries, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from qa.models import BlockKind
from qa.readers.html.entries import REFERENCE_LIST
from qa.readers.html.inline import DEEPEST_NESTING, NOTES, SEPARATE, PageInline
from qa.readers.html.page import elements, tokens_of
from qa.readers.html.tables import TableWriter, is_layout
from qa.readers.typed_references import entry_label
from qa.readers.writer import Writer
from qa.readers.xml import Element, flat

KINDS: Mapping[str, BlockKind] = {"li": "list_item", "blockquote": "quotation"}
HEADING_OF_NOTES = re.compile(r"\W*(?:foot|end)?notes?\W*|\W*(?:anmerkungen|fußnoten|notas|note)\W*", re.IGNORECASE)
NOTE_CLASS = re.compile(r"(?:^|[\s_-])(?:footnotes?|endnotes?|doc-(?:foot|end)notes?)(?:$|[\s_-])", re.IGNORECASE)
FIRM_LABEL = re.compile(r"[\[(]?\d{1,4}[\]).:]")


class PageBlocks:
    """Writes the elements of a page as blocks."""

    def __init__(self, root: Element, writer: Writer, inline: PageInline) -> None:
        self.writer = writer
        self.inline = inline
        self.tables = TableWriter(writer, inline)
        self.ids = inline.marks.ids
        self.waiting = ""  # the number of an item whose words have not begun
        self.notes_level = 0  # level of the heading "Notes" that this is under, or 0
        self.with_blocks = holding_blocks(root)
        self.places: dict[Element, int] = {}  # of items in their lists
        self.special: Mapping[str, Callable[[Element, int], None]] = {
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self.heading),
            "table": self.table,
            "pre": self.code,
            "dl": self.definitions,
        }

    def block(self, element: Element, depth: int, kind: BlockKind = "paragraph") -> None:
        if element in self.ids:
            self.entry(element)
        elif depth > DEEPEST_NESTING:
            self.writer.begin(kind)
            self.writer.add(" ".join(element.itertext()))
            self.writer.end()
        elif kind != "reference" and REFERENCE_LIST.search(tokens_of(element)) and not holds_heading(element):
            self.flow(element, depth, "reference")
        elif write := self.special.get(element.tag):
            write(element, depth)
        elif element.tag == "li":
            self.item(element, depth, kind if kind == "reference" else "list_item")
        else:
            self.flow(element, depth, KINDS.get(element.tag, kind))

    def flow(self, element: Element, depth: int, kind: BlockKind = "paragraph") -> None:
        """Write mixed content: words become blocks of that kind, elements that are blocks their own. Two line breaks
        end a paragraph."""
        self.writer.begin(kind)
        self.words(element.text)
        breaks = 0
        for child in element:
            breaks = breaks + 1 if child.tag == "br" else 0
            if breaks == 2 and kind != "reference":
                self.writer.begin(kind)
            elif self.is_block(child):
                self.writer.end()
                self.block(child, depth + 1, kind)
                self.writer.begin(kind)
            else:
                self.mark_item(child.tag in NOTES or flat(child))
                self.inline.write(child)
            self.words(child.tail)
            if (child.tail or "").strip():
                breaks = 0
        self.writer.end()

    def is_block(self, element: Element) -> bool:
        return (element.tag in SEPARATE and element.tag != "br") or element in self.with_blocks or element in self.ids

    def words(self, text: str | None) -> None:
        self.mark_item((text or "").strip())
        self.writer.add(text)

    def mark_item(self, words: object) -> None:
        """Write the number of an item before its first words."""
        if words and self.waiting:
            self.writer.mark(self.waiting)
            self.waiting = ""

    def item(self, element: Element, depth: int, kind: BlockKind) -> None:
        """An item of a list, with the number that a browser draws."""
        self.waiting = number_of_item(element, self.place_in_list(element))
        if kind == "reference" and not any(part.tag in ("ul", "ol", "table") for part in element.iter()):
            self.whole(element, kind, None)
        else:
            self.flow(element, depth, kind)
        self.waiting = ""

    def entry(self, element: Element) -> None:
        """An entry that marks of the page cite."""
        around = (tokens_of(each) for each in (element, *element.iterancestors()))
        in_notes = self.notes_level > 0 or any(NOTE_CLASS.search(tokens) for tokens in around)
        short = element in self.inline.marks.short
        self.waiting = number_of_item(element, self.place_in_list(element))
        self.whole(element, "footnote" if in_notes or short else "reference", self.ids[element])
        self.waiting = ""

    def whole(self, element: Element, kind: BlockKind, id: str | None) -> None:
        """Write an element as one block."""
        self.writer.begin(kind, label=self.waiting.rstrip(".") or None, id=id)
        self.mark_item(flat(element))
        self.inline.content(element)
        self.writer.end()

    def heading(self, element: Element, depth: int) -> None:
        level = int(element.tag[1])
        words = flat(element)
        if words:
            self.write_notes()
            self.writer.begin("heading", level=level)
            self.inline.content(element)
            self.writer.end()
            if HEADING_OF_NOTES.fullmatch(words):
                self.notes_level = level
            elif level <= self.notes_level:
                self.notes_level = 0

    def table(self, element: Element, depth: int) -> None:
        if is_layout(element, self.ids):
            self.flow(element, depth)
        else:
            self.tables.write(element)

    def code(self, element: Element, depth: int) -> None:
        self.writer.begin("code")
        self.writer.add_lines("".join(element.itertext()))
        self.writer.end()

    def definitions(self, element: Element, depth: int) -> None:
        """Terms with their definitions; a short one follows its term."""
        self.writer.begin("paragraph")
        self.writer.add(element.text)
        self.writer.end()
        for part in element:
            if part.tag == "dd" and self.writer.draft is not None and not self.is_large(part):
                self.writer.add(" ")
                self.inline.content(part)
            elif part.tag == "dt" and not self.is_large(part):
                self.writer.begin("list_item")
                self.inline.content(part)
                self.writer.add(": ")
            else:
                self.writer.end()
                self.block(part, depth + 1, "list_item")
            self.writer.add(part.tail)
        self.writer.end()

    def is_large(self, element: Element) -> bool:
        return element in self.ids or element in self.with_blocks

    def place_in_list(self, element: Element) -> int:
        parent = element.getparent()
        if element not in self.places and parent is not None:
            self.places |= {item: place for place, item in enumerate(parent.iterchildren("li"))}
        return self.places.get(element, 0)

    def write_notes(self) -> None:
        """Write the notes that were met in the text since the last time."""
        while self.inline.notes:
            self.whole(self.inline.notes.pop(0), "footnote", None)


def holding_blocks(root: Element) -> set[Element]:
    """The elements with blocks or entries in them."""
    found: set[Element] = set()
    for element in reversed(list(elements(root))):
        parent = element.getparent()
        if parent is not None and (element in found or (element.tag in SEPARATE and element.tag != "br")):
            found.add(parent)
    return found


def holds_heading(element: Element) -> bool:
    return next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None


def number_of_item(element: Element, place: int) -> str:
    """The number that a browser draws before the item at a place of its list, counted from 0, unless the item begins
    with one of its own; else empty."""
    parent = element.getparent()
    if element.tag != "li" or parent is None or parent.tag != "ol":
        return ""
    start, step = parent.get("start") or "1", -1 if parent.get("reversed") is not None else 1
    first = int(start) if re.fullmatch(r"-?\d{1,6}", start) else 1
    value = element.get("value") or ""
    number = value if re.fullmatch(r"\d{1,6}", value) else str(first + step * place)
    words = flat(element)
    return "" if FIRM_LABEL.match(words) or entry_label(words) == number else f"{number}."
