"""The aspects that many sentences show: the same as `Aspects.shown` of each, but only words that may tell are looked
at, and what a word has is worked out once in a process."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexing.written_words import WrittenWords
from qa.understanding.aspects import Aspects, folded_alike

# Where the words of the patterns, which are unbroken letters and digits, are not those of the text.
OTHER_LETTER = re.compile(r"[^\W\x00-\x7f]")
NUMBER_AND_LETTER = re.compile(r"\d[.,·]\d+[^\W\d]")
MOST_REMEMBERED = 1 << 16
NO_ASPECTS = frozenset[str]()


class WordsOfSentences(NamedTuple):
    """The words of sentences by number, one sentence after the other; those of sentence `n` are `ends[n - 1]` to
    `ends[n]`."""

    words: Numbers
    ends: Numbers


class SentenceAspects:
    """Finds the aspects that sentences show."""

    def __init__(self, aspects: Aspects, words: WrittenWords) -> None:
        self._aspects, self._words = aspects, words
        self._fitting: dict[int, list[tuple[re.Pattern[str], str]]] = {}

    def shown(self, sentences: Sequence[str], of: WordsOfSentences) -> list[frozenset[str]]:
        """The aspects that each sentence has evidence for."""
        has = [0] * len(sentences)
        found: dict[int, set[str]] = {}
        numbered: set[int] = set()  # sentences with a number such as "1.5"
        following = np.append(of.words[1:], of.words[:1])
        longer = self._words.begins[of.words] & self._words.follows[following]
        places = np.flatnonzero(self._words.telling[of.words] | longer)
        numbers, ends = of.words.tolist(), of.ends.tolist()
        bits, alone, lengths = self._words.bits, self._words.alone, self._words.longer
        separated = self._words.separated
        for place, sentence in zip(places.tolist(), np.searchsorted(of.ends, places, "right").tolist(), strict=True):
            number = numbers[place]
            has[sentence] |= bits[number]
            if separated[number]:
                numbered.add(sentence)
            if values := alone[number]:
                found.setdefault(sentence, set()).update(values)
            if longer[place]:
                phrase = numbers[place : min(place + lengths[number][-1], ends[sentence])]
                found.setdefault(sentence, set()).update(self._in_phrases(phrase))
        return [
            self._in_sentence(sentence, has[number], found.get(number, NO_ASPECTS), number in numbered)
            for number, sentence in enumerate(sentences)
        ]

    def _in_phrases(self, numbers: Sequence[int]) -> set[str]:
        """The aspects of the phrases of several words that begin with the first of some words."""
        compared = [self._words.compared[number] for number in numbers]
        phrases = (" ".join(compared[:length]) for length in self._words.longer[numbers[0]])
        return {id for phrase in phrases for id in self._aspects.evidence.values.get(phrase, ())}

    def _in_sentence(self, sentence: str, has: int, found: Collection[str], numbered: bool) -> frozenset[str]:
        """The aspects of a sentence whose words have these bits, and phrases these aspects."""
        folded, patterns = folded_alike(sentence), self._aspects.evidence_patterns
        if same_words(sentence, folded) and not (numbered and NUMBER_AND_LETTER.search(folded)):
            fitting = self._fitting_to(has | patterns.symbols_in(folded))
        else:
            fitting = patterns.possible(folded, remember=True)
        shown = set(found)
        for pattern, id in fitting:
            if id not in shown and pattern.search(folded):
                shown.add(id)
        return frozenset(shown) if shown else NO_ASPECTS

    def _fitting_to(self, has: int) -> list[tuple[re.Pattern[str], str]]:
        """The patterns that may match a sentence with these bits."""
        fitting = self._fitting.get(has)
        if fitting is None:
            if len(self._fitting) > MOST_REMEMBERED:
                self._fitting.clear()
            fitting = self._fitting[has] = self._aspects.evidence_patterns.fitting(has)
        return fitting


def same_words(sentence: str, folded: str) -> bool:
    """Whether the letters of a folded sentence are those of its words."""
    return sentence.isascii() or not (OTHER_LETTER.search(sentence) or folded != sentence.replace("\n", " ").lower())
