"""The listening sockets. The main process opens them and keeps them open, so that no connection is lost when a worker
exits: it waits in the backlog for the next worker."""

from __future__ import annotations

import socket
import sys
from typing import Any

from qa.errors import BadSetting

BACKLOG = 1024  # connections waiting for a worker


def bind(host: str, port: int, workers: int) -> list[socket.socket]:
    """Bind a socket for each worker. Raises BadSetting if the address is not free.

    The sockets do not listen yet: clients should not wait for a service that has nothing to serve.
    On Linux each worker has a socket of its own, and the kernel spreads connections evenly among them. Elsewhere one
    socket is shared by all workers.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # First without SO_REUSEPORT: with it, a second `qa serve` on this address would start without an error, and
        # the two would get requests in turn.
        first = bound(family, address)
        if sys.platform != "linux":
            return [first] * workers
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sockets = [bound(family, address, shared=True) for _ in range(workers)]
        first.close()
    except OSError as error:
        advice = (
            "Choose another address with --host and --port (QA_HOST, QA_PORT), or stop the program that uses this one."
        )
        raise BadSetting(f"cannot listen on {host} port {port}: {error.strerror}. {advice}") from None
    return sockets


def bound(family: int, address: tuple[Any, ...], *, shared: bool = False) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    # Binding succeeds despite old connections in TIME_WAIT, but not if another socket is bound to the address.
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    opened.bind(address)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    return opened


def listen(sockets: list[socket.socket]) -> None:
    """Start to accept connections; they wait in the backlog for a worker."""
    for opened in sockets:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that the next service can bind at once
        opened.listen(BACKLOG)
        opened.setblocking(False)
