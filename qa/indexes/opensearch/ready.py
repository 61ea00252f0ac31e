"""Entries of ready passages. They are made chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any
from zlib import decompress

import numpy as np

from qa.indexes.layout import SectionData, encode
from qa.indexes.opensearch.layout import PACKED, PASSAGE, PASSAGE_ROWS, pieces
from qa.indexes.opensearch.packing import PassageNumbers, pack_numbers, packed_text
from qa.indexes.ready import READY
from qa.indexes.ready_chunks import ChunkNumbers, ReadyChunk, VersionNumbers, lines_of, starts_of
from qa.indexes.vectors import MOST_COMPARED
from qa.models import Manifest


def ready_entries(
    chunks: Iterable[ReadyChunk], manifest: Callable[[VersionNumbers], Manifest]
) -> Iterator[dict[str, Any]]:
    """All entries of a version; `manifest` is called when all chunks are read."""
    numbering, ids = VersionNumbers(), list[str]()
    rows: dict[str, SectionData] = {name: np.zeros(0, np.uint32) for name in (*PASSAGE_ROWS, f"{READY}.starts")}
    tags = [np.zeros(0, np.uint32)]
    for chunk in chunks:
        first, numbers = numbering.passages, numbering.add(chunk)
        of_chunk = [id.decode("utf-8", "surrogatepass") for id in chunk.ids.each()]
        if len(ids) <= MOST_COMPARED:  # of more passages, processes do not read all ids
            ids += of_chunk
            tags.append(numbers.tags)
        yield from chunk_entries(chunk, of_chunk, first, numbers)
    sections = {**numbering.sections(), **rows, "tags.of_passages": np.concatenate(tags)}
    yield from pieces({**sections, "notes": encode({}), "manifest": encode(manifest(numbering))}, ids)


def chunk_entries(chunk: ReadyChunk, ids: list[str], first: int, numbers: ChunkNumbers) -> Iterator[dict[str, Any]]:
    """An entry for each passage of a chunk, of which the first has this number."""
    names = ["", *lines_of(chunk.terms)]
    terms = [names[number] for number in chunk.words.tolist()]
    begins, titles = numbers.starts.tolist(), chunk.titles.tolist()
    tags = [sorted(each) for each in chunk.tags]
    packed = pack_numbers(packing_of(chunk, first, numbers))
    rows = zip(ids, chunk.records.each(), pairwise(begins), titles, chunk.of_passages.tolist(), packed, strict=True)
    for number, (id, record, (begin, end), title, tag, written) in enumerate(rows, first):
        yield {
            "kind": PASSAGE,
            "n": number,
            "id": id,
            "terms": " ".join(terms[begin : begin + title] + terms[begin + title + 1 : end]),
            "tagged": tags[tag],
            PACKED: packed_text(id, written, decompress(record)),
        }


def packing_of(chunk: ReadyChunk, first: int, numbers: ChunkNumbers) -> PassageNumbers:
    """The numbers of the passages of a chunk, of which the first has this number."""
    count = len(chunk.lengths)
    columns = (np.arange(first, first + count), chunk.lengths, chunk.titles, chunk.titles + 1)
    return PassageNumbers(
        np.column_stack((*columns, numbers.tags, chunk.sentences)).reshape(count, -1),
        starts_of(chunk.sentences),
        chunk.firsts,
        numbers.kinds,
        numbers.starts,
        numbers.words,
    )
