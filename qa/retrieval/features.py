"""The words of a question in its candidates: matrices with a row for each candidate, from flat arrays of numbers.

This is the second stage's inner loop: some sixty operations on arrays instead of objects for each of a hundred
passages. `ranking.py` defines the score; `word_scores` is the same for all candidates at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from qa.indexes.candidates import CandidatePassages
from qa.retrieval.ranking import TermWeights, damping_of
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms

Counts = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

SMALL = np.uint16  # of columns: a question has some dozens of terms


class WordFeatures:
    """Where the words with some terms are in candidate passages. Other words are not looked at."""

    def __init__(self, candidates: CandidatePassages, terms: Iterable[str]) -> None:
        self.candidates = candidates
        self.columns = {term: column for column, term in enumerate(dict.fromkeys(filter(None, terms)), 1)}
        lexicon, self._forms = candidates.lexicon, dict[int, str]()
        column_of = np.zeros(len(lexicon), SMALL)
        for term, column in self.columns.items():
            numbers = list(lexicon.forms_of(term))
            column_of[numbers] = column
            self._forms |= {number: lexicon.form(number) for number in numbers}
        every = column_of[candidates.words]
        self._at = np.flatnonzero(every)  # places among the words of all candidates
        self._column = every[self._at].astype(np.int64)
        self._row = np.searchsorted(candidates.starts, self._at, "right") - 1
        self._slot = self._at - candidates.starts[self._row]  # places within the passage
        self._in_title = self._slot < candidates.titles[self._row]
        width = len(self.columns) + 1
        self.counts: Counts = self._counted(self._row * width + self._column, width)
        self._present = np.asarray(self.counts.any(axis=0))
        titled = self._in_title
        self.titles: Counts = self._counted(self._row[titled] * width + self._column[titled], width)
        self._numbers = candidates.words[self._at]
        self._adjacent = (self._row[1:] == self._row[:-1]) & (self._slot[1:] == self._slot[:-1] + 1)

    def _counted(self, cells: Counts, width: int) -> Counts:
        rows = len(self.candidates)
        return np.bincount(cells, minlength=rows * width).reshape(rows, width)

    # --- columns: one number for each candidate

    def count(self, term: str) -> Counts:
        """How often each candidate has a term."""
        return self.counts[:, self.columns[term]]

    def count_form(self, form: str) -> Counts:
        """How often each candidate has a word in exactly this form."""
        number = next((number for number, known in self._forms.items() if known == form), None)
        rows = self._row[self._numbers == number] if number is not None else self._row[:0]
        return np.bincount(rows, minlength=len(self.candidates))

    def has(self, phrase: str) -> Flags:
        """Whether each candidate contains a term, or several terms in sequence."""
        columns = [self.columns.get(term, 0) for term in phrase.split()]
        if len(columns) == 1 or not all(self._present[column] for column in columns):
            return self.counts[:, columns[0]] > 0 if len(columns) == 1 else np.zeros(len(self.candidates), bool)
        return np.bincount(self._row[self.places(phrase)], minlength=len(self.candidates)) > 0

    def places(self, phrase: str) -> Counts:
        """Where a term, or several terms in sequence, begin among the words that are looked at."""
        first, *others = (self.columns.get(term, 0) for term in phrase.split())
        places = np.flatnonzero(self._column == first) if first else self._at[:0]
        for distance, column in enumerate(others):
            places = places[places + distance + 1 < len(self._column)]
            places = places[self._adjacent[places + distance] & (self._column[places + distance + 1] == column)]
        return places

    def begins(self, phrase: str) -> list[tuple[int, int]]:
        """The row and the number of words of the text before it for each place of the text where a phrase begins."""
        places = self.places(phrase)
        rows = self._row[places]
        before = self._slot[places] - self.candidates.texts[rows]
        return [(row, number) for row, number in zip(rows.tolist(), before.tolist(), strict=True) if number >= 0]

    # --- rows

    def terms_of(self, row: int) -> PassageTerms:
        """The terms of a candidate, of those looked at, as `analyze` would give them; words between them are gaps in
        `order`. Without `tokens`."""
        first, last = np.searchsorted(self._row, (row, row + 1)).tolist()
        names = [*self.columns]
        terms = [names[column - 1] for column in self._column[first:last].tolist()]
        order = ["", "|"]
        for n, term in enumerate(terms):
            order += [term] if n and self._adjacent[first + n - 1] else ["|", term]
        given = (self._slot[first:last] < self.candidates.texts[row]).tolist()
        titled = self._in_title[first:last].tolist()
        return PassageTerms(
            counts=Counter(terms),
            forms=Counter(self._forms[number] for number in self._numbers[first:last].tolist()),
            length=int(self.candidates.lengths[row]),
            order=" ".join([*order, "|", ""]),
            title=frozenset(term for term, within in zip(terms, titled, strict=True) if within),
            given=frozenset(term for term, within in zip(terms, given, strict=True) if within),
            tokens=(),
        )


def word_scores(features: WordFeatures, weights: TermWeights, average_length: float) -> Scores:
    """The score of each candidate by its words: the sum of what `ranking.contribute` gives."""
    scores = np.zeros(len(features.candidates))
    damping = damping_of(features.candidates.lengths.astype(np.float64), average_length)
    for term, weight in weights.terms.items():
        counts = features.count(term)
        scores += weight * counts / (counts + damping)
    for (_, form), weight in weights.forms.items():
        counts = features.count_form(form)
        scores += weight * counts / (counts + damping)
    for (one, other), weight in weights.pairs.items():
        scores[features.has(f"{one} {other}")] += weight
    for term, weight in weights.idf.items():
        scores[features.titles[:, features.columns[term]] > 0] += WEIGHTS.title_gain * weight
    return scores
