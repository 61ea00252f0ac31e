"""A writer for readers that take text out of a file: text, blocks and links whose offsets fit by construction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from qa.models import CSL, Block, BlockKind, Link, Metadata, Reading, Span, Style, StyleKind, Trouble
from qa.readers.draft import Draft, as_block, on_words
from qa.readers.scripts import Script, find_script, separated

BLANKS = re.compile(r"[\s\ufeff\u200b]+")
SOFT_HYPHEN = "\xad"
BETWEEN_BLOCKS = "\n\n"
BETWEEN_CELLS = "\t"
BETWEEN_ROWS = "\n"
WIDEST_CELL = 50  # columns
MOST_ADDED = 50_000  # empty cells in all tables


class Place(NamedTuple):
    """A place in the text that is being written: the number of the block and the offset in it."""

    block: int
    offset: int


class Writer:
    """Writes a text block by block: `begin`, `add` any number of times, `end`. A block without text is not kept.

    Runs of blanks become one blank, and blanks at the edges of a block are dropped. `trouble` and `works` are for the
    reader to fill. `numbers` are those of the kept blocks in the order in which blocks were begun.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.numbers: list[int] = []
        self.links: list[Link] = []
        self.trouble: list[Trouble] = []
        self.works: dict[str, CSL] = {}
        self.ids: set[str] = set()
        self.draft: Draft | None = None
        self.script: Script | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._begun = 0
        self._added = 0

    def begin(
        self, kind: BlockKind, *, level: int | None = None, label: str | None = None, id: str | None = None
    ) -> Draft:
        """Begin a block and end the one before. An id that another block has is not given again."""
        self.end()
        self._begun += 1
        self.draft = Draft(kind, level, label, id)
        return self.draft

    def add(self, text: str | None) -> None:
        """Add text to the block, or to a new paragraph if none was begun."""
        if not text:
            return
        draft = self.draft
        if draft is None:
            if not text.strip():
                return
            draft = self.begin("paragraph")
        words = text.replace(SOFT_HYPHEN, "")
        words = BLANKS.sub(" ", self.script(words, draft.last) if self.script else words)
        if draft.last in ("", " ", BETWEEN_CELLS, BETWEEN_ROWS):
            words = words.lstrip(" ")
        draft.put(words)

    def add_lines(self, text: str) -> None:
        """Add text with its line breaks and indents, as of code."""
        if self.draft is not None:
            lines = text.replace("\r\n", "\n").replace("\r", "\n")
            self.draft.put(lines.lstrip("\n") if not self.draft.length else lines)

    def mark(self, text: str) -> None:
        """Add markup to the beginning of the block: a bullet, the label of an entry."""
        draft = self.draft
        if draft is not None and text.strip():
            self.add(f"{text} ")
            draft.marks.append(Span(0, draft.length))

    def row(self, *, head: bool = False) -> None:
        """Begin a row of a table; `head`: one of the rows at the top that name the columns."""
        draft = self.draft
        if draft is not None:
            self.end_cell()
            if draft.rows:
                draft.put(BETWEEN_ROWS)
            draft.heads += head and draft.heads == len(draft.rows)
            draft.rows.append([])

    def cell(self) -> None:
        """Begin a cell of the row."""
        draft = self.draft
        if draft is not None and draft.rows:
            self.end_cell()
            if draft.rows[-1]:
                draft.put(BETWEEN_CELLS)
            draft.rows[-1].append(Span(draft.length, draft.length))

    def span_columns(self, columns: int) -> None:
        """Add empty cells after one that spans several columns, so that all rows have the same."""
        for _ in range(min(columns, WIDEST_CELL) - 1):
            if self._added < MOST_ADDED:
                self._added += 1
                self.cell()

    def end_cell(self) -> None:
        draft = self.draft
        if draft is not None and draft.rows and draft.rows[-1]:
            start = draft.rows[-1][-1].start
            if draft.last == " " and draft.length > start:
                draft.trim_blank()
            draft.rows[-1][-1] = Span(start, draft.length)

    def place(self) -> Place:
        """Where text is added next."""
        return Place(self._begun, self.draft.length) if self.draft else Place(self._begun + 1, 0)

    def link(self, start: Place, targets: Iterable[str]) -> None:
        """Tie what was added to this block since `start`; links within it give way."""
        draft = self.draft
        if draft is None or not (named := tuple(dict.fromkeys(targets))):
            return
        first = start.offset if start.block == self._begun else 0
        if first < draft.length:
            while draft.links and draft.links[-1].start >= first:
                draft.links.pop()
            draft.links.append(Link(first, draft.length, named))

    def style(self, start: Place, kind: StyleKind, value: str = "") -> None:
        """Say how what was added to this block since `start` looks; `value` is the address of a link."""
        draft = self.draft
        if draft is not None and start.block == self._begun and (start.offset < draft.length or value):
            first = start.offset
            for place in range(len(draft.styles) - 1, max(len(draft.styles) - 4, -1), -1):
                before = draft.styles[place]
                if before.end == first and (before.kind, before.value) == (kind, value):
                    first = draft.styles.pop(place).start  # words that go on in the same style are one stretch
                    break
            draft.styles.append(Style(first, draft.length, kind, value))

    def raised(self, position: Literal["sup", "sub"], whole: str) -> Script | None:
        """Write a raised or lowered stretch from here, of which `whole` is the text; returns what to set `script` to
        when it ends."""
        before, self.script = self.script, find_script(position, whole)
        if self.script is None and self.draft is not None:
            self.draft.put(separated(position, whole, self.draft.last))
        return before

    def end(self) -> Block | None:
        """End the block and return it; None if there is none or it has no text."""
        self.end_cell()
        draft, self.draft = self.draft, None
        if draft is None:
            return None
        if not draft.rows:
            draft.trim()
        text = "".join(draft.pieces)
        if not text.strip():
            return None
        if self._length:
            self._put(BETWEEN_BLOCKS)
        start = self._length
        self._put(text)
        if draft.id in self.ids:
            draft.id = None
        self.ids |= {draft.id} if draft.id else set()
        self.links += [Link(*span, link.targets) for link in draft.links if (span := on_words(text, link, start))]
        self.blocks.append(as_block(draft, text, start))
        self.numbers.append(self._begun)
        return self.blocks[-1]

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def text(self) -> str:
        """All text of the blocks that have ended."""
        self._pieces = ["".join(self._pieces)]
        return self._pieces[0]

    def reading(self, metadata: Metadata, works: Mapping[str, CSL] | None = None) -> Reading:
        """What was written, with those links that point to a block or a work."""
        self.end()
        works = self.works if works is None else works
        known = self.ids | works.keys()
        links = [Link(a.start, a.end, kept) for a in self.links if (kept := tuple(t for t in a.targets if t in known))]
        return Reading(
            self.text(),
            tuple(self.blocks),
            metadata,
            links=tuple(sorted(links, key=lambda link: link.start)),
            works=dict(works),
            trouble=tuple(self.trouble),
            extracted=True,
        )
