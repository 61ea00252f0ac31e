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
from typing import Any

import orjson

from qa.errors import IndexUnavailable, NotFound
from qa.indexes.opensearch.address import ClusterAddress
from qa.indexes.opensearch.client import STORE_WITHIN, Client
from qa.indexes.opensearch.layout import MAPPINGS, PASSAGE, entry_id, in_base64, pieces, record_entry, settings_of
from qa.indexes.quotations import quotations
from qa.indexes.stored import VersionContent, sections_of
from qa.indexes.uses import all_uses
from qa.log import LOG
from qa.models import Note

COMPLETE = "complete"
BATCH = 1 << 20  # bytes in one request
SENDERS = 2  # requests at once
BUSY = 429  # the node's queue is full: these entries have to be sent again
THERE = 409  # an entry that an earlier attempt has stored
FIRST_WAIT, LONGEST_WAIT, TRIES = 0.1, 5.0, 12  # seconds between attempts, and how many


def store_entries(entries: Iterable[dict[str, Any]], index: str, client: Client, address: ClusterAddress) -> None:
    """Store entries in an index of this name and mark it as complete. Raises IndexUnavailable if the cluster fails or
    does not have what it was sent."""
    make_index(index, client, address)
    sent, total = Counter[str](), 0
    with ThreadPoolExecutor(SENDERS) as senders:
        running: deque[Future[None]] = deque()
        for lines, batch in batches(entries):
            running.append(senders.submit(send, lines, index, client))
            if len(running) > SENDERS:  # so that few requests are in memory
                running.popleft().result()
            sent.update(entry["kind"] for entry in batch)
            total += sum(entry["checksum"] for entry in batch)
        for each in running:
            each.result()
    refresh(index, client)
    check(index, client, sent, total)
    for lines, _ in batches([{"kind": COMPLETE, "n": 0, "id": ""}]):
        send(lines, index, client)
    refresh(index, client)


def is_complete(index: str, client: Client) -> bool:
    """Whether an index is there and complete. Raises IndexUnavailable if the cluster cannot be asked."""
    try:
        client.request("GET", f"/{index}/_doc/{entry_id(COMPLETE, '')}?_source=false")
    except NotFound:
        return False
    return True


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


# --- entries -------------------------------------------------------------------------------------


def version_entries(version: VersionContent) -> Iterator[dict[str, Any]]:
    """All entries of a version."""
    content, sections = version.content, sections_of(version)
    records: dict[str, Mapping[str, object]] = {
        "document": {document.id: document for document in content.documents},
        "overview": {each.document.id: each for each in version.manifest.documents},
        "reference": {reference.id: reference for reference in content.references},
        "uses": all_uses(content),
        "notes": notes_by_document(version),
    }
    yield from pieces(sections)
    for kind, by_id in records.items():
        for number, (id, record) in enumerate(by_id.items()):
            yield record_entry(kind, number, id, record)
    yield from passage_entries(version, sections)


def passage_entries(version: VersionContent, sections: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An entry for each passage: its terms, to be searched; the numbers of its words; how many it has, and how many are
    in the title and before the text; the number of its combination of tags; for each sentence, what `SentenceMarks`
    has; the record to show."""
    words, starts = sections["words"], sections["words.starts"]
    shapes = zip(*(sections[f"words.{name}"].tolist() for name in ("lengths", "titles", "texts")), strict=True)
    sentences = [*zip(sections["sentences.firsts"].tolist(), sections["sentences.kinds"].tolist(), strict=True)]
    quoted = (quotation for document in version.content.documents for quotation in quotations(document))
    rows = zip(quoted, version.parts, shapes, sections["tags.of_passages"].tolist(), strict=True)
    for number, (quotation, parts, shape, tags) in enumerate(rows):
        passage = quotation.passage
        yield {
            **record_entry(PASSAGE, number, passage.id, quotation),
            "terms": " ".join(token.term for part in parts for token in part),
            "tagged": list(dict.fromkeys(tag.id for tag in passage.conditions)),
            "words": in_base64(words[starts[number] : starts[number + 1]].tobytes()),
            "shape": shape,
            "tags": tags,
            "sentences": sentences[sections["sentences.starts"][number] : sections["sentences.starts"][number + 1]],
        }


def notes_by_document(version: VersionContent) -> dict[str, list[Note]]:
    """The notes on each document in reading order; an empty list for a document without notes."""
    notes: dict[str, list[Note]] = {document.id: [] for document in version.content.documents}
    for note in sorted(version.content.notes, key=lambda note: note.start):
        notes.setdefault(note.document, []).append(note)
    return notes


# --- requests ------------------------------------------------------------------------------------


def batches(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
    """The entries with checksums, in requests of about BATCH bytes."""
    lines: list[bytes] = []
    batch: list[dict[str, Any]] = []
    size = 0
    for entry in map(with_checksum, entries):
        lines.append(line_of(entry))
        batch.append(entry)
        size += len(lines[-1])
        if size >= BATCH:
            yield b"".join(lines), batch
            lines, batch, size = [], [], 0
    if lines:
        yield b"".join(lines), batch


def with_checksum(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with a number that depends on all of it: 24 bits, so that sums over millions of entries are exact."""
    return entry | {"checksum": zlib.crc32(orjson.dumps(entry)) & 0xFFFFFF}


def line_of(entry: dict[str, Any]) -> bytes:
    """An entry as two lines of a bulk request. It is created only if it is not there: a repeated request that had
    succeeded would otherwise change the term statistics."""
    head = {"create": {"_id": entry_id(entry["kind"], entry["id"])}}
    return orjson.dumps(head) + b"\n" + orjson.dumps(entry) + b"\n"


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


def check(index: str, client: Client, sent: Mapping[str, int], total: int) -> None:
    """Compare what the cluster has with what was sent. Raises IndexUnavailable."""
    body = {
        "size": 0,
        "query": {"bool": {"must_not": {"term": {"kind": COMPLETE}}}},
        "aggs": {"kinds": {"terms": {"field": "kind", "size": 20}}, "sum": {"sum": {"field": "checksum"}}},
    }
    found = client.request("POST", f"/{index}/_search", body, within=STORE_WITHIN)["aggregations"]
    counted = {bucket["key"]: bucket["doc_count"] for bucket in found["kinds"]["buckets"]}
    if counted != dict(sent) or int(found["sum"]["value"]) != total:
        raise IndexUnavailable(
            f"The index {index} has {counted}, but {dict(sent)} were sent, or their checksums differ. "
            "Delete it and publish again."
        )
