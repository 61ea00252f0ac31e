"""Query expansion: substitutes for the words of a question.

Synonyms are hand-written groups. Related words are close to a word in general usage; their similarity is read from a
table computed beforehand from word vectors (benchmarks/make_related.py), so no vectors or model ship with the package.
They are weaker evidence than synonyms: they count for less, and the user is told which words were found only in this
way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from qa.text.analysis import analyze, in_terms, read_lines
from qa.text.phrases import PhraseMatcher, words_of

Alike = Mapping[str, frozenset[str]]


class Synonyms:
    """Groups of words and phrases that can replace one another."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.words = entries = [tuple(group) for group in groups]
        self.phrases = PhraseMatcher((phrase, number) for number, group in enumerate(entries) for phrase in group)
        self.terms = [frozenset(filter(None, map(in_terms, group))) for group in entries]

    def alike(self, text: str) -> Alike:
        """The synonyms of each term of a text, by term. The words of a phrase are looked up as a phrase."""
        found = list(self.phrases.find(words_of(text)))
        synonyms: dict[str, frozenset[str]] = {}
        for token in analyze(text):
            around = [phrase for phrase in found if phrase.start <= token.start < phrase.end]
            longest = max((phrase.words for phrase in around), default=0)
            terms = [self.terms[number] for each in around if each.words == longest for number in each.values]
            others = frozenset().union(*terms) - {token.term}
            if others:
                synonyms[token.term] = synonyms.get(token.term, frozenset()) | others
        return synonyms


FILE = "related.txt.gz"
TENTHS = 10


@cache
def table() -> Mapping[str, str]:
    """The related words of each term, as an unparsed line; lines are parsed when they are needed."""
    return {term: near for term, _, near in (line.partition(" ") for line in read_lines(FILE))}


def related_terms(term: str) -> dict[str, float]:
    """The terms related to a term, each with the share it counts for (above 0, up to 1)."""
    pairs = (pair.split(":") for pair in table().get(term, "").split())
    return {other: int(tenths) / TENTHS for other, tenths in pairs}
