"""The layout of a version: named sections of bytes or numbers, strings by number and records by id.

In one piece of memory, the first 8 bytes give the length of a table in JSON: for each section, where it begins after
the table, its length in bytes, and the type of its numbers. Sections begin at multiples of 8 bytes. On disk, each
section is a file of its own (`disk.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar, cast
from zlib import Z_HUFFMAN_ONLY, compress, compressobj, crc32, decompress

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import TypeAdapter

from qa.errors import IndexUnavailable, NotFound
from qa.messages import say

ALIGNED = 8
BYTES = "|u1"
Numbers = NDArray[Any]
SectionData = Numbers | bytes
Stored = TypeVar("Stored")


class Sections(Protocol):
    """The sections of a version, read in place."""

    def numbers(self, name: str) -> Numbers: ...

    def bytes(self, name: str) -> memoryview: ...

    def json(self, name: str) -> Any: ...

    def has(self, name: str) -> bool: ...


def pack(sections: Mapping[str, SectionData]) -> Iterator[bytes | memoryview]:
    """The parts of a version, to be written one after the other."""
    table, place, parts = {}, 0, []
    for name, section in sections.items():
        data = section if isinstance(section, bytes) else np.ascontiguousarray(section).tobytes()
        table[name] = (place, len(data), BYTES if isinstance(section, bytes) else section.dtype.str)
        parts += [data, bytes(-len(data) % ALIGNED)]
        place += len(data) + len(parts[-1])
    head = orjson.dumps(table)
    head += b" " * (-len(head) % ALIGNED)
    yield len(head).to_bytes(ALIGNED, "little")
    yield head
    yield from parts


class PackedSections:
    """The sections of a version in one piece of memory."""

    def __init__(self, data: memoryview) -> None:
        length = int.from_bytes(data[:ALIGNED], "little")
        self._table = orjson.loads(data[ALIGNED : ALIGNED + length])
        self._data = data[ALIGNED + length :]

    def numbers(self, name: str) -> Numbers:
        place, length, kind = self._table[name]
        return np.frombuffer(self._data[place : place + length], dtype=kind)

    def bytes(self, name: str) -> memoryview:
        place, length, _ = self._table[name]
        return self._data[place : place + length]

    def json(self, name: str) -> Any:
        return orjson.loads(self.bytes(name))

    def has(self, name: str) -> bool:
        return name in self._table


def encode(value: object) -> bytes:
    """A value as JSON; sets are sorted, so that the same value is always the same text."""
    return orjson.dumps(value, default=lambda each: sorted(each) if isinstance(each, frozenset) else list(each))


def packed_record(record: object) -> bytes:
    """A short record, packed in half the time of `pack_records`, a fifth larger: repetitions are not looked for."""
    compressor = compressobj(wbits=12, memLevel=5, strategy=Z_HUFFMAN_ONLY)  # as much memory as a record needs
    return compressor.compress(encode(record)) + compressor.flush()


def ends_of(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Where each of several stretches of these lengths begins, one after the other, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(np.fromiter(lengths, np.int64)))).astype(np.int64)


# --- strings by number ---------------------------------------------------------------------------


def hash_of(name: bytes) -> int:
    """A number from which a string is found: the same in every process."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "little")


def pack_names(section: str, names: Iterable[str]) -> dict[str, SectionData]:
    """The sections of distinct strings, numbered in this order."""
    encoded = [name.encode("utf-8", "surrogatepass") for name in names]
    hashes = np.fromiter(map(hash_of, encoded), np.uint64, len(encoded))
    order = np.argsort(hashes, kind="stable").astype(np.uint32)
    return {
        f"{section}.text": b"".join(encoded),
        f"{section}.starts": ends_of(map(len, encoded)),
        f"{section}.hashes": hashes[order],
        f"{section}.order": order,
    }


class Names(Sequence[str]):
    """Distinct strings by number, and the number of a string. Nothing of them is kept in the memory of a process."""

    def __init__(self, sections: Sections, section: str) -> None:
        # Single numbers are read faster from memory than from an array.
        self._text, self._starts = sections.bytes(f"{section}.text"), sections.bytes(f"{section}.starts").cast("q")
        self._hashes = sections.bytes(f"{section}.hashes").cast("Q")
        self._order = sections.bytes(f"{section}.order").cast("I")

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[each] for each in range(*number.indices(len(self)))]
        return str(self._text[self._starts[number] : self._starts[number + 1]], "utf-8", "surrogatepass")

    def find(self, name: str) -> int | None:
        """The number of a string; None if it is not among them."""
        encoded = name.encode("utf-8", "surrogatepass")
        sought = hash_of(encoded)
        place = bisect_left(self._hashes, sought)
        while place < len(self._order) and self._hashes[place] == sought:
            number = self._order[place]
            if self._text[self._starts[number] : self._starts[number + 1]] == encoded:
                return int(number)
            place += 1
        return None


class ChosenNames(Sequence[str]):
    """Some of many strings, by number. They are read when they are asked for."""

    def __init__(self, names: Names, numbers: Sequence[int]) -> None:
        self._names, self._numbers = names, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place: Any) -> Any:
        return (
            [self._names[n] for n in self._numbers[place]]
            if isinstance(place, slice)
            else self._names[self._numbers[place]]
        )


def place_among(ids: Names, kind: str, id: str) -> int:
    """The number of the thing of this kind with an id. Raises NotFound."""
    place = ids.find(id)
    if place is None:
        raise NotFound(say(f"not_found.{kind}"))
    return place


# --- records by id -------------------------------------------------------------------------------


def pack_records(name: str, records: Mapping[str, object]) -> dict[str, SectionData]:
    """The sections of records by id: their ids, where each begins, its checksum, and the records as compressed JSON."""
    encoded = [compress(encode(record)) for record in records.values()]
    return {
        **pack_names(f"{name}.ids", records),
        f"{name}.starts": ends_of(map(len, encoded)),
        f"{name}.checksums": np.fromiter(map(crc32, encoded), np.uint32, len(encoded)),
        f"{name}.json": b"".join(encoded),
    }


@cache
def adapter_of(kind: Any) -> TypeAdapter[Any]:
    """What reads records of a kind; making one takes some milliseconds."""
    return TypeAdapter(kind)


class Records(Generic[Stored]):
    """Records by id, checked and decoded when they are asked for. The last ones are kept decoded."""

    KEPT = 1 << 10

    def __init__(self, sections: Sections, name: str, kind: type[Stored]) -> None:
        self.kind, self.ids = name, Names(sections, f"{name}.ids")
        self._starts, self._json = sections.numbers(f"{name}.starts"), sections.bytes(f"{name}.json")
        self._checksums = sections.numbers(f"{name}.checksums")
        self._decode: Callable[[bytes], Stored] = adapter_of(cast(Any, kind)).validate_json
        self._read = lru_cache(self.KEPT)(self.read)

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, id: str) -> Stored:
        return self._read(self.place(id))

    def __iter__(self) -> Iterator[Stored]:
        return map(self.read, range(len(self)))

    def __contains__(self, id: str) -> bool:
        return self.ids.find(id) is not None

    def place(self, id: str) -> int:
        """The number of a record. Raises NotFound."""
        return place_among(self.ids, self.kind, id)

    def read(self, place: int) -> Stored:
        """The record with this number. Raises IndexUnavailable if it is damaged."""
        data = self._json[self._starts[place] : self._starts[place + 1]]
        if crc32(data) != self._checksums[place]:
            raise IndexUnavailable(say("index.damaged"))
        return self._decode(decompress(data))
