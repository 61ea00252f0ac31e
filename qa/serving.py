"""The server that `qa serve` runs, and how it takes up a changed corpus without a restart.

Workers never read the owner's folder but a copy of it that has been built once without a fault. A changed folder
becomes a new copy; only when that builds do new workers take over from the old ones, request by request. So a half
saved or broken corpus is never served, not even by a worker that is started again after a crash.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from qa import versions
from qa.corpus import open_corpus
from qa.errors import BadSetting, CorpusError, QAError
from qa.indexes import open_index
from qa.ingest import annotate, to_catalogue
from qa.log import LOG, SERVER_LOG
from qa.settings import Settings, hand_on
from qa.web import create_app
from qa.web.starting import PATIENCE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

LOOK_EVERY = 1.0  # seconds between two looks at a watched folder
State = frozenset[tuple[str, int, int, int]]


class Edition:
    """The copy of the corpus folder that is being served, the state in which the folder was `seen` last, and the
    seconds that the copy was `built_in`."""

    def __init__(self, settings: Settings, *, skip_broken: bool) -> None:
        """Make the first copy. Raises CorpusError when the folder has a fault."""
        self.settings, self.skip_broken = settings, skip_broken
        self._folder = TemporaryDirectory(prefix="qa-")
        self._number = 0
        self.seen: State = frozenset()
        self.built_in = 0.0
        self.take_up()

    def take_up(self) -> None:
        """Copy the folder, build it, and hand the copy to workers that start from now on. Raises CorpusError when
        it has a fault; then everything stays as it was."""
        self.seen = state_of(self.settings.corpus)  # before copying, so that what is saved meanwhile counts as new
        open_corpus(self.settings.corpus)  # a fault names the owner's folder, and no link may lead out of it
        copy = copy_corpus(self.settings.corpus, Path(self._folder.name) / str(self._number + 1))
        begun = time.monotonic()
        corpus = open_corpus(copy)
        annotated = annotate(corpus, skip_broken=self.skip_broken)
        catalogue = to_catalogue(corpus, annotated)
        open_index(self.settings.index, catalogue)
        self.built_in = time.monotonic() - begun
        hand_on(self.settings.model_copy(update={"corpus": copy, "skip_broken": self.skip_broken}))
        # The copy before stays for workers that are just starting; the one before that has no reader any more.
        shutil.rmtree(Path(self._folder.name) / str(self._number - 1), ignore_errors=True)
        self._number += 1
        for fault in annotated.skipped:
            LOG.warning("left out", fault=str(fault))
        LOG.info("taken up", version=catalogue.version, documents=len(catalogue.documents))
        self.keep(copy, catalogue.version)

    def keep(self, copy: Path, version: str) -> None:
        """Keep what is published, if the operator wants it. A full disk is no reason to stop answering."""
        if self.settings.versions:
            try:
                versions.keep(copy, self.settings.versions, version)
            except OSError as error:
                LOG.warning("version not kept", setting="QA_VERSIONS", fault=str(error))


def copy_corpus(corpus: Path, copy: Path) -> Path:
    """Links stay links and hidden files stay away: an editor's lock is often a link that leads nowhere."""
    shutil.rmtree(copy, ignore_errors=True)
    try:
        return shutil.copytree(corpus, copy, symlinks=True, ignore=shutil.ignore_patterns(".*"))
    except OSError as error:  # of several files, each with its own reason
        reasons = error.args[0] if isinstance(error, shutil.Error) else [(corpus, copy, error)]
        file, _, reason = reasons[0]
        raise CorpusError(str(file), f"cannot be copied ({reason}). Make it readable, or take it away.") from None


class Service(MPServer):
    """granian with the settings that survived crashes, slow clients and malformed requests, and SIGHUP as the signal
    to take up the corpus folder anew."""

    def __init__(self, settings: Settings, edition: Edition, host: str, port: int) -> None:
        self.edition = edition
        self.taking_up = self.changed = False
        super().__init__(
            "qa.web:create_app",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=settings.workers,
            blocking_threads=1,  # more threads share one interpreter and only make the slowest answer slower
            respawn_failed_workers=True,  # without it the whole server ends when one worker is killed
            websockets=False,
            workers_kill_timeout=10,
            http1_settings=HTTP1Settings(header_read_timeout=5000, max_buffer_size=16384),
            log_dictconfig=SERVER_LOG,
        )

    def signal_handler_reload(self, *args: object, **kwargs: object) -> None:
        """Take up the folder. The signal may come again while that is being done: then once more after it."""
        self.changed = True
        if self.taking_up:
            return
        self.taking_up = True
        while self.changed:
            self.changed = False
            self.take_up()
        self.taking_up = False

    def take_up(self) -> None:
        try:
            self.edition.take_up()
        except (QAError, OSError) as error:
            LOG.error("not taken up, the old version stays", fault=str(error))
        else:
            # How long a new worker has to start before the old one stops: it has to build what was built here, perhaps
            # on a busier machine.
            self.respawn_interval = 2.0 + 3 * self.edition.built_in
            super().signal_handler_reload()  # type: ignore[no-untyped-call]  # granian types no handlers


def serve(settings: Settings, host: str, port: int, *, watch: bool, skip_broken: bool) -> None:
    """Serve until stopped. Raises BadSetting when the address cannot be had, CorpusError for a fault in the corpus."""
    early = threading.Event()
    signal.signal(signal.SIGHUP, lambda *_: early.set())  # which would end a process that is only starting
    with claim(host, port) as held:
        edition = Edition(settings, skip_broken=skip_broken)
        bound = held.getsockname()[0]
        service = Service(settings, edition, bound, port)
        if sys.platform != "linux":
            held.close()  # elsewhere an address is only ever one socket's, and the server opens its own

        def started() -> None:
            """From here on the server itself takes the signal."""
            if early.is_set():
                service.signal_handler_reload()
            if watch:
                threading.Thread(target=watch_folder, args=(edition,), daemon=True).start()

        service.on_startup(started)
        LOG.info("serving", address=f"http://{f'[{host}]' if ':' in host else host}:{port}", stop="Ctrl-C")
        service.serve(target_loader=partial(load_app, bound, port), wrap_loader=False)


def load_app(host: str, port: int) -> WSGIApplication:
    """The application of a worker. While others answer it takes the time it needs, and only then takes requests from
    them; alone, it soon tells whoever asks that it is starting."""
    return create_app(patience=threading.TIMEOUT_MAX if is_answered(host, port) else PATIENCE)


def is_answered(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def claim(host: str, port: int) -> socket.socket:
    """A socket that holds the address, though it does not listen: workers share theirs, with each other and without a
    word with any other service of ours, so that two would answer by turns. Raises BadSetting when it is not free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        held = socket.socket(family, kind, protocol)
        # Connections of a service that has just ended are no hindrance, but a socket that somebody has is.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(address)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError as error:
        advice = "Choose another address with --host and --port (QA_HOST, QA_PORT), or stop what uses this one."
        raise BadSetting(f"cannot listen on {host} port {port}: {error.strerror}. {advice}") from None
    return held


def watch_folder(edition: Edition) -> None:
    """Signal this process when the folder is no more as it was seen last and then stayed the same for one look, so that
    a file that is still being saved is not taken up half."""
    last = edition.seen
    while not threading.Event().wait(LOOK_EVERY):
        now = state_of(edition.settings.corpus)
        if now == last and now != edition.seen:
            os.kill(os.getpid(), signal.SIGHUP)
        last = now


def state_of(folder: Path) -> State:
    """Names, places on the disk, sizes and times of the files that count; what vanishes meanwhile counts as gone."""
    found = set()
    for within, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (os.path.join(within, name) for name in names if not name.startswith(".")):
            try:
                status = os.stat(path)
            except OSError:
                continue
            found.add((path, status.st_ino, status.st_size, status.st_mtime_ns))
    return frozenset(found)
