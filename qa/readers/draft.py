"""A block while it is being written, and how it becomes a block of the whole text."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.models import Block, BlockKind, Link, Span, Style


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
    styles: list[Style] = field(default_factory=list)
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
        styles=tuple(sorted((placed(style, len(text), start) for style in draft.styles), key=extent)),
    )


def extent(style: Style) -> tuple[int, int]:
    """What styles are sorted by: an outer one comes before those in it."""
    return style.start, -style.end


def placed(style: Style, length: int, start: int) -> Style:
    """The style in the whole text; blanks at the end of the block are gone."""
    return style._replace(start=start + min(style.start, length), end=start + min(style.end, length))
