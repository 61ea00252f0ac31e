"""Writes the sections of a version as its passages come, chunk by chunk, so that memory hardly grows with their number.

Large sections are written to files at once, or to pieces of memory; the others are returned when all chunks are there.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import BinaryIO

import numpy as np

from qa.indexes.layout import Numbers, SectionData, encode, pack_records
from qa.indexes.ready_chunks import (
    ByteStrings,
    ChunkNumbers,
    ReadyChunk,
    VersionNumbers,
    compressed_records,
    encoded_ids,
    starts_of,
)
from qa.indexes.stored_documents import UsesOfWorks, VersionContent, notes_of_documents
from qa.models import Manifest

ROWS: tuple[str, ...] = ("words.sizes", "words.lengths", "words.titles", "words.texts", "tags.of_passages")
ROWS += ("sentences.sizes", "sentences.firsts", "sentences.kinds")
OpenSection = Callable[[str], BinaryIO]
WORDS_SECTION = "words"
TYPE_OF_WORDS = "<u4"


class RecordsWriter:
    """Writes compressed records of one kind by id, in order; see `pack_records`."""

    def __init__(self, name: str, open_section: OpenSection) -> None:
        self._name = name
        self._ids, self._json = open_section(f"{name}.ids.text"), open_section(f"{name}.json")
        self._id_sizes, self._sizes, self._checksums = array("I"), array("I"), array("I")
        self._hashes = array("Q")

    def add(self, ids: ByteStrings, records: ByteStrings) -> None:
        self._ids.write(ids.data)
        self._json.write(records.data)
        self._id_sizes.frombytes(ids.sizes.tobytes())
        self._hashes.frombytes(ids.checksums.tobytes())
        self._sizes.frombytes(records.sizes.tobytes())
        self._checksums.frombytes(records.checksums.tobytes())

    def sections(self) -> dict[str, SectionData]:
        """The other sections."""
        hashes = np.array(self._hashes, np.uint64)
        order = np.argsort(hashes, kind="stable").astype(np.uint32)
        return {
            f"{self._name}.starts": starts_of(np.array(self._sizes)),
            f"{self._name}.checksums": np.array(self._checksums, np.uint32),
            f"{self._name}.ids.starts": starts_of(np.array(self._id_sizes)),
            f"{self._name}.ids.hashes": hashes[order],
            f"{self._name}.ids.order": order,
        }


class PassagesWriter:
    """Writes passages, whose records have this name."""

    def __init__(self, name: str, open_section: OpenSection) -> None:
        self.numbering = VersionNumbers()
        self._records, self._words = RecordsWriter(name, open_section), open_section(WORDS_SECTION)
        self._rows = {name: array("I") for name in ROWS}

    def add(self, chunk: ReadyChunk) -> ChunkNumbers:
        numbers = self.numbering.add(chunk)
        self._records.add(chunk.ids, chunk.records)
        self._words.write(numbers.words.astype(TYPE_OF_WORDS).tobytes())
        of_words = (chunk.sizes, chunk.lengths, chunk.titles, chunk.texts)
        of_sentences = (chunk.sentences, chunk.firsts, numbers.kinds)
        for row, more in zip(self._rows.values(), (*of_words, numbers.tags, *of_sentences), strict=True):
            row.frombytes(more.astype(np.uint32).tobytes())
        return numbers

    def _row(self, name: str) -> Numbers:
        return np.array(self._rows[name], np.uint32)

    def sections(self) -> dict[str, SectionData]:
        """The other sections, also those of all words, tags and kinds."""
        sizes = {"words": "words.sizes", "sentences": "sentences.sizes"}
        return {
            **self.numbering.sections(),
            **self._records.sections(),
            **{f"{kind}.starts": starts_of(self._row(name)) for kind, name in sizes.items()},
            **{name: self._row(name) for name in ROWS if name not in sizes.values()},
        }


def write_documents(
    version: VersionContent, add_passages: Callable[[ReadyChunk], object], open_section: OpenSection
) -> dict[str, SectionData]:
    """Write the documents of a version, whose passages are added to what writes them, and return all sections that are
    not those of passages."""
    documents, uses, overviews = RecordsWriter("document", open_section), UsesOfWorks(), {}
    for document in version.documents():
        documents.add(encoded_ids([document.id]), compressed_records([document.record]))
        uses.add(document)
        overviews[document.id] = document.overview
        add_passages(document.passages)
    return {
        "manifest": encode(version.manifest),
        "notes": encode(notes_of_documents(version.notes)),
        **documents.sections(),
        **pack_records("overview", overviews),
        **pack_records("reference", {each.id: each for each in version.references}),
        **pack_records("uses", {each.id: uses.of(each) for each in version.references}),
    }


def sections_of_nothing(manifest: Manifest) -> dict[str, SectionData]:
    """The same of ready passages, which have no documents of several passages, no references and no notes."""
    nothing: dict[str, object] = {}
    references = pack_records("reference", nothing) | pack_records("uses", nothing)
    return {"manifest": encode(manifest), "notes": encode({}), **references}
