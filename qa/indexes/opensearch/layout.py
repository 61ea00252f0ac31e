"""How a version is stored in a cluster: an entry for each passage and each other record, and the sections that do not
grow with the number of passages, which every process reads when it opens the version."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import numpy as np

from qa.encoder.vectors import StoredVectors
from qa.indexes.layout import SectionData, encode, pack, pack_names
from qa.indexes.stored import K1, B
from qa.indexes.vectors import MOST_COMPARED

PASSAGE, PIECE, COMPLETE = "passage", "piece", "complete"
CLUSTER_FORMAT = 4  # of everything in a version's indexes
PACKED = "packed"  # the field of a passage that a question needs, see packing.py
# Sections with a row for each passage: these are entries.
PASSAGE_ROWS: tuple[str, ...] = (
    "words",
    "words.starts",
    "words.lengths",
    "words.titles",
    "words.texts",
    "tags.of_passages",
)
PASSAGE_ROWS += ("sentences.starts", "sentences.firsts", "sentences.kinds")
PASSAGE_IDS = "passage.ids"
AT_ONCE = 1 << 19  # bytes of the sections in one entry
# Only terms, tags and numbers are searched; the rest is stored as it is. What a question needs is also in a column of
# its own: the nodes find and send it in less time than the entries that it is in.
MAPPINGS = {
    "dynamic": False,
    "properties": {
        "kind": {"type": "keyword"},
        "n": {"type": "integer"},
        "checksum": {"type": "integer"},
        "terms": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
        "tagged": {"type": "keyword"},
        PACKED: {"type": "binary", "doc_values": True},
    },
}


def settings_of(shards: int, replicas: int) -> dict[str, Any]:
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": -1,
        "similarity": {"default": {"type": "BM25", "k1": K1, "b": B}},
    }


def entry_id(kind: str, id: str) -> str:
    """The id of a record in the index: of limited length, whatever the owner's ids are."""
    return f"{kind}-{sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def record_entry(kind: str, number: int, id: str, record: object) -> dict[str, Any]:
    return {"kind": kind, "n": number, "id": id, "record": encode(record).decode()}


def pieces(sections: Mapping[str, SectionData], ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The sections that every process reads, in entries of limited size. Those with rows are empty; but with few
    passages, of which all vectors are compared, each process reads their ids and tags too."""
    kept = {name: section[:0] if name in PASSAGE_ROWS else section for name, section in sections.items()}
    if len(ids) <= MOST_COMPARED:
        kept |= {"tags.of_passages": sections["tags.of_passages"], **pack_names(PASSAGE_IDS, ids)}
    data = b"".join(pack(kept))
    for number, start in enumerate(range(0, len(data), AT_ONCE)):
        yield {"kind": PIECE, "n": number, "id": str(number), "data": in_base64(data[start : start + AT_ONCE])}


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def vectors_entry(passage: StoredVectors, sentences: StoredVectors) -> dict[str, Any]:
    """The vectors of a passage and its sentences: one row of bytes each, and their scales."""
    both = passage.joined(sentences)
    return {"steps": in_base64(both.steps.tobytes()), "scales": in_base64(both.scales.astype(np.float32).tobytes())}


def read_vectors(entry: Mapping[str, Any]) -> StoredVectors:
    """The vector of a passage, then those of its sentences."""
    scales = np.frombuffer(base64.b64decode(entry["scales"]), np.float32)
    steps = np.frombuffer(base64.b64decode(entry["steps"]), np.int8)
    return StoredVectors(steps.reshape(len(scales), -1), scales)
