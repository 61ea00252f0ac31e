"""What an index stores of a document, and the uses of each work put together from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from qa.indexes.layout import encode
from qa.indexes.ready_chunks import ReadyChunk
from qa.indexes.uses import placed_notes, supported_sentences
from qa.models import Document, DocumentOverview, Manifest, Note, Reference

Fragments = Mapping[str, bytes]  # by id of a work: JSON values, with commas between them


class StoredDocument(NamedTuple):
    """Everything that an index stores of a document: its compressed record, what lists show of it, its passages, and
    the sentences and notes for each work that they cite (`ReferenceUses`)."""

    id: str
    record: bytes
    overview: DocumentOverview
    passages: ReadyChunk
    sentences: Fragments
    notes: Fragments


def sentence_fragments(document: Document) -> dict[str, bytes]:
    return {work: json_values(sentences) for work, sentences in supported_sentences(document).items()}


def note_fragments(document: Document, notes: Iterable[Note]) -> dict[str, bytes]:
    placed: dict[str, list[object]] = {}
    for each in placed_notes(document, list(notes)):
        placed.setdefault(each.note.reference or "", []).append(each)
    return {work: json_values(those) for work, those in placed.items()}


def json_values(values: Iterable[object]) -> bytes:
    return b",".join(map(encode, values))


class VersionContent(NamedTuple):
    """Everything that an index stores of one version. `documents` gives the documents in order, each time anew, so that
    they need not all be in memory; `words` counts those of their passages."""

    manifest: Manifest
    references: Sequence[Reference]
    notes: Sequence[Note]
    words: int
    documents: Callable[[], Iterable[StoredDocument]]


class UsesOfWorks:
    """Where each work is used, in document order."""

    def __init__(self) -> None:
        self._sentences: dict[str, list[bytes]] = {}
        self._notes: dict[str, list[bytes]] = {}

    def add(self, document: StoredDocument) -> None:
        for all_of, own in ((self._sentences, document.sentences), (self._notes, document.notes)):
            for work, values in own.items():
                all_of.setdefault(work, []).append(values)

    def of(self, reference: Reference) -> dict[str, Any]:
        """`ReferenceUses` to be encoded."""
        found = {"sentences": self._sentences, "notes": self._notes}
        lists = {name: orjson.Fragment(b"[%b]" % b",".join(of.get(reference.id, ()))) for name, of in found.items()}
        return {"reference": reference, **lists}


def notes_of_documents(notes: Sequence[Note]) -> dict[str, list[Note]]:
    """The notes on each document that has some, in reading order."""
    found: dict[str, list[Note]] = {}
    for note in sorted(notes, key=lambda note: note.start):
        found.setdefault(note.document, []).append(note)
    return found
