"""The aspects that many sentences show: the same as `Aspects.shown` of each, but only words that may tell are looked
at, and what a piece of text has is worked out once in a process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexing.pieces import Pieces, having, limbs_of
from qa.text.necessary import most_pieces
from qa.understanding.aspects import folded_alike

NEAR = 8  # pieces: nearly every sentence has what is sought within more


class ReadSentences(NamedTuple):
    """Sentences with their pieces and words by number, one sentence after the other; those of sentence `n` begin at
    `in_pieces[n]` and `in_words[n]`."""

    written: Sequence[str]
    pieces: Numbers
    in_pieces: Numbers
    words: Numbers
    in_words: Numbers


class SoughtPattern(NamedTuple):
    """A pattern and the number of its aspect. A sentence that it matches has a bit of each mask, within so many pieces.
    `matched` is the place of the bit that pieces have that it matches, if it looks at no white space."""

    pattern: re.Pattern[str]
    aspect: int
    masks: Sequence[int]
    pieces: float
    matched: int | None


class ReadPieces(NamedTuple):
    """The pieces of sentences that tell something: their places among all pieces, the sentence of each, and their bits
    limb by limb."""

    places: Numbers
    sentences: Numbers
    columns: Numbers

    def together(self, masks: Sequence[int], most: float) -> Numbers:
        """The sentences that have a bit of each mask within so many neighbouring pieces, and perhaps some others."""
        first, *others = (self.places[having(self.columns, mask)] for mask in masks)
        near = np.ones(len(first), bool)
        for places in others:
            following = np.searchsorted(places, first - (most - 1))  # the first one that is not too far before
            near &= np.append(places, np.inf)[following] - first < most
        return self.sentences[np.searchsorted(self.places, first[near])]


class SentenceAspects:
    """Finds the aspects that sentences show."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces, self._ids, self._aspects = pieces, pieces.words.ids, pieces.words.aspects
        self._numbers = {id: number for number, id in enumerate(self._ids)}
        matched = {each[:2]: place for place, each in enumerate(pieces.within_words, pieces.matched_from)}
        self._patterns = [
            SoughtPattern(
                pattern,
                self._numbers[id],
                [mask << pieces.sought_from for mask in masks],
                most_pieces(pattern),
                matched.get((pattern, id)),
            )
            for pattern, id, masks in self._aspects.evidence_patterns
        ]

    def shown(self, sentences: ReadSentences) -> tuple[list[frozenset[str]], Numbers]:
        """The distinct sets of aspects that sentences have evidence for, and the number of that of each sentence."""
        folded = FoldedSentences(sentences.written)
        pieces = self._telling(sentences)
        odd = np.zeros(len(sentences.written), bool)
        odd[pieces.sentences[self._pieces.odd[sentences.pieces[pieces.places]]]] = True
        columns = self._columns(pieces, odd, folded)
        shown = np.array([having(columns, 1 << aspect) for aspect in range(len(self._ids))])
        for number, id in self._in_phrases(sentences):
            shown[self._numbers[id], number] = True
        for pattern, aspect, masks, most, matched in self._patterns:
            possible = ~shown[aspect]
            if matched is not None:
                shown[aspect] |= having(columns, 1 << matched) & ~odd
                possible &= odd
            for mask in masks:
                possible &= having(columns, mask)
            rare = [mask for mask in masks if not mask & self._pieces.anywhere]
            if most <= NEAR and len(rare) > 1:
                together = odd.copy()
                together[pieces.together(rare, most)] = True
                possible &= together
            for number in np.flatnonzero(possible).tolist():
                shown[aspect, number] = pattern.search(folded[number]) is not None
        return self._distinct(shown)

    def _telling(self, sentences: ReadSentences) -> ReadPieces:
        places = np.flatnonzero(self._pieces.telling[sentences.pieces])
        of = np.searchsorted(sentences.in_pieces[1:], places, "right")
        return ReadPieces(places, of, self._pieces.bits[sentences.pieces[places]].T.copy())

    def _columns(self, pieces: ReadPieces, odd: Numbers, folded: FoldedSentences) -> Numbers:
        """The bits of what is in the pieces of each sentence, limb by limb. Patterns see `odd` ones otherwise."""
        known, of = self._pieces, pieces.sentences
        bits = np.tile(limbs_of(known.anywhere, known.size)[:, np.newaxis], len(odd))
        if len(of):
            first = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
            bits[:, of[first]] |= np.bitwise_or.reduceat(pieces.columns, first, axis=1)
        for number in np.flatnonzero(odd).tolist():
            sought = self._aspects.evidence_patterns.bits_in(folded[number])
            bits[:, number] |= limbs_of(sought << known.sought_from, known.size)
        return bits

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
