r"""What the reader of a LaTeX file has at a place: what is open, what was written, and what was named so far."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from qa.readers.latex.macros import Macros
from qa.readers.latex.source import TexSource
from qa.readers.latex.works import OwnWorks, words_of_html
from qa.readers.written_page import WrittenPage

PARAGRAPH_IN_ITEM = "<br><br>"
OPEN_BRACE = "{"


@dataclass
class OpenGroup:
    """A brace or an environment that is open, and what to do at its end."""

    name: str
    close: Callable[[], None]


@dataclass
class Captured:
    """What was being written when something began that is written elsewhere, such as a note or a cell."""

    words: list[str]
    styles: list[tuple[str, str]]


@dataclass
class Cells:
    """The rows of a table so far, of which the first `heads` name the columns (`columns_named`: the file says so).
    `columns` is how many the next cell spans; `depth` how much is captured within a cell."""

    depth: int
    rows: list[list[str]] = field(default_factory=lambda: [[]])
    heads: int = 0
    columns: int = 1
    columns_named: bool = False


class Output:
    """Writes words to paragraphs, items and what is captured. `item` are the tags of an item that has begun."""

    def __init__(self) -> None:
        self.page = WrittenPage()
        self.words: list[str] = []
        self.styles: list[tuple[str, str]] = []
        self.captured: list[Captured] = []
        self.lists: list[tuple[str, int]] = []
        self.item: tuple[str, str] | None = None
        self.quoted = 0

    def put(self, html: str) -> None:
        self.words.append(html)

    def style(self, opening: str, closing: str) -> Callable[[], None]:
        """Begin a style; returns what ends it. A style within itself is none."""
        if any(closing == each for _, each in self.styles):
            return end_of_nothing
        self.styles.append((opening, closing))
        self.words.append(opening)
        return lambda: self.end_style(opening, closing)

    def end_style(self, opening: str, closing: str) -> None:
        if (opening, closing) in self.styles:
            self.styles.remove((opening, closing))
            self.words.append(closing)

    def paragraph(self) -> None:
        """End a paragraph; one within an item goes on in it."""
        if self.captured:
            self.words.append(" ")
        elif self.lists:
            self.words.append(PARAGRAPH_IN_ITEM)
        else:
            self.flush()

    def flush(self) -> None:
        """End the paragraph or the item."""
        if self.captured:
            self.words.append(" ")
            return
        while self.words and self.words[-1].strip() in ("", PARAGRAPH_IN_ITEM):
            self.words.pop()
        html = " ".join("".join(self.words).split()) + "".join(closing for _, closing in reversed(self.styles))
        self.words = [opening for opening, _ in self.styles]
        if not words_of_html(html):
            return
        self.page.around = self.item or (("<blockquote>", "</blockquote>") if self.quoted else ("<p>", "</p>"))
        self.item = None
        self.page.line(html)
        self.page.end()

    def capture(self) -> None:
        self.captured.append(Captured(self.words, self.styles))
        self.words, self.styles = [], []

    def release(self) -> str:
        """End what is captured, and return it."""
        html = "".join(self.words) + "".join(closing for _, closing in reversed(self.styles))
        before = self.captured.pop()
        self.words, self.styles = before.words, before.styles
        return " ".join(html.split())


def end_of_nothing() -> None:
    """End something that needs no end."""


class TexDocument:
    """The document so far. `labels` are what references show, by label; `said` is what comes before a label. `level` is
    that of the headings of `highest`."""

    def __init__(self, source: TexSource, works: OwnWorks) -> None:
        self.source, self.works = source, works
        self.highest, self.level = "section", 1
        self.entry = ""  # the key of the entry that is being written
        self.macros = Macros()
        self.output = Output()
        self.opened: list[OpenGroup] = []
        self.names: Counter[str] = Counter()
        self.tables: list[Cells] = []
        self.title = self.abstract = self.date = self.language = ""
        self.authors: list[str] = []
        self.labels: dict[str, tuple[str, str]] = {}
        self.waiting: list[str] = []  # labels within a heading
        self.said = ("", "")
        self.references: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []
        self.terms: dict[str, tuple[str, str]] = {}  # short and long forms of abbreviations
        self.terms_used: set[str] = set()
        self.unknown: dict[str, None] = {}
        self.files: dict[str, None] = {}
        self.broken = False
        self.ended = False

    def open(self, name: str, close: Callable[[], None] = end_of_nothing) -> None:
        self.opened.append(OpenGroup(name, close))
        self.names[name] += 1

    def open_braces(self, close: Callable[[], None]) -> None:
        """Begin the argument of a command, which ends with its brace; without braces it is one token."""
        following = self.source.skip_blanks()
        if following == OPEN_BRACE:
            self.source.take(OPEN_BRACE)
            self.open(OPEN_BRACE, close)
        elif following:
            self.source.expand("{" + self.source.argument() + "}")
            self.source.take(OPEN_BRACE)
            self.open(OPEN_BRACE, close)
        else:
            close()

    def capture(self, done: Callable[[str], None]) -> None:
        """Begin an argument that is written elsewhere; `done` gets it as HTML."""
        self.output.capture()
        self.open_braces(lambda: done(self.output.release()))

    def close_brace(self) -> None:
        if self.opened and self.opened[-1].name == OPEN_BRACE:
            self.close_last()
        else:
            self.broken = True

    def close_last(self) -> None:
        last = self.opened.pop()
        self.names[last.name] -= 1
        last.close()

    def close_until(self, name: str) -> None:
        """End an environment, and what is open in it."""
        if not self.names[name]:
            self.broken = True
            return
        while self.opened[-1].name != name:
            self.broken = True
            self.close_last()
        self.close_last()

    def close_captured(self) -> None:
        """End what was begun and cannot go on over a heading or the end of the file."""
        while self.output.captured and self.opened:
            self.broken = True
            self.close_last()

    def refer(self, label: str, shape: str) -> None:
        """Refer to a part by its label, which may come later; `shape`: with "{}" for what is shown."""
        self.references.append((label.strip(), shape))
        self.output.put(f"\ue000{len(self.references) - 1}\ue001")

    def show_reference(self, number: int) -> str:
        label, shape = self.references[number]
        kind, shown = self.labels.get(label, ("", ""))
        words = f"{kind} {shape}" if shape.startswith("kind ") and kind else shape
        return words.replace("kind ", "").replace("{}", shown or "??") if shown or not kind else kind

    def missing(self) -> int:
        """How many references are to parts that are not in the file."""
        return sum(1 for label, _ in self.references if label not in self.labels)

    def lose(self, what: str, text: str) -> None:
        self.output.page.lose(what, re.sub(r"\\[a-zA-Z]+", "", text))

    def text(self, words: str) -> None:
        self.output.put(escape(words, quote=False))
