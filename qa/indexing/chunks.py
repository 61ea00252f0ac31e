"""From ready passages to what is stored of them. Each written word is analysed once in a process."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import compress

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.disk.writer import ReadyChunk, SentenceKinds
from qa.indexes.layout import encode
from qa.indexes.ready import ReadyPassage
from qa.text.analysis import WORD_OR_NUMBER, read_word
from qa.understanding.aspects import Aspects
from qa.understanding.gathering import PassageFacts
from qa.understanding.shipped import aspects

MOST_WORDS = 1 << 18  # written words that a process remembers
Analyzed = tuple[str, str]


class ChunkMaker:
    """Makes chunks; what it remembers from one to the next is only for speed."""

    def __init__(self) -> None:
        self._words: dict[str, Analyzed] = {}
        self._aspects = Aspects(aspects())

    def __call__(self, passages: Sequence[tuple[str, ReadyPassage]]) -> tuple[ReadyChunk, PassageFacts]:
        return Chunk(self._words, self._aspects).of(passages)


class Chunk:
    """The chunk that is being made."""

    def __init__(self, known: dict[str, Analyzed], aspects: Aspects) -> None:
        if len(known) > MOST_WORDS:
            known.clear()
        self._known, self._aspects = known, aspects
        self._forms: dict[str, int] = {"": BREAK}
        self._terms: list[str] = [""]
        self._lower: list[int] = [0]
        self._numbers: dict[str, int] = {}  # of the form of a written word; BREAK for a stop word
        self._tags: dict[frozenset[str], int] = {}
        self._kinds: dict[SentenceKinds, int] = {}
        self.facts = PassageFacts()

    def of(self, passages: Sequence[tuple[str, ReadyPassage]]) -> tuple[ReadyChunk, PassageFacts]:
        words: list[int] = []
        sizes, titles, firsts, counts, of_passages, of_sentences = [], [], [], [], [], []
        for _, passage in passages:
            before = len(words)
            words += self._read(passage.title, title=True)
            self.facts.own.update(self._known[word][1] for word in WORD_OR_NUMBER.findall(passage.title))
            titles.append(len(words) - before)
            words.append(BREAK)
            text = len(words)
            tags = frozenset(passage.conditions)
            for begin, end in zip(passage.cuts[::2], passage.cuts[1::2], strict=True):
                firsts.append(len(words) - text)
                sentence = passage.text[begin:end]
                words += self._read(sentence)
                kind = tags, self._aspects.shown(sentence)
                of_sentences.append(self._kinds.setdefault(kind, len(self._kinds)))
            counts.append(len(passage.cuts) // 2)
            sizes.append(len(words) - before)
            of_passages.append(self._tags.setdefault(tags, len(self._tags)))
            terms = [self._terms[number] for number in words[before:]]
            self.facts.add_passage(passage.text, terms)
        self.facts.written.update(self._numbers)
        chunk = ReadyChunk(
            ids=[id for id, _ in passages],
            records=[compress(encode(passage)) for _, passage in passages],
            forms=list(self._forms)[1:],
            terms=self._terms[1:],
            lower=np.array(self._lower[1:], np.uint32),
            words=np.array(words, np.uint32),
            sizes=np.array(sizes, np.int64),
            lengths=np.array(sizes, np.int64) - 1,
            titles=np.array(titles, np.int64),
            tags=list(self._tags),
            of_passages=of_passages,
            kinds=list(self._kinds),
            of_sentences=of_sentences,
            sentences=counts,
            firsts=firsts,
        )
        return chunk, self.facts

    def _read(self, text: str, *, title: bool = False) -> list[int]:
        """The numbers of the content words of a title or sentence."""
        numbers = self._numbers
        found = []
        for word in WORD_OR_NUMBER.findall(text):
            number = numbers.get(word)
            if number is None:
                number = self._number(word)
            if number:
                found.append(number)
                if not title and word[0].islower():
                    self._lower[number] += 1
        return found

    def _number(self, word: str) -> int:
        """Give a written word the number of its form."""
        term, form = self._known.get(word) or self._known.setdefault(word, read_word(word))
        if not term:
            number = BREAK
        elif form in self._forms:
            number = self._forms[form]
        else:
            number = self._forms[form] = len(self._forms)
            self._terms.append(term)
            self._lower.append(0)
        self._numbers[word] = number
        return number
