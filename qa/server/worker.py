"""A worker process: it answers requests until it is stopped or the main process exits."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder  # type: ignore[attr-defined]  # missing from its type stubs
from granian.server.embed import Server

from qa.log import SERVER_LOG
from qa.server.adapter import WsgiAdapter
from qa.server.address import BACKLOG
from qa.server.edition import Edition

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
MAX_CONNECTIONS = 4096  # maximum per worker; an idle connection costs next to nothing
OTHER_FILES = 128  # open files that a worker needs in addition to its connections
LISTENS_AFTER = 0.1  # seconds after its start when the server listens


class GranianServer(Server):
    """granian on an open socket, with the settings that proved robust against crashes, slow clients and malformed
    requests."""

    def __init__(self, adapter: WsgiAdapter, opened: socket.socket) -> None:
        self._opened = opened
        super().__init__(
            adapter,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backpressure=connections(),
            http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=16384),
            log_dictconfig=SERVER_LOG,
            log_level=LogLevels.error,  # normal operation is logged by the main process
        )

    def _init_shared_socket(self) -> None:
        self._ssp, self._shd = None, SocketHolder(self._opened.detach(), False, BACKLOG)  # type: ignore[assignment, call-arg]


def run_worker(edition: Edition, opened: socket.socket, ready: Connection) -> None:
    """Answer requests; write to `ready` once the server listens."""
    handle_signals()
    asyncio.run(answer(edition, opened, ready))
    os._exit(0)  # granian's threads may still run and would crash during interpreter shutdown


def handle_signals() -> None:
    """End on SIGTERM and with the main process; leave other signals to it."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for number in (signal.SIGHUP, signal.SIGINT):  # handled by the main process
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    Thread(target=end_with_the_main_process, daemon=True).start()


async def answer(edition: Edition, opened: socket.socket, ready: Connection) -> None:
    loop = asyncio.get_running_loop()
    server = GranianServer(WsgiAdapter(edition.app), opened)
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    loop.call_later(LISTENS_AFTER, ready.send_bytes, b"ready")
    await server.serve()


def end_with_the_main_process() -> None:
    """Exit when the main process has exited, even if it was killed: a worker would keep the address in use."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def connections() -> int:
    """Return how many connections this process can accept, after raising its limit of open files as far as allowed."""
    wanted = MAX_CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(MAX_CONNECTIONS, soft - OTHER_FILES))
