"""Pieces of text between blanks. No word and no symbol has a blank in it, so what a text has is what its pieces have;
that is worked out once in a process and looked up from then on, in a fraction of the time."""

from __future__ import annotations

from array import array
from itertools import islice
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexes.words import stretches_of
from qa.indexing.written_words import NumberedAsAsked, WrittenWords
from qa.text.analysis import WORD_OR_NUMBER, fold

LIMB = 64  # bits


class WordsInPieces(NamedTuple):
    """The words of some pieces by number, one piece after the other; those of piece `n` begin at `starts[n]`."""

    words: Numbers
    starts: Numbers


class Pieces:
    """Pieces by number. For each: the numbers of its words; `bits`, what patterns of aspects look for and, from bit
    `aspects_from` on, the aspects that its words show by themselves, in a row of limbs; `odd`, whether folding
    changes its length, so that patterns see its sentence otherwise (`folded_alike`); `telling`, whether it has any of
    this."""

    def __init__(self, words: WrittenWords) -> None:
        self.numbers = NumberedAsAsked()
        self.words = words
        self._patterns = words.aspects.evidence_patterns
        self.aspects_from = self._patterns.number_of_bits
        self.anywhere = self._patterns.bits_in("")
        self._size = -(-(self.aspects_from + len(words.ids)) // LIMB)
        self._written, self._ends = array("q"), array("q", [0])  # words of all pieces, one after the other
        self.bits = np.zeros((0, self._size), np.uint64)
        self.odd, self.telling = np.zeros(0, bool), np.zeros(0, bool)

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
        bits = [self._patterns.bits_in(text) | self._shown(number) for number, text in enumerate(folded, known)]
        rows = b"".join(each.to_bytes(self._size * LIMB // 8, "little") for each in bits)
        self.bits = np.concatenate((self.bits, np.frombuffer(rows, "<u8").reshape(-1, self._size)))
        self.odd = np.append(self.odd, [len(each) != len(piece) for each, piece in zip(folded, new, strict=True)])
        self.telling = np.append(self.telling, self.odd[known:] | [each != self.anywhere for each in bits])

    def _shown(self, number: int) -> int:
        """The bits of the aspects that the words of a piece show by themselves."""
        shown = 0
        for word in self._written[self._ends[number] : self._ends[number + 1]]:
            shown |= self.words.shown[word]
        return shown << self.aspects_from

    def aspects_in(self, bits: int) -> frozenset[str]:
        """The aspects that pieces with these bits show by single words."""
        shown = bits >> self.aspects_from
        return frozenset(id for place, id in enumerate(self.words.ids) if shown >> place & 1)

    def words_in(self, pieces: Numbers) -> WordsInPieces:
        """The words of some pieces."""
        at, starts = stretches_of(np.array(self._ends), pieces)
        return WordsInPieces(np.array(self._written)[at], starts)
