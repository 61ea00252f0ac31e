"""A writer for readers that take text out of a file: text, blocks and links whose offsets fit by construction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qa.models import CSL, Block, BlockKind, Link, Metadata, Reading, Span, Trouble
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


@dataclass(slots=True)
class Draft:
    """A block that is being written, with offsets from its own start."""

    kind: BlockKind
    level: int | None = None
    label: str | None = None
    id: str | None = None
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    last: str = ""
    links: list[Link] = field(default_factory=list)
    marks: list[Span] = field(default_factory=list)
    rows: list[list[Span]] = field(default_factory=list)
    heads: int = 0

    def put(self, words: str) -> None:
        if words:
            self.pieces.append(words)
            self.length += len(words)
            self.last = words[-1]

    def trim(self) -> None:
        """Remove the blanks at the end."""
        while self.pieces and not self.pieces[-1].strip():
            self.length -= len(self.pieces.pop())
        if self.pieces:
            kept = self.pieces[-1].rstrip()
            self.length -= len(self.pieces[-1]) - len(kept)
            self.pieces[-1] = kept

    def trim_blank(self) -> None:
        """Remove the one blank that may be at the end of a cell."""
        self.pieces[-1] = self.pieces[-1][:-1]
        self.length -= 1


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


def on_words(text: str, link: Link, start: int) -> Span | None:
    """The span of a link in the whole text, without blanks around it; None if nothing is left."""
    words = text[link.start : link.end]
    left = link.start + len(words) - len(words.lstrip())
    right = link.start + len(words.rstrip())
    return Span(start + left, start + right) if left < right else None


def as_block(draft: Draft, text: str, start: int) -> Block:
    """The draft as a block of the whole text."""
    rows = tuple(tuple(Span(start + cell.start, start + cell.end) for cell in row) for row in draft.rows)
    filled = [cell for row in rows[: draft.heads] for cell in row if cell.start < cell.end]
    mark = max((span.end for span in draft.marks), default=0)
    return Block(
        draft.kind,
        start,
        start + len(text),
        level=draft.level,
        label=draft.label,
        head=Span(filled[0].start, filled[-1].end) if filled and draft.heads < len(rows) else None,
        id=draft.id,
        inner=(Span(min(start + mark, start + len(text)), start + len(text)),) if mark else (),
        rows=rows,
    )
