"""The words of a document's passages, and what ranking needs of their sentences, as flat arrays."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.layout import Numbers
from qa.indexes.ready_chunks import ReadyChunk, SentenceKinds, compressed_records, encoded_ids
from qa.models import ConditionTag, Document, Passage
from qa.text.analysis import WORD_OR_NUMBER, read_word
from qa.understanding.aspects import Aspects


class Forms(dict[str, int]):
    """The forms of written words, numbered from 1 on in the order in which they are first asked for; BREAK for stop
    words. `forms` and `terms` are those of each number."""

    def __init__(self) -> None:
        super().__init__()
        self.forms, self.terms = [""], [""]
        self._numbers: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        term, form = read_word(word)
        number = self._numbers.get(form, BREAK) if term else BREAK
        if term and not number:
            number = self._numbers[form] = len(self.forms)
            self.forms.append(form)
            self.terms.append(term)
        self[word] = number
        return number

    def of(self, text: str) -> list[int]:
        """The numbers of the content words of a text."""
        return list(filter(None, map(self.__getitem__, WORD_OR_NUMBER.findall(text))))


class WordsOfPassage(NamedTuple):
    """The content words of a passage by number, with a BREAK between its parts: title, headings, a table's header row
    and text. Those from `text` on are those of the text; `starts` are the offsets of these."""

    numbers: list[int]
    text: int
    starts: list[int]


class DocumentWords:
    """Counts the words of documents; what is remembered from one to the next is only for speed."""

    MOST_REMEMBERED = 1 << 19  # written words

    def __init__(self, aspects: Aspects) -> None:
        self._aspects, self._forms = aspects, Forms()

    def __call__(self, document: Document, records: Sequence[bytes]) -> tuple[ReadyChunk, list[list[str]]]:
        """The passages of a document, with their records; and the terms of each passage, with an empty one between its
        parts."""
        if len(self._forms) > self.MOST_REMEMBERED:
            self._forms = Forms()
        passages = document.passages
        words = list(self._words_of(document))
        every = list(chain.from_iterable(each.numbers for each in words))
        distinct = [number for number in dict.fromkeys(every) if number != BREAK]
        here = {BREAK: BREAK} | {number: place for place, number in enumerate(distinct, 1)}
        kinds: dict[SentenceKinds, int] = {}
        tags: dict[frozenset[str], int] = {}
        marks = [self._marks_of(*pair) for pair in zip(passages, words, strict=True)]
        of_sentences = [kinds.setdefault(kind, len(kinds)) for each in marks for _, kind in each]
        of_passages = [tags.setdefault(tags_of(each.conditions), len(tags)) for each in passages]
        terms = self._forms.terms
        chunk = ReadyChunk(
            ids=encoded_ids(each.id for each in passages),
            records=compressed_records(records),
            forms="\n".join([self._forms.forms[number] for number in distinct]),
            terms="\n".join([terms[number] for number in distinct]),
            lower=self._in_lower_case(passages, here),
            words=as_numbers(map(here.__getitem__, every)),
            sizes=as_numbers(len(each.numbers) for each in words),
            lengths=as_numbers(len(each.numbers) - each.numbers.count(BREAK) for each in words),
            titles=as_numbers(each.numbers.index(BREAK) for each in words),
            texts=as_numbers(each.text for each in words),
            tags=list(tags),
            of_passages=as_numbers(of_passages),
            kinds=list(kinds),
            of_sentences=as_numbers(of_sentences),
            sentences=as_numbers(map(len, marks)),
            firsts=as_numbers(first for each in marks for first, _ in each),
        )
        return chunk, [[terms[number] for number in each.numbers] for each in words]

    def _words_of(self, document: Document) -> Iterator[WordsOfPassage]:
        title = self._forms.of(document.provenance.title)
        above: dict[tuple[str, ...], list[int]] = {}
        for passage in document.passages:
            parts = (*passage.path, passage.head.text) if passage.head else passage.path
            if parts not in above:
                above[parts] = [*title, BREAK, *(n for part in parts for n in (*self._forms.of(part), BREAK))]
            given, matches = above[parts], list(WORD_OR_NUMBER.finditer(passage.text))
            numbers = [self._forms[match[0]] for match in matches]
            starts = [match.start() for match, number in zip(matches, numbers, strict=True) if number]
            yield WordsOfPassage([*given, *filter(None, numbers)], len(given), starts)

    def _marks_of(self, passage: Passage, words: WordsOfPassage) -> list[tuple[int, SentenceKinds]]:
        """For each sentence, how many words of the text are before it, its tags and the aspects that it shows. What the
        heading or a table's header row shows, each sentence or row under it shows."""
        shown = self._aspects.shown
        above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
        heading = frozenset[str]().union(*map(shown, above))
        return [
            (
                bisect_left(words.starts, sentence.start - passage.start),
                (tags_of(sentence.conditions), shown(passage.sentence_text(number)) | heading),
            )
            for number, sentence in enumerate(passage.sentences)
        ]

    def _in_lower_case(self, passages: Iterable[Passage], here: dict[int, int]) -> Numbers:
        """How often each form is written in lower case in the texts."""
        counts = Counter(chain.from_iterable(WORD_OR_NUMBER.findall(each.text) for each in passages))
        lower = np.zeros(len(here), np.uint32)
        for word, count in counts.items():
            if word[0].islower():
                lower[here[self._forms[word]]] += count
        return lower[1:]


def tags_of(conditions: Iterable[ConditionTag]) -> frozenset[str]:
    return frozenset(tag.id for tag in conditions)


def as_numbers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.uint32)
