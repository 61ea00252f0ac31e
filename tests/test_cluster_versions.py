"""Versions in a real cluster: the commands, web machines without documents, and backups."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.cache import temporary_cache
from qa.errors import IndexUnavailable
from qa.indexes import open_index
from qa.indexes.opensearch import cluster as versions
from qa.indexes.opensearch.versions import index_named
from testkit.encoders import write_tiny_encoder
from testkit.load import (
    QUESTION,
    built,
    load_on,
    new_corpus,
    publish_under_load,
    qa_index,
    reworded,
    served_index,
)
from testkit.opensearch_nodes import SNAPSHOTS, Cluster
from testkit.reliability import report

pytestmark = [pytest.mark.slow, pytest.mark.cluster]

LONG = os.environ.get("QA_FAULTS") == "long"


# Field of a passage, what is replaced, by what
CHANGES = [("id", "", "other"), ("terms", " ", "  "), ("packed", "A", "B"), ("tagged", "", ["other"])]


def address(cluster: Cluster, name: str) -> str:
    return f"opensearch+http://{','.join(cluster.hosts)}/{name}?shards=2&replicas=1"


def names_listed(url: str) -> list[str]:
    """The versions that `qa index list` lists; the one that is served with its mark."""
    return [
        line.lstrip("* ").split()[0] + "*" * line.startswith("*")
        for line in qa_index(url, "list").output.split("\n")[:-1]
    ]


def test_the_commands(cluster: Cluster, tmp_path: Path) -> None:
    url, corpus = address(cluster, "commands"), new_corpus(tmp_path)
    neighbour = address(cluster, "commands-of-others")  # another service, whose name begins like ours
    other = built(neighbour, corpus)
    assert names_listed(url) == []
    first = built(url, corpus)
    reworded(corpus, "clearly lower")
    second = built(url, corpus)
    assert [name.partition(".")[0] for name in names_listed(url)] == [first, second]
    assert [name.endswith("*") for name in names_listed(url)] == [False, True]
    verified = qa_index(url, "verify")
    assert verified.exit_code == 0
    assert verified.output.count("as they were made") == 2
    assert qa_index(url, "promote", first).exit_code == 0
    assert [name.endswith("*") for name in names_listed(url)] == [True, False]
    assert "qa index list" in qa_index(url, "promote", "0123").output
    assert qa_index(url, "prune", "--keep", "1").output == ""  # the current one is the oldest
    assert qa_index(url, "promote", second).exit_code == 0
    assert first in qa_index(url, "prune", "--keep", "1").output
    assert len(names_listed(url)) == 1
    assert [name.partition(".")[0] for name in names_listed(neighbour)] == [other]
    assert qa_index(neighbour, "verify").exit_code == 0


def test_ready_passages(cluster: Cluster, tmp_path: Path) -> None:
    """Each file is a version; one with a line that is no passage is none."""
    url, file = address(cluster, "ready-passages"), tmp_path / "passages.jsonl"
    line = '{{"_id": "{0}", "title": "Ketamine", "text": "Craving fell in group {0}."}}\n'
    for number in (1, 2):
        file.write_text("".join(map(line.format, range(5 * number))))
        result = qa_index(url, "build", str(file))
        assert result.exit_code == 0, result.output
    with file.open("a") as more:
        more.write("nothing\n")
    refused = qa_index(url, "build", str(file))
    assert refused.exit_code == 1
    assert "is no passage" in refused.output
    assert [name.endswith("*") for name in names_listed(url)] == [False, True]
    assert qa_index(url, "verify").exit_code == 0
    with served_index(url, tmp_path) as served:
        for path in ("?q=Did+craving+fall+in+group+7%3F", "documents/7", "about", "documents"):
            assert served.status(f"/{path}") == 200, path
        with pytest.raises(HTTPError, match="404"):
            served.status("/documents/no-such-id")


def test_a_changed_entry_is_noticed(cluster: Cluster, tmp_path: Path) -> None:
    url = address(cluster, "changed")
    version = built(url, new_corpus(tmp_path))
    client, of = versions.connect(url)
    index = index_named(versions.name_of_version(version), of)
    query = {"query": {"term": {"kind": "passage"}}, "size": 1}
    [hit] = client.request("POST", f"/{index}/_search", query)["hits"]["hits"]
    missed = []
    for field, old, new in CHANGES:
        value = hit["_source"][field]
        changed = value.replace(old, str(new)) if isinstance(value, str) else new
        client.request("POST", f"/{index}/_update/{hit['_id']}?refresh=true", {"doc": {field: changed}})
        verified = qa_index(url, "verify")
        if verified.exit_code != 1 or "damaged" not in verified.output or "qa index build" not in verified.output:
            missed.append(field)
        client.request("POST", f"/{index}/_update/{hit['_id']}?refresh=true", {"doc": {field: value}})
    report("entries changed in a cluster", len(CHANGES), missed)


def test_an_index_that_is_deleted_is_503_and_not_an_empty_answer(cluster: Cluster, tmp_path: Path) -> None:
    url = address(cluster, "deleted")
    index = open_index(url, built(url, new_corpus(tmp_path)), temporary_cache())
    client, _ = versions.connect(url)
    client.request("DELETE", f"/{index.entries.index}")  # type: ignore[attr-defined]
    with pytest.raises(IndexUnavailable):
        answer(QUESTION, index, Options())
    report("questions to a deleted index", 1, [])


def test_new_versions_while_visitors_ask(cluster: Cluster, tmp_path: Path) -> None:
    """The web machine has no documents, and serves each new version when it is current."""
    url, corpus = address(cluster, "reload"), new_corpus(tmp_path)
    built(url, corpus)
    with served_index(url, tmp_path) as served:
        load = publish_under_load(url, corpus, served, 10 if LONG else 2)
        for page in ("documents/ketamine-substance-use-disorders", "references", "coverage", "about"):
            assert served.status(f"/{page}") == 200, page
    report("requests while versions in a cluster change", load.requests, load.failed)


def test_vectors_come_with_a_version(cluster: Cluster, tmp_path: Path) -> None:
    """So that web machines need not make them."""
    url, encoder = address(cluster, "with-vectors"), str(tmp_path / "encoder")
    (tmp_path / "encoder").mkdir()
    write_tiny_encoder(tmp_path / "encoder")
    result = qa_index(url, "build", str(new_corpus(tmp_path)), encoder=encoder)
    assert result.exit_code == 0, result.output
    with served_index(url, tmp_path, QA_ENCODER=encoder) as served:
        assert served.ready()["encoder"] == "on"
    assert "making vectors" not in (tmp_path / "log").read_text()


def test_neither_a_version_nor_documents(cluster: Cluster, tmp_path: Path) -> None:
    url = address(cluster, "nothing")
    with pytest.raises(AssertionError, match="There is no version in"), served_index(url, tmp_path):
        pass


def test_a_backup_is_restored(cluster: Cluster, tmp_path: Path) -> None:
    """As docs/operations.md says: a snapshot in a folder that all nodes share."""
    url = address(cluster, "backup")
    version = built(url, new_corpus(tmp_path))
    location = str(cluster.nodes[0].folder.parent / SNAPSHOTS)
    cluster.send("PUT", "/_snapshot/backup", {"type": "fs", "settings": {"location": location}})
    chosen = {"indices": "backup-*", "include_global_state": False}
    made = cluster.send("PUT", "/_snapshot/backup/first?wait_for_completion=true", chosen)
    assert made["snapshot"]["state"] == "SUCCESS"  # type: ignore[index]
    [name] = names_listed(url)
    cluster.send("DELETE", f"/backup-{name.rstrip('*').replace('.', '-')}", None)
    assert names_listed(url) == []
    cluster.send("POST", "/_snapshot/backup/first/_restore?wait_for_completion=true", chosen)
    assert qa_index(url, "verify").exit_code == 0
    assert names_listed(url) == [name]  # the alias is restored too
    restored = open_index(url, version, temporary_cache()).manifest.version
    report("snapshots restored in a cluster", 1, [] if restored == version else [restored])


@pytest.mark.skipif(not LONG, reason="takes minutes: ./run check-faults restarts all nodes")
def test_nodes_restarted_one_by_one_while_visitors_ask(cluster: Cluster, tmp_path: Path) -> None:
    """As docs/operations.md says of an upgrade: each node is stopped, started and waited for."""
    url = address(cluster, "rolling")
    version = built(url, new_corpus(tmp_path))
    with served_index(url, tmp_path) as served, load_on(served.url) as load:
        for number, node in enumerate(cluster.nodes):
            with without_moving_shards(cluster, (number + 1) % 3):
                node.kill(signal.SIGTERM)
                node.start()
                cluster.wait(3, ("yellow", "green"), number)
            cluster.wait(3, node=number)
    report("requests while nodes are restarted one by one", load.requests, load.failed)
    assert {*load.seen} == {version}
    assert len(load.seen[version]) == 1


@contextmanager
def without_moving_shards(cluster: Cluster, node: int) -> Iterator[None]:
    """A node that comes back soon keeps its shards."""
    for value in ("primaries", None):
        setting = {"persistent": {"cluster.routing.allocation.enable": value}}
        cluster.send("PUT", "/_cluster/settings", setting, node)
        if value:
            yield
