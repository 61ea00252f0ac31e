"""Query expansion: substitutes for the words of a question, from groups of synonyms written by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from qa.text.analysis import analyze, listed_in_terms
from qa.text.phrases import PhraseMatcher, words_of

Alike = Mapping[str, tuple[str, ...]]  # in alphabetical order, so that no result depends on that of a set


class Synonyms:
    """Groups of words and phrases that can replace one another. `occurs` says whether a term is in some passage: others
    need not be looked for."""

    def __init__(self, groups: Iterable[Sequence[str]], occurs: Callable[[str], object] = bool) -> None:
        self.words = entries = [tuple(group) for group in groups]
        self.phrases = PhraseMatcher((phrase, number) for number, group in enumerate(entries) for phrase in group)
        self.occurs, self._in_terms = occurs, lru_cache(None)(self._group_in_terms)

    def _group_in_terms(self, number: int) -> frozenset[str]:
        """Those of the phrases of a group, as terms, whose words all occur."""
        phrases = filter(None, map(listed_in_terms, self.words[number]))
        return frozenset(phrase for phrase in phrases if all(map(self.occurs, phrase.split())))

    def alike(self, text: str) -> Alike:
        """The synonyms of each term of a text, by term. The words of a phrase are looked up as a phrase."""
        found = list(self.phrases.find(words_of(text)))
        synonyms: dict[str, tuple[str, ...]] = {}
        for token in analyze(text):
            around = [phrase for phrase in found if phrase.start <= token.start < phrase.end]
            longest = max((phrase.words for phrase in around), default=0)
            terms = [self._in_terms(number) for each in around if each.words == longest for number in each.values]
            others = frozenset(synonyms.get(token.term, ())).union(*terms) - {token.term}
            if others:
                synonyms[token.term] = tuple(sorted(others))
        return synonyms
