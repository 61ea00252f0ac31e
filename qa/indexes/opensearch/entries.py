"""Entries of a cluster: searching for them, reading one, several or all of a kind."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from qa.errors import IndexUnavailable, NotFound
from qa.indexes.layout import Stored, adapter_of
from qa.indexes.opensearch.client import UNAVAILABLE, Client, RequestFailed
from qa.indexes.opensearch.layout import entry_id
from qa.log import LOG
from qa.messages import say

TRIES, PAUSE = 3, 0.2  # searches that failed, or of which a part did; seconds more before each further one
PAGE = 500  # entries asked for at once when all are read
# Frequencies of terms are those of the whole index, not of each shard; nothing is returned that is not used.
SEARCH = (
    "_search?search_type=dfs_query_then_fetch&"
    "filter_path=took,timed_out,_shards.failed,hits.hits.sort,hits.hits._source,hits.hits.fields"
)
THINGS = {"uses": "reference"}  # what an entry of a kind is about
IndexEntry = Mapping[str, Any]


class Entries:
    """The entries of one index."""

    def __init__(self, client: Client, index: str) -> None:
        self._client, self.index = client, index
        self.took = 0  # ms that the last search took by OpenSearch's own account

    def search(self, body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """What a search finds. Raises IndexUnavailable if a shard did not answer: a part of the passages would be a
        wrong answer."""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(attempt * PAUSE)  # a node that is being stopped fails on what it has begun
            try:
                found = self._client.request("POST", f"/{self.index}/{SEARCH}", {**body, "track_total_hits": False})
            except NotFound:
                LOG.error("index unavailable", fault="the index of the version that is served was deleted")
                raise IndexUnavailable(UNAVAILABLE) from None
            except RequestFailed:
                continue
            self.took = found.get("took", 0)
            if not found.get("timed_out") and not found["_shards"]["failed"]:
                hits: Sequence[Mapping[str, Any]] = found.get("hits", {}).get("hits", [])
                return hits
        LOG.error("index unavailable", fault="some shards did not answer")
        raise IndexUnavailable(UNAVAILABLE)

    def all(self, kind: str, fields: Sequence[str] | None = ("record",)) -> Iterator[IndexEntry]:
        """All entries of a kind, in order; without `fields`, as they were sent."""
        return self.between(kind, 0, sys.maxsize, fields)

    def between(self, kind: str, first: int, end: int, fields: Sequence[str] | None) -> Iterator[IndexEntry]:
        """The entries of a kind with these numbers, in order."""
        while first < end:
            size = min(PAGE, end - first)
            hits = self.search(
                {
                    "query": {"term": {"kind": kind}},
                    "size": size,
                    "_source": True if fields is None else list(fields),
                    "sort": ["n"],
                    "search_after": [first - 1],
                }
            )
            yield from (hit["_source"] for hit in hits)
            first = hits[-1]["sort"][0] + 1 if len(hits) == size else end

    def one(self, kind: str, id: str) -> IndexEntry:
        """An entry with its record. Raises NotFound."""
        return self.several(kind, [id])[0]

    def several(self, kind: str, ids: Sequence[str], fields: Sequence[str] = ("record",)) -> list[IndexEntry]:
        """Entries of a kind, in this order. Raises NotFound."""
        if not ids:
            return []
        path = f"/{self.index}/_mget?filter_path=docs._source,docs.found,docs.error.type"
        body = {"docs": [{"_id": entry_id(kind, id), "_source": list(fields)} for id in ids]}
        found = self._client.request("POST", path, body)["docs"]
        if any("error" in each for each in found):
            raise IndexUnavailable(UNAVAILABLE)
        if not all(each["found"] for each in found):
            raise NotFound(say(f"not_found.{THINGS.get(kind, kind)}"))
        return [each["_source"] for each in found]


def record_of(entry: IndexEntry, kind: type[Stored]) -> Stored:
    """The record of an entry."""
    record: Stored = adapter_of(cast(Any, kind)).validate_json(entry["record"])
    return record
