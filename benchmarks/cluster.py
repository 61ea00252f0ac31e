"""Costs of an index in an OpenSearch cluster: `python -m benchmarks.cluster [PASSAGES]`.

Starts three nodes on this machine (testkit/opensearch_nodes.py), stores passages of scifact (QA_TEST_DATA), repeated up
to PASSAGES (default 15,000), and asks its questions. Nodes, load and this program share the same processors, so wall
times are upper bounds; ratios are within one run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson

from benchmarks.public_sets import DATA
from benchmarks.start import processor_time
from qa.cache import temporary_cache
from qa.editing.collections import read_collection, read_rows
from qa.indexes import open_index
from qa.indexes.opensearch import cluster as versions
from qa.indexes.opensearch import publishing
from qa.indexes.opensearch.client import STORE_WITHIN
from qa.indexes.opensearch.cluster import open_in_cluster
from qa.indexes.opensearch.passages import ClusterPassages
from qa.indexes.opensearch.ready import version_entries
from qa.indexes.stored_documents import VersionContent
from qa.indexing.publish import publish_content
from qa.models import Catalogue, Document
from qa.text.analysis import analyze
from testkit.opensearch_nodes import Cluster, missing, running_cluster

QUESTIONS, WARM, ROUNDS, SHOWN = 200, 200, 3, 10
JSON = {"Content-Type": "application/json"}


def repeated(documents: tuple[Document, ...], number: int) -> Iterator[Document]:
    """The documents again and again, each with an id of its own."""
    for place, document in enumerate(islice(cycle(documents), number)):
        id = f"{place}"
        yield replace(document, id=id, passages=tuple(replace(p, id=f"{id}.0", document=id) for p in document.passages))


def bulk(cluster: Cluster, content: Catalogue, url: str) -> None:
    """Print how long storing takes, beside sending the same bytes, ready made, over raw connections. Both make the
    index first, which is deleted afterwards, so that nodes have nothing else to do while the other one is timed."""
    made: list[VersionContent] = []
    store, versions.store_in_cluster = versions.store_in_cluster, lambda version, url: made.append(version)
    publish_content(content, url)
    versions.store_in_cluster = store
    [version] = made
    client, address = versions.connect(url)
    entries = map(publishing.bulk_lines, version_entries(version))
    ready = [b"".join(each.lines for each in batch) for batch in publishing.batches(entries)]
    raw, ours, cpu = [], [], []
    raw_cpu, ours_cpu = [], []
    for turn in range(ROUNDS):
        began, before = time.perf_counter(), cpu_of_all(cluster)
        publishing.make_index("raw", client, address)
        send_raw(cluster, "raw", ready)
        publishing.refresh("raw", client)
        raw.append(time.perf_counter() - began)
        raw_cpu.append(cpu_of_all(cluster) - before)
        client.request("DELETE", "/raw", within=STORE_WITHIN)
        began, began_cpu, before = time.perf_counter(), time.process_time(), cpu_of_all(cluster)
        publishing.store_entries(version_entries(version), "ours", client, address, {})
        ours.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
        ours_cpu.append(cpu_of_all(cluster) - before)
        if turn < ROUNDS - 1:
            client.request("DELETE", "/ours", within=STORE_WITHIN)
    size = client.request("GET", "/ours/_stats/store?filter_path=_all.primaries.store.size_in_bytes")
    per_passage = size["_all"]["primaries"]["store"]["size_in_bytes"] / len(content.documents)
    number = f"{len(content.documents):,} passages"
    print(f"store {number}, best of {ROUNDS}: {min(ours):.1f} s, client CPU {min(cpu):.1f} s")
    print(f"{per_passage:,.0f} bytes a passage")
    print(
        f"the same bytes, ready made, over raw connections until they are found: {min(raw):.1f} s; "
        f"ratio {min(ours) / min(raw):.2f} (goal 1.3); of the processor time of client and nodes together, "
        f"{min(ours_cpu) / min(raw_cpu):.2f}"
    )


def cpu_of_all(cluster: Cluster) -> float:
    """The processor time of this process and of the nodes so far, in seconds."""
    return time.process_time() + sum(processor_time(node.process.pid) for node in cluster.nodes if node.process)


def send_raw(cluster: Cluster, index: str, ready: list[bytes]) -> None:
    def work(part: int) -> None:
        connection = HTTPConnection(cluster.hosts[part], timeout=120)
        for lines in ready[part::2]:
            connection.request(
                "POST", f"/{index}/_bulk?filter_path=errors", lines, {"Content-Type": "application/json"}
            )
            assert not orjson.loads(connection.getresponse().read())["errors"]

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work, range(2)))


def questions(content: Catalogue, url: str) -> None:
    """Print what a question costs besides OpenSearch's own search, and whether its candidates are those of memory."""
    kept = temporary_cache()
    version = publish_content(content, url, kept)
    assert publish_content(content, "memory:", kept) == version
    memory, stored = open_index("memory:", version, kept), open_in_cluster(url, version, None)
    asked = [row["text"] for row in islice(read_rows(DATA / "retrieval/scifact/queries.jsonl"), QUESTIONS)]
    spent: list[tuple[float, float]] = []  # ms of OpenSearch, and of the round trip with decoding
    propose = ClusterPassages.proposed

    def measured(self: ClusterPassages, *given: Any) -> Any:
        began = time.perf_counter()
        proposed = propose(self, *given)
        spent.append((self.entries.took, 1000 * (time.perf_counter() - began)))
        return proposed

    ClusterPassages.proposed = measured  # type: ignore[method-assign, assignment]
    same, cpu, again = 0, 0.0, list[float]()
    for number, question in enumerate(asked[:WARM] + asked):
        terms = [token.term for token in analyze(question)]
        begun = time.process_time()
        found = stored.candidates(terms)
        if number >= WARM:
            cpu += time.process_time() - begun
            expected = memory.candidates(terms)
            same += (list(found.ids), list(found.scores)) == (list(expected.ids), list(expected.scores))
            began = time.perf_counter()
            ClusterPassages(stored.entries).several(found.ids[:SHOWN])
            again.append(1000 * (time.perf_counter() - began))
        else:
            spent.clear()
    ClusterPassages.proposed = propose  # type: ignore[method-assign]
    over = [round_trip - took for took, round_trip in spent]
    print(f"{len(asked)} questions, {same} with the same candidates and scores as memory:")
    print(f"OpenSearch's own search: median {median(took for took, _ in spent):.1f} ms")
    print(
        f"round trip and decoding less that: median {median(over):.2f} ms, p90 {quantiles(over, n=10)[-1]:.2f} (goal 3)"
    )
    print(f"client CPU for candidates: {1000 * cpu / len(asked):.2f} ms a question")
    print(f"a second request, for the records of {SHOWN} passages, would take: median {median(again):.2f} ms")


def main() -> None:
    if reason := missing():
        sys.exit(f"cannot run: {reason}")
    number = int(sys.argv[1]) if sys.argv[1:] else 15_000
    read = read_collection(DATA / "retrieval/scifact")
    content = replace(read, documents=tuple(repeated(read.documents, number)))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with running_cluster(Path(folder)) as cluster:
            url = f"opensearch+http://{','.join(cluster.hosts)}/benchmark?shards=3&replicas=0"
            bulk(cluster, content, url)
            questions(content, url)


if __name__ == "__main__":
    main()
