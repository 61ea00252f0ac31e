"""An edition: the application for one version of the corpus, created once and shared by all workers."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.cache import Cache, open_cache
from qa.editing import snapshots
from qa.errors import CorpusError
from qa.indexes import open_index
from qa.indexing.publish import publish
from qa.log import LOG
from qa.settings import Settings
from qa.understanding.context import context_of
from qa.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FolderState = frozenset[tuple[str, int, int, int]]


class Edition:
    """The application for one published version. Forked workers inherit it; spawned workers receive only the settings
    and where the version is, and open it again."""

    def __init__(self, settings: Settings, version: str, kept: Cache) -> None:
        self.settings, self.version, self.kept = settings, version, kept
        self.index = open_index(settings.index, version, kept)
        context_of.cache_clear()  # the context of the previous version is no longer needed
        self.app: WSGIApplication = create_app(settings, self.index)

    def __reduce__(self) -> tuple[type[Edition], tuple[Settings, str, Cache]]:
        return Edition, (self.settings, self.version, self.kept)


def make_edition(settings: Settings) -> Edition:
    """Publish the corpus folder and build the application. Raises CorpusError if the corpus has an error."""
    skipped: list[CorpusError] = []
    kept = open_cache(settings.cache)
    gc.unfreeze()
    gc.disable()  # almost nothing created here is garbage; collecting it takes a fifth of the time
    try:
        seen = state_of(settings.corpus)
        version = publish(
            settings.corpus, settings.index, skip_broken=settings.skip_broken, tell=skipped.append, kept=kept
        )
        edition = Edition(settings, version, kept)
    finally:
        gc.enable()
    gc.collect()
    gc.freeze()  # the collector no longer touches these objects, so their memory stays shared with workers
    for fault in skipped:
        LOG.warning("skipped", fault=str(fault))
    LOG.info("published", version=version, documents=len(edition.index.manifest.documents))
    store_snapshot(settings, version, seen)
    return edition


def store_snapshot(settings: Settings, version: str, seen: FolderState) -> None:
    """Store a snapshot of the published corpus if QA_VERSIONS is set. Failures are only logged: the service goes on."""
    if not settings.versions:
        return
    try:
        if state_of(settings.corpus) != seen:
            raise OSError("the corpus folder has changed since it was read")
        snapshots.store(settings.corpus, settings.versions, version)
    except Exception as error:
        LOG.warning("snapshot not stored", setting="QA_VERSIONS", fault=str(error))


def state_of(folder: Path) -> FolderState:
    """Return path, inode, size and modification time of every file that is not hidden, ignoring files that vanish."""
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
