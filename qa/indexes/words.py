"""The words of all passages as flat arrays of numbers, and those of one passage decoded again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np

from qa.indexes.candidates import BREAK, MarkedKind, SentenceTable
from qa.indexes.layout import Names, Numbers, Sections
from qa.text.analysis import PassageTerms, Token, combine_parts, spans_of_words

MOST_ASPECTS = 1 << 8  # for which it is kept which sentences show them
Parts = Sequence[Sequence[Token]]


def stretches_of(starts: Numbers, places: Numbers) -> tuple[Numbers, Numbers]:
    """Of stretches that begin at `starts`: the places of all members of some, one after the other, and where each one
    begins and the last one ends."""
    begins = starts[places].astype(np.int64)
    lengths = starts[places + 1].astype(np.int64) - begins
    ends = np.concatenate(([0], np.cumsum(lengths)))
    return np.repeat(begins - ends[:-1], lengths) + np.arange(ends[-1]), ends


class Words:
    """The words of passages by number of the passage, and all words by number; implements `NumberedWords`."""

    def __init__(self, sections: Sections) -> None:
        self._forms, self.terms = Names(sections, "forms"), Names(sections, "terms")
        self.term_of_form = sections.numbers("terms.of_forms")
        self._forms_of_terms = sections.numbers("forms.of_terms")
        self._of_terms = sections.numbers("forms.of_terms.starts")
        self.frequencies = sections.numbers("terms.frequencies")
        self.words, self._starts = sections.numbers("words"), sections.numbers("words.starts")
        self.lengths, self._titles = sections.numbers("words.lengths"), sections.numbers("words.titles")
        self._texts = sections.numbers("words.texts")

    # --- the lexicon

    def __len__(self) -> int:
        return len(self._forms)

    def form(self, number: int) -> str:
        return str(self._forms[number])

    def number(self, form: str) -> int | None:
        return self._forms.find(form)

    def term_of(self, form: str) -> str | None:
        """The term of a folded word; None for one that does not occur."""
        number = self._forms.find(form)
        return None if number is None else str(self.terms[self.term_of_form[number]])

    def forms_of(self, term: str) -> Sequence[int]:
        number = self.terms.find(term) if term else None
        if number is None:
            return ()
        forms: list[int] = self._forms_of_terms[self._of_terms[number] : self._of_terms[number + 1]].tolist()
        return forms

    def frequency(self, term: str) -> int:
        """The number of passages with a term."""
        number = self.terms.find(term) if term else None
        return 0 if number is None else int(self.frequencies[number])

    # --- the passages

    def of_passages(self, places: Numbers) -> tuple[Numbers, Numbers]:
        """The words of several passages one after the other, and where each begins and the last one ends."""
        at, starts = stretches_of(self._starts, places)
        return self.words[at], starts

    def counts_in(self, words: Numbers, starts: Numbers, terms: Sequence[int]) -> Numbers:
        """How often each of several passages with these words has each of some terms, given by number: a row for each
        passage."""
        column_of = np.zeros(len(self), np.uint16)
        for column, term in enumerate(terms, 1):
            column_of[self._forms_of_terms[self._of_terms[term] : self._of_terms[term + 1]]] = column
        columns = column_of[words]
        at = np.flatnonzero(columns)
        cells = (np.searchsorted(starts, at, "right") - 1) * len(terms) + columns[at] - 1
        number = len(starts) - 1
        return np.bincount(cells, minlength=number * len(terms)).reshape(number, len(terms))

    def shapes(self, places: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """For each of several passages, the fields of `CandidatePassages`: `lengths`, `titles` and `texts`."""
        return self.lengths[places], self._titles[places], self._texts[places]

    def terms_of(self, place: int, text: str) -> PassageTerms:
        """The terms of a passage, whose text is given."""
        return self.terms_in(self.words[self._starts[place] : self._starts[place + 1]], text)

    def terms_in(self, words: Numbers, text: str) -> PassageTerms:
        """The terms of a passage with these words and this text."""
        numbers = words.tolist()
        spans = spans_of_words(text)
        unplaced = [(0, 0)] * (len(numbers) - len(spans))
        parts: list[list[Token]] = [[]]
        for number, span in zip(numbers, chain(unplaced, spans), strict=True):
            if number == BREAK:
                parts.append([])
            else:
                parts[-1].append(Token(self.terms[self.term_of_form[number]], self.form(number), *span))
        return combine_parts(parts)


class Frequencies(Mapping[str, int]):
    """In how many passages each term occurs."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __getitem__(self, term: str) -> int:
        if not (number := self._words.frequency(term)):
            raise KeyError(term)
        return number

    def get(self, term: str, default: Any = 0) -> Any:
        return self._words.frequency(term) or default

    def __iter__(self) -> Iterator[str]:
        return islice(self._words.terms, 1, None)

    def __len__(self) -> int:
        return len(self._words.terms) - 1


class TagTable:
    """The tags of passages and sentences, by number of the passage."""

    def __init__(self, sections: Sections) -> None:
        self.tags = [frozenset(ids) for ids in sections.json("tags")]
        self.of_passages = sections.numbers("tags.of_passages")
        self._sections = sections
        self.kinds_with = lru_cache(MOST_ASPECTS)(self._kinds_with)
        self._starts, self._firsts = sections.numbers("sentences.starts"), sections.numbers("sentences.firsts")
        self._of_sentences = sections.numbers("sentences.kinds")

    @cached_property
    def kinds(self) -> list[MarkedKind]:
        """What sentences may be marked with; read when it is first needed."""
        return [(frozenset(ids), frozenset(aspects)) for ids, aspects in self._sections.json("kinds")]

    def _kinds_with(self, aspect: str) -> Numbers:
        """For each kind of sentence, whether it has an aspect."""
        return np.array([aspect in aspects for _, aspects in self.kinds], bool)

    def with_one_of(self, conditions: Collection[str]) -> Numbers:
        """For each combination of tags, whether it has one of some conditions."""
        return np.array([not tags.isdisjoint(conditions) for tags in self.tags], bool)

    def passages_with_one_of(self, conditions: Collection[str]) -> Numbers:
        """For each passage, whether it is tagged with one of some conditions."""
        return np.asarray(self.with_one_of(conditions)[self.of_passages])

    def conditions(self, places: Numbers) -> list[frozenset[str]]:
        """The tags of several passages."""
        return [self.tags[number] for number in self.of_passages[places].tolist()]

    def sentences(self, places: Numbers) -> SentenceTable:
        """The sentences of several passages."""
        at, starts = stretches_of(self._starts, places)
        return SentenceTable(starts, self._firsts[at], self._of_sentences[at], self)
