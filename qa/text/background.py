"""How often words are used at large: counts of 75,778 passages, and the words of asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from qa.text.analysis import Statistics, lucene_idf, read_every_line, read_words, term_of

FEW = 4  # passages; of fewer, half is no sign of a subject


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of its `passages` a term occurs; terms in fewer than five are left out."""

    passages: int
    frequencies: Mapping[str, int]

    def knows(self, term: str) -> bool:
        return term in self.frequencies

    def weight(self, term: str, statistics: Statistics) -> float:
        """Lucene's idf over background and corpus together; a word that neither has weighs most."""
        frequency = self.frequencies.get(term, 0) + statistics.frequency(term)
        return lucene_idf(frequency, self.passages + statistics.passages)


@cache
def background() -> Background:
    """The table of the package: a term and its number a line; the first line gives the number of passages."""
    head, *rows = (line.split("\t") for line in read_every_line("background_df.tsv.gz"))
    return Background(int(head[1]), {term: int(frequency) for term, frequency in rows})


@cache
def generic_words() -> frozenset[str]:
    """Terms that a question has for being one (data/discounted.txt)."""
    return frozenset(term_of(word) for word in read_words("discounted.txt")) - {""}


def is_subject(frequency: int, passages: int) -> bool:
    """Whether a term that so many passages have is the subject of them all."""
    return passages >= FEW and frequency * 2 >= passages
