"""Requests to a cluster: another node when one fails, within time limits, and at once when none is left."""

from __future__ import annotations

import json
import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from select import select
from typing import Any

import pytest

from qa.errors import BadSetting, IndexUnavailable, NotFound
from qa.indexes.opensearch.address import ClusterAddress, read_cluster_address
from qa.indexes.opensearch.client import Access, Client
from qa.indexes.opensearch.entries import Entries
from testkit.servers import WAIT


class Behaviour:
    """What a node answers next, and what it was asked."""

    def __init__(self, status: int = 200, body: bytes = b'{"ok": true}', hangs: bool = False) -> None:
        self.status, self.body = status, body
        self.goes_on = threading.Event()
        if not hangs:
            self.goes_on.set()
        self.asked: list[str] = []
        self.senders: list[tuple[str, object]] = []  # the path and the address of the connection
        self.authorization: str | None = None
        self.closing = False  # without saying so


@contextmanager
def node(behaviour: Behaviour) -> Iterator[str]:
    """A server that behaves so; its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            behaviour.asked.append(self.path)
            behaviour.senders.append((self.path, self.client_address))
            behaviour.authorization = self.headers["Authorization"]
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            behaviour.goes_on.wait(WAIT)
            self.send_response(behaviour.status)
            self.send_header("Content-Length", str(len(behaviour.body)))
            self.end_headers()
            self.close_connection = behaviour.closing
            with suppress(OSError):  # the client has given up
                self.wfile.write(behaviour.body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        behaviour.goes_on.set()
        server.shutdown()
        server.server_close()


UNUSED = "http://127.0.0.1:1"  # nothing listens there


def clock_that_stands() -> float:
    """A node that is left out is left out until the end of the test, however long that takes."""
    return 100.0


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (Behaviour(503), "a node that is starting or stopping"),
        (Behaviour(502), "a proxy without its node"),
        (Behaviour(429), "a node whose queue is full"),
        (Behaviour(hangs=True), "a node that hangs"),
        (None, "a node that is down"),
    ],
)
def test_another_node_is_asked(first: Behaviour | None, reason: str) -> None:
    with ExitStack() as nodes:
        good = Behaviour()
        urls = [nodes.enter_context(node(first)) if first else UNUSED, nodes.enter_context(node(good))]
        client = Client(urls, clock=clock_that_stands)
        answers = [client.request("POST", "/x", {"a": 1}) for _ in range(4)]
    assert answers == [{"ok": True}] * 4, reason
    assert first is None or len(first.asked) == 1  # then it is left out


def test_a_request_that_fails_on_one_node_is_sent_to_another() -> None:
    """A node that is being stopped fails on a search that others answer. It may be the request, so the node is not left
    out: if all fail, that is said, and the next request is sent."""
    body = b'{"error": {"type": "search_phase_execution_exception"}}'
    stopping, other = Behaviour(500, body), Behaviour()
    with node(stopping) as first, node(other) as second:
        client = Client([first, second], clock=clock_that_stands)
        assert [client.request("POST", "/x", {"a": 1}) for _ in range(4)] == [{"ok": True}] * 4
        other.status, other.body = 500, body
        with pytest.raises(IndexUnavailable):
            client.request("POST", "/x", {"a": 1})
        other.status, other.body = 200, b"{}"
        assert client.request("POST", "/x", {"a": 1}) == {}


def test_a_search_that_fails_on_all_nodes_is_repeated() -> None:
    """For a moment, all of them may count on one that is being stopped."""

    class Recovering(Behaviour):
        @property
        def status(self) -> int:
            return 500 if len(self.asked) < 2 else 200

        @status.setter
        def status(self, _: int) -> None:
            pass

    found: dict[str, Any] = {"_shards": {"failed": 0}, "hits": {"hits": [{"_source": {"n": 1}}]}}
    with node(Recovering(body=json.dumps(found).encode())) as only:
        assert Entries(Client([only], clock=clock_that_stands), "x").search({}) == found["hits"]["hits"]


def test_a_failed_node_is_asked_again_later() -> None:
    now = [100.0]
    bad, good = Behaviour(503), Behaviour()
    with node(bad) as first, node(good) as second:
        client = Client([first, second], clock=lambda: now[0])
        for _ in range(4):
            client.request("GET", "/x")
        assert len(bad.asked) == 1
        bad.status = 200
        now[0] += 0.6
        for _ in range(4):
            client.request("GET", "/x")
        assert len(bad.asked) == 3


def test_it_is_left_out_longer_each_time() -> None:
    now, bad = [0.0], Behaviour(503)
    with node(bad) as only:
        client = Client([only], clock=lambda: now[0])
        tried: list[float] = []
        for _ in range(400):
            with pytest.raises(IndexUnavailable):
                client.request("GET", "/x")
            if len(tried) < len(bad.asked):
                tried.append(now[0])
            now[0] += 0.25
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_without_any_node_requests_fail_at_once() -> None:
    hanging = Behaviour(hangs=True)
    with node(hanging) as only:
        client = Client([only], clock=clock_that_stands)
        with pytest.raises(IndexUnavailable):
            client.request("GET", "/x", within=0.1)
        while not hanging.asked:  # it sees the request, if later
            time.sleep(0.01)
        for _ in range(50):
            with pytest.raises(IndexUnavailable):
                client.request("GET", "/x", within=0.1)
    assert len(hanging.asked) == 1  # the other fifty did not wait for it


@pytest.mark.parametrize(
    ("behaviour", "error", "reason"),
    [
        (Behaviour(404, b'{"found": false}'), NotFound, "no such index or entry"),
        (Behaviour(400, b'{"error": {"type": "parsing_exception"}}'), IndexUnavailable, "a refused request"),
        (Behaviour(401, b"Unauthorized"), IndexUnavailable, "a wrong password"),
        (Behaviour(200, b"<html>"), IndexUnavailable, "not OpenSearch"),
    ],
)
def test_refusals(behaviour: Behaviour, error: type[Exception], reason: str, capfd: pytest.CaptureFixture[str]) -> None:
    with node(behaviour) as only, pytest.raises(error):
        Client([only]).request("POST", "/x", {"query": "a visitor's secret words"})
    assert "secret" not in capfd.readouterr().err, reason


def test_the_password_is_sent_and_never_logged(capfd: pytest.CaptureFixture[str]) -> None:
    behaviour = Behaviour(403, json.dumps({"error": {"type": "security_exception"}}).encode())
    with node(behaviour) as only, pytest.raises(IndexUnavailable):
        Client([only], Access("reader", "s3cret")).request("GET", "/x")
    assert behaviour.authorization == "Basic cmVhZGVyOnMzY3JldA=="
    assert "s3cret" not in capfd.readouterr().err


def test_connections_are_kept() -> None:
    behaviour = Behaviour()
    with node(behaviour) as only:
        client = Client([only])
        for _ in range(10):
            client.request("GET", "/x")
    assert len({sender for _, sender in behaviour.senders}) == 1


def test_a_connection_that_the_node_has_closed_is_replaced() -> None:
    behaviour = Behaviour()
    with node(behaviour) as only:
        client = Client([only])
        for behaviour.closing in (True, False, False):
            assert client.request("GET", "/x") == {"ok": True}
            if behaviour.closing:
                select(client._nodes[0].connections._idle, [], [], WAIT)  # until the node has closed its side
    first, *others = (sender for _, sender in behaviour.senders)
    assert [first not in others, len({*others})] == [True, 1]


def test_a_forked_process_has_connections_of_its_own() -> None:
    """Over a shared one, processes would get each other's answers."""
    behaviour = Behaviour()
    with node(behaviour) as only:
        client = Client([only])
        client.request("GET", "/first")
        forked = multiprocessing.get_context("fork").Process(target=client.request, args=("GET", "/second"))
        forked.start()
        forked.join(WAIT)
        client.request("GET", "/third")
    assert forked.exitcode == 0
    assert [path for path, _ in behaviour.senders] == ["/first", "/second", "/third"]
    first, second, third = (sender for _, sender in behaviour.senders)
    assert first == third != second


# --- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("opensearch+https://a:9200/ev", ClusterAddress(("https://a:9200",), "ev", 1, 1)),
        ("opensearch+http://a:1,b:2/ev?shards=3&replicas=0", ClusterAddress(("http://a:1", "http://b:2"), "ev", 3, 0)),
    ],
)
def test_addresses(url: str, address: ClusterAddress) -> None:
    assert read_cluster_address(url) == address


@pytest.mark.parametrize(
    ("url", "words", "reason"),
    [
        ("opensearch+https://a:9200", "a name in lower case", "no name"),
        ("opensearch+https://a:9200/Evidence", "a name in lower case", "OpenSearch allows no capitals"),
        ("opensearch+ftp://a/ev", "an address such as", "another protocol"),
        ("opensearch+https:///ev", "an address such as", "no node"),
        ("opensearch+https://user:pw@a:9200/ev", "QA_OPENSEARCH_PASSWORD", "addresses are logged"),
        ("opensearch+https://a:9200/ev?shards=many", "shards (1 to 1024)", "not a number"),
        ("opensearch+https://a:9200/ev?colour=1", "Known are", "an unknown option"),
    ],
)
def test_a_wrong_address_is_refused_with_what_to_do(url: str, words: str, reason: str) -> None:
    with pytest.raises(BadSetting) as error:
        read_cluster_address(url)
    assert words in str(error.value), reason
    assert "pw@" not in str(error.value)
