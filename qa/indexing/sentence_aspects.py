"""The aspects that many sentences show: the same as `Aspects.shown` of each, but only words that may tell are looked
at, and what a piece of text has is worked out once in a process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexing.pieces import Pieces, having, limbs_of
from qa.understanding.aspects import folded_alike


class ReadSentences(NamedTuple):
    """Sentences with their pieces and words by number, one sentence after the other; those of sentence `n` begin at
    `in_pieces[n]` and `in_words[n]`."""

    written: Sequence[str]
    pieces: Numbers
    in_pieces: Numbers
    words: Numbers
    in_words: Numbers


class SoughtPattern(NamedTuple):
    """A pattern and the number of its aspect. A sentence that it matches has a bit of each mask. `matched` is the place
    of the bit that pieces have that it matches, if it looks at no white space."""

    pattern: re.Pattern[str]
    aspect: int
    masks: Sequence[int]
    matched: int | None


class SentenceAspects:
    """Finds the aspects that sentences show."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces, self._ids, self._aspects = pieces, pieces.words.ids, pieces.words.aspects
        self._numbers = {id: number for number, id in enumerate(self._ids)}
        matched = {each[:2]: place for place, each in enumerate(pieces.within_words, pieces.matched_from)}
        self._patterns = [
            SoughtPattern(
                pattern, self._numbers[id], [mask << pieces.sought_from for mask in masks], matched.get((pattern, id))
            )
            for pattern, id, masks in self._aspects.evidence_patterns
        ]

    def shown(self, sentences: ReadSentences) -> tuple[list[frozenset[str]], Numbers]:
        """The distinct sets of aspects that sentences have evidence for, and the number of that of each sentence."""
        folded = FoldedSentences(sentences.written)
        columns, odd = self._columns(sentences, folded)
        shown = np.array([having(columns, 1 << aspect) for aspect in range(len(self._ids))])
        for number, id in self._in_phrases(sentences):
            shown[self._numbers[id], number] = True
        for pattern, aspect, masks, matched in self._patterns:
            possible = ~shown[aspect]
            if matched is not None:
                shown[aspect] |= having(columns, 1 << matched) & ~odd
                possible &= odd
            for mask in masks:
                possible &= having(columns, mask)
            for number in np.flatnonzero(possible).tolist():
                shown[aspect, number] = pattern.search(folded[number]) is not None
        return self._distinct(shown)

    def _columns(self, sentences: ReadSentences, folded: FoldedSentences) -> tuple[Numbers, Numbers]:
        """The bits of what is in the pieces of each sentence, limb by limb; and which sentences have pieces that
        patterns see otherwise."""
        known, pieces = self._pieces, sentences.pieces
        places = np.flatnonzero(known.telling[pieces])
        of = np.searchsorted(sentences.in_pieces[1:], places, "right")  # the sentence of each place
        odd = np.zeros(len(sentences.written), bool)
        odd[of[known.odd[pieces[places]]]] = True
        bits = np.tile(limbs_of(known.anywhere, known.size), (len(odd), 1))
        if len(places):
            first = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
            bits[of[first]] |= np.bitwise_or.reduceat(known.bits[pieces[places]], first)
        for number in np.flatnonzero(odd).tolist():
            sought = self._aspects.evidence_patterns.bits_in(folded[number])
            bits[number] |= limbs_of(sought << known.sought_from, known.size)
        return np.ascontiguousarray(bits.T), odd

    def _in_phrases(self, sentences: ReadSentences) -> Iterator[tuple[int, str]]:
        """The aspects of phrases of several words, each with the number of the sentence."""
        known, words, ends = self._pieces.words, sentences.words, sentences.in_words[1:]
        places = np.flatnonzero(known.begins[words] & known.follows[np.append(words[1:], words[:1])])
        for place, number in zip(places.tolist(), np.searchsorted(ends, places, "right").tolist(), strict=True):
            longest = known.longer[int(words[place])][-1]
            for id in self._in_longer(words[place : min(place + longest, ends[number])].tolist()):
                yield number, id

    def _in_longer(self, words: Sequence[int]) -> list[str]:
        """The aspects of the phrases of several words that begin with the first of some words."""
        known = self._pieces.words
        compared = [known.compared[word] for word in words]
        phrases = (" ".join(compared[:length]) for length in known.longer[words[0]])
        return [id for phrase in phrases for id in self._aspects.evidence.values.get(phrase, ())]

    def _distinct(self, shown: Numbers) -> tuple[list[frozenset[str]], Numbers]:
        packed = np.ascontiguousarray(np.packbits(shown, axis=0).T)
        rows = packed.view(f"V{packed.shape[1]}").ravel()
        _, first, numbers = np.unique(rows, return_index=True, return_inverse=True)
        sets = [frozenset(self._ids[aspect] for aspect in np.flatnonzero(shown[:, each])) for each in first]
        return sets, numbers


class FoldedSentences(dict[int, str]):
    """Sentences by number as patterns see them, each folded when it is first asked for."""

    def __init__(self, written: Sequence[str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, number: int) -> str:
        folded = self[number] = folded_alike(self._written[number])
        return folded
