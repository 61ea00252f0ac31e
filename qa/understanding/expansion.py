"""Query expansion: other words for the words of a question.

Synonyms are groups that somebody wrote down. Related words stand near a word in texts at large: their nearness is read
from a table that was worked out once from vectors of words (benchmarks/make_related.py); no vector and no model comes
with the package. That is weaker evidence than a synonym: it counts for less, and the asker is told which words stand in
the documents only nearly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from qa.text.analysis import PassageTerms, analyze, read_lines
from qa.text.phrases import Phrases

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


FILE = "related.txt.gz"
TENTHS = 10


@cache
def table() -> Mapping[str, str]:
    """Each term with its line; lines are read when they are asked for."""
    return {term: near for term, _, near in (line.partition(" ") for line in read_lines(FILE))}


def related_terms(term: str) -> dict[str, float]:
    """The terms near a term, each with what it counts for beside the term itself (above 0, to 1)."""
    pairs = (pair.split(":") for pair in table().get(term, "").split())
    return {other: int(tenths) / TENTHS for other, tenths in pairs}
