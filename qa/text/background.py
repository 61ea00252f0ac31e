"""Background frequencies of terms, counted in 75,778 passages, and words typical of any question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from qa.text.analysis import Statistics, lucene_idf, read_every_line, read_words, term_of

FEWEST_PASSAGES = 4  # with fewer, a term in half of them need not be their subject


@dataclass(frozen=True, slots=True)
class Background:
    """Passage frequencies of terms in a background collection; terms in fewer than five passages are omitted."""

    passages: int
    frequencies: Mapping[str, int]

    def knows(self, term: str) -> bool:
        return term in self.frequencies

    def weight(self, term: str, statistics: Statistics) -> float:
        """Lucene's idf over background and corpus combined; highest for a term that is in neither."""
        frequency = self.frequencies.get(term, 0) + statistics.frequency(term)
        return lucene_idf(frequency, self.passages + statistics.passages)


@cache
def background() -> Background:
    """The shipped frequencies. First line of the file: number of passages; then one term and its frequency per line."""
    head, *rows = (line.split("\t") for line in read_every_line("background_df.tsv.gz"))
    return Background(int(head[1]), {term: int(frequency) for term, frequency in rows})


@cache
def generic_words() -> frozenset[str]:
    """Terms that occur in questions on any subject (data/discounted.txt)."""
    return frozenset(term_of(word) for word in read_words("discounted.txt")) - {""}


def is_subject(frequency: int, passages: int) -> bool:
    """Whether a term occurs in so many of the passages that it is the subject of them all."""
    return passages >= FEWEST_PASSAGES and frequency * 2 >= passages
