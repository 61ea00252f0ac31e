"""What ranking needs of a passage, as one short text: numbers, small ones in few bytes.

A number is written seven bits a byte, the lowest first; every byte but the last has its highest bit set. The numbers of
a passage are its number in document order; how many words it has, how many of them are in the title, and how many are
before the text; the number of its combination of tags; how many sentences it has; for each sentence, how many words are
before it, then the number of its kind; its words.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qa.indexes.layout import Numbers, ends_of

HEAD_SIZE = 6  # numbers before those of the sentences
NUMBER_AT, LENGTH_AT, TITLE_AT, TEXT_AT, TAGS_AT, SENTENCES_AT = range(HEAD_SIZE)
BITS = 7
MORE = 1 << BITS  # set in every byte of a number but the last
LONGEST = 5  # bytes of a number of 32 bits
NO_NUMBERS = np.zeros(0, np.int64)


def packed_passages(sections: Mapping[str, Any]) -> Iterator[str]:
    """The text of each passage in document order, from the sections of a version."""
    rows = zip(
        *(sections[f"words.{name}"].tolist() for name in ("lengths", "titles", "texts")),
        sections["tags.of_passages"].tolist(),
        np.diff(sections["sentences.starts"]).tolist(),
        strict=True,
    )
    for number, row in enumerate(rows):
        words = slice(*sections["words.starts"][number : number + 2])
        sentences = slice(*sections["sentences.starts"][number : number + 2])
        firsts, kinds = sections["sentences.firsts"][sentences], sections["sentences.kinds"][sentences]
        numbers = np.concatenate(((number, *row), firsts, kinds, sections["words"][words])).astype(np.uint32)
        yield b2a_base64(bytes_of(numbers), newline=False).decode()


def bytes_of(numbers: Numbers) -> bytes:
    sizes = np.ones(len(numbers), np.int64)
    for place in range(1, LONGEST):
        sizes += numbers >= np.uint64(1 << BITS * place)
    starts = ends_of(sizes.tolist())
    written = np.zeros(starts[-1], np.uint8)
    for place in range(LONGEST):
        some = np.flatnonzero(sizes > place)
        bits = (numbers[some] >> (BITS * place)) & (MORE - 1)
        written[starts[some] + place] = bits + np.where(sizes[some] > place + 1, MORE, 0)
    return written.tobytes()


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
    """Passages by id; the numbers of passage `n` are `numbers[starts[n]:starts[n + 1]]`."""

    ids: Sequence[str]
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
        begin = self.starts[:-1] + HEAD_SIZE
        firsts = np.repeat(begin - starts[:-1], sizes) + np.arange(starts[-1])
        return starts, self.numbers[firsts], self.numbers[firsts + np.repeat(sizes, sizes)]

    def rows(self, rows: Numbers) -> PackedPassages:
        """Some of the passages, in this order."""
        begin, sizes = self.starts[rows], np.diff(self.starts)[rows]
        starts = ends_of(sizes)
        places = np.arange(starts[-1]) + np.repeat(begin - starts[:-1], sizes)
        return PackedPassages([self.ids[row] for row in rows.tolist()], self.numbers[places], starts)

    def of(self, row: int) -> Numbers:
        """All numbers of a passage."""
        found: Numbers = self.numbers[self.starts[row] : self.starts[row + 1]]
        return found


def unpack(ids: Sequence[str], texts: Sequence[str]) -> PackedPassages:
    each = [a2b_base64(text) for text in texts]
    numbers, ends = numbers_in(np.frombuffer(b"".join(each), np.uint8))
    return PackedPassages(ids, numbers, np.searchsorted(ends, ends_of(map(len, each))))


def join(passages: Sequence[tuple[PackedPassages, int]]) -> PackedPassages:
    """One passage of each of several."""
    numbers = [each.of(row) for each, row in passages]
    ids = [each.ids[row] for each, row in passages]
    return PackedPassages(
        ids, np.concatenate(numbers) if numbers else np.zeros(0, np.int64), ends_of(map(len, numbers))
    )
