"""A quotation cut for the page: by offsets alone, so that its pieces joined are the passage itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from markupsafe import Markup, escape

from qa.models import Citation, CitationView, Highlight, Hit, HitSentence, Span


class HasPlace(Protocol):
    """Anything with a place in the text of a hit."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=HasPlace)
Mark = Citation | CitationView


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is all of one kind: within a citation or not, a matched word or not."""

    text: str
    citation: Mark | None
    matched: bool


@dataclass(frozen=True, slots=True)
class Stretch(Generic[P]):
    """The pieces of a sentence, with its number; or what stands between sentences."""

    pieces: tuple[Piece, ...]
    sentence: P | None
    number: int


def cut(hit: Hit) -> list[Stretch[HitSentence]]:
    """The text of the hit, sentence by sentence and what stands between them, none of it left out."""
    return cut_text(hit.text, Span(0, len(hit.text)), hit.sentences, hit.citations, hit.highlights)


def cut_text(
    text: str, span: Span, sentences: Sequence[P], citations: Sequence[Mark], highlights: Sequence[Highlight] = ()
) -> list[Stretch[P]]:
    """A stretch of any text, cut in the same way."""
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
    """The stretch cut wherever one of the spans begins or ends within it."""
    edges = {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
    return [*pairwise(sorted({start, end} | edges))]


def covering_each(spans: Iterable[P], places: Sequence[int]) -> dict[int, P]:
    """The first span that covers each of the places, which are in order; a sentence may have thousands of them."""
    found: dict[int, P] = {}
    for span in spans:
        for place in places[bisect_left(places, span.start) : bisect_left(places, span.end)]:
            found.setdefault(place, span)
    return found


def covering(spans: Iterable[P], place: int) -> P | None:
    return next((span for span in spans if span.start <= place < span.end), None)


def with_line_ends(value: object) -> object:
    """What a template shows, with carriage returns that survive: browsers read a bare one, and one before a line feed,
    as a line feed, and the text on the page would no more be that of the document."""
    return escape(value).replace("\r", Markup("&#13;")) if isinstance(value, str) and "\r" in value else value
