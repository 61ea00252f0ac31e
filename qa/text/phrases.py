"""Find the phrases of a vocabulary in a text: one matcher for every list, with the comparison that suits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Generic, NamedTuple, TypeVar

from qa.text.analysis import AMERICAN, WORD_OR_NUMBER, form_of
from qa.text.once import once_a_question

T = TypeVar("T")

SHORTEST_STEM = 3
PLURALS = (("ies", "y"), ("s", ""))
TENSES = (("ing", ""), ("ied", "y"), ("ed", ""))
AFTER_DOUBLED = {"ing", "ed"}  # "stopped", but not "cherries", "carried" or "odds"
NO_PLURAL = ("ss", "us", "is")
DOUBLED = re.compile(r"([bdgmnprt])\1$")


class Word(NamedTuple):
    """A word of a text, function words included, folded."""

    form: str
    start: int
    end: int


class Phrase(NamedTuple, Generic[T]):
    """A match at `text[start:end]`, `words` words long, with the values of its phrase."""

    values: Sequence[T]
    start: int
    end: int
    words: int


def bare(form: str) -> str:
    """A folded word without plural, -ing, -ed and final e. Not a stem: definite and definition stay distinct."""
    form = without_ending(singular_form(form), TENSES)
    return form[:-1] if len(form) > SHORTEST_STEM + 1 and form.endswith("e") else form


def singular_form(form: str) -> str:
    """A folded word in American spelling, in the singular."""
    return without_ending(AMERICAN.get(form, form), PLURALS)


def without_ending(form: str, endings: Sequence[tuple[str, str]]) -> str:
    """The word with the first matching ending replaced; `endings` are pairs of ending and replacement."""
    for ending, instead in endings:
        stem = form.removesuffix(ending)
        if stem != form and len(stem) >= SHORTEST_STEM and not form.endswith(NO_PLURAL):
            return (DOUBLED.sub(r"\1", stem) if ending in AFTER_DOUBLED else stem) + instead
    return form


@once_a_question
def words_of(text: str) -> Sequence[Word]:
    """Every word and number of a text."""
    return [Word(form_of(match[0]), match.start(), match.end()) for match in WORD_OR_NUMBER.finditer(text)]


def in_words(phrase: str, normalise: Callable[[str], str] = bare) -> str:
    """The words of a phrase as they are compared, separated by blanks."""
    return " ".join(normalise(word.form) for word in words_of(phrase))


class PhraseMatcher(Generic[T]):
    """Phrases with their values; one phrase may have several.

    `normalise` gives what folded words are compared by: `bare` ignores number and tense, `singular_form` number,
    `str` nothing.
    """

    def __init__(self, phrases: Iterable[tuple[str, T]], normalise: Callable[[str], str] = bare) -> None:
        self.normalise = normalise
        self.values: dict[str, list[T]] = {}
        self.lengths: dict[str, list[int]] = {}  # in words, by first word
        for phrase, value in phrases:
            self.add(phrase, value)

    def add(self, phrase: str, value: T) -> None:
        if key := in_words(phrase, self.normalise):
            values = self.values.setdefault(key, [])
            values += [value] * (value not in values)
            first, *others = key.split(" ")
            self.lengths[first] = sorted({*self.lengths.get(first, ()), 1 + len(others)})

    def get(self, phrase: str) -> Sequence[T]:
        """The values of a phrase; empty if it is not in the vocabulary."""
        return self.values.get(in_words(phrase, self.normalise), ())

    def find(self, words: Sequence[Word]) -> Iterator[Phrase[T]]:
        """Every phrase among the words of a text, from left to right, the shortest first at each place."""
        for first, last, values in self.among([self.normalise(word.form) for word in words]):
            yield Phrase(values, words[first].start, words[last - 1].end, last - first)

    def among(self, compared: Sequence[str]) -> Iterator[tuple[int, int, Sequence[T]]]:
        """The same for words that are normalised already: the numbers of the first word and of the one after the last,
        and the values."""
        for first, word in enumerate(compared):
            for length in self.lengths.get(word, ()):
                last = first + length
                values = self.values.get(" ".join(compared[first:last])) if last <= len(compared) else None
                if values:
                    yield first, last, values

    def longest(
        self, words: Sequence[Word], accept: Callable[[Phrase[T]], object] = lambda phrase: True
    ) -> Iterator[Phrase[T]]:
        """The phrases from left to right without overlap: at each place the longest that is accepted."""
        end = 0
        for start, here in groupby(self.find(words), key=attrgetter("start")):
            accepted = filter(accept, reversed(list(here))) if start >= end else iter(())
            if phrase := next(accepted, None):
                yield phrase
                end = phrase.end
