"""Chunks of ready passages, and the numbers that their words, tags and kinds of sentences have in a whole version."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast
from zlib import crc32

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.layout import Numbers, SectionData, encode, ends_of, hash_of, pack_names

SentenceKinds = tuple[frozenset[str], frozenset[str]]


class ByteStrings(NamedTuple):
    """Strings of bytes, one after the other, with the size and the checksum of each."""

    data: bytes
    sizes: Numbers
    checksums: Numbers

    def each(self) -> list[bytes]:
        return [self.data[begin:end] for begin, end in pairwise(starts_of(self.sizes).tolist())]


def byte_strings(strings: Sequence[bytes], checksum: Callable[[bytes], int], kind: type) -> ByteStrings:
    """Strings with their checksums, which are numbers of this kind."""
    count = len(strings)
    sizes = np.fromiter(map(len, strings), np.uint32, count)
    return ByteStrings(b"".join(strings), sizes, np.fromiter(map(checksum, strings), kind, count))


def encoded_ids(ids: Iterable[str]) -> ByteStrings:
    """Ids in UTF-8, each with its hash."""
    return byte_strings([id.encode("utf-8", "surrogatepass") for id in ids], hash_of, np.uint64)


def compressed_records(records: Sequence[bytes]) -> ByteStrings:
    return byte_strings(records, crc32, np.uint32)


@dataclass(frozen=True, slots=True)
class ReadyChunk:
    """Some ready passages, made without regard to others: words, tags and kinds have numbers of their own.

    `ids` are in UTF-8, each with its hash. `records` are the compressed records. `forms` and `terms` are the folded
    words and the term of each, in the order in which they first occur, from number 1 on, separated by line ends;
    `lower` counts each in lower case. `words` are as in `CandidatePassages`, of which each passage has some (`sizes`,
    with breaks), with `lengths` (without breaks), `titles` and `texts`. `tags` and `kinds` are combinations, those of
    passages and sentences their numbers; `sentences` counts the sentences of each passage, `firsts` the words before
    each.
    """

    ids: ByteStrings
    records: ByteStrings
    forms: str
    terms: str
    lower: Numbers
    words: Numbers
    sizes: Numbers
    lengths: Numbers
    titles: Numbers
    texts: Numbers
    tags: list[frozenset[str]]
    of_passages: Numbers
    kinds: list[SentenceKinds]
    of_sentences: Numbers
    sentences: Numbers
    firsts: Numbers


class ChunkNumbers(NamedTuple):
    """What a chunk has in the numbers of the version: its words and their terms, of which those of each passage, with
    breaks, are between two of `starts`; the tags of its passages, the kinds of its sentences."""

    words: Numbers
    terms: Numbers
    starts: Numbers
    tags: Numbers
    kinds: Numbers


class VersionNumbers:
    """Numbers what chunks contain, which are added in order, and counts it."""

    def __init__(self) -> None:
        self._forms: dict[str, int] = {"": BREAK}
        self.terms: dict[str, int] = {"": BREAK}
        self._term_of_form = array("I", [BREAK])
        self._lower, self._frequencies = np.zeros(0, np.int64), np.zeros(0, np.int64)  # by form, by term
        self._in_titles = np.zeros(0, bool)  # by form
        self.tags: dict[frozenset[str], int] = {frozenset(): 0}
        self._kinds: dict[SentenceKinds, int] = {(frozenset(), frozenset()): 0}
        self.passages = self.words = 0
        self.tagged: Counter[str] = Counter()  # passages by tag

    def add(self, chunk: ReadyChunk) -> ChunkNumbers:
        of_forms = np.array([BREAK, *self._numbered(lines_of(chunk.forms), chunk.terms)], np.uint32)
        words = of_forms[chunk.words]
        tags = np.array([self.tags.setdefault(each, len(self.tags)) for each in chunk.tags], np.uint32)
        kinds = np.array([self._kinds.setdefault(each, len(self._kinds)) for each in chunk.kinds], np.uint32)
        starts = starts_of(chunk.sizes)
        terms = np.frombuffer(self._term_of_form, np.uint32)[words]
        self._lower = grown(self._lower, len(self._forms))
        self._lower[of_forms[1:]] += chunk.lower
        ends = np.repeat(starts[:-1] + chunk.titles, np.diff(starts))  # of the titles
        self._in_titles = grown(self._in_titles, len(self._forms))
        self._in_titles[words[np.arange(len(words)) < ends]] = True
        self._frequencies = grown(self._frequencies, len(self.terms))
        np.add.at(self._frequencies, once_in_passages(terms, starts, len(self.terms)), 1)
        for tag, number in zip(chunk.tags, np.bincount(chunk.of_passages).tolist(), strict=True):
            self.tagged.update(dict.fromkeys(tag, number))
        self.passages += len(chunk.lengths)
        self.words += int(chunk.lengths.sum())
        return ChunkNumbers(words, terms, starts, tags[chunk.of_passages], kinds[chunk.of_sentences])

    def _numbered(self, forms: Sequence[str], terms: str) -> list[int]:
        """The numbers of forms, of which each has this term."""
        found = list(map(self._forms.get, forms))
        if None in found:
            each = lines_of(terms)
            for place in [place for place, number in enumerate(found) if number is None]:
                found[place] = self._new(forms[place], each[place])
        return cast(list[int], found)

    def _new(self, form: str, term: str) -> int:
        self._term_of_form.append(self.terms.setdefault(term, len(self.terms)))
        return self._forms.setdefault(form, len(self._forms))

    def forms(self, *, in_titles: bool = False) -> list[str]:
        """All folded words, or those that occur in titles."""
        forms = list(self._forms)
        return [forms[number] for number in np.flatnonzero(self._in_titles).tolist()] if in_titles else forms[1:]

    def sections(self) -> dict[str, SectionData]:
        """The sections of all words, tags and kinds."""
        of_forms = np.array(self._term_of_form, np.uint32)
        lower = grown(self._lower, len(self._forms))[: len(self._forms)].tolist()
        return {
            **pack_names("forms", self._forms),
            **pack_names("terms", self.terms),
            "terms.of_forms": of_forms,
            "forms.of_terms": np.argsort(of_forms, kind="stable").astype(np.uint32),
            "forms.of_terms.starts": ends_of(np.bincount(of_forms, minlength=len(self.terms)).tolist()),
            "terms.frequencies": grown(self._frequencies, len(self.terms))[: len(self.terms)].astype(np.uint32),
            "words.total": encode(self.words),
            "lower_case": encode({form: n for form, n in zip(self._forms, lower, strict=True) if n}),
            "tags": encode(list(self.tags)),
            "kinds": encode(list(self._kinds)),
        }


def lines_of(strings: str) -> list[str]:
    """The strings that were joined with line ends."""
    return strings.split("\n") if strings else []


def grown(counts: Numbers, number: int) -> Numbers:
    """Counts with room for so many things and some more, so that they are rarely copied."""
    return counts if len(counts) >= number else np.append(counts, np.zeros(2 * number - len(counts), counts.dtype))


def once_in_passages(terms: Numbers, starts: Numbers, number: int) -> Numbers:
    """The terms of each of some passages, each once, without breaks. There are so many terms, and the first passage
    begins at `starts[0]`, which is 0."""
    passage = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    pairs = np.sort(passage[terms > 0] * number + terms[terms > 0])  # many times as fast as np.unique
    distinct = pairs[np.append(True, pairs[1:] != pairs[:-1])] if len(pairs) else pairs
    return np.asarray(distinct % number)


def starts_of(sizes: Numbers) -> Numbers:
    """Where each of several stretches of these sizes begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
