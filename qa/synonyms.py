"""Other words for the words of a question: those that askers and documents use for one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qa.analysis import PassageTerms, analyze
from qa.phrases import Phrases

Alike = Mapping[str, frozenset[str]]


class Another(NamedTuple):
    """A term of a question and the other terms for it that were found, several words with a blank between."""

    term: str
    instead: str


class Synonyms:
    """Groups of words and phrases that stand for one another."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.words = every = [tuple(group) for group in groups]
        self.phrases = Phrases((phrase, number) for number, group in enumerate(every) for phrase in group)
        self.terms = [frozenset(filter(None, map(in_terms, group))) for group in every]

    def alike(self, text: str) -> Alike:
        """For each term of a text the other terms for it. The words of a phrase are looked for as a phrase."""
        found = list(self.phrases.find(text))
        instead: dict[str, frozenset[str]] = {}
        for token in analyze(text):
            around = [phrase for phrase in found if phrase.start <= token.start < phrase.end]
            longest = max((phrase.words for phrase in around), default=0)
            terms = [self.terms[phrase.value] for phrase in around if phrase.words == longest]
            others = frozenset().union(*terms) - {token.term}
            if others:
                instead[token.term] = instead.get(token.term, frozenset()) | others
        return instead


def in_terms(phrase: str) -> str:
    return " ".join(token.term for token in analyze(phrase))


def stands_in(terms: str, passage: PassageTerms) -> bool:
    """Whether a passage has the term, or the several terms one after another."""
    return terms in passage.counts if " " not in terms else f" {terms} " in passage.order
