"""What ranking and showing need of a passage, as one short text: its id, numbers, and its compressed record.

The bytes begin with the lengths of id and numbers. The record begins where it can be decoded by itself, since only a
few are shown. A number is written seven bits a byte, the lowest first; every byte but the last has its highest bit set.
The numbers of a passage are its number in document order; how many words it has, how many of them are in the title, and
how many are before the text; the number of its combination of tags; how many sentences it has; for each sentence, how
many words are before it, then the number of its kind; its words.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from struct import Struct
from typing import NamedTuple
from zlib import decompress

import numpy as np

from qa.indexes.layout import Numbers, ends_of
from qa.indexes.words import stretches_of

HEAD_SIZE = 6  # numbers before those of the sentences
NUMBER_AT, LENGTH_AT, TITLE_AT, TEXT_AT, TAGS_AT, SENTENCES_AT = range(HEAD_SIZE)
BITS = 7
MORE = 1 << BITS  # set in every byte of a number but the last
LONGEST = 5  # bytes of a number of 32 bits
SIZES = Struct("<II")  # bytes of id and numbers
PADDING = "=="  # OpenSearch leaves it out; too much of it does no harm


class PassageNumbers(NamedTuple):
    """Some passages in document order, to be packed: `heads` has a row for each. The sentences of each, whose words
    before and kinds are `firsts` and `kinds`, are between two of `sentences`, its `words` between two of `starts`."""

    heads: Numbers
    sentences: Numbers
    firsts: Numbers
    kinds: Numbers
    starts: Numbers
    words: Numbers


def packed_text(id: str, numbers: bytes, record: bytes) -> str:
    """The text of a passage: its packed numbers, and its compressed record."""
    encoded = id.encode("utf-8", "surrogatepass")
    head = b"".join((SIZES.pack(len(encoded), len(numbers)), encoded, numbers))
    return b2a_base64(head.ljust(3 * threes(len(head)), b"\0") + record, newline=False).decode()


def threes(size: int) -> int:
    """How many times three bytes so many bytes are: each is four characters."""
    return -(-size // 3)


def pack_numbers(passages: PassageNumbers) -> list[bytes]:
    """The numbers of each passage."""
    sentences, words = np.diff(passages.sentences), np.diff(passages.starts)
    starts = ends_of(HEAD_SIZE + 2 * sentences + words)
    numbers = np.zeros(starts[-1], np.uint32)
    numbers[starts[:-1, None] + np.arange(HEAD_SIZE)] = passages.heads
    firsts = places_within(starts[:-1] + HEAD_SIZE, passages.sentences)
    numbers[firsts] = passages.firsts
    numbers[firsts + np.repeat(sentences, sentences)] = passages.kinds
    numbers[places_within(starts[:-1] + HEAD_SIZE + 2 * sentences, passages.starts)] = passages.words
    written, ends = bytes_of(numbers)
    return [written[begin:end] for begin, end in pairwise(ends[starts].tolist())]


def places_within(begin: Numbers, starts: Numbers) -> Numbers:
    """The places of all members of stretches that begin at `begin` and are as long as those between two of `starts`."""
    return np.asarray(np.arange(starts[-1]) + np.repeat(begin - starts[:-1], np.diff(starts)))


def bytes_of(numbers: Numbers) -> tuple[bytes, Numbers]:
    """These numbers written one after the other, and where each begins and the last one ends."""
    sizes = np.ones(len(numbers), np.int64)
    for place in range(1, LONGEST):
        sizes += numbers >= np.uint64(1 << BITS * place)
    starts = ends_of(sizes)
    written = np.zeros(starts[-1], np.uint8)
    for place in range(int(sizes.max(initial=0))):
        some = np.flatnonzero(sizes > place)
        bits = (numbers[some] >> (BITS * place)) & (MORE - 1)
        written[starts[some] + place] = bits + np.where(sizes[some] > place + 1, MORE, 0)
    return written.tobytes(), starts


def numbers_in(written: Numbers) -> tuple[Numbers, Numbers]:
    """The numbers in these bytes, and where each ends."""
    ends = np.flatnonzero(written < MORE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    numbers = written[ends].astype(np.int64)
    for place in range(1, int((ends - starts).max(initial=0)) + 1):
        earlier = ends - place
        some = np.flatnonzero(earlier >= starts)
        numbers[some] = (numbers[some] << BITS) + (written[earlier[some]] & (MORE - 1))
    return numbers, ends


@dataclass(frozen=True, slots=True)
class PackedPassages:
    """Passages by id, with their records as they were sent; the numbers of passage `n` are
    `numbers[starts[n]:starts[n + 1]]`."""

    ids: Sequence[str]
    records: Sequence[str]
    numbers: Numbers
    starts: Numbers

    def heads(self) -> Numbers:
        """The first numbers of each passage: a row each."""
        rows: Numbers = self.numbers[self.starts[:-1, None] + np.arange(HEAD_SIZE)]
        return rows

    def words(self, heads: Numbers) -> tuple[Numbers, Numbers]:
        """The words of all passages one after the other, and where those of each begin and the last ones end."""
        begin, end = self.starts[:-1] + HEAD_SIZE + 2 * heads[:, SENTENCES_AT], self.starts[1:]
        change = np.zeros(len(self.numbers) + 1, np.int8)
        change[begin] += 1
        np.subtract.at(change, end, 1)
        return self.numbers[np.cumsum(change[:-1]).astype(bool)].astype(np.uint32), ends_of((end - begin).tolist())

    def sentences(self, heads: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Where the sentences of each passage begin and the last ones end; for each sentence, how many words of the
        passage's text are before it, and the number of its kind."""
        sizes = heads[:, SENTENCES_AT]
        starts = ends_of(sizes)
        firsts = places_within(self.starts[:-1] + HEAD_SIZE, starts)
        return starts, self.numbers[firsts], self.numbers[firsts + np.repeat(sizes, sizes)]

    def rows(self, rows: Numbers) -> PackedPassages:
        """Some of the passages, in this order."""
        places, starts = stretches_of(self.starts, rows)
        ids, records = ([each[row] for row in rows.tolist()] for each in (self.ids, self.records))
        return PackedPassages(ids, records, self.numbers[places], starts)

    def of(self, row: int) -> Numbers:
        """All numbers of a passage."""
        found: Numbers = self.numbers[self.starts[row] : self.starts[row + 1]]
        return found


def unpack(texts: Sequence[str]) -> PackedPassages:
    ids, written, records = [], [], []
    for text in texts:
        id_size, size = SIZES.unpack_from(a2b_base64(text[: 4 * threes(SIZES.size)]))
        begin = SIZES.size + id_size
        end = 4 * threes(begin + size)
        head = a2b_base64(text[:end])
        ids.append(head[SIZES.size : begin].decode("utf-8", "surrogatepass"))
        written.append(head[begin : begin + size])
        records.append(text[end:])
    numbers, ends = numbers_in(np.frombuffer(b"".join(written), np.uint8))
    return PackedPassages(ids, records, numbers, np.searchsorted(ends, ends_of(map(len, written))))


def record_in(text: str) -> bytes:
    """The JSON of a record as it was sent."""
    return decompress(a2b_base64(text + PADDING))


def join(passages: Sequence[tuple[PackedPassages, int]]) -> PackedPassages:
    """One passage of each of several."""
    numbers = [each.of(row) for each, row in passages]
    ids = [each.ids[row] for each, row in passages]
    records = [each.records[row] for each, row in passages]
    return PackedPassages(
        ids, records, np.concatenate(numbers) if numbers else np.zeros(0, np.int64), ends_of(map(len, numbers))
    )
