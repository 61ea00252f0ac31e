"""Pieces of text between blanks. No word and no symbol has a blank in it, so what a text has is what its pieces have;
that is worked out once in a process and looked up from then on, in a fraction of the time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexes.words import stretches_of
from qa.indexing.written_words import NumberedAsAsked, WrittenWords
from qa.text.analysis import WORD_OR_NUMBER, fold
from qa.text.necessary import is_within_words

LIMB = 64  # bits


class WordsInPieces(NamedTuple):
    """The words of some pieces by number, one piece after the other; those of piece `n` begin at `starts[n]`."""

    words: Numbers
    starts: Numbers


class Pieces:
    """Pieces by number. For each: the numbers of its words; a row of bits, which says what aspects its words show by
    themselves, which patterns that look at no white space it matches (`matched_from`), and what all patterns look for
    (`sought_from`); `odd`, whether folding changes its length, so that patterns see its sentence otherwise
    (`folded_alike`); `telling`, whether it has any of this."""

    def __init__(self, words: WrittenWords) -> None:
        self.numbers = NumberedAsAsked()
        self.words = words
        self._patterns = words.aspects.evidence_patterns
        self.within_words = [each for each in self._patterns if is_within_words(each[0])]
        self.matched_from = len(words.ids)
        self.sought_from = LIMB * limbs(self.matched_from + len(self.within_words))
        self.size = limbs(self.sought_from + self._patterns.number_of_bits)
        self.anywhere = self._patterns.bits_in("") << self.sought_from
        self._written, self._ends = array("q"), array("q", [0])  # words of all pieces, one after the other
        self._bits = array("Q")
        self.odd, self.telling = np.zeros(0, bool), np.zeros(0, bool)

    @property
    def bits(self) -> Numbers:
        """The rows of all pieces. They must not be kept, or `learn` cannot add to them."""
        return np.frombuffer(self._bits, np.uint64).reshape(-1, self.size)

    def learn(self) -> None:
        """Work out what the pieces have that were numbered since the last time."""
        known = len(self.odd)
        if not (new := list(islice(self.numbers, known, None))):
            return
        for piece in new:
            self._written.extend(map(self.words.numbers.__getitem__, WORD_OR_NUMBER.findall(piece)))
            self._ends.append(len(self._written))
        self.words.learn()
        folded = list(map(fold, new))
        self._patterns.learn(folded)
        bits = [self._bits_of(number, text) for number, text in enumerate(folded, known)]
        rows = np.frombuffer(b"".join(in_limbs(each, self.size) for each in bits), np.uint64).reshape(-1, self.size)
        self._bits.frombytes(self._with_matched(rows, folded).tobytes())
        self.odd = np.append(self.odd, [len(each) != len(piece) for each, piece in zip(folded, new, strict=True)])
        self.telling = np.append(self.telling, self.odd[known:] | [each != self.anywhere for each in bits])

    def _bits_of(self, number: int, folded: str) -> int:
        found = self._patterns.bits_in(folded) << self.sought_from
        for word in self._written[self._ends[number] : self._ends[number + 1]]:
            found |= self.words.shown[word]
        return found

    def _with_matched(self, rows: Numbers, folded: Sequence[str]) -> Numbers:
        """The rows of some pieces with the bits of the patterns that look at no white space."""
        columns = rows.T.copy()
        for place, (pattern, _, masks) in enumerate(self.within_words, self.matched_from):
            possible = np.logical_and.reduce([having(columns, mask << self.sought_from) for mask in masks])
            found = [number for number in np.flatnonzero(possible).tolist() if pattern.search(folded[number])]
            columns[place // LIMB, found] |= np.uint64(1 << place % LIMB)
        return columns.T

    def words_in(self, pieces: Numbers) -> WordsInPieces:
        """The words of some pieces."""
        at, starts = stretches_of(np.frombuffer(self._ends, np.int64), pieces)
        return WordsInPieces(np.frombuffer(self._written, np.int64)[at], starts)


def limbs(bits: int) -> int:
    """In how many limbs so many bits fit."""
    return -(-bits // LIMB)


def in_limbs(bits: int, size: int) -> bytes:
    return bits.to_bytes(size * LIMB // 8, "little")


def limbs_of(bits: int, size: int) -> Numbers:
    return np.frombuffer(in_limbs(bits, size), np.uint64)


def having(columns: Numbers, mask: int) -> Numbers:
    """Which of several rows of bits, given limb by limb, have one of some bits."""
    found = np.zeros(columns.shape[1], bool)
    for column, part in zip(columns, limbs_of(mask, len(columns)), strict=True):
        if part:
            found |= (column & part) != 0
    return found
