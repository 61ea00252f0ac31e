"""Query expansion: substitutes for the words of a question, from groups of synonyms written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qa.text.analysis import analyze, in_terms
from qa.text.phrases import PhraseMatcher, words_of

Alike = Mapping[str, tuple[str, ...]]  # in alphabetical order, so that no result depends on that of a set


class Synonyms:
    """Groups of words and phrases that can replace one another."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.words = entries = [tuple(group) for group in groups]
        self.phrases = PhraseMatcher((phrase, number) for number, group in enumerate(entries) for phrase in group)
        self.terms = [frozenset(filter(None, map(in_terms, group))) for group in entries]

    def alike(self, text: str) -> Alike:
        """The synonyms of each term of a text, by term. The words of a phrase are looked up as a phrase."""
        found = list(self.phrases.find(words_of(text)))
        synonyms: dict[str, tuple[str, ...]] = {}
        for token in analyze(text):
            around = [phrase for phrase in found if phrase.start <= token.start < phrase.end]
            longest = max((phrase.words for phrase in around), default=0)
            terms = [self.terms[number] for each in around if each.words == longest for number in each.values]
            others = frozenset(synonyms.get(token.term, ())).union(*terms) - {token.term}
            if others:
                synonyms[token.term] = tuple(sorted(others))
        return synonyms
