"""A process of lower priority that makes the vectors of a version while it, or the version before it, is served."""

from __future__ import annotations

import os
import time

from qa.cache import Cache
from qa.encoder import open_encoder
from qa.indexing.vectors import Progress, open_with_vectors
from qa.log import LOG, traced
from qa.server.edition import Edition
from qa.server.process import start_process
from qa.server.worker import handle_signals
from qa.settings import Settings

LOWER_PRIORITY = 10  # of 19; with the lowest, vectors would never be made on a busy machine
LOG_EVERY = 10.0  # seconds


class Preparation:
    """The process that makes the vectors of an edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.process = start_process(make_vectors_of, edition.settings, edition.version, edition.kept)
        LOG.info("making vectors", version=edition.version, pid=self.process.pid)

    def has_ended(self) -> bool:
        return bool(not self.process.is_alive())

    def has_succeeded(self) -> bool:
        return bool(self.process.exitcode == 0)

    def stop(self) -> None:
        """End the process at once; what it has saved is used by the next one."""
        self.process.kill()
        self.process.join()
        self.process.close()


def make_vectors_of(settings: Settings, version: str, kept: Cache) -> None:
    handle_signals()
    os.nice(LOWER_PRIORITY)
    try:
        open_with_vectors(settings.index, version, kept, open_encoder(settings.encoder), log_progress(version))
    except Exception as error:
        LOG.error("vectors not made", version=version, fault=str(error), **traced(error))
        os._exit(1)
    os._exit(0)  # the main process's exit handlers are not for this one


def log_progress(version: str) -> Progress:
    """A function that logs progress now and then."""
    logged_at = time.monotonic()

    def log(done: int, total: int) -> None:
        nonlocal logged_at
        if time.monotonic() - logged_at >= LOG_EVERY:
            LOG.info("making vectors", version=version, texts=f"{done} of {total}")
            logged_at = time.monotonic()

    return log
