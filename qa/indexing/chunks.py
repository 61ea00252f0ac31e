"""From ready passages to what is stored of them, as flat arrays: what a word means is worked out once in a process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.layout import Numbers, ends_of, packed_record
from qa.indexes.ready import ReadyPassage
from qa.indexes.ready_chunks import ReadyChunk, compressed_records, encoded_ids
from qa.indexing.pieces import Pieces
from qa.indexing.sentence_aspects import ReadSentences, SentenceAspects
from qa.indexing.written_words import WrittenWords
from qa.understanding.aspects import Aspects
from qa.understanding.gathering import PassageFacts, known_names, lengths_of_names, places_in_names
from qa.understanding.shipped import aspects

MOST_PIECES = 1 << 19  # that a process remembers
Passages = Sequence[tuple[str, ReadyPassage]]


class WrittenParts(NamedTuple):
    """The parts of some passages, which are titles and sentences: for each passage its title, then its sentences.

    The pieces and the written words of all are numbered; those of part `n` begin at `in_pieces[n]` and `starts[n]`.
    `titles` are the numbers of the parts that are titles, and the number of parts.
    """

    pieces: Numbers
    in_pieces: Numbers
    words: Numbers
    starts: Numbers
    titles: Numbers
    sentences: list[str]


class ContentWords(NamedTuple):
    """The content words of passages, in order, by number of their form in the process: `forms`. `places` are their
    numbers among the written words. Those of passage `n` begin at `starts[n]`, those of its text at `texts[n]`. The
    words before each part are counted in `before`."""

    forms: Numbers
    places: Numbers
    starts: Numbers
    texts: Numbers
    before: Numbers

    def passages_of(self, words: Numbers) -> Numbers:
        """The numbers of the passages that these words are in."""
        found: Numbers = np.searchsorted(self.starts, words, "right") - 1
        return found


class ChunkMaker:
    """Makes chunks; what it remembers from one to the next is only for speed."""

    def __init__(self) -> None:
        self._aspects = Aspects(aspects())
        places_in_names()  # read before there are several processes
        self._forget()

    def _forget(self) -> None:
        self._words = WrittenWords(self._aspects)
        self._pieces = Pieces(self._words)
        self._shown = SentenceAspects(self._pieces)
        self._lengths = LengthsOfNames(self._words)

    def __call__(self, passages: Passages) -> tuple[ReadyChunk, PassageFacts]:
        if len(self._pieces.numbers) > MOST_PIECES:
            self._forget()
        parts = self._read(passages)
        content = self._content(parts)
        return self._chunk(passages, parts, content), self._facts(passages, parts, content)

    def _read(self, passages: Passages) -> WrittenParts:
        """The pieces and written words of passages."""
        pieces: list[int] = []
        ends = [0]
        sentences: list[str] = []
        number = self._pieces.numbers.__getitem__
        for _, passage in passages:
            cuts = iter(passage.cuts)
            written = [passage.text[begin:end] for begin, end in zip(cuts, cuts, strict=True)]
            sentences += written
            for part in (passage.title, *written):
                pieces += map(number, part.split())
                ends.append(len(pieces))
        self._pieces.learn()
        numbers, in_pieces = np.frombuffer(array("q", pieces), np.int64), np.array(ends)  # faster than np.array
        words, starts = self._pieces.words_in(numbers)
        titles = ends_of(1 + len(passage.cuts) // 2 for _, passage in passages)
        return WrittenParts(numbers, in_pieces, words, starts[in_pieces], titles, sentences)

    def _content(self, parts: WrittenParts) -> ContentWords:
        """The words that are no stop words."""
        places = np.flatnonzero(self._words.forms_of[parts.words])
        before = np.searchsorted(places, parts.starts)
        starts, texts = before[parts.titles], before[parts.titles[:-1] + 1]
        return ContentWords(self._words.forms_of[parts.words[places]], places, starts, texts, before)

    def _chunk(self, passages: Passages, parts: WrittenParts, content: ContentWords) -> ReadyChunk:
        forms, numbers = in_first_order(content.forms, len(self._words.forms))
        of_text = content.places >= parts.starts[parts.titles[:-1] + 1].repeat(np.diff(content.starts))
        in_lower_case = numbers[of_text & self._words.lower[parts.words[content.places]]]
        in_sentences = np.ones(len(parts.starts) - 1, bool)
        in_sentences[parts.titles[:-1]] = False
        sentences = np.diff(parts.titles) - 1
        tags: dict[frozenset[str], int] = {}
        of_passages = [tags.setdefault(frozenset(p.conditions), len(tags)) for _, p in passages]
        combinations = list(tags)
        aspects, shown = self._shown.shown(read_sentences(parts, in_sentences))
        above = np.repeat(np.array(of_passages, np.int64), sentences)
        pairs, of_sentences = np.unique(above * len(aspects) + shown, return_inverse=True)
        order, of_sentences = in_first_order(of_sentences, len(pairs))
        return ReadyChunk(
            ids=encoded_ids(id for id, _ in passages),
            records=compressed_records([packed_record(passage) for _, passage in passages]),
            forms="\n".join([self._words.forms[form] for form in forms.tolist()]),
            terms="\n".join([self._words.terms[form] for form in forms.tolist()]),
            lower=np.bincount(in_lower_case, minlength=len(forms) + 1)[1:].astype(np.uint32),
            words=np.insert(numbers, content.texts, BREAK).astype(np.uint32),
            sizes=np.diff(content.starts) + 1,  # with the break after the title
            lengths=np.diff(content.starts),
            titles=content.texts - content.starts[:-1],
            texts=content.texts - content.starts[:-1] + 1,
            tags=combinations,
            of_passages=np.array(of_passages, np.uint32),
            kinds=[
                (combinations[kind // len(aspects)], aspects[kind % len(aspects)]) for kind in pairs[order].tolist()
            ],
            of_sentences=(of_sentences - 1).astype(np.uint32),
            sentences=sentences,
            firsts=content.before[:-1][in_sentences] - content.texts.repeat(sentences),
        )

    def _facts(self, passages: Passages, parts: WrittenParts, content: ContentWords) -> PassageFacts:
        facts = PassageFacts()
        for _, passage in passages:
            facts.add_definitions(passage.text)
        no_content = self._words.forms_of[parts.words] == BREAK
        in_titles = np.zeros(len(parts.starts) - 1, bool)
        in_titles[parts.titles[:-1]] = True
        of_titles = parts.words[no_content & in_titles.repeat(np.diff(parts.starts))]
        facts.add_words(
            *(map(self._words.written.__getitem__, distinct(each)) for each in (parts.words[no_content], of_titles))
        )
        facts.add_names(set(self._names(content)))
        return facts

    def _names(self, content: ContentWords) -> Iterator[tuple[int, str]]:
        """The known names that occur, each with the number of its passage."""
        terms, forms = self._words.terms, content.forms
        alone = np.flatnonzero(self._words.is_name[forms])
        for passage, form in zip(content.passages_of(alone).tolist(), forms[alone].tolist(), strict=True):
            yield passage, terms[form]
        following = np.append(forms[1:], forms[:1])
        begin = np.flatnonzero(self._words.begins_name[forms] & self._words.follows_in_name[following])
        passages = content.passages_of(begin)
        ends = np.where(begin < content.texts[passages], content.texts[passages], content.starts[passages + 1])
        pairs = zip(forms[begin].tolist(), following[begin].tolist(), strict=True)
        lengths = map(self._lengths.__getitem__, pairs)
        for place, passage, end, several in zip(begin.tolist(), passages.tolist(), ends.tolist(), lengths, strict=True):
            for length in several:
                name = " ".join(terms[form] for form in forms[place : place + length].tolist())
                if place + length <= end and name in known_names():
                    yield passage, name


class LengthsOfNames(dict[tuple[int, int], Sequence[int]]):
    """How many terms the known names have that begin with the terms of two forms, looked up once for each two."""

    def __init__(self, words: WrittenWords) -> None:
        super().__init__()
        self._terms = words.terms

    def __missing__(self, forms: tuple[int, int]) -> Sequence[int]:
        first, second = (self._terms[form] for form in forms)
        found = self[forms] = lengths_of_names().get(f"{first} {second}", ())
        return found


def distinct(numbers: Numbers) -> list[int]:
    """The distinct ones of some numbers, in order."""
    found: list[int] = np.flatnonzero(np.bincount(numbers)).tolist()
    return found


def in_first_order(found: Numbers, number: int) -> tuple[Numbers, Numbers]:
    """The distinct ones of some numbers, which are less than `number`, in the order in which they first occur, and the
    place of each among them, from 1 on."""
    first = np.full(number, len(found), np.int64)
    first[found[::-1]] = np.arange(len(found))[::-1]
    present = np.flatnonzero(first < len(found))
    distinct = present[np.argsort(first[present])]
    places = np.zeros(number, np.int64)
    places[distinct] = np.arange(1, len(distinct) + 1)
    return distinct, places[found]


def read_sentences(parts: WrittenParts, in_sentences: Numbers) -> ReadSentences:
    """The parts that are sentences."""
    pieces, in_pieces = chosen(parts.pieces, parts.in_pieces, in_sentences)
    return ReadSentences(parts.sentences, pieces, in_pieces, *chosen(parts.words, parts.starts, in_sentences))


def chosen(members: Numbers, starts: Numbers, parts: Numbers) -> tuple[Numbers, Numbers]:
    """The members of some parts, of those that begin at `starts`, and where each begins and the last one ends."""
    sizes = np.diff(starts)
    return members[parts.repeat(sizes)], np.append(0, np.cumsum(sizes[parts]))
