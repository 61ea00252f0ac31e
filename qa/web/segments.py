"""Split a quotation into pieces for the page, by offsets alone: joined, the pieces are exactly the passage."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from markupsafe import Markup, escape

from qa.models import Citation, CitationView, Highlight, Hit, HitSentence, Span


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
    """A piece of text that is entirely inside or outside a citation, and inside or outside a highlight."""

    text: str
    citation: Mark | None
    matched: bool


@dataclass(frozen=True, slots=True)
class Stretch(Generic[P]):
    """The pieces of a sentence, with its number (from 1), or of the text between sentences (None, 0)."""

    pieces: tuple[Piece, ...]
    sentence: P | None
    number: int


def cut(hit: Hit) -> list[Stretch[HitSentence]]:
    """Split the whole text of a hit into sentences and the text between them."""
    return cut_text(hit.text, Span(0, len(hit.text)), hit.sentences, hit.citations, hit.highlights)


def cut_text(
    text: str, span: Span, sentences: Sequence[P], citations: Sequence[Mark], highlights: Sequence[Highlight] = ()
) -> list[Stretch[P]]:
    """Split a span of any text in the same way."""
    stretches = []
    for start, end in pairs(span.end, sentences, span.start):
        sentence = covering(sentences, start)
        number = sentences.index(sentence) + 1 if sentence else 0
        stretches.append(Stretch(cut_pieces(text, start, end, citations, highlights), sentence, number))
    return stretches


def cut_pieces(
    text: str, start: int, end: int, citations: Sequence[Mark], highlights: Sequence[Highlight]
) -> tuple[Piece, ...]:
    cuts = pairs(end, (*citations, *highlights), start)
    starts = [a for a, _ in cuts]
    marks, lit = covering_each(citations, starts), covering_each(highlights, starts)
    return tuple(Piece(text[a:b], marks.get(a), a in lit) for a, b in cuts)


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
