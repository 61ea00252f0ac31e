"""A page that is written block by block by the readers of light markup, and then read as a web page is: so marks are
tied to entries, and lists and tables written, as those of every page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import escape, unescape

from qa.models import Metadata, Reading, Trouble
from qa.readers.html import read_book
from qa.readers.html.page import parse_page, remove_unseen

KINDS_OF_LIST = {"*": "ul", "#": "ol"}
LETTERS = re.compile(r"[^\W_]")


@dataclass
class WrittenPage:
    """The page so far, as HTML. `lost` counts letters that are left out, by what they are.

    What is given as `html` has its words escaped already, and its marks, links and emphasis as tags.
    """

    parts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    around: tuple[str, str] = ("<p>", "</p>")  # the tags around what is being written
    counts: dict[str, int] = field(default_factory=dict)  # of the items of numbered lists, by their signs
    notes: dict[str, str] = field(default_factory=dict)  # by name, in the order of their marks
    numbers: dict[str, int] = field(default_factory=dict)  # of the notes
    defined: dict[str, str] = field(default_factory=dict)  # notes that are given apart from their marks, by name
    lost: dict[str, int] = field(default_factory=dict)
    notes_written: bool = False

    def line(self, html: str) -> None:
        """A line of a paragraph or an item, which goes on until `end`."""
        if not self.lines:
            self.counts = {}
        self.lines.append(html)

    def end(self) -> None:
        """End the paragraph or the item that is being written."""
        if self.lines:
            first, last = self.around
            self.parts.append(f"{first}{' '.join(self.lines)}{last}")
        self.lines, self.around = [], ("<p>", "</p>")

    def heading(self, level: int, html: str) -> None:
        self.block(f"h{min(max(level, 1), 6)}", html)
        self.counts = {}

    def block(self, tag: str, html: str) -> None:
        self.end()
        self.parts.append(f"<{tag}>{html}</{tag}>")

    def item(self, signs: str, html: str, id: str = "") -> None:
        """Begin an item of a list, which goes on until `end`; `signs`: one "*" or "#" for each level that it is in."""
        self.end()
        tag = KINDS_OF_LIST.get(signs[-1], "ul")
        self.counts = {above: count for above, count in self.counts.items() if len(above) <= len(signs)}
        self.counts[signs] = self.counts.get(signs, 0) + 1
        named = f' id="{escape(id)}"' if id else ""
        self.around = f'<{tag} start="{self.counts[signs]}"><li{named}>', f"</li></{tag}>"
        self.lines = [html]

    def table(self, rows: list[list[str]], heads: int = 0) -> None:
        """A table; the first `heads` rows name the columns."""
        self.end()
        written = (
            f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in row)}</tr>"
            for place, row in enumerate(rows)
            for tag in ("th" if place < heads else "td",)
        )
        self.parts.append(f"<table>{''.join(written)}</table>")

    def mark(self, name: str, html: str = "") -> str:
        """The mark of a note, whose text may be given with any of its marks."""
        self.notes[name] = html or self.notes.get(name) or self.defined.get(name, "")
        number = self.numbers.setdefault(name, len(self.numbers) + 1)
        return f'<sup class="reference"><a href="#note-{number}">[{number}]</a></sup>'

    def write_notes(self) -> None:
        """Write the notes that were met, once, where the file wants them."""
        self.end()
        self.notes = {name: html or self.defined.get(name, "") for name, html in self.notes.items()}
        if self.notes and not self.notes_written:
            items = (
                f'<li id="note-{number}">{html}</li>'
                for number, html in enumerate(self.notes.values(), start=1)
                if html
            )
            self.parts.append(f'<ol class="references">{"".join(items)}</ol>')
            self.notes_written = True

    def lose(self, what: str, text: str) -> str:
        """Leave text out; it is counted, and said."""
        self.lost[what] = self.lost.get(what, 0) + len(LETTERS.findall(text))
        return ""

    def reading(self, metadata: Metadata, name: str) -> Reading:
        """The page as a reading. Raises ReadingError if it has no text, or too many elements."""
        self.end()
        if self.notes and not self.notes_written:
            self.heading(2, "References")
            self.write_notes()
        page = parse_page(f"<!DOCTYPE html><body>{''.join(self.parts)}</body>".encode(), name)
        remove_unseen(page)
        body = page.find(".//body")
        reading = read_book(page if body is None else body, metadata, name)
        lost = tuple(Trouble(what, letters=letters) for what, letters in self.lost.items() if letters)
        return replace(reading, trouble=(*reading.trouble, *lost))


def as_html(text: str) -> str:
    """The text with its entities as characters and what has a meaning in HTML escaped."""
    return escape(unescape(text), quote=False)
