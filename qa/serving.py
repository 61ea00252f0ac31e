"""The server that `qa serve` runs, and how it takes up a changed corpus without a restart.

Workers never read the owner's folder but a copy of it that has been built once without a fault. A changed folder
becomes a new copy; only when that builds do new workers take over from the old ones, request by request. So a half
saved or broken corpus is never served, not even by a worker that is started again after a crash.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from qa.corpus import open_corpus
from qa.errors import QAError
from qa.indexes import open_index
from qa.ingest import annotate, to_catalogue
from qa.settings import Settings, hand_on

LOOK_EVERY = 1.0  # seconds between two looks at a watched folder


class Edition:
    """The copy of the corpus folder that is being served."""

    def __init__(self, settings: Settings, *, skip_broken: bool) -> None:
        """Make the first copy. Raises CorpusError when the folder has a fault."""
        self.settings, self.skip_broken = settings, skip_broken
        self._folder = TemporaryDirectory(prefix="qa-")
        self._number = 0
        self.take_up()

    def take_up(self) -> None:
        """Copy the folder, build it, and hand the copy to workers that start from now on. Raises CorpusError when
        it has a fault; then everything stays as it was."""
        open_corpus(self.settings.corpus)  # a fault names the owner's folder, and no link may lead out of it
        copy = Path(self._folder.name) / str(self._number + 1)
        shutil.rmtree(copy, ignore_errors=True)
        # Links stay links and hidden files stay away: an editor's lock is often a link that leads nowhere.
        shutil.copytree(self.settings.corpus, copy, symlinks=True, ignore=shutil.ignore_patterns(".*"))
        corpus = open_corpus(copy)
        annotated = annotate(corpus, skip_broken=self.skip_broken)
        catalogue = to_catalogue(corpus, annotated)
        open_index(self.settings.index, catalogue)
        hand_on(self.settings.model_copy(update={"corpus": copy, "skip_broken": self.skip_broken}))
        # The copy before stays for workers that are just starting; the one before that has no reader any more.
        shutil.rmtree(Path(self._folder.name) / str(self._number - 1), ignore_errors=True)
        self._number += 1
        for fault in annotated.skipped:
            say(f"Left out: {fault}")
        say(f"{len(catalogue.documents)} document(s), version {catalogue.version}")


class Service(MPServer):
    """granian with the settings that survived crashes, slow clients and malformed requests, and SIGHUP as the signal
    to take up the corpus folder anew."""

    def __init__(self, settings: Settings, edition: Edition, host: str, port: int) -> None:
        self.edition = edition
        super().__init__(
            "qa.web:create_app",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=settings.workers,
            blocking_threads=1,  # more threads share one interpreter and only make the slowest answer slower
            respawn_failed_workers=True,  # without it the whole server ends when one worker is killed
            respawn_interval=2.0,  # how long a new worker has to start before the old one stops
            websockets=False,
            workers_kill_timeout=10,
            http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=16384),
        )

    def signal_handler_reload(self, *args: object, **kwargs: object) -> None:
        try:
            self.edition.take_up()
        except (QAError, OSError) as error:
            say(f"The corpus has changed and cannot be taken up; the old version stays. {error}")
        else:
            super().signal_handler_reload()  # type: ignore[no-untyped-call]  # granian types no handlers


def serve(settings: Settings, host: str, port: int, *, watch: bool, skip_broken: bool) -> None:
    """Serve until stopped. Raises CorpusError when the corpus has a fault."""
    service = Service(settings, Edition(settings, skip_broken=skip_broken), host, port)
    if watch:
        threading.Thread(target=watch_folder, args=(settings.corpus,), daemon=True).start()
    say(f"Serving http://{host}:{port} (stop with Ctrl-C)")
    service.serve()


def watch_folder(folder: Path) -> None:
    """Signal this process when the folder has changed and then stayed the same for one look, so that a file that is
    still being saved is not taken up half."""
    served = last = state_of(folder)
    while not threading.Event().wait(LOOK_EVERY):
        now = state_of(folder)
        if now == last and now != served:
            served = now
            os.kill(os.getpid(), signal.SIGHUP)
        last = now


def state_of(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Names, sizes and times of the files; what vanishes while it is looked at counts as gone."""
    found = set()
    for path in folder.rglob("*"):
        try:
            status = path.stat()
        except OSError:
            continue
        found.add((str(path), status.st_size, status.st_mtime_ns))
    return frozenset(found)


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
