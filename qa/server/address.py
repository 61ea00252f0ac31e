"""The sockets that workers answer on. The main process opens them and keeps them, so that no connection is lost when a
worker ends: it waits until the next one takes it."""

from __future__ import annotations

import socket
import sys
from typing import Any

from qa.errors import BadSetting

BACKLOG = 1024  # connections that wait for a worker


def bind(host: str, port: int, workers: int) -> list[socket.socket]:
    """A socket for each worker, which holds the address but does not listen yet: before there is something to serve
    nobody shall wait. Raises BadSetting when the address is not free.

    On Linux each worker has its own, among which the system spreads connections evenly. Elsewhere an address is only
    ever one socket's, and workers share it.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Alone first: sockets of one address that all allow sharing share it with any other service of ours, without
        # a word, and the two would answer by turns.
        first = bound(family, address)
        if sys.platform != "linux":
            return [first] * workers
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sockets = [bound(family, address, shared=True) for _ in range(workers)]
        first.close()
    except OSError as error:
        advice = "Choose another address with --host and --port (QA_HOST, QA_PORT), or stop what uses this one."
        raise BadSetting(f"cannot listen on {host} port {port}: {error.strerror}. {advice}") from None
    return sockets


def bound(family: int, address: tuple[Any, ...], *, shared: bool = False) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    # Connections of a service that has just ended are no hindrance, but a socket that somebody has is.
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.bind(address)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return opened


def listen(sockets: list[socket.socket]) -> None:
    """Let connections come; they wait until a worker takes them."""
    for opened in sockets:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # for the service after this one
        opened.listen(BACKLOG)
        opened.setblocking(False)
