"""What each written word of ready passages means for an index, worked out once in a process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.layout import Numbers
from qa.text.analysis import form_of, term_of_form
from qa.text.phrases import bare
from qa.understanding.aspects import Aspects
from qa.understanding.gathering import known_names, places_in_names


class NumberedAsAsked(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class WrittenWords:
    """Written words by number, and their forms: folded words that are no stop words, by number from 1 on.

    For each written word: `forms_of` has the number of its form, BREAK for a stop word; `lower`, whether it begins in
    lower case; `shown`, the aspects that it shows by itself, as bits in the order of `ids`; `begins` and `follows`,
    whether it may be the first and the second of several words that show one. For each form: `forms`, `terms`, and
    whether its term is, begins or comes second in the name of a known treatment or illness.
    """

    def __init__(self, aspects: Aspects) -> None:
        self.aspects = aspects
        self.numbers = NumberedAsAsked()
        self.written: list[str] = []  # the folded words, also of stop words
        self.ids = list(aspects.entries)
        self.shown: list[int] = []
        self.compared: list[str] = []  # as the phrases of aspects are compared
        self.longer: dict[int, Sequence[int]] = {}  # the numbers of words of the phrases of several that it begins
        self.forms, self.terms = [""], [""]
        self._form_numbers = {"": BREAK}
        self.forms_of = np.zeros(0, np.uint32)
        self.lower = np.zeros(0, bool)
        self.is_name, self.begins_name, self.follows_in_name = np.zeros(1, bool), np.zeros(1, bool), np.zeros(1, bool)
        self.begins, self.follows = np.zeros(0, bool), np.zeros(0, bool)
        self._second = {words[1] for phrase in aspects.evidence.values if len(words := phrase.split(" ")) > 1}

    def learn(self) -> None:
        """Work out what the words mean that were numbered since the last time."""
        known, forms = len(self.written), len(self.forms)
        new = list(islice(self.numbers, known, None))
        self.forms_of = np.append(self.forms_of, np.array([self._add(word) for word in new], np.uint32))
        self.lower = extended(self.lower, (word[0].islower() for word in new))
        self.begins = extended(self.begins, (number in self.longer for number in range(known, len(self.written))))
        self.follows = extended(self.follows, (compared in self._second for compared in self.compared[known:]))
        terms, names, (first, second) = self.terms[forms:], known_names(), places_in_names()
        self.is_name = extended(self.is_name, (term in names for term in terms))
        self.begins_name = extended(self.begins_name, (term in first for term in terms))
        self.follows_in_name = extended(self.follows_in_name, (term in second for term in terms))

    def _add(self, word: str) -> int:
        """Note what a word means, and return the number of its form."""
        form = form_of(word)
        self.written.append(form)
        self.compared.append(bare(form))
        self._note_longer(len(self.written) - 1, self.compared[-1])
        self.shown.append(
            sum(1 << self.ids.index(id) for id in self.aspects.evidence.values.get(self.compared[-1], ()))
        )
        number = self._form_numbers.get(form)
        if number is None:
            term = term_of_form(form)
            number = len(self.forms) if term else BREAK
            self._form_numbers[form] = number
            if term:
                self.forms.append(form)
                self.terms.append(term)
        return number

    def _note_longer(self, word: int, compared: str) -> None:
        """Note the phrases of several words that a word begins."""
        if several := [length for length in self.aspects.evidence.lengths.get(compared, ()) if length > 1]:
            self.longer[word] = several


def extended(array: Numbers, more: Iterable[bool]) -> Numbers:
    return np.append(array, np.fromiter(more, bool))
