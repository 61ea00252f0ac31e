"""What is served: the application over one version of the corpus, made once and shared by all workers."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.corpus import open_corpus
from qa.editing import snapshots
from qa.indexes import open_index
from qa.indexing.ingest import annotate, to_catalogue
from qa.log import LOG
from qa.models import Catalogue
from qa.settings import Settings
from qa.understanding.context import context_of
from qa.web import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FolderState = frozenset[tuple[str, int, int, int]]


class Edition:
    """The application over a catalogue. A worker that is forked has it; one that is not makes its own of the same
    catalogue, which is all that is handed to it."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.settings, self.catalogue = settings, catalogue
        index = open_index(settings.index, catalogue)
        context_of.cache_clear()  # what was known of the version before is of no more use
        self.app: WSGIApplication = create_app(settings, index)

    def __reduce__(self) -> tuple[type[Edition], tuple[Settings, Catalogue]]:
        return Edition, (self.settings, self.catalogue)


def make_edition(settings: Settings) -> Edition:
    """Read the corpus folder and make what is served of it. Raises CorpusError when it has a fault."""
    gc.unfreeze()
    gc.disable()  # hardly anything made here is waste, and looking for it takes a fifth of the time
    try:
        seen = state_of(settings.corpus)
        corpus = open_corpus(settings.corpus)
        annotated = annotate(corpus, skip_broken=settings.skip_broken)
        edition = Edition(settings, to_catalogue(corpus, annotated))
    finally:
        gc.enable()
    gc.collect()
    gc.freeze()  # what is not looked at again stays shared with the workers
    for fault in annotated.skipped:
        LOG.warning("left out", fault=str(fault))
    LOG.info("published", version=edition.catalogue.version, documents=len(edition.catalogue.documents))
    keep_edition(settings, edition.catalogue.version, seen)
    return edition


def keep_edition(settings: Settings, version: str, seen: FolderState) -> None:
    """Keep what is published, if the operator wants it. A full disk is no reason to stop answering."""
    if not settings.versions:
        return
    try:
        if state_of(settings.corpus) != seen:
            raise OSError("the folder has changed since it was read")
        snapshots.keep(settings.corpus, settings.versions, version)
    except Exception as error:
        LOG.warning("version not kept", setting="QA_VERSIONS", fault=str(error))


def state_of(folder: Path) -> FolderState:
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
