"""An edition: the application for one version of the corpus, created once and shared by all workers."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cache import Cache, open_cache
from qa.editing import snapshots
from qa.encoder import Encoder, open_encoder
from qa.engine import Service
from qa.errors import CorpusError, IndexUnavailable
from qa.indexes import open_index, versions_of
from qa.indexing.publish import version_to_serve
from qa.log import LOG
from qa.settings import Settings
from qa.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FIRST_ASKED = (
    "What are the side effects of the treatment, and how much does it cost?",
    "Does it help childern with depression after 12 weeks?",  # a word to correct
)
MOST_SUGGESTED = 3  # of the questions that the page suggests
FolderState = frozenset[tuple[str, int, int, int]]


class Edition:
    """The application for one published version. Forked workers inherit it; spawned workers receive only the settings
    and where the version is, and open it again. Without an `encoder` it is served by words alone."""

    def __init__(self, settings: Settings, version: str, kept: Cache, encoder: Encoder | None) -> None:
        self.settings, self.version, self.kept, self.encoder = settings, version, kept, encoder
        self.index = open_index(settings.index, version, kept, encoder)
        self.app: WSGIApplication = create_app(settings, self.index)
        ask_first(Service(settings, self.index))

    def __reduce__(self) -> tuple[Callable[..., Edition], tuple[Settings, str, Cache, bool]]:
        return open_edition, (self.settings, self.version, self.kept, bool(self.encoder))

    def log(self) -> None:
        """Log that this edition is served from now on."""
        LOG.info(
            "published",
            version=self.version,
            documents=len(self.index.manifest.documents),
            encoder=self.index.encoder,
        )


def ask_first(service: Service) -> None:
    """Ask questions of several kinds, so that what is read when it is first needed is there before workers are forked:
    they share it, and no visitor waits for it."""
    with suppress(IndexUnavailable):  # the first visitor is told
        for question in (*FIRST_ASKED, *service.index.manifest.answerable[:MOST_SUGGESTED]):
            service.ask(question)


def open_edition(settings: Settings, version: str, kept: Cache, with_encoder: bool) -> Edition:
    return Edition(settings, version, kept, open_encoder(settings.encoder) if with_encoder else None)


def reopen(edition: Edition, *, with_encoder: bool) -> Edition:
    """The same version again, with the vectors that were made in the meantime, or by words alone."""
    return shared(
        lambda: Edition(edition.settings, edition.version, edition.kept, edition.encoder if with_encoder else None)
    )


def shared(make: Callable[[], Edition]) -> Edition:
    """Make an edition so that its memory stays shared with workers."""
    gc.unfreeze()
    gc.disable()  # almost nothing created here is garbage; collecting it takes a fifth of the time
    try:
        edition = make()
    finally:
        gc.enable()
    gc.collect()
    gc.freeze()  # the collector no longer touches these objects
    return edition


def make_edition(settings: Settings) -> Edition:
    """Publish the corpus folder and build the application. Raises CorpusError if the corpus has an error."""
    skipped: list[CorpusError] = []
    kept, encoder = open_cache(settings.cache), open_encoder(settings.encoder)
    seen = state_of_source(settings)

    def make() -> Edition:
        version = version_to_serve(
            settings.corpus, settings.index, skip_broken=settings.skip_broken, tell=skipped.append, kept=kept
        )
        return Edition(settings, version, kept, encoder)

    edition = shared(make)
    for fault in skipped:
        LOG.warning("skipped", fault=str(fault))
    store_snapshot(settings, edition.version, seen)
    return edition


def store_snapshot(settings: Settings, version: str, seen: FolderState) -> None:
    """Store a snapshot of the published corpus if QA_VERSIONS is set. Failures are only logged: the service goes on."""
    if not settings.versions or versions_of(settings.index):
        return
    try:
        if state_of(settings.corpus) != seen:
            raise OSError("the corpus folder has changed since it was read")
        snapshots.store(settings.corpus, settings.versions, version)
    except Exception as error:
        LOG.warning("snapshot not stored", setting="QA_VERSIONS", fault=str(error))


def state_of_source(settings: Settings) -> FolderState:
    """The state of what is served: the name of the current version of an index on disk or in a cluster, or the state of
    the corpus folder. Raises IndexUnavailable."""
    versions = versions_of(settings.index)
    if versions and (current := versions.current()):
        return frozenset({(current, 0, 0, 0)})
    return state_of(settings.corpus)


def state_of(folder: Path) -> FolderState:
    """Return path, inode, size and modification time of every file that is not hidden, ignoring files that vanish."""
    found = set()
    for within, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (os.path.join(within, name) for name in names if not name.startswith(".")):
            with suppress(OSError):
                status = os.stat(path)
                found.add((path, status.st_ino, status.st_size, status.st_mtime_ns))
    return frozenset(found)
