"""The layout of a version in one piece of memory: named sections of bytes or numbers, and records decoded by id.

The first 8 bytes give the length of a table in JSON: for each section, where it begins after the table, its length in
bytes, and the type of its numbers. Sections begin at multiples of 8 bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import TypeAdapter

from qa.errors import NotFound
from qa.messages import say

ALIGNED = 8
BYTES = "|u1"
Numbers = NDArray[Any]
Stored = TypeVar("Stored")


def pack(sections: Mapping[str, Numbers | bytes]) -> Iterator[bytes | memoryview]:
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


class Sections:
    """The sections of a version, read in place."""

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


def encode(value: object) -> bytes:
    """A value as JSON; sets are sorted, so that the same value is always the same text."""
    return orjson.dumps(value, default=lambda each: sorted(each) if isinstance(each, frozenset) else list(each))


def ends_of(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Where each of several stretches of these lengths begins, one after the other, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(np.fromiter(lengths, np.int64)))).astype(np.int64)


def pack_records(name: str, records: Mapping[str, object]) -> dict[str, Numbers | bytes]:
    """The sections of records by id: their ids, where each begins, and the records as JSON."""
    encoded = [encode(record) for record in records.values()]
    return {
        f"{name}.ids": orjson.dumps(list(records)),
        f"{name}.starts": ends_of(map(len, encoded)),
        f"{name}.json": b"".join(encoded),
    }


class Records(Generic[Stored]):
    """Records by id, decoded when they are asked for. The last ones are kept decoded."""

    KEPT = 1 << 10

    def __init__(self, sections: Sections, name: str, kind: type[Stored]) -> None:
        self.kind, self.ids = name, sections.json(f"{name}.ids")
        self.places = {id: place for place, id in enumerate(self.ids)}
        self._starts, self._json = sections.numbers(f"{name}.starts"), sections.bytes(f"{name}.json")
        self._decode: Callable[[bytes], Stored] = TypeAdapter(kind).validate_json
        self._read = lru_cache(self.KEPT)(self._read_at)

    def __getitem__(self, id: str) -> Stored:
        return self._read(self.place(id))

    def __iter__(self) -> Iterator[Stored]:
        return map(self._read_at, range(len(self.ids)))

    def place(self, id: str) -> int:
        """The number of a record. Raises NotFound."""
        try:
            return self.places[id]
        except KeyError:
            raise NotFound(say(f"not_found.{self.kind}")) from None

    def _read_at(self, place: int) -> Stored:
        return self._decode(bytes(self._json[self._starts[place] : self._starts[place + 1]]))


def pack_words(words: Sequence[str]) -> bytes:
    return "\n".join(words).encode()


def unpack_words(data: memoryview) -> list[str]:
    text = bytes(data).decode()
    return text.split("\n") if text else []
