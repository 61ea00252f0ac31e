"""Phrase matching: find the phrases of a vocabulary in a text, ignoring plural, tense and case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from qa.text.analysis import AMERICAN, WORD_OR_NUMBER, form_of

T = TypeVar("T")

SHORTEST_STEM = 3
PLURALS = (("ies", "y"), ("s", ""))
TENSES = (("ing", ""), ("ied", "y"), ("ed", ""))
NO_PLURAL = ("ss", "us", "is")
DOUBLED = re.compile(r"([bdgmnprt])\1$")


class Word(NamedTuple):
    """A word of a text, function words included, with the bare form that phrases are compared by."""

    bare: str
    start: int
    end: int


class Phrase(NamedTuple, Generic[T]):
    """A match at `text[start:end]`, `words` words long, with the value of its phrase."""

    value: T
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
            return DOUBLED.sub(r"\1", stem) + instead
    return form


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(Word(bare(form_of(match[0])), match.start(), match.end()) for match in WORD_OR_NUMBER.finditer(text))


def in_words(phrase: str) -> str:
    """The bare words of a phrase, for comparing phrases."""
    return " ".join(word.bare for word in words_of(phrase))


class Phrases(Generic[T]):
    """Phrases with their values; one phrase may have several values."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        self.values: dict[tuple[str, ...], list[T]] = {}
        self.lengths: dict[str, set[int]] = {}  # by first word
        for phrase, value in phrases:
            if key := tuple(word.bare for word in words_of(phrase)):
                values = self.values.setdefault(key, [])
                values += [value] * (value not in values)
                self.lengths.setdefault(key[0], set()).add(len(key))

    def find(self, text: str) -> Iterator[Phrase[T]]:
        """Every phrase in the text, from left to right, including those within a longer one."""
        words = words_of(text)
        for first, word in enumerate(words):
            for length in self.lengths.get(word.bare, ()):
                last = first + length
                key = tuple(other.bare for other in words[first:last])
                for value in self.values.get(key, ()) if len(key) == length else ():
                    yield Phrase(value, word.start, words[last - 1].end, length)
