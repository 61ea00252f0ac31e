"""A worker: one process that answers, until it is told to stop or the main process is no more."""

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
from granian.net import SocketHolder  # type: ignore[attr-defined]  # not in its own list of types
from granian.server.embed import Server

from qa.log import SERVER_LOG
from qa.server.address import BACKLOG
from qa.server.edition import Edition
from qa.server.shell import Shell

SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
CONNECTIONS = 4096  # of a worker, at the most; one of a slow client costs next to nothing
OTHER_FILES = 128  # that a worker may have open beside its connections
SETTLED = 0.1  # seconds after which the server, once begun, listens


class Answering(Server):
    """granian with the settings that survived crashes, slow clients and malformed requests, on a socket that is
    already open."""

    def __init__(self, shell: Shell, opened: socket.socket) -> None:
        self._opened = opened
        super().__init__(
            shell,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backpressure=connections(),
            http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=16384),
            log_dictconfig=SERVER_LOG,
            log_level=LogLevels.error,  # what it does, we say ourselves
        )

    def _init_shared_socket(self) -> None:
        self._ssp, self._shd = None, SocketHolder(self._opened.detach(), False, BACKLOG)  # type: ignore[assignment, call-arg]


def run_worker(edition: Edition, opened: socket.socket, ready: Connection) -> None:
    """Answer requests. `ready` is written to when that has begun."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for number in (signal.SIGHUP, signal.SIGINT):  # the main process decides what they mean
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    Thread(target=end_with_the_main_process, daemon=True).start()
    asyncio.run(answer(edition, opened, ready))
    os._exit(0)  # granian's threads may still run, and do not expect the interpreter to end under them


async def answer(edition: Edition, opened: socket.socket, ready: Connection) -> None:
    loop = asyncio.get_running_loop()
    server = Answering(Shell(edition.app), opened)
    loop.add_signal_handler(signal.SIGTERM, server.stop)
    loop.call_later(SETTLED, ready.send_bytes, b"ready")
    await server.serve()


def end_with_the_main_process() -> None:
    """However it ended: nobody would stop this worker, and it would keep the address."""
    parent = parent_process()
    if parent:
        wait([parent.sentinel])
        os._exit(1)


def connections() -> int:
    """How many connections this process may have. Raises its limit of open files for them as far as is allowed."""
    wanted = CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(CONNECTIONS, soft - OTHER_FILES))
