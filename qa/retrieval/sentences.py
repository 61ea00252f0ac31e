"""The sentences of candidates: which may answer a question, and which aspects asked about they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np

from qa.indexes import OpenIndex
from qa.indexes.candidates import CandidatePassages
from qa.retrieval.features import Counts, Flags
from qa.retrieval.request import SearchRequest
from qa.understanding.parse import Question

Relations = Callable[[frozenset[str]], Mapping[str, str]]


class CandidateSentences:
    """The sentences of all candidates, from their stored kinds.

    Those may answer that are on a condition asked about, if any, and supported by a work that the question names, if
    any. `relations` gives how tags relate to the conditions asked about. Sets of aspects are numbers with a bit for
    each of `aspects`.
    """

    def __init__(
        self, candidates: CandidatePassages, request: SearchRequest, relations: Relations, index: OpenIndex
    ) -> None:
        self._candidates, self._request, self._relations, self._index = candidates, request, relations, index
        self._table = candidates.sentences
        self.aspects = sorted(request.aspects)

    def relevant(self, row: int) -> list[int]:
        """The positions of the sentences of a candidate that may answer."""
        within = slice(self._table.starts[row], self._table.starts[row + 1])
        numbers: list[int] = np.flatnonzero(self._on_conditions[within]).tolist()
        if not self._request.question.works:
            return numbers
        return [
            number
            for number in numbers
            if is_supported(self._index, self._candidates.ids[row], number, self._request.question)
        ]

    def shown(self) -> Counts:
        """The aspects that some relevant sentence of each candidate shows."""
        found = np.zeros(len(self._candidates), np.int64)
        some = np.flatnonzero(np.diff(self._table.starts))
        if self.aspects and some.size:
            found[some] = np.bitwise_or.reduceat(self._shown, self._table.starts[some])
        return found

    def best_shown(self, gains: Mapping[str, float]) -> Counts:
        """The aspects that one sentence of each candidate shows: the first of those that gain most."""
        found = np.zeros(len(self._candidates), np.int64)
        some = np.flatnonzero(np.diff(self._table.starts))
        if self.aspects and some.size:
            sets, which = np.unique(self._shown, return_inverse=True)
            gained = np.array([sum(gains[aspect] for aspect in self.named(each)) for each in sets.tolist()])[which]
            rows = np.repeat(np.arange(len(found)), np.diff(self._table.starts))
            found[some] = self._shown[np.lexsort((-gained, rows))[self._table.starts[some]]]
        return found

    def named(self, aspects: int) -> frozenset[str]:
        """The ids of a set of aspects."""
        return frozenset(id for place, id in enumerate(self.aspects) if aspects >> place & 1)

    @cached_property
    def _on_conditions(self) -> Flags:
        """Whether each sentence is on a condition asked about."""
        if not self._request.ids:
            return np.ones(len(self._table.kinds), bool)
        numbers, which = np.unique(self._table.kinds, return_inverse=True)
        kinds = map(self._table.marked.kinds.__getitem__, numbers.tolist())
        return np.array([bool(self._relations(conditions)) for conditions, _ in kinds], bool)[which]

    @cached_property
    def _shown(self) -> Counts:
        """For each sentence, the aspects that it shows; none if it is not relevant."""
        found = np.zeros(len(self._table.kinds), np.int64)
        for place, aspect in enumerate(self.aspects):
            shows = self._table.marked.kinds_with(aspect)[self._table.kinds] & self._on_conditions
            found |= shows.astype(np.int64) << place
        if self._request.question.works:
            for row in range(len(self._candidates)):
                begin, end = self._table.starts[row], self._table.starts[row + 1]
                others = np.setdiff1d(np.arange(end - begin), self.relevant(row))
                found[begin + others] = 0
        return found


def is_supported(index: OpenIndex, id: str, number: int, question: Question) -> bool:
    """Whether a work that the question names supports a sentence of a passage."""
    sentence = index.passage(id).sentences[number].id
    return any(sentence in work.sentences for work in question.works)
