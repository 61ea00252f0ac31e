"""Slow, oversized and malformed requests to a real server: they get an error and do not delay others."""

from __future__ import annotations

import asyncio
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from qa.server.adapter import MAX_WAITING, WsgiAdapter
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import SHIPPED, shipped
from tests.conftest import Start

pytestmark = pytest.mark.slow

HOST = b"Host: 127.0.0.1\r\n"
LONG = b"Content-Length: 60000\r\n"
STALLED = 40  # clients; formerly one was enough to block a worker


@pytest.fixture(scope="module")
def port(start: Start) -> int:
    url = start("-m", "qa", "serve", port_option="--port {port}", environment={"QA_WORKERS": "1"})
    return int(url.rpartition(":")[2])


@pytest.fixture(scope="module")
def limited(start: Start) -> int:
    """A service that accepts one request a minute from an address."""
    settings = {"QA_WORKERS": "1", "QA_RATE_LIMIT": "1"}
    return int(start("-m", "qa", "serve", port_option="--port {port}", environment=settings).rpartition(":")[2])


def send(port: int, request: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(request)
    return connection


def answer(connection: socket.socket) -> bytes:
    """Return everything the server sends until it closes the connection."""
    with connection:
        return b"".join(iter(lambda: connection.recv(65536), b""))


def is_alive(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=4) as response:
        return bool(response.status == 200)


ROUTES = [
    # (request line, headers, why)
    (b"POST /api/v1/ask", HOST, "it reads a body"),
    (b"GET /nope", HOST, "error pages read the body"),
    (b"GET /?q=", HOST, "an error on an existing page"),
    (b"PUT /static/x", HOST, "a method that is not allowed"),
    (b"GET /healthz", HOST, "no error"),
    (b"POST /api/v1/ask", b"Host: evil.example\r\n", "a host that is refused"),
    (b"POST /api/v1/ask", HOST + b"Expect: 100-continue\r\n", "it waits to be asked for the body"),
]


@pytest.mark.parametrize(("line", "headers", "why"), ROUTES)
def test_a_stalled_body_does_not_delay_others(port: int, line: bytes, headers: bytes, why: str) -> None:
    stalled = [send(port, line + b" HTTP/1.1\r\n" + headers + LONG + b"\r\n{") for _ in range(STALLED)]
    assert [is_alive(port) for _ in range(3)] == [True] * 3, why
    for connection in stalled:
        connection.close()


def test_a_429_does_not_wait_for_the_body(limited: int) -> None:
    stalled = [send(limited, b"GET /nope HTTP/1.1\r\n" + HOST + LONG + b"\r\n") for _ in range(STALLED)]
    assert is_alive(limited)
    for connection in stalled:
        connection.close()


ANSWERS = [
    # (request, status, why)
    (b"POST /api/v1/ask HTTP/1.1\r\n" + HOST + LONG + b"\r\n{", b"408", "an incomplete body"),
    (b"GET /nope HTTP/1.1\r\n" + HOST + LONG + b"\r\n", b"408", "the same where no body is expected"),
    (b"POST /api/v1/ask HTTP/1.1\r\n" + HOST + b"Content-Length: 65537\r\n\r\n", b"413", "rejected unread"),
    (b"POST /api/v1/ask HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n", b"411", "no Content-Length"),
]
CLOSE = b"Connection: close\r\n"
REFUSED = [
    (b"GET /healthz HTTP/1.1\r\n" + CLOSE + b"\r\n", b"400", "no host"),
    (b"GET /healthz HTTP/1.1\r\nHost:\r\n" + CLOSE + b"\r\n", b"400", "an empty host"),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + b"Host: evil\r\n" + CLOSE + b"\r\n", b"400", "two hosts"),
    (
        b"GET http://evil.example/healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
        b"400",
        "another host in the request line",
    ),
    (
        b"GET http://127.0.0.1/healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n",
        b"200",
        "the same host in the request line",
    ),
    (b"get /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n", b"400", "methods are case-sensitive"),
    (b"GET /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"Transfer_Encoding: chunked\r\n\r\n", b"200", "not a known header"),
]


@pytest.mark.parametrize(("request_sent", "status", "why"), ANSWERS + REFUSED)
def test_bad_requests_are_rejected_and_the_connection_is_closed(
    port: int, request_sent: bytes, status: bytes, why: str
) -> None:
    received = answer(send(port, request_sent))
    assert received.startswith(b"HTTP/1.1 " + status), why
    assert b"connection: close" in received.lower()
    assert b"content-security-policy" in received.lower()
    assert b"granian" not in received


def test_the_connection_is_kept_where_possible(port: int) -> None:
    """Two requests on one connection: one with an unexpected body, and HEAD."""
    first = b"GET /nope HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\n\r\nabc"
    second = b"HEAD /healthz HTTP/1.1\r\n" + HOST + CLOSE + b"\r\n"
    received = answer(send(port, first + second))
    assert received.startswith(b"HTTP/1.1 404")
    assert received.endswith(b"\r\n\r\n"), "HEAD has no body"
    assert b"content-length: 18" in received[received.rindex(b"HTTP/1.1") :]


def test_there_is_no_http_2(port: int) -> None:
    """Browsers do not use it without TLS, and its idle connections had no timeout."""
    assert b"HTTP/1.1 200" not in answer(send(port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))


# --- overload ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "kind"), [("/", "text/html"), ("/api/v1/version", "application/problem+json")])
def test_requests_beyond_the_queue_get_a_503_with_retry_after(path: str, kind: str) -> None:
    received = answers_at_once(path, MAX_WAITING + 50)
    assert [status for status, _, _ in received].count(200) == MAX_WAITING
    refused = [dict(headers) for status, headers, _ in received if status == 503]
    assert len(refused) == 50
    assert all(headers["Content-Type"].startswith(kind) for headers in refused)
    assert all(int(headers["Retry-After"]) > 0 for headers in refused)


def test_health_checks_are_answered_during_overload() -> None:
    received = answers_at_once("/healthz", MAX_WAITING + 5)
    assert {status for status, _, _ in received} == {200}


def answers_at_once(path: str, number: int) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    """In a thread, because the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, all_at_once(path, number)).result()


async def all_at_once(path: str, number: int) -> list[tuple[int, list[tuple[str, str]], bytes]]:
    adapter = WsgiAdapter(create_app(Settings(corpus=SHIPPED), shipped()))
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
    }
    return await asyncio.gather(*(adapter.respond({**environ, "wsgi.input": BytesIO()}) for _ in range(number)))
