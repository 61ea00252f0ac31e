"""What was made of chunks of ready passages, kept so that a build that was interrupted goes on (QA_CACHE)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from qa.cache import Cache, maker_digest
from qa.conditions.abbreviations import Definition
from qa.indexes.layout import PackedSections, SectionData, encode, pack
from qa.indexes.ready_chunks import ByteStrings, ReadyChunk
from qa.log import LOG
from qa.understanding.gathering import PassageFacts


class ReadChunk(NamedTuple):
    """What comes of a chunk of a file of ready passages."""

    passages: ReadyChunk
    facts: PassageFacts


def key_of_chunk(data: bytes) -> str:
    return f"chunk-{sha256(maker_digest().encode() + data).hexdigest()[:32]}"


def find_chunk(key: str, kept: Cache) -> ReadChunk | None:
    found = kept.find(key)
    return None if found is None else unpacked(PackedSections(found))


def store_chunk(key: str, chunk: ReadChunk, kept: Cache) -> None:
    try:
        kept.store(key, packed(chunk), lasting=False)
    except OSError as error:
        LOG.warning("passages not kept", fault=str(error))


def packed(chunk: ReadChunk) -> Iterator[bytes | memoryview]:
    return pack(sections_of_chunk(chunk.passages) | sections_of_facts(chunk.facts))


def unpacked(sections: PackedSections) -> ReadChunk:
    return ReadChunk(chunk_in(sections), facts_in(sections))


def sections_of_chunk(chunk: ReadyChunk) -> dict[str, SectionData]:
    sections: dict[str, SectionData] = {}
    for name, value in ((field.name, getattr(chunk, field.name)) for field in fields(ReadyChunk)):
        if isinstance(value, ByteStrings):
            sections |= {f"{name}.{part}": each for part, each in value._asdict().items()}
        else:
            sections[name] = value if isinstance(value, np.ndarray) else encode(value)
    return sections


def chunk_in(sections: PackedSections) -> ReadyChunk:
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(ReadyChunk)):
        if sections.has(f"{name}.data"):
            sizes, checksums = (sections.numbers(f"{name}.{part}") for part in ("sizes", "checksums"))
            values[name] = ByteStrings(bytes(sections.bytes(f"{name}.data")), sizes, checksums)
        elif name in ("forms", "terms"):
            values[name] = sections.json(name)
        elif name == "tags":
            values[name] = [frozenset(each) for each in sections.json(name)]
        elif name == "kinds":
            values[name] = [(frozenset(tags), frozenset(aspects)) for tags, aspects in sections.json(name)]
        else:
            values[name] = sections.numbers(name)
    return ReadyChunk(**values)


def sections_of_facts(facts: PassageFacts) -> dict[str, SectionData]:
    values = {field.name: getattr(facts, field.name) for field in fields(PassageFacts)}
    values |= {name: list(values[name].items()) for name in ("first", "last", "treatments")}
    values |= {name: sorted(values[name]) for name in ("written", "own", "names")}
    return {"facts": encode(values)}


def facts_in(sections: PackedSections) -> PassageFacts:
    facts = sections.json("facts")
    facts |= {name: definitions(facts[name]) for name in ("first", "last")}
    facts |= {name: set(facts[name]) for name in ("written", "own", "names")}
    return PassageFacts(**facts | {"treatments": Counter(dict(facts["treatments"]))})


def definitions(stored: Sequence[tuple[Sequence[Any], int]]) -> dict[Definition, int]:
    return {Definition(*definition): place for definition, place in stored}
