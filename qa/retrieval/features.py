"""The words of a question in its candidates: matrices with a row for each candidate, from flat arrays of numbers.

This is the second stage's inner loop: some sixty operations on arrays instead of objects for each of a hundred
passages. `ranking.py` defines the score; `word_scores` is the same for all candidates at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.indexes.candidates import CandidatePassages
from qa.retrieval.ranking import TermWeights, damping_of
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms, Token

Counts = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]
Pair = tuple[str, str]

NO_COLUMN = 0  # of a term that is not looked at
SMALL = np.uint16  # of columns: a question has some dozens of terms
GAP = "|"  # stands for words that are not looked at; no term has this name


class WordFeatures:
    """Where the words with some terms are in candidate passages. Other words are not looked at."""

    def __init__(self, candidates: CandidatePassages, terms: Iterable[str]) -> None:
        self.candidates = candidates
        self.columns = {term: column for column, term in enumerate(dict.fromkeys(filter(None, terms)), 1)}
        lexicon = candidates.lexicon
        column_of = np.zeros(len(lexicon), SMALL)
        for term, column in self.columns.items():
            column_of[[*lexicon.forms_of(term)]] = column
        every = column_of[candidates.words]
        self._at = np.flatnonzero(every)  # places among the words of all candidates
        self._column = every[self._at].astype(np.int64)
        rows = np.arange(len(candidates))
        self._row = rows.repeat(candidates.starts[1:] - candidates.starts[:-1])[self._at]
        self._slot = self._at - candidates.starts[self._row]  # places within the passage
        self._in_title = self._slot < candidates.titles[self._row]
        width = len(self.columns) + 1
        self.counts: Counts = self._counted(self._row * width + self._column, width)
        self._present = np.asarray(self.counts.any(axis=0))
        titled = self._in_title
        self.titles: Counts = self._counted(self._row[titled] * width + self._column[titled], width)
        self._numbers = candidates.words[self._at]
        self._adjacent = (self._row[1:] == self._row[:-1]) & (self._slot[1:] == self._slot[:-1] + 1)

    def __len__(self) -> int:
        return len(self.candidates)

    def _counted(self, cells: Counts, width: int) -> Counts:
        return np.bincount(cells, minlength=len(self) * width).reshape(len(self), width)

    # --- matrices: a row for each candidate, a column for each of what is given

    def count_terms(self, terms: Sequence[str]) -> Counts:
        """How often each candidate has each of some terms."""
        return self.counts[:, self._columns_of(terms)]

    def count_in_titles(self, terms: Sequence[str]) -> Counts:
        """The same in the title of its document."""
        return self.titles[:, self._columns_of(terms)]

    def _columns_of(self, terms: Iterable[str]) -> list[int]:
        return [self.columns.get(term, NO_COLUMN) for term in terms]

    def count_forms(self, forms: Sequence[str]) -> Counts:
        """How often each candidate has a word in exactly each of some forms."""
        numbers = (self.candidates.lexicon.number(form) for form in forms)
        sought = np.array([-1 if number is None else number for number in numbers], np.int64)
        at, which = np.nonzero(self._numbers[:, None] == sought)
        return self._counted(self._row[at] * len(sought) + which, len(sought))

    def count_pairs(self, pairs: Sequence[Pair]) -> Counts:
        """How often each candidate has each of some pairs of terms, the second right after the first."""
        width = len(self.columns) + 1
        first, second = (
            np.array(self._columns_of(terms), np.int64) for terms in (zip(*pairs, strict=True) if pairs else ((), ()))
        )
        sought = np.where((first > 0) & (second > 0), first * width + second, -1)
        begins = np.flatnonzero(self._adjacent)
        at, which = np.nonzero((self._column[begins] * width + self._column[begins + 1])[:, None] == sought)
        return self._counted(self._row[begins[at]] * len(sought) + which, len(sought))

    # --- columns: one number for each candidate

    def has(self, phrase: str) -> Flags:
        """Whether each candidate contains a term, or several terms in sequence."""
        if " " not in phrase:
            return self.counts[:, self.columns.get(phrase, NO_COLUMN)] > 0
        if not self.may_have(phrase):
            return np.zeros(len(self), bool)
        return np.bincount(self._row[self.places(phrase)], minlength=len(self)) > 0

    def may_have(self, phrase: str) -> bool:
        """Whether each term of a phrase is in some candidate."""
        return all(self._present[column] for column in self._columns_of(phrase.split()))

    def places(self, phrase: str) -> Counts:
        """Where a term, or several terms in sequence, begin among the words that are looked at."""
        first, *others = self._columns_of(phrase.split())
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

    def _stretch(self, row: int) -> slice:
        """Where the words of a candidate are among those that are looked at."""
        return slice(*np.searchsorted(self._row, (row, row + 1)).tolist())

    def given_of(self, row: int) -> frozenset[str]:
        """Those of the terms looked at that are in title and headings of a candidate."""
        within = self._stretch(row)
        names, begin = [*self.columns], int(self.candidates.texts[row])
        pairs = zip(self._slot[within].tolist(), self._column[within].tolist(), strict=True)
        return frozenset(names[column - 1] for slot, column in pairs if slot < begin)

    def terms_of(self, row: int) -> PassageTerms:
        """The terms of a candidate, of those looked at, as `analyze` would give them; words between them are gaps in
        `order`. Without `tokens`."""
        within = self._stretch(row)
        names, lexicon = [*self.columns], self.candidates.lexicon
        terms = [names[column - 1] for column in self._column[within].tolist()]
        order = ["", "|"]
        for n, term in enumerate(terms):
            order += [term] if n and self._adjacent[within.start + n - 1] else ["|", term]
        titled = self._in_title[within].tolist()
        return PassageTerms(
            counts=Counter(terms),
            forms=Counter(map(lexicon.form, self._numbers[within].tolist())),
            length=int(self.candidates.lengths[row]),
            order=" ".join([*order, "|", ""]),
            title=frozenset(term for term, in_title in zip(terms, titled, strict=True) if in_title),
            given=self.given_of(row),
            tokens=(),
        )

    def tokens_of(self, row: int, spans: Sequence[tuple[int, int]]) -> list[Token]:
        """The words of a candidate's text that are looked at, with a gap for all that are between two of them, or after
        the last. `spans` says where all content words of the text are; forms are left out."""
        within = self._stretch(row)
        names, begin = [*self.columns], int(self.candidates.texts[row])
        found: list[Token] = []
        following = 0
        for slot, column in zip(self._slot[within].tolist(), self._column[within].tolist(), strict=True):
            place = slot - begin
            if place >= 0:
                if place > following:
                    found.append(gap_at(spans[following]))
                found.append(Token(names[column - 1], "", *spans[place]))
                following = place + 1
        return [*found, gap_at(spans[following])] if following < len(spans) else found


def gap_at(span: tuple[int, int]) -> Token:
    return Token(GAP, GAP, span[0], 0)


def word_scores(features: WordFeatures, weights: TermWeights, average_length: float) -> Scores:
    """The score of each candidate by its words: the sum of what `ranking.contribute` gives."""
    damping = damping_of(features.candidates.lengths.astype(np.float64), average_length)[:, None]
    counts = np.hstack([features.count_terms([*weights.terms]), features.count_forms([f for _, f in weights.forms])])
    fractions = counts / (counts + damping)
    pairs, titles = features.count_pairs([*weights.pairs]) > 0, features.count_in_titles([*weights.idf]) > 0
    return (
        weighted(fractions, [*weights.terms.values(), *weights.forms.values()])
        + weighted(pairs, weights.pairs.values())
        + WEIGHTS.title_gain * weighted(titles, weights.idf.values())
    )


def weighted(matrix: NDArray[Any], weights: Iterable[float]) -> Scores:
    """The weighted sum of each row. Equal rows have equal sums, which a product of matrices does not promise."""
    return np.asarray((matrix * np.array([*weights], np.float64)).sum(axis=1))
