"""A worker process, as the main process sees it."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any

from qa.log import LOG
from qa.server.edition import Edition
from qa.server.worker import SIGNALS, run_worker

# Fork where that is safe, so that workers share the memory of the main process.
PROCESSES: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def start_process(target: Callable[..., None], *args: object) -> Any:
    """Start a process that ends with this one. It must call `handle_signals`."""
    process = PROCESSES.Process(target=target, args=args, daemon=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the new process has installed its own handlers
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    return process


class Worker:
    """A process that serves an edition on a socket. The workers in `replaces` are stopped once it answers requests."""

    def __init__(self, edition: Edition, opened: socket.socket, number: int, replaces: tuple[Worker, ...] = ()) -> None:
        self.edition, self.number, self.replaces = edition, number, replaces
        self.began, self.end_by = time.monotonic(), 0.0
        self.ready, ready = PROCESSES.Pipe(duplex=False)
        self.process = start_process(run_worker, edition, opened, ready)
        ready.close()
        LOG.info("worker started", number=number, pid=self.process.pid)

    def has_begun(self) -> bool:
        """Return whether the worker answers requests."""
        try:
            return self.ready.poll() and bool(self.ready.recv_bytes())
        except EOFError:  # it exited before it was ready
            return False

    def stop(self, within: float) -> None:
        """Ask the worker to exit within `within` seconds. It still answers the requests it has started to read."""
        self.end_by = time.monotonic() + within
        self.process.terminate()

    def has_ended(self) -> bool:
        """Return whether the worker has exited; kill it if its time is up."""
        if self.process.is_alive() and time.monotonic() >= self.end_by:
            self.process.kill()
            self.process.join()
        return not self.process.is_alive()

    def close(self) -> None:
        self.ready.close()
        self.process.close()
