"""The vectors of a version in a cluster: an index of their own, since they are made later than the version.

Up to MOST_COMPARED passages a process reads all of them when it opens the version; above, those of the candidates are
asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from qa.encoder import Encoder
from qa.encoder.vectors import Floats, StoredVectors
from qa.indexes.layout import ends_of
from qa.indexes.opensearch.entries import Entries, IndexEntry
from qa.indexes.opensearch.layout import read_vectors, vectors_entry
from qa.indexes.vectors import Closeness, VectorTables, closeness_in

VECTORS = "vectors"
STORED = ("steps", "scales")


def vector_entries(tables: VectorTables) -> Iterator[dict[str, Any]]:
    """An entry for each passage."""
    ends = tables.ends.tolist()
    for number in range(len(tables.passages)):
        sentences = tables.sentences.rows(slice(ends[number], ends[number + 1]))
        passage = tables.passages.rows(slice(number, number + 1))
        yield {"kind": VECTORS, "n": number, "id": str(number), **vectors_entry(passage, sentences)}


def vectors_from(entries: Iterable[IndexEntry], encoder: Encoder) -> VectorTables:
    """The vectors of all passages, from their entries in order."""
    each = [read_vectors(entry) for entry in entries]
    return VectorTables(
        encoder.fingerprint,
        join_vectors([vectors.rows(slice(1)) for vectors in each], encoder.dimensions),
        join_vectors([vectors.rows(slice(1, None)) for vectors in each], encoder.dimensions),
        ends_of(len(vectors) - 1 for vectors in each),
        encoder.languages,
        encoder.scale,
    )


def join_vectors(vectors: Sequence[StoredVectors], dimensions: int) -> StoredVectors:
    if not vectors:
        return StoredVectors(np.zeros((0, dimensions), np.int8), np.zeros(0, np.float32))
    return StoredVectors(
        np.concatenate([each.steps for each in vectors]), np.concatenate([each.scales for each in vectors])
    )


class VectorsOfCandidates:
    """The vectors of more passages than are compared with every question; implements `Vectors`.

    `numbers` gives the number of each passage, or raises NotFound."""

    compares_all = False

    def __init__(self, entries: Entries, encoder: Encoder, numbers: Callable[[Sequence[str]], list[int]]) -> None:
        self._entries, self._numbers = entries, numbers
        self.encode, self.encoder, self.languages = encoder.encode_question, encoder.fingerprint, encoder.languages
        self._of = encoder

    def nearest(self, question: Floats, limit: int, conditions: Collection[str] | None = None) -> list[str]:
        return []

    def closeness(self, question: Floats, passages: Sequence[str]) -> list[Closeness]:
        found = self._entries.several(VECTORS, [*map(str, self._numbers(passages))], STORED)
        return closeness_in(vectors_from(found, self._of), question, range(len(passages)))
