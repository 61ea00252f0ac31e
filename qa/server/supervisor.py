"""The main process: it publishes, starts workers, watches over them, and stops them. Nothing that goes wrong in
publishing ends it, or keeps it from seeing to its workers or from hearing the next signal."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait

from qa.errors import CorpusError, QAError
from qa.log import LOG, traced
from qa.server.address import bind, listen
from qa.server.edition import Edition, FolderState, make_edition, state_of
from qa.server.process import Worker
from qa.settings import Settings

LOOK_EVERY = 1.0  # seconds between two looks at a watched folder, and at workers that are to end
STOP_WITHIN = 3.0  # seconds that workers have to end when the service is stopped
DRAIN_WITHIN = 6.0  # the same for a worker that another one replaces: long enough for a body that still comes
AGAIN_AFTER = 1.0  # seconds between two starts of a worker that does not live
LAST_FRAMES = 10  # of an unexpected fault; one in reading a deep structure came by a thousand


class Stopped(BaseException):
    """The service is to stop while it is publishing."""


def serve(settings: Settings, host: str, port: int, *, watch: bool, skip_broken: bool) -> None:
    """Serve until stopped. Raises BadSetting when the address cannot be had, CorpusError for a fault in the corpus."""
    sockets = bind(host, port, settings.workers)
    supervisor = Supervisor(settings.model_copy(update={"skip_broken": skip_broken}), sockets, watch=watch)
    with supervisor.signals(), suppress(Stopped):
        supervisor.begin()
        listen(sockets)
        LOG.info("serving", address=f"http://{f'[{host}]' if ':' in host else host}:{port}", stop="Ctrl-C")
        supervisor.run()


class Supervisor:
    """Keeps a worker on each socket, all with the edition that was published last."""

    def __init__(self, settings: Settings, sockets: list[socket.socket], *, watch: bool) -> None:
        self.settings, self.sockets, self.watch = settings, sockets, watch
        self.stopping = self.publishing = self.changed = False
        self.seen: FolderState = frozenset()  # the folder when it was read last
        self.looked, self.looked_at = self.seen, 0.0  # the folder at the last look, and when that was
        self.edition: Edition
        self.workers: list[Worker] = []
        self.ending: list[Worker] = []
        self.wakened, self.wake = os.pipe()
        os.set_blocking(self.wakened, False)

    # --- signals -------------------------------------------------------------------------------

    @contextmanager
    def signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT stop the service, SIGHUP publishes the folder; also while it is being published."""
        handlers = {signal.SIGTERM: self.on_stop, signal.SIGINT: self.on_stop, signal.SIGHUP: self.on_change}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def on_stop(self, *_: object) -> None:
        already, self.stopping = self.stopping, True
        os.write(self.wake, b".")
        if self.publishing and not already:
            raise Stopped

    def on_change(self, *_: object) -> None:
        self.changed = True
        os.write(self.wake, b".")

    # --- publishing ----------------------------------------------------------------------------

    def begin(self) -> None:
        """Publish for the first time. Raises what is wrong with the corpus: there is nothing else to serve."""
        try:
            self.edition = self.publish()
        except (QAError, OSError):
            raise
        except Exception as error:
            LOG.error("cannot start", **fault_of(error))
            message = f"cannot be read ({type(error).__name__}). The log names the place; `qa check` may say more."
            raise CorpusError(str(self.settings.corpus), message) from None

    def publish(self) -> Edition:
        self.publishing = True
        try:
            self.seen = state_of(self.settings.corpus)  # before reading: what is saved meanwhile counts as new
            LOG.info("reading", corpus=str(self.settings.corpus))
            return make_edition(self.settings)
        finally:
            self.publishing = False

    def publish_again(self) -> None:
        """Replace what is served, if the folder can be read. When the signal comes meanwhile, it is done once more."""
        self.changed = False
        try:
            self.edition = self.publish()
        except Stopped:
            raise
        except BaseException as error:
            LOG.error("not published, the version before stays", **fault_of(error))

    def look(self) -> None:
        """See whether the folder is no more as it was read, and has then stayed the same for one look, so that a file
        that is still being saved is not read half."""
        if time.monotonic() - self.looked_at >= LOOK_EVERY:
            now = state_of(self.settings.corpus)
            self.changed |= now == self.looked and now != self.seen
            self.looked, self.looked_at = now, time.monotonic()

    # --- workers -------------------------------------------------------------------------------

    def run(self) -> None:
        """Serve until stopped."""
        steps: list[Callable[[], None]] = [self.replace_workers, self.wait, self.end_workers]
        steps += [self.look] if self.watch else []
        try:
            while not self.stopping:
                for step in steps:
                    guarded(step)
                if self.changed:
                    self.publish_again()
        finally:
            self.stop()

    def wait(self) -> None:
        """Wait until a signal or a worker has something to say, for a second at the most."""
        living = [worker for worker in self.workers + self.ending if worker.process.is_alive()]
        begun = [worker.ready for worker in living if worker.replaces]
        wait([self.wakened, *begun, *(worker.process.sentinel for worker in living)], LOOK_EVERY)
        with suppress(BlockingIOError):
            os.read(self.wakened, 1000)

    def replace_workers(self) -> None:
        """Start a worker where there is none, one that has died, or one with an older edition. The old one answers
        until the new one does."""
        for place, opened in enumerate(self.sockets):
            if place == len(self.workers):
                self.workers.append(Worker(self.edition, opened, place + 1))
            old = self.workers[place]
            if not old.process.is_alive():
                if time.monotonic() - old.began >= AGAIN_AFTER:
                    LOG.error("worker ended", number=old.number, status=old.process.exitcode)
                    self.workers[place] = Worker(self.edition, opened, old.number, old.replaces)
                    old.close()
            elif old.edition is not self.edition:
                self.workers[place] = Worker(self.edition, opened, old.number, (old, *old.replaces))
                old.replaces = ()

    def end_workers(self) -> None:
        """End those that are replaced, and forget those that have ended."""
        for worker in self.workers:
            if worker.replaces and worker.has_begun():
                for old in worker.replaces:
                    old.stop(DRAIN_WITHIN)
                self.ending += worker.replaces
                worker.replaces = ()
        for worker in [worker for worker in self.ending if worker.has_ended()]:
            self.ending.remove(worker)
            worker.close()

    def stop(self) -> None:
        """End all workers: at once those that wait for nothing, after a moment all others."""
        left = [*self.workers, *self.ending]
        left += [old for worker in self.workers for old in worker.replaces]
        for worker in left:
            worker.stop(STOP_WITHIN)
        while left := [worker for worker in left if not worker.has_ended()]:
            wait([worker.process.sentinel for worker in left], max(0.0, left[0].end_by - time.monotonic()))
        LOG.info("stopped")


def guarded(step: Callable[[], None]) -> None:
    """Do a step of the loop. What goes wrong in it is logged and tried again with the next one."""
    try:
        step()
    except Exception as error:
        LOG.error("failed", step=step.__name__, **fault_of(error))
        time.sleep(LOOK_EVERY)  # else the log would fill up


def fault_of(error: BaseException) -> dict[str, object]:
    """An error for the log: one that we foresaw in words, any other with the lines of code that it came by. Nothing of
    what a visitor asked is in it, because nothing of that is known here."""
    if isinstance(error, QAError | OSError):
        return {"fault": str(error)}
    return {"fault": f"{type(error).__name__}: {str(error)[:300]}", "frames": traced(error)["frames"][-LAST_FRAMES:]}
