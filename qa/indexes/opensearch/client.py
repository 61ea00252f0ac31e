"""Requests to a cluster: over kept connections, within time limits, to another node if one fails.

A node that fails is left out for a while, twice as long each time. If none answers, requests fail at once until the
next one is due to be tried, so that a cluster that is down does not also block the service.
"""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import orjson

from qa.errors import IndexUnavailable, NotFound
from qa.indexes.opensearch.connections import NodeConnections
from qa.log import LOG

CONNECT_WITHIN = 0.5  # seconds; nodes are near
ANSWER_WITHIN = 2.0  # seconds for a search on one node, before another one is asked
STORE_WITHIN = 60.0  # seconds for a request that stores passages
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds that a failing node is left out
ELSEWHERE = {429, 502, 503, 504}  # the node cannot answer now; another one may
FAILED = 500  # a node that is being stopped answers so, but so do all nodes to a request that they fail on
UNAVAILABLE = "The index cannot be reached. Please try again in a moment."


class RequestFailed(IndexUnavailable):
    """All nodes failed on a request; it may be answered in a moment, if another node is just being stopped."""


class Access(NamedTuple):
    """How to be let in: a user with a password, and the file of the authority that signed the nodes' certificates;
    empty if not needed."""

    user: str = ""
    password: str = ""
    authority: Path | None = None


OPEN = Access()


class ClusterNode:
    """One node, and until when it is left out."""

    def __init__(self, url: str, access: Access) -> None:
        self.url = url
        self.connections = NodeConnections(url, headers_of(access), CONNECT_WITHIN, access.authority)
        self.pause, self.back_at = 0.0, 0.0

    def failed(self, now: float) -> None:
        self.pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self.pause))
        self.back_at = now + self.pause

    def answered(self) -> None:
        self.pause = self.back_at = 0.0


def headers_of(access: Access) -> str:
    """The headers that are the same for all requests."""
    credentials = b64encode(f"{access.user}:{access.password}".encode()).decode() if access.user else ""
    authorization = f"Authorization: Basic {credentials}\r\n" if credentials else ""
    return f"{authorization}Content-Type: application/json\r\n"


class Client:
    """Asks the nodes of a cluster. Safe to use from several threads. `clock` returns seconds."""

    def __init__(self, urls: Sequence[str], access: Access = OPEN, clock: Callable[[], float] = time.monotonic) -> None:
        self._urls, self._access, self._clock = urls, access, clock
        self._lock, self._turn, self._lost = Lock(), 0, False
        self._connect()

    def _connect(self) -> None:
        self._process = os.getpid()
        self._nodes = [ClusterNode(url, self._access) for url in self._urls]

    def request(self, method: str, path: str, body: object = None, *, within: float = ANSWER_WITHIN) -> Any:
        """Return the JSON that a node answers. `body` is sent as JSON, bytes as they are (one JSON object a line).

        Raises NotFound for an index or document that is not there, and IndexUnavailable if no node answers."""
        if os.getpid() != self._process:  # forked: over a shared connection, processes would get each other's answers
            self._connect()
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        last, refusal = "all nodes are left out for a while, since they failed", None
        for node in self._in_turn():
            try:
                answer = node.connections.request(method, path, data, within)
            except (HTTPException, OSError) as error:
                last = f"{node.url}: {type(error).__name__}"
            else:
                if answer.status == FAILED:
                    refusal = answer
                    continue
                if answer.status not in ELSEWHERE:
                    node.answered()
                    self._lost = False
                    return json_of(*answer)
                last = f"{node.url}: status {answer.status}"
            node.failed(self._clock())
            LOG.warning("index node failed", fault=last, left_out_for=node.pause)
        if refusal:
            return json_of(*refusal)
        if not self._lost:  # once, however many requests fail
            LOG.error("index unavailable", fault=last)
        self._lost = True
        raise IndexUnavailable(UNAVAILABLE)

    def _in_turn(self) -> Iterator[ClusterNode]:
        """The nodes that are not left out, each request beginning with another one."""
        with self._lock:
            self._turn += 1
            first = self._turn % len(self._nodes)
        for node in self._nodes[first:] + self._nodes[:first]:
            if node.back_at <= self._clock():
                yield node


def json_of(status: int, data: bytes) -> Any:
    """The JSON of an answer. Raises NotFound and, for any other refusal, IndexUnavailable."""
    if status == 404:
        raise NotFound(data.decode("utf-8", "replace")[:300])
    if status >= 400:
        LOG.error("index request refused", status=status, reason=reason_of(data))
        raise (RequestFailed if status == FAILED else IndexUnavailable)(UNAVAILABLE)
    try:
        return orjson.loads(data) if data else {}
    except orjson.JSONDecodeError:
        LOG.error("index request refused", status=status, reason="the answer is not JSON: is this OpenSearch?")
        raise IndexUnavailable(UNAVAILABLE) from None


def reason_of(data: bytes) -> str:
    """The type of a refusal. Its text may quote what was asked, so it is not logged."""
    try:
        return str(orjson.loads(data)["error"]["type"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return "unknown"
