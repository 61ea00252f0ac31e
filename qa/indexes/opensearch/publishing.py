"""Stores a version in a cluster: all entries first and, when counts and a checksum agree, the one that says so.

An index without that entry is unfinished and never opened. Storing is repeated safely: an entry that is there is left
as it is.
"""

from __future__ import annotations

import time
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import orjson

from qa.errors import IndexUnavailable, NotFound
from qa.indexes.opensearch.address import ClusterAddress
from qa.indexes.opensearch.client import STORE_WITHIN, Client
from qa.indexes.opensearch.layout import CLUSTER_FORMAT, COMPLETE, MAPPINGS, PASSAGE, entry_id, settings_of
from qa.log import LOG

BATCH = 1 << 20  # bytes in one request
SENDERS = 2  # requests at once
WAITING = 16  # requests that are made ahead, so that nodes do not wait while words are numbered
BUSY = 429  # the node's queue is full: these entries have to be sent again
THERE = 409  # an entry that an earlier attempt has stored
FIRST_WAIT, LONGEST_WAIT, TRIES = 0.1, 5.0, 12  # seconds between attempts, and how many


class EntryLines(NamedTuple):
    """An entry as the two lines of a bulk request, with its kind and checksum."""

    kind: str
    lines: bytes
    checksum: int


class Sent(NamedTuple):
    """How many entries there are of each kind, and the sum of all checksums."""

    counts: Mapping[str, int]
    total: int


def store_entries(
    entries: Iterable[dict[str, Any]], index: str, client: Client, address: ClusterAddress, about: Mapping[str, Any]
) -> None:
    """Store entries in an index of this name and mark it as complete, with what `about` says. Raises IndexUnavailable
    if the cluster fails or does not have what it was sent."""
    make_index(index, client, address)
    counts, total = Counter[str](), 0
    with ThreadPoolExecutor(SENDERS) as senders:
        running: deque[Future[None]] = deque()
        for batch in batches(map(bulk_lines, entries)):
            running.append(senders.submit(send, b"".join(each.lines for each in batch), index, client))
            if len(running) > WAITING:  # so that few requests are in memory
                running.popleft().result()
            counts.update(each.kind for each in batch)
            total += sum(each.checksum for each in batch)
        for future in running:
            future.result()
    refresh(index, client)
    check(index, client, Sent(counts, total))
    complete = {"kind": COMPLETE, "n": 0, "id": "", "format": CLUSTER_FORMAT, "counts": counts, "total": total}
    complete |= {"passages": counts[PASSAGE], **about}
    send(bulk_lines(complete).lines, index, client)
    refresh(index, client)


def is_complete(index: str, client: Client) -> bool:
    """Whether an index is there, complete and of the format of this program. Raises IndexUnavailable if the cluster
    cannot be asked."""
    try:
        found = client.request("GET", f"/{index}/_doc/{entry_id(COMPLETE, '')}?_source_includes=format")
    except NotFound:
        return False
    return bool(found["_source"].get("format") == CLUSTER_FORMAT)


def make_index(index: str, client: Client, address: ClusterAddress) -> None:
    """Create the index unless an earlier attempt has."""
    try:
        client.request("GET", f"/{index}/_settings?filter_path=*.settings.index.uuid")
    except NotFound:
        settings = settings_of(address.shards, address.replicas)
        client.request("PUT", f"/{index}", {"settings": settings, "mappings": MAPPINGS}, within=STORE_WITHIN)


def refresh(index: str, client: Client) -> None:
    """Let searches see what was stored."""
    client.request("POST", f"/{index}/_refresh", within=STORE_WITHIN)


# --- requests ------------------------------------------------------------------------------------


def bulk_lines(entry: dict[str, Any]) -> EntryLines:
    """An entry as two lines of a bulk request. It is created only if it is not there: a repeated request that had
    succeeded would otherwise change the term statistics."""
    checksum, written = checksum_of(entry)
    head = orjson.dumps({"create": {"_id": entry_id(entry["kind"], entry["id"])}})
    return EntryLines(entry["kind"], b'%b\n%b,"checksum":%d}\n' % (head, written[:-1], checksum), checksum)


def checksum_of(entry: Mapping[str, Any]) -> tuple[int, bytes]:
    """A number that depends on all of an entry, and the entry as JSON: 24 bits, so that sums over millions of entries
    are exact."""
    written = orjson.dumps(entry)
    return zlib.crc32(written) & 0xFFFFFF, written


def batches(entries: Iterable[EntryLines]) -> Iterator[list[EntryLines]]:
    """The entries in requests of about BATCH bytes."""
    batch: list[EntryLines] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.lines)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def send(lines: bytes, index: str, client: Client) -> None:
    """Send one bulk request; what the cluster is too busy for is sent again, later each time. Raises
    IndexUnavailable."""
    path, wait = f"/{index}/_bulk?filter_path=items.*.status", FIRST_WAIT
    for attempt in range(TRIES):
        if attempt:
            time.sleep(wait)
            wait = min(LONGEST_WAIT, 2 * wait)
        try:
            found = client.request("POST", path, lines, within=STORE_WITHIN)
        except IndexUnavailable:
            if attempt == TRIES - 1:
                raise
            continue
        states = [item["create"]["status"] for item in found["items"]]
        refused = {status for status in states if status >= 300} - {BUSY, THERE}
        if refused:
            LOG.error("index refused entries", statuses=sorted(refused))
            raise IndexUnavailable("The index refused what was to be stored; the log has the details.")
        lines = b"".join(still_to_send(lines, states))
        if not lines:
            return
    raise IndexUnavailable("The index is too busy to store the documents. Try again later.")


def still_to_send(lines: bytes, states: list[int]) -> Iterator[bytes]:
    pairs = lines.splitlines(keepends=True)
    for place, status in enumerate(states):
        if status == BUSY:
            yield from pairs[2 * place : 2 * place + 2]


def check(index: str, client: Client, sent: Sent) -> None:
    """Compare what the cluster has with what was sent. Raises IndexUnavailable."""
    body = {
        "size": 0,
        "query": {"bool": {"must_not": {"term": {"kind": COMPLETE}}}},
        "aggs": {"kinds": {"terms": {"field": "kind", "size": 20}}, "sum": {"sum": {"field": "checksum"}}},
    }
    answer = client.request("POST", f"/{index}/_search", body, within=STORE_WITHIN)
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise IndexUnavailable(f"A part of the index {index} does not answer. Try again later.")
    found = answer["aggregations"]
    counted = {bucket["key"]: bucket["doc_count"] for bucket in found["kinds"]["buckets"]}
    if counted != dict(sent.counts) or int(found["sum"]["value"]) != sent.total:
        raise IndexUnavailable(
            f"The index {index} has {counted}, but {dict(sent.counts)} were sent, or their checksums differ. "
            "Delete it and publish again."
        )
