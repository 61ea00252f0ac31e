"""The aspects that many sentences show: the same as `Aspects.shown` of each, but only words that may tell are looked
at, and what a piece of text has is worked out once in a process."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qa.indexes.layout import Numbers
from qa.indexing.pieces import Pieces
from qa.understanding.aspects import folded_alike

MOST_REMEMBERED = 1 << 16


class ReadSentences(NamedTuple):
    """Sentences with their pieces and words by number, one sentence after the other; those of sentence `n` begin at
    `in_pieces[n]` and `in_words[n]`."""

    written: Sequence[str]
    pieces: Numbers
    in_pieces: Numbers
    words: Numbers
    in_words: Numbers


class MayShow(NamedTuple):
    """The aspects that a sentence shows by single words, and the patterns of others that may match it."""

    aspects: frozenset[str]
    patterns: Sequence[tuple[re.Pattern[str], str]]


class SentenceAspects:
    """Finds the aspects that sentences show."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces, self._aspects = pieces, pieces.words.aspects
        self._known: dict[bytes, MayShow] = {}

    def shown(self, sentences: ReadSentences) -> list[frozenset[str]]:
        """The aspects that each sentence has evidence for."""
        in_phrases = self._in_phrases(sentences)
        each = zip(sentences.written, self._may_show(sentences), strict=True)
        return [in_sentence(text, may, in_phrases.get(number, ())) for number, (text, may) in enumerate(each)]

    def _in_phrases(self, sentences: ReadSentences) -> dict[int, list[str]]:
        """The aspects of phrases of several words, by number of the sentence."""
        known, words, ends = self._pieces.words, sentences.words, sentences.in_words[1:]
        places = np.flatnonzero(known.begins[words] & known.follows[np.append(words[1:], words[:1])])
        found: dict[int, list[str]] = {}
        for place, number in zip(places.tolist(), np.searchsorted(ends, places, "right").tolist(), strict=True):
            longest = known.longer[int(words[place])][-1]
            if shown := self._in_longer(words[place : min(place + longest, ends[number])].tolist()):
                found.setdefault(number, []).extend(shown)
        return found

    def _in_longer(self, words: Sequence[int]) -> list[str]:
        """The aspects of the phrases of several words that begin with the first of some words."""
        known = self._pieces.words
        compared = [known.compared[word] for word in words]
        phrases = (" ".join(compared[:length]) for length in known.longer[words[0]])
        return [id for phrase in phrases for id in self._aspects.evidence.values.get(phrase, ())]

    def _may_show(self, sentences: ReadSentences) -> Iterator[MayShow]:
        """What each sentence may show."""
        known, pieces = self._pieces, sentences.pieces
        places = np.flatnonzero(known.telling[pieces])
        of = np.searchsorted(sentences.in_pieces[1:], places, "right")  # the sentence of each place
        odd = np.zeros(len(sentences.written), bool)
        odd[of[known.odd[pieces[places]]]] = True
        bits = np.zeros((len(odd), known.bits.shape[1]), known.bits.dtype)
        if len(places):
            first = np.flatnonzero(np.append(True, of[1:] != of[:-1]))
            bits[of[first]] = np.bitwise_or.reduceat(known.bits[pieces[places]], first)
        rows, size = bits.tobytes(), bits.itemsize * bits.shape[1]
        for number, is_odd in enumerate(odd.tolist()):
            may = self._with_bits(rows[number * size : (number + 1) * size])
            if is_odd:
                folded = folded_alike(sentences.written[number])
                may = MayShow(may.aspects, self._aspects.evidence_patterns.possible(folded, remember=True))
            yield may

    def _with_bits(self, row: bytes) -> MayShow:
        """What a sentence may show whose pieces have these bits."""
        known = self._known.get(row)
        if known is None:
            if len(self._known) > MOST_REMEMBERED:
                self._known.clear()
            bits = int.from_bytes(row, "little") | self._pieces.anywhere
            shown = self._pieces.aspects_in(bits)
            patterns = [each for each in self._aspects.evidence_patterns.fitting(bits) if each[1] not in shown]
            known = self._known[row] = MayShow(shown, patterns)
        return known


def in_sentence(sentence: str, may: MayShow, in_phrases: Collection[str]) -> frozenset[str]:
    """The aspects of a sentence with these of phrases of several words."""
    shown = may.aspects.union(in_phrases) if in_phrases else may.aspects
    if may.patterns:
        folded = folded_alike(sentence)
        for pattern, id in may.patterns:
            if id not in shown and pattern.search(folded):
                shown |= {id}
    return shown
