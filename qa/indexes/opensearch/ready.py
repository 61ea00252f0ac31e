"""Entries of passages and what they consist of. They are made chunk by chunk, so that memory hardly grows with their
number."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any
from zlib import decompress

import numpy as np

from qa.indexes.layout import SectionData, encode
from qa.indexes.opensearch.layout import PACKED, PASSAGE, PASSAGE_ROWS, pieces, record_entry
from qa.indexes.opensearch.packing import PassageNumbers, pack_numbers, packed_text
from qa.indexes.ready import READY
from qa.indexes.ready_chunks import ChunkNumbers, ReadyChunk, VersionNumbers, lines_of, starts_of
from qa.indexes.stored_documents import UsesOfWorks, VersionContent, notes_of_documents
from qa.indexes.vectors import MOST_COMPARED
from qa.models import Manifest


class PassageEntries:
    """Makes the entries of passages, and those of the sections that every process reads."""

    def __init__(self) -> None:
        self.numbering = VersionNumbers()
        self._ids: list[str] = []
        self._tags = array("I")

    def of(self, chunk: ReadyChunk) -> Iterator[dict[str, Any]]:
        """An entry for each passage of the next chunk: its terms and tags, to be searched; what ranking needs; the
        record to show."""
        first, numbers = self.numbering.passages, self.numbering.add(chunk)
        ids = [id.decode("utf-8", "surrogatepass") for id in chunk.ids.each()]
        if len(self._ids) <= MOST_COMPARED:  # of more passages, processes do not read all ids
            self._ids += ids
            self._tags.extend(numbers.tags.tolist())
        return chunk_entries(chunk, ids, first, numbers)

    def pieces(self, others: dict[str, SectionData]) -> Iterator[dict[str, Any]]:
        """The sections that every process reads, with others."""
        rows: dict[str, SectionData] = {name: np.zeros(0, np.uint32) for name in PASSAGE_ROWS}
        rows["tags.of_passages"] = np.array(self._tags, np.uint32)
        return pieces({**self.numbering.sections(), **rows, **others}, self._ids)


def ready_entries(
    chunks: Iterable[ReadyChunk], manifest: Callable[[VersionNumbers], Manifest]
) -> Iterator[dict[str, Any]]:
    """All entries of a version of ready passages; `manifest` is called when all chunks are read."""
    passages = PassageEntries()
    for chunk in chunks:
        yield from passages.of(chunk)
    written = {"notes": encode({}), "manifest": encode(manifest(passages.numbering))}
    yield from passages.pieces({**written, f"{READY}.starts": np.zeros(0, np.uint32)})


def version_entries(version: VersionContent) -> Iterator[dict[str, Any]]:
    """All entries of a version of documents."""
    passages, uses = PassageEntries(), UsesOfWorks()
    for number, document in enumerate(version.documents()):
        record = decompress(document.record).decode()
        yield {"kind": "document", "n": number, "id": document.id, "record": record}
        uses.add(document)
        yield from passages.of(document.passages)
    for number, reference in enumerate(version.references):
        yield record_entry("reference", number, reference.id, reference)
        yield record_entry("uses", number, reference.id, uses.of(reference))
    notes = notes_of_documents(version.notes)
    yield from passages.pieces({"notes": encode(notes), "manifest": encode(version.manifest)})


def chunk_entries(chunk: ReadyChunk, ids: list[str], first: int, numbers: ChunkNumbers) -> Iterator[dict[str, Any]]:
    """An entry for each passage of a chunk, of which the first has this number."""
    names = ["", *lines_of(chunk.terms)]
    terms = [names[number] for number in chunk.words.tolist()]
    tags = [sorted(each) for each in chunk.tags]
    packed = pack_numbers(packing_of(chunk, first, numbers))
    rows = zip(
        ids, chunk.records.each(), pairwise(numbers.starts.tolist()), chunk.of_passages.tolist(), packed, strict=True
    )
    for number, (id, record, (begin, end), tag, written) in enumerate(rows, first):
        yield {
            "kind": PASSAGE,
            "n": number,
            "id": id,
            "terms": " ".join(filter(None, terms[begin:end])),
            "tagged": tags[tag],
            PACKED: packed_text(id, written, record),
        }


def packing_of(chunk: ReadyChunk, first: int, numbers: ChunkNumbers) -> PassageNumbers:
    """The numbers of the passages of a chunk, of which the first has this number."""
    count = len(chunk.lengths)
    columns = (np.arange(first, first + count), chunk.lengths, chunk.titles, chunk.texts)
    return PassageNumbers(
        np.column_stack((*columns, numbers.tags, chunk.sentences)),
        starts_of(chunk.sentences),
        chunk.firsts,
        numbers.kinds,
        numbers.starts,
        numbers.words,
    )
