"""Candidate passages: what an index finds for a question, with the words that ranking needs as flat arrays of numbers.

Words are numbered by their folded form. The words of a passage are in order: title, headings, a table's header row,
text, with a BREAK between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from qa.indexes.layout import Numbers

BREAK = 0  # no word: separates the parts of a passage


class NumberedWords(Protocol):
    """The words of a version by number."""

    def __len__(self) -> int:
        """How many numbers there are, with BREAK."""
        ...

    def form(self, number: int) -> str:
        """A word, folded."""
        ...

    def number(self, form: str) -> int | None:
        """The number of a folded word; None for one that does not occur."""
        ...

    def forms_of(self, term: str) -> Sequence[int]:
        """The numbers of all words with a term; none for a term that does not occur."""
        ...


class SentenceMarks(NamedTuple):
    """What ranking needs of a sentence: how many words of the passage's text are before it, the conditions it is
    tagged with, and the aspects that it, or a heading over it, has evidence for."""

    first: int
    conditions: frozenset[str]
    aspects: frozenset[str]


MarkedKind = tuple[frozenset[str], frozenset[str]]  # conditions and aspects, as in `SentenceMarks`


class MarkedKinds(Protocol):
    """All combinations that sentences are marked with, by number."""

    @property
    def kinds(self) -> Sequence[MarkedKind]: ...

    def kinds_with(self, aspect: str) -> Numbers:
        """For each combination, whether it has an aspect."""
        ...


@dataclass(frozen=True, slots=True)
class SentenceTable:
    """The sentences of some passages: those of passage `n` from `starts[n]` to `starts[n + 1]`. `firsts` are as in
    `SentenceMarks`; `kinds` are numbers of combinations that `marked` knows."""

    starts: Numbers
    firsts: Numbers
    kinds: Numbers
    marked: MarkedKinds

    def of(self, passage: int) -> list[SentenceMarks]:
        """What ranking needs of the sentences of a passage."""
        within = slice(self.starts[passage], self.starts[passage + 1])
        pairs = zip(self.firsts[within].tolist(), self.kinds[within].tolist(), strict=True)
        return [SentenceMarks(first, *self.marked.kinds[kind]) for first, kind in pairs]


@dataclass(frozen=True, slots=True)
class CandidatePassages:
    """Candidate passages in order, with a row for each in every field.

    The first `matched` share a term with the question, best first; `scores` are their scores by BM25, 0 for the others.
    `words` are the numbers of the words of all, those of row `n` from `starts[n]` to `starts[n + 1]`; `lengths` counts
    them without breaks. The first `titles[n]` are those of the title, those from `texts[n]` on those of the text.
    `conditions` are the passages' tags.
    """

    ids: Sequence[str]
    matched: int
    scores: Sequence[float]
    words: Numbers
    starts: Numbers
    lengths: Numbers
    titles: Numbers
    texts: Numbers
    conditions: Sequence[frozenset[str]]
    sentences: SentenceTable
    lexicon: NumberedWords

    def __len__(self) -> int:
        return len(self.ids)
