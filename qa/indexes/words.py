"""The words of all passages as flat arrays of numbers, and those of one passage decoded again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Any, NamedTuple

import numpy as np

from qa.indexes.candidates import BREAK, MarkedKind, SentenceMarks, SentenceTable
from qa.indexes.layout import Names, Numbers, SectionData, Sections, encode, ends_of, pack_names
from qa.text.analysis import PassageTerms, Token, combine_parts, spans_of_words

MOST_ASPECTS = 1 << 8  # for which it is kept which sentences show them
Parts = Sequence[Sequence[Token]]


def pack_words(passages: Sequence[Parts]) -> dict[str, SectionData]:
    """The sections for the content words of passages, given by part: title, headings and, last, the text."""
    forms: dict[str, int] = {"": BREAK}
    terms: dict[str, int] = {"": BREAK}
    term_of_form: list[int] = [BREAK]
    words: list[list[int]] = []
    for parts in passages:
        numbers: list[int] = []
        for place, part in enumerate(parts):
            numbers += [BREAK] if place else []
            for token in part:
                if token.form not in forms:
                    forms[token.form] = len(forms)
                    term_of_form.append(terms.setdefault(token.term, len(terms)))
                numbers.append(forms[token.form])
        words.append(numbers)
    of_forms = np.array(term_of_form, np.uint32)
    flat = np.fromiter(chain.from_iterable(words), np.uint32)
    starts = ends_of(map(len, words))
    return {
        **pack_names("forms", forms),
        **pack_names("terms", terms),
        "terms.of_forms": of_forms,
        "forms.of_terms": np.argsort(of_forms, kind="stable").astype(np.uint32),
        "forms.of_terms.starts": ends_of(np.bincount(of_forms, minlength=len(terms)).tolist()),
        "terms.frequencies": frequencies_in(flat, starts, of_forms, len(terms)),
        "words": flat,
        "words.starts": starts,
        "words.lengths": np.array([sum(map(len, parts)) for parts in passages], np.uint32),
        "words.titles": np.array([len(parts[0]) for parts in passages], np.uint32),
        "words.texts": np.array([len(n) - len(p[-1]) for n, p in zip(words, passages, strict=True)], np.uint32),
    }


def stretches_of(starts: Numbers, places: Numbers) -> tuple[Numbers, Numbers]:
    """Of stretches that begin at `starts`: the places of all members of some, one after the other, and where each one
    begins and the last one ends."""
    begins = starts[places].astype(np.int64)
    lengths = starts[places + 1].astype(np.int64) - begins
    ends = np.concatenate(([0], np.cumsum(lengths)))
    return np.repeat(begins - ends[:-1], lengths) + np.arange(ends[-1]), ends


def frequencies_in(words: Numbers, starts: Numbers, term_of_form: Numbers, terms: int) -> Numbers:
    """In how many of some passages each term occurs. The first one begins at `starts[0]`, which is 0."""
    passage = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    of_words = term_of_form[words]
    pairs = np.sort(passage[of_words > 0] * terms + of_words[of_words > 0])  # many times as fast as np.unique
    distinct = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    return np.bincount(distinct % terms, minlength=terms).astype(np.uint32)


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


class PassageMarks(NamedTuple):
    """The tags of a passage, and what ranking needs of its sentences."""

    conditions: frozenset[str]
    sentences: Sequence[SentenceMarks]


def pack_marks(passages: Iterable[PassageMarks]) -> dict[str, SectionData]:
    """The sections for the tags of passages and sentences: each combination that occurs has a number."""
    tags: dict[frozenset[str], int] = {frozenset(): 0}
    kinds: dict[tuple[frozenset[str], frozenset[str]], int] = {(frozenset(), frozenset()): 0}
    of_passages, counts, firsts, of_sentences = [], [], [], []
    for passage in passages:
        of_passages.append(tags.setdefault(passage.conditions, len(tags)))
        counts.append(len(passage.sentences))
        for first, *kind in passage.sentences:
            firsts.append(first)
            of_sentences.append(kinds.setdefault((kind[0], kind[1]), len(kinds)))
    return {
        "tags": encode(list(tags)),
        "tags.of_passages": np.array(of_passages, np.uint32),
        "sentences.starts": ends_of(counts),
        "sentences.firsts": np.array(firsts, np.uint32),
        "sentences.kinds": np.array(of_sentences, np.uint32),
        "kinds": encode(list(kinds)),
    }


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
