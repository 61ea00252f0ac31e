"""A service on a real OpenSearch cluster: the same answers as on memory:, also while nodes are killed, versions change
or the cluster is lost; behind TLS and a password; and publishing that was interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.cache import temporary_cache
from qa.errors import IndexUnavailable
from qa.indexes import OpenIndex, open_index
from qa.indexes.opensearch import cluster as versions
from qa.indexes.opensearch import publishing
from qa.indexes.opensearch.client import Client
from qa.indexing.publish import publish
from qa.indexing.ready import publish_ready
from qa.indexing.vectors import open_with_vectors
from qa.models import Answer
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import SHIPPED, corpus_of_page, page_names
from testkit.encoders import tiny_encoder
from testkit.opensearch_nodes import Cluster
from testkit.reliability import report
from testkit.servers import WAIT, free_port

pytestmark = [pytest.mark.slow, pytest.mark.cluster]

LONG = os.environ.get("QA_FAULTS") == "long"

QUESTIONS = [
    "Does ketamine reduce cocaine craving?",
    "How many people stopped drinking?",
    "Is psychotherapy needed with ketamine?",
    "What are the side effects?",
    "Does it help people with opioid withdrawal sleep?",
    "Which trials compared ketamine with midazolam?",
    "Is ketamine safe in pregnancy?",
    "Wer gewann die Wahl?",
    "How do I bake bread?",
    "What is the evidence for tobacco and cannabis? And for alcohol?",
]


def address(cluster: Cluster, name: str) -> str:
    return f"opensearch+http://{','.join(cluster.hosts)}/{name}?shards=3&replicas=1"


def both(corpus: Path, url: str) -> tuple[OpenIndex, OpenIndex]:
    """The same version in memory and in the cluster."""
    kept = temporary_cache()
    return tuple(open_index(each, publish(corpus, each, kept=kept), kept) for each in ("memory:", url))  # type: ignore[return-value]


def asked(index: OpenIndex) -> list[Answer]:
    return [answer(question, index, Options(explain=True)) for question in QUESTIONS]


# --- the same answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["shipped", *page_names()[:3]])
def test_answers_are_those_of_memory(name: str, cluster: Cluster, tmp_path: Path) -> None:
    """With their scores, and what the service says of documents and works."""
    corpus = SHIPPED if name == "shipped" else corpus_of_page(name, tmp_path)
    memory, stored = both(corpus, address(cluster, "same"))
    assert asked(stored) == asked(memory)
    assert list(stored.documents()) == list(memory.documents())
    assert list(stored.references()) == list(memory.references())
    for work in memory.references():
        assert stored.uses(work.id) == memory.uses(work.id)


def test_answers_with_vectors_are_those_of_memory(cluster: Cluster) -> None:
    kept, encoder, url = temporary_cache(), tiny_encoder(), address(cluster, "vectors")
    memory, stored = (
        open_with_vectors(each, publish(SHIPPED, each, kept=kept), kept, encoder) for each in ("memory:", url)
    )
    assert (memory.encoder, stored.encoder) == ("on", "on")
    assert asked(stored) == asked(memory)


def test_an_answer_takes_one_request(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown comes with what is found, so that an answer with ten passages waits for the cluster once; the works
    that they cite are read together, and kept."""
    lanes = [{"_id": f"{n}", "title": f"Town {n}", "text": f"Cycle lanes cut crashes by {n} %."} for n in range(10, 40)]
    path = tmp_path / "corpus.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, lanes)))
    url, kept = address(cluster, "once"), temporary_cache()
    ready = open_index(url, publish_ready(path, url), kept)
    documents = open_index(url, publish(SHIPPED, url, kept=kept), kept)
    request, sent = Client.request, list[str]()

    def noted(self: Client, method: str, path: str, *given: Any, **more: Any) -> Any:
        sent.append(path.partition("?")[0].rpartition("/")[2])
        return request(self, method, path, *given, **more)

    monkeypatch.setattr(Client, "request", noted)
    cases = [
        (ready, "Do cycle lanes cut crashes?", ["_search"], "each passage is a document of its own"),
        (ready, "How many crashes do cycle lanes prevent?", ["_search"], "other passages"),
        (
            documents,
            "Is ketamine given with psychotherapy?",
            ["_search"] * 2 + ["_mget"],
            "names looked up once; works",
        ),
        (documents, "Is psychotherapy needed with ketamine?", ["_search"], "the same names and works"),
    ]
    for index, question, expected, reason in cases:
        sent.clear()
        given = answer(question, index, Options(limit=10))
        assert len(given.answers) > 1, reason
        assert sent == expected, reason


# --- faults --------------------------------------------------------------------------------------


def test_a_node_killed_under_load_costs_no_wrong_answer(cluster: Cluster) -> None:
    memory, stored = both(SHIPPED, address(cluster, "killed"))
    expected = dict(zip(QUESTIONS, asked(memory), strict=True))
    wrong: list[str] = []
    asked_so_far: list[str] = []
    stopping = threading.Event()

    def ask() -> None:
        while not stopping.is_set():
            for question in QUESTIONS:
                asked_so_far.append(question)
                try:
                    if answer(question, stored, Options(explain=True)) != expected[question]:
                        wrong.append(question)
                except IndexUnavailable as error:
                    wrong.append(f"{question}: {error}")

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    try:
        time.sleep(1)
        cluster.nodes[0].kill()
        cluster.wait(2, ("yellow", "green"), node=1)
        end, enough = time.monotonic() + 300, len(asked_so_far) + (400 if LONG else 60)
        while len(asked_so_far) < enough and time.monotonic() < end:
            time.sleep(0.1)
    finally:
        stopping.set()
        for thread in asking:
            thread.join()
        cluster.nodes[0].start()
        cluster.wait(3)
    report("questions while a node is killed", len(asked_so_far), wrong)


def test_a_lost_cluster_is_503_and_never_an_empty_answer(cluster: Cluster) -> None:
    url = address(cluster, "lost")
    memory, stored = both(SHIPPED, url)
    client = create_app(Settings(corpus=SHIPPED, index=url, encoder="off"), stored).test_client()
    assert client.get("/", query_string={"q": QUESTIONS[0]}).status_code == 200
    for node in cluster.nodes:
        node.kill()
    try:
        wrong = []
        for path in ("/", "/api/v1/ask"):
            for question in QUESTIONS:
                response = client.get(path, query_string={"q": question})
                if response.status_code == 503 and response.headers["Retry-After"]:
                    continue
                if answer(question, memory, Options()).status != "abstained":  # without a word to look up
                    wrong.append(f"{path} {question}: {response.status_code}")
        report("questions to a cluster that is lost", 2 * len(QUESTIONS), wrong)
        assert client.get("/", query_string={"q": QUESTIONS[1]}).status_code == 503
    finally:
        for node in cluster.nodes:
            node.start()
        cluster.wait(3)
    end = time.monotonic() + WAIT
    while client.get("/", query_string={"q": QUESTIONS[1]}).status_code != 200 and time.monotonic() < end:
        time.sleep(0.5)
    assert client.get("/", query_string={"q": QUESTIONS[1]}).status_code == 200


def test_interrupted_publishing_is_never_opened_and_completed_later(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, kept = address(cluster, "interrupted"), temporary_cache()
    send, sent = publishing.send, []

    def stop_after_two(*given: Any) -> None:
        sent.append(given)
        if len(sent) > 2:
            raise KeyboardInterrupt
        send(*given)

    monkeypatch.setattr(publishing, "BATCH", 1 << 12)
    monkeypatch.setattr(publishing, "send", stop_after_two)
    with pytest.raises(KeyboardInterrupt):
        publish(SHIPPED, url, kept=kept)
    version = publish(SHIPPED, "memory:", kept=kept)
    with pytest.raises(IndexUnavailable):
        open_index(url, version, kept)
    monkeypatch.setattr(publishing, "send", send)
    assert publish(SHIPPED, url, kept=kept) == version
    memory, stored = (asked(open_index(each, version, kept)) for each in ("memory:", url))
    wrong = [question for question, one, two in zip(QUESTIONS, memory, stored, strict=True) if one != two]
    report("interrupted publishing in a cluster", len(QUESTIONS), wrong)


def test_entries_that_are_missing_or_changed_are_noticed(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the cluster has lost or changed something, the version is not published."""
    url, kept = address(cluster, "damaged"), temporary_cache()
    check = publishing.check

    def damage_then_check(index: str, client: Any, *rest: Any) -> None:
        found = client.request("POST", f"/{index}/_search", {"query": {"term": {"kind": "passage"}}, "size": 1})
        client.request("DELETE", f"/{index}/_doc/{found['hits']['hits'][0]['_id']}?refresh=true")
        check(index, client, *rest)

    monkeypatch.setattr(publishing, "check", damage_then_check)
    with pytest.raises(IndexUnavailable, match="publish again"):
        publish(SHIPPED, url, kept=kept)
    served = versions.is_in_cluster(url, publish(SHIPPED, "memory:", kept=kept))
    report("entries lost while publishing", 1, ["published"] if served else [])


# --- in front: TLS and a password ----------------------------------------------------------------


@contextmanager
def secured(cluster: Cluster, folder: Path) -> Iterator[tuple[str, Path]]:
    """nginx before the first node, with TLS and a password; its address and its certificate."""
    certificate, key, port = folder / "certificate.pem", folder / "key.pem", free_port()
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    subprocess.run([*made.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    hashed = subprocess.run(
        ["openssl", "passwd", "-apr1", "s3cret"], check=True, capture_output=True, text=True
    ).stdout.strip()
    (folder / "users").write_text(f"reader:{hashed}\n")
    (folder / "nginx.conf").write_text(
        f"""
{"user root;" if os.getuid() == 0 else ""} daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port} ssl; server_name localhost; client_max_body_size 16m;
        ssl_certificate {certificate}; ssl_certificate_key {key};
        auth_basic "index"; auth_basic_user_file {folder}/users;
        location / {{ proxy_pass http://{cluster.hosts[0]}; }}
    }}
}}"""
    )
    folder.chmod(0o755)
    server = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"])
    try:
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"localhost:{port}", certificate
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(WAIT)


def test_users_tls_and_the_certificate_are_set_by_the_environment(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("nginx") or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not installed (Debian, Ubuntu: apt install nginx-light openssl)")
    with secured(cluster, tmp_path) as (host, certificate):
        url, kept = f"opensearch+https://{host}/secured", temporary_cache()
        attempts = {
            "no certificate": {"QA_OPENSEARCH_USER": "reader", "QA_OPENSEARCH_PASSWORD": "s3cret"},
            "no password": {"QA_OPENSEARCH_CA": str(certificate)},
            "wrong password": {"QA_OPENSEARCH_CA": str(certificate), "QA_OPENSEARCH_USER": "reader"}
            | {"QA_OPENSEARCH_PASSWORD": "guess"},
        }
        for reason, given in attempts.items():
            with monkeypatch.context() as environment:
                for name, value in given.items():
                    environment.setenv(name, value)
                versions.connect.cache_clear()
                with pytest.raises(IndexUnavailable):
                    publish(SHIPPED, url, kept=kept)
                assert reason
        monkeypatch.setenv("QA_OPENSEARCH_CA", str(certificate))
        monkeypatch.setenv("QA_OPENSEARCH_USER", "reader")
        monkeypatch.setenv("QA_OPENSEARCH_PASSWORD", "s3cret")
        versions.connect.cache_clear()
        stored = open_index(url, publish(SHIPPED, url, kept=kept), kept)
        assert asked(stored)[0].status == "answered"
    versions.connect.cache_clear()
