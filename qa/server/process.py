"""The main process's view of a worker."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
import time
from typing import Any

from qa.log import LOG
from qa.server.edition import Edition
from qa.server.worker import SIGNALS, run_worker

# Forked where that is safe, so that a worker shares what the main process has read.
PROCESSES: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


class Worker:
    """A process that answers on a socket from an edition. Those that it `replaces` end once it does."""

    def __init__(self, edition: Edition, opened: socket.socket, number: int, replaces: tuple[Worker, ...] = ()) -> None:
        self.edition, self.number, self.replaces = edition, number, replaces
        self.began, self.end_by = time.monotonic(), 0.0
        self.ready, ready = PROCESSES.Pipe(duplex=False)
        self.process = PROCESSES.Process(target=run_worker, args=(edition, opened, ready), daemon=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until the new process has its own idea of them
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        ready.close()
        LOG.info("worker started", number=number, pid=self.process.pid)

    def has_begun(self) -> bool:
        """Whether it answers."""
        try:
            return self.ready.poll() and bool(self.ready.recv_bytes())
        except EOFError:  # it has died before
            return False

    def stop(self, within: float) -> None:
        """Tell it to end within so many seconds. What it has begun to read it still answers."""
        self.end_by = time.monotonic() + within
        self.process.terminate()

    def has_ended(self) -> bool:
        """Whether it has ended, by force if it took too long."""
        if self.process.is_alive() and time.monotonic() >= self.end_by:
            self.process.kill()
            self.process.join()
        return not self.process.is_alive()

    def close(self) -> None:
        self.ready.close()
        self.process.close()
