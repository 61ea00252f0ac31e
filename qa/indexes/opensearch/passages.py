"""The passages of a version in a cluster, proposed for a question or read by id, with all that ranking and showing them
need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from qa.indexes.layout import Stored, adapter_of
from qa.indexes.opensearch.entries import Entries
from qa.indexes.opensearch.kept import KeptById
from qa.indexes.opensearch.layout import PACKED, PASSAGE
from qa.indexes.opensearch.packing import PackedPassages, join, record_in, unpack

PASSAGES_KEPT = 1 << 10


class ClusterPassages:
    """The passages of a version. The last ones are kept."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self._kept = KeptById(self._read, PASSAGES_KEPT)

    def proposed(
        self, terms: Sequence[str], size: int, conditions: Collection[str] | None
    ) -> tuple[PackedPassages, float]:
        """The passages that OpenSearch finds, and the lowest of its scores of them."""
        query: dict[str, Any] = {"should": [{"term": {"terms": term}} for term in terms], "minimum_should_match": 1}
        if conditions is not None:
            query["filter"] = [{"terms": {"tagged": sorted(conditions)}}]
        body = {"query": {"bool": query}, "size": size, "sort": ["_score", "n"]}
        hits = self.entries.search({**body, "_source": False, "docvalue_fields": [PACKED]})
        return unpack([hit["fields"][PACKED][0] for hit in hits]), hits[-1]["sort"][0] if hits else 0.0

    def several(self, ids: Sequence[str]) -> PackedPassages:
        """Passages by id, asking only for those that are not kept. Raises NotFound."""
        return join(self._kept.several(ids))

    def record(self, id: str, kind: type[Stored]) -> Stored:
        """The record of a passage. Raises NotFound."""
        passages, row = self._kept.one(id)
        return record_of_passage(passages.records[row], kind)

    def between(self, first: int, end: int, kind: type[Stored]) -> Iterator[tuple[str, Stored]]:
        """The ids and records of the passages with these numbers, in order."""
        for entry in self.entries.between(PASSAGE, first, end, (PACKED,)):
            passage = unpack([entry[PACKED]])
            yield passage.ids[0], record_of_passage(passage.records[0], kind)

    def keep(self, passages: PackedPassages) -> None:
        """Keep passages that were proposed: they may be asked for next."""
        self._kept.keep(rows_by_id(passages))

    def _read(self, ids: Sequence[str]) -> Sequence[tuple[PackedPassages, int]]:
        entries = self.entries.several(PASSAGE, ids, (PACKED,))
        return [*rows_by_id(unpack([entry[PACKED] for entry in entries])).values()]


def rows_by_id(passages: PackedPassages) -> Mapping[str, tuple[PackedPassages, int]]:
    return {id: (passages, row) for row, id in enumerate(passages.ids)}


def record_of_passage(text: str, kind: type[Stored]) -> Stored:
    record: Stored = adapter_of(cast(Any, kind)).validate_json(record_in(text))
    return record
