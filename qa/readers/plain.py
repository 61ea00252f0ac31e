"""A document without its markup, and the way back from places in it to places in the file.

Citations, sentences and headings are found in the plain text, so that no rule about them knows any markup; what is
found is then placed in the stored text.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace

from qa.models import Block, Link, Reading, Span, Style
from qa.models.appearance import pieces_of


@dataclass
class Plain:
    """The plain `reading` of a file, whose `file` text has markup. Both have the same blocks in the same order.

    The plain text consists of pieces: number i begins at `starts[i]`, is the text `pieces[i]` and stands for
    `spans[i]` of the file.
    """

    file: Reading
    pieces: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    first: set[int] = field(default_factory=set)  # pieces with which the content of a block begins
    length: int = 0
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        if any(block.inner or block.styles for block in self.file.blocks):
            self.reading = self.without_markup()
        else:
            self.add(self.file.text, Span(0, len(self.file.text)))
            self.reading = self.file

    def add(self, piece: str, span: Span) -> None:
        self.pieces.append(piece)
        self.spans.append(span)
        self.starts.append(self.length)
        self.length += len(piece)

    def without_markup(self) -> Reading:
        place = 0
        edges: list[Span] = []
        for block in self.file.blocks:
            self.add(self.file.text[place : block.start], Span(place, block.start))
            start = self.length
            self.first.add(len(self.pieces))
            for piece, span in pieces_of(self.file.text, block):
                self.add(piece, span)
            edges.append(Span(start, self.length))
            place = block.end
        self.add(self.file.text[place:], Span(place, len(self.file.text)))
        blocks = [self.plain_block(*pair) for pair in zip(self.file.blocks, edges, strict=True)]
        links = [Link(*self.to_plain(link.start, link.end), link.targets) for link in self.file.links]
        return replace(self.file, text="".join(self.pieces), blocks=tuple(blocks), links=tuple(links))

    def plain_block(self, block: Block, edges: Span) -> Block:
        return replace(
            block,
            start=edges.start,
            end=edges.end,
            inner=(),
            head=self.to_plain(*block.head) if block.head else None,
            rows=tuple(tuple(self.to_plain(*cell) for cell in row) for row in block.rows),
            styles=tuple(Style(*self.to_plain(s.start, s.end), s.kind, s.value) for s in block.styles),
        )

    def to_plain(self, start: int, end: int) -> Span:
        """The place in the plain text of a span of the file; where it begins or ends in markup, without that."""
        first, last = self.offset(start), self.offset(end)
        return Span(first, max(first, last))

    def offset(self, place: int) -> int:
        index = bisect_right(self.spans, place, key=lambda span: span.start) - 1
        span, piece = self.spans[max(index, 0)], self.pieces[max(index, 0)]
        inside = min(place - span.start, span.end - span.start)
        return self.starts[max(index, 0)] + (
            inside if len(piece) == span.end - span.start else len(piece) * (inside > 0)
        )

    def to_file(self, start: int, end: int) -> Span:
        """The span of the file that a non-empty span of the plain text stands for."""
        if self.reading is self.file:
            return Span(start, end)
        one, other = self.piece_at(start), self.piece_at(end - 1)
        return Span(self.begin(one, start), self.finish(other, end))

    def around(self, start: int, end: int) -> Span:
        """As `to_file`, with the markup directly around the span: the signs of emphasis of a sentence, its links."""
        span = self.to_file(start, end)
        if self.reading is self.file:
            return span
        one, other = self.piece_at(start), self.piece_at(end - 1)
        if start == self.starts[one] and one not in self.first and self.follows_blank(start):
            span = Span(self.spans[one - 1].end, span.end)
        if end == self.starts[other] + len(self.pieces[other]) and other + 1 < len(self.spans):
            while other + 2 < len(self.spans) and self.is_unseen(other + 1):
                other += 1
            span = Span(span.start, self.spans[other + 1].start)
        return span

    def is_unseen(self, index: int) -> bool:
        """Whether a piece stands for characters of the file of which nothing is shown."""
        return not self.pieces[index] and self.spans[index].start < self.spans[index].end and index not in self.first

    def follows_blank(self, start: int) -> bool:
        before = self.piece_at(start - 1) if start else 0
        return not start or self.pieces[before][start - 1 - self.starts[before]].isspace()

    def piece_at(self, place: int) -> int:
        return bisect_right(self.starts, place) - 1

    def begin(self, index: int, place: int) -> int:
        piece, span = self.pieces[index], self.spans[index]
        return span.start + (place - self.starts[index] if len(piece) == span.end - span.start else 0)

    def finish(self, index: int, place: int) -> int:
        piece, span = self.pieces[index], self.spans[index]
        return span.start + place - self.starts[index] if len(piece) == span.end - span.start else span.end


def visible_words(reading: Reading, block: Block) -> str:
    """The text of a block without its markup."""
    return "".join(piece for piece, _ in pieces_of(reading.text, block))
