"""A first stage for large collections: BM25 over postings in numpy, with the same scores as rank-bm25.

rank-bm25 visits every passage for every word (3 s with a million passages), so a benchmark of thousands of questions
would take hours. tests/test_postings.py checks that the scores equal those of the index in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from qa.indexes.stored import K1, B
from qa.retrieval.ranking import Candidate, Ranked, rank
from qa.text.analysis import PassageTerms, Statistics, Token


class Postings:
    """An inverted index of a collection: for each term, its passages and their BM25 weights."""

    def __init__(self, passages: Sequence[PassageTerms]) -> None:
        self.passages = passages
        occurrences: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, passage in enumerate(passages):
            for term, number in passage.counts.items():
                occurrences[term].append((place, number))
        lengths = np.array([passage.length for passage in passages], float)
        self.statistics = Statistics(
            len(passages), float(lengths.mean()), {term: len(found) for term, found in occurrences.items()}
        )
        damping = K1 * (1 - B + B * lengths / lengths.mean())
        self.weights = {term: self._weighed(term, np.array(found), damping) for term, found in occurrences.items()}

    def _weighed(self, term: str, found: np.ndarray, damping: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        places, numbers = found[:, 0], found[:, 1]
        return places, self.statistics.idf(term) * numbers / (numbers + damping[places])

    def search(self, terms: Iterable[str], limit: int) -> list[int]:
        """Return the positions of at most `limit` passages, best first, ties in collection order."""
        scores = np.zeros(len(self.passages))
        for term in dict.fromkeys(terms):
            if term in self.weights:
                places, weights = self.weights[term]
                scores[places] += weights
        limit = min(limit, len(scores))
        best = np.flatnonzero(scores >= max(np.partition(scores, -limit)[-limit], 1e-12))
        return [int(place) for place in best[np.argsort(-scores[best], kind="stable")][:limit]]

    def rank(self, question: Sequence[Token], candidates: int = 100) -> list[Ranked]:
        """Run both stages. The ids of the result are positions in the collection."""
        places = self.search((token.term for token in question), candidates)
        return rank(question, 1, [Candidate(str(place), self.passages[place]) for place in places], self.statistics)
