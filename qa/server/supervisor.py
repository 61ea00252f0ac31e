"""The main process: it publishes the corpus, and starts, replaces and stops workers.

An error while publishing neither ends it nor keeps it from supervising workers and handling signals."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import TemporaryDirectory

from qa.errors import CorpusError, IndexUnavailable, QAError
from qa.indexes import versions_of
from qa.log import LOG, traced
from qa.server.address import bind, listen
from qa.server.edition import Edition, FolderState, make_edition, reopen, state_of_source
from qa.server.preparation import Preparation
from qa.server.process import Worker
from qa.settings import Settings

CHECK_EVERY = 1.0  # seconds between checks of a watched folder and of exiting workers
STOP_WITHIN = 3.0  # seconds that workers get to exit when the service stops
DRAIN_WITHIN = 6.0  # the same for a replaced worker: long enough to receive a body that is still being sent
RESTART_AFTER = 1.0  # minimum seconds between starts of a crashing worker
LAST_FRAMES = 10  # stack frames logged for an unexpected error; a recursion error has a thousand


class Stopped(BaseException):
    """Raised by a signal handler to stop the service while it publishes."""


def serve(settings: Settings, host: str, port: int, *, watch: bool, skip_broken: bool) -> None:
    """Serve until stopped. Raises BadSetting if the address is not free, CorpusError if the corpus has an error."""
    sockets = bind(host, port, settings.workers)
    with TemporaryDirectory() as counted:
        chosen = {"skip_broken": skip_broken, "metrics": settings.metrics or Path(counted)}
        supervisor = Supervisor(settings.model_copy(update=chosen), sockets, watch=watch)
        supervise(supervisor, host, port)


def supervise(supervisor: Supervisor, host: str, port: int) -> None:
    """Publish, then answer requests until stopped."""
    with supervisor.signals(), suppress(Stopped):
        supervisor.publish_first()
        listen(supervisor.sockets)
        LOG.info("serving", address=f"http://{f'[{host}]' if ':' in host else host}:{port}", stop="Ctrl-C")
        supervisor.run()


class Supervisor:
    """Keeps one worker running per socket, each serving the latest edition."""

    def __init__(self, settings: Settings, sockets: list[socket.socket], *, watch: bool) -> None:
        self.settings, self.sockets, self.watch = settings, sockets, watch
        self.stopping = self.publishing = self.changed = False
        self.seen: FolderState = frozenset()  # the folder when it was last read
        self.checked, self.checked_at = self.seen, 0.0  # the folder at the last check, and the time of that check
        self.edition: Edition
        self.preparation: Preparation | None = None  # of an edition that is served by words, or not yet
        self.workers: list[Worker] = []
        self.exiting: list[Worker] = []
        self.wake_reader, self.wake_writer = os.pipe()
        os.set_blocking(self.wake_reader, False)

    # --- signals -------------------------------------------------------------------------------

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Handle signals, also while publishing: SIGTERM and SIGINT stop the service, SIGHUP reloads the corpus."""
        handlers = {signal.SIGTERM: self.on_stop, signal.SIGINT: self.on_stop, signal.SIGHUP: self.on_change}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def on_stop(self, *_: object) -> None:
        already, self.stopping = self.stopping, True
        os.write(self.wake_writer, b".")
        if self.publishing and not already:
            raise Stopped

    def on_change(self, *_: object) -> None:
        self.changed = True
        os.write(self.wake_writer, b".")

    # --- publishing ----------------------------------------------------------------------------

    def publish_first(self) -> None:
        """Publish for the first time. Errors are raised, since there is no previous version to serve."""
        try:
            self.serve_next(self.publish())
        except (QAError, OSError):
            raise
        except Exception as error:
            LOG.error("cannot start", **fault_of(error))
            message = f"cannot be read ({type(error).__name__}). The log has the details; `qa check` may say more."
            raise CorpusError(str(self.settings.corpus), message) from None

    def publish(self) -> Edition:
        self.publishing = True
        try:
            self.seen = state_of_source(self.settings)  # before reading: files saved meanwhile count as changed
            LOG.info("reading", corpus=str(self.settings.corpus))
            return make_edition(self.settings)
        finally:
            self.publishing = False

    def publish_again(self) -> None:
        """Publish again, or keep the previous version on an error. A SIGHUP that arrives meanwhile repeats it."""
        self.changed = False
        try:
            self.serve_next(self.publish())
        except Stopped:
            raise
        except BaseException as error:
            LOG.error("not published, still serving the previous version", **fault_of(error))

    def serve_next(self, edition: Edition) -> None:
        """Serve an edition from now on. If its vectors have to be made, an edition that has them is served until they
        are made; without one, the new edition is served by words at once."""
        self.stop_preparation()
        preparing = edition.index.encoder == "preparing"
        if preparing:
            self.preparation = Preparation(edition)
        if not preparing or not self.serves_by_meaning():
            self.edition = edition
            edition.log()

    def serves_by_meaning(self) -> bool:
        return hasattr(self, "edition") and self.edition.index.encoder == "on"

    def end_preparation(self) -> None:
        """When vectors have been made, serve their edition with them; if that failed, by words alone."""
        if self.preparation and self.preparation.has_ended():
            self.edition = reopen(self.preparation.edition, with_encoder=self.preparation.has_succeeded())
            self.edition.log()
            self.stop_preparation()

    def stop_preparation(self) -> None:
        if self.preparation:
            self.preparation.stop()
            self.preparation = None

    def check_folder(self) -> None:
        """Check whether the folder, or the current version of the index, has changed since it was read. A change counts
        once two checks in a row see the same files, so that no half-saved file is read."""
        if time.monotonic() - self.checked_at >= CHECK_EVERY:
            try:
                now = state_of_source(self.settings)
            except IndexUnavailable:  # which is logged; nothing is known to have changed
                now = self.seen
            self.changed |= now == self.checked and now != self.seen
            self.checked, self.checked_at = now, time.monotonic()

    # --- workers -------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until stopped."""
        steps: list[Callable[[], None]] = [
            self.replace_workers,
            self.wait,
            self.stop_replaced_workers,
            self.end_preparation,
        ]
        # A new version of an index on disk or in a cluster is served as soon as it is current.
        steps += [self.check_folder] if self.watch or versions_of(self.settings.index) else []
        try:
            while not self.stopping:
                for step in steps:
                    guarded(step)
                if self.changed:
                    self.publish_again()
        finally:
            self.stop()

    def wait(self) -> None:
        """Wait for a signal, a ready worker or a worker's exit, for at most CHECK_EVERY seconds."""
        living = [worker for worker in self.workers + self.exiting if worker.process.is_alive()]
        ready = [worker.ready for worker in living if worker.replaces]
        processes = [worker.process for worker in living] + ([self.preparation.process] if self.preparation else [])
        wait([self.wake_reader, *ready, *(process.sentinel for process in processes)], CHECK_EVERY)
        with suppress(BlockingIOError):
            os.read(self.wake_reader, 1000)

    def replace_workers(self) -> None:
        """Start a worker on each socket whose worker is missing, has died or serves an older edition. The old worker
        answers until the new one is ready."""
        for place, opened in enumerate(self.sockets):
            if place == len(self.workers):
                self.workers.append(Worker(self.edition, opened, place + 1))
            old = self.workers[place]
            if not old.process.is_alive():
                if time.monotonic() - old.began >= RESTART_AFTER:
                    LOG.error("worker died", number=old.number, status=old.process.exitcode)
                    self.workers[place] = Worker(self.edition, opened, old.number, old.replaces)
                    old.close()
            elif old.edition is not self.edition:
                self.workers[place] = Worker(self.edition, opened, old.number, (old, *old.replaces))
                old.replaces = ()

    def stop_replaced_workers(self) -> None:
        """Stop replaced workers and close those that have exited."""
        for worker in self.workers:
            if worker.replaces and worker.has_begun():
                for old in worker.replaces:
                    old.stop(DRAIN_WITHIN)
                self.exiting += worker.replaces
                worker.replaces = ()
        for worker in [worker for worker in self.exiting if worker.has_ended()]:
            self.exiting.remove(worker)
            worker.close()

    def stop(self) -> None:
        """Stop all workers: idle ones exit at once, busy ones are killed after STOP_WITHIN seconds."""
        self.stop_preparation()
        left = [*self.workers, *self.exiting]
        left += [old for worker in self.workers for old in worker.replaces]
        for worker in left:
            worker.stop(STOP_WITHIN)
        while left := [worker for worker in left if not worker.has_ended()]:
            wait([worker.process.sentinel for worker in left], max(0.0, left[0].end_by - time.monotonic()))
        LOG.info("stopped")


def guarded(step: Callable[[], None]) -> None:
    """Run one step of the loop. Errors are logged; the step is tried again in the next round."""
    try:
        step()
    except Exception as error:
        LOG.error("failed", step=step.__name__, **fault_of(error))
        time.sleep(CHECK_EVERY)  # so that a permanent error does not flood the log


def fault_of(error: BaseException) -> dict[str, object]:
    """Return an error as log fields: the message of an expected error, the message and last stack frames of any other.
    It cannot contain a visitor's words, because the main process answers no requests."""
    if isinstance(error, QAError | OSError):
        return {"fault": str(error)}
    return {"fault": f"{type(error).__name__}: {str(error)[:300]}", "frames": traced(error)["frames"][-LAST_FRAMES:]}
