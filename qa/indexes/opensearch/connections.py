"""Connections to a node of a cluster, kept open between requests.

A request is one piece: sent as headers and body, as HTTP libraries do, it costs the client twice as much time and wakes
the node twice.
"""

from __future__ import annotations

import socket
import ssl
import weakref
from collections import deque
from functools import cached_property
from http.client import HTTPResponse
from pathlib import Path
from select import POLLIN, poll
from typing import NamedTuple
from urllib.parse import urlsplit

MOST_KEPT = 4  # connections to each node in each process
PORTS = {"http": 80, "https": 443}


class NodeAnswer(NamedTuple):
    """What a node answers: the status and the body."""

    status: int
    data: bytes


class NodeConnections:
    """Sends requests to the node at `url`. Safe to use from several threads. `connect_within` is in seconds;
    `authority` is the file of the authority that signed the node's certificate, if it is none that the system knows."""

    def __init__(self, url: str, headers: str, connect_within: float, authority: Path | None) -> None:
        parts = urlsplit(url)
        self._secure, self._authority, self._within = parts.scheme == "https", authority, connect_within
        self._host, self._port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        self._headers = f" HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}"
        self._idle: deque[socket.socket] = deque()
        weakref.finalize(self, close_all, self._idle)

    def request(self, method: str, path: str, body: bytes, within: float) -> NodeAnswer:
        """Send a request. Raises OSError, or TimeoutError if the node sends nothing for so many seconds, or
        HTTPException if it does not speak HTTP."""
        connection = self._kept() or self._opened()
        head = f"{method} {path}{self._headers}Content-Length: {len(body)}\r\n\r\n"
        try:
            connection.settimeout(within)
            connection.sendall(head.encode("ascii") + body)
            response = HTTPResponse(connection, method=method)
            response.begin()
            answer = NodeAnswer(response.status, response.read())
        except BaseException:
            connection.close()
            raise
        if response.will_close or len(self._idle) >= MOST_KEPT:
            connection.close()
        else:
            self._idle.append(connection)
        return answer

    def _kept(self) -> socket.socket | None:
        """A connection that is kept and that the node has not closed; None if there is none."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            waiting = poll()
            waiting.register(connection, POLLIN)
            if not waiting.poll(0):  # nobody sends anything before it is asked: it would be the end
                return connection
            connection.close()

    def _opened(self) -> socket.socket:
        connection = socket.create_connection((self._host, self._port), self._within)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return self._tls.wrap_socket(connection, server_hostname=self._host) if self._secure else connection
        except BaseException:
            connection.close()
            raise

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._authority)


def close_all(connections: deque[socket.socket]) -> None:
    for connection in connections:
        connection.close()
