"""Tables of web pages: rows of cells, unless the table only arranges the page."""

from __future__ import annotations

from collections.abc import Container

from qa.readers.html.inline import PageInline
from qa.readers.tables import names_columns
from qa.readers.writer import Writer
from qa.readers.xml import Element, flat, letters_of

WIDEST_CELL = 50  # columns
MOST_PARAGRAPHS_IN_CELL = 2


class TableWriter:
    """Writes tables. `between` counts letters between the cells, which are not written."""

    def __init__(self, writer: Writer, inline: PageInline) -> None:
        self.writer = writer
        self.inline = inline
        self.between = 0

    def write(self, element: Element) -> None:
        rows = list(element.iter("tr"))
        captions = list(element.iter("caption"))
        for caption in captions:
            self.writer.begin("paragraph")
            self.inline.content(caption)
        self.writer.begin("table")
        heads = {row for row in rows if row.getparent().tag == "thead" or all(cell.tag == "th" for cell in row)}
        if not heads and names_columns([[flat(cell) for cell in row] for row in rows]):
            heads = set(rows[:1])
        for row in rows:
            self.writer.row(head=row in heads)
            for cell in row:
                self.writer.cell()
                self.inline.content(cell)
                span = cell.get("colspan") or ""
                for _ in range(min(int(span), WIDEST_CELL) - 1 if span.isascii() and span.isdecimal() else 0):
                    self.writer.cell()
        self.writer.end()
        written = sum(letters_of(cell) for row in rows for cell in row) + sum(map(letters_of, captions))
        self.between += letters_of(element) - written


def is_layout(element: Element, entries: Container[Element]) -> bool:
    """Whether a table arranges a page: it has one cell, cells with headings, tables or several paragraphs, or rows that
    are entries."""
    cells = list(element.iter("td", "th"))
    return (
        len(cells) <= 1
        or element.get("role") == "presentation"
        or any(each in entries for each in element.iter())
        or any(is_page_part(cell) or cell.getparent().tag != "tr" for cell in cells)
    )


def is_page_part(cell: Element) -> bool:
    within = [part.tag for part in cell.iter("h1", "h2", "h3", "table", "p")]
    return within.count("p") > MOST_PARAGRAPHS_IN_CELL or any(tag != "p" for tag in within)
