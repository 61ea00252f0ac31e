"""A quotation cut for the page: by offsets alone, so that its pieces joined are the passage itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeVar

from qa.models import Hit, HitSentence, ShownCitation


class Placed(Protocol):
    """Anything with a place in the text of a hit."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is all of one kind: within a citation or not, a matched word or not."""

    text: str
    citation: ShownCitation | None
    matched: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """The pieces of a sentence, with its number; or what stands between sentences."""

    pieces: tuple[Piece, ...]
    sentence: HitSentence | None
    number: int


def cut(hit: Hit) -> list[Stretch]:
    """The text of the hit, sentence by sentence and what stands between them, none of it left out."""
    stretches = []
    for start, end in pairs(len(hit.text), hit.sentences):
        sentence = covering(hit.sentences, start)
        number = hit.sentences.index(sentence) + 1 if sentence else 0
        stretches.append(Stretch(cut_pieces(hit, start, end), sentence, number))
    return stretches


def cut_pieces(hit: Hit, start: int, end: int) -> tuple[Piece, ...]:
    return tuple(
        Piece(hit.text[a:b], covering(hit.citations, a), covering(hit.highlights, a) is not None)
        for a, b in pairs(end, (*hit.citations, *hit.highlights), start)
    )


def pairs(end: int, spans: Iterable[Placed], start: int = 0) -> list[tuple[int, int]]:
    """The stretch cut wherever one of the spans begins or ends within it."""
    edges = {edge for span in spans for edge in (span.start, span.end) if start < edge < end}
    return [*pairwise(sorted({start, end} | edges))]


def covering(spans: Iterable[P], place: int) -> P | None:
    return next((span for span in spans if span.start <= place < span.end), None)
