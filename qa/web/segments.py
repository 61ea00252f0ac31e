"""Split a quotation into pieces for the page, by offsets alone: joined, the pieces are exactly the passage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from markupsafe import Markup, escape

from qa.models import Citation, CitationView, Span, Style
from qa.web.look import NO_LOOK, NO_TAGS, TAGS_OF_STYLES, Look, web_address


class HasPlace(Protocol):
    """Anything with start and end offsets."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=HasPlace)
Mark = Citation | CitationView


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that is entirely inside or outside a citation, a style and markup.

    `hidden`: it is markup, with `shown` in its place, if anything. `address`: it is a link of the document. `opens` and
    `closes` are the tags of the styles that it has.
    """

    text: str
    citation: Mark | None
    hidden: bool = False
    shown: str = ""
    address: str = ""
    opens: Markup = NO_TAGS
    closes: Markup = NO_TAGS

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but text."""
        return not (self.hidden or self.citation or self.address or self.opens)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[P]):
    """The pieces of a sentence, with its number (from 1), or of the text between sentences (None, 0)."""

    pieces: tuple[Piece, ...]
    sentence: P | None
    number: int


@dataclass(frozen=True, slots=True)
class Marked(Generic[P]):
    """A text with what is found in it: sentences, citations, and the markup and styles of a block."""

    text: str
    sentences: Sequence[P] = ()
    citations: Sequence[Mark] = ()
    look: Look = NO_LOOK

    def stretches(self, span: Span) -> tuple[Stretch[P], ...]:
        """Split a span of the text into sentences and the text between them."""
        stretches = []
        for start, end in pairs(span.end, self.sentences, span.start):
            sentence = covering(self.sentences, start)
            number = self.sentences.index(sentence) + 1 if sentence else 0
            stretches.append(Stretch(self.pieces(start, end), sentence, number))
        return tuple(stretches)

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        if start == end:
            return ()
        look = self.look
        cuts = pairs(end, (*self.citations, *look.hidden, *look.styles), start)
        starts = [a for a, _ in cuts]
        marks = covering_each(self.citations, starts)
        hidden, styled = covering_each(look.hidden, starts), styles_at(look.styles, starts)
        return tuple(
            as_piece(self.text[a:b], marks.get(a), look.shown.get(a, "") if a in hidden else None, styled[a])
            for a, b in cuts
        )


def as_piece(text: str, citation: Mark | None, shown: str | None, styles: Sequence[Style]) -> Piece:
    """A piece; `shown` is None for text that is no markup, else what is shown in its place."""
    if shown is not None:
        return Piece(text, citation, True, shown)
    tags = [TAGS_OF_STYLES[style.kind] for style in styles if style.kind in TAGS_OF_STYLES]
    links = (web_address(style.value) for style in styles if style.kind == "link")
    opens = Markup("".join(f"<{tag}>" for tag in tags))
    closes = Markup("".join(f"</{tag}>" for tag in reversed(tags)))
    return Piece(text, citation, address=next(filter(None, links), ""), opens=opens, closes=closes)


def styles_at(styles: Sequence[Style], places: Sequence[int]) -> dict[int, list[Style]]:
    """The styles that cover each place, outer ones first. `places` are sorted."""
    found: dict[int, list[Style]] = {place: [] for place in places}
    for style in styles:
        for place in places[bisect_left(places, style.start) : bisect_left(places, style.end)]:
            found[place].append(style)
    return found


def pairs(end: int, spans: Iterable[HasPlace], start: int = 0) -> list[tuple[int, int]]:
    """Split the range from `start` to `end` wherever one of the spans begins or ends inside it."""
    edges = {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
    return [*pairwise(sorted({start, end} | edges))]


def covering_each(spans: Iterable[P], places: Sequence[int]) -> dict[int, P]:
    """Return the first span that covers each place. `places` are sorted, as there may be thousands in a sentence."""
    found: dict[int, P] = {}
    for span in spans:
        for place in places[bisect_left(places, span.start) : bisect_left(places, span.end)]:
            found.setdefault(place, span)
    return found


def covering(spans: Iterable[P], place: int) -> P | None:
    return next((span for span in spans if span.start <= place < span.end), None)


def with_line_ends(value: object) -> object:
    """Escape carriage returns in a template value. Browsers would turn CR and CR LF into LF, and the text on the page
    would differ from the document."""
    return escape(value).replace("\r", Markup("&#13;")) if isinstance(value, str) and "\r" in value else value
