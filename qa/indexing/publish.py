"""Publish a corpus as a version of an index, and open what is published.

Everything that is the same for every question is worked out here, once. A version that was made from the same files by
the same program is not made again (QA_CACHE).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext, suppress
from hashlib import sha256
from pathlib import Path

import orjson

from qa.cache import Cache, maker_digest, temporary_cache
from qa.corpus import open_corpus
from qa.corpus.folder import digests_of_files
from qa.encoder import Encoder
from qa.errors import CorpusError, IndexUnavailable, OurFault
from qa.indexes import IN_MEMORY, OpenIndex, check_url, has_version, open_index, store_version, versions_of
from qa.indexes.versions import VERSIONS_KEPT
from qa.indexing.changes import note_published
from qa.indexing.content import content_of_version
from qa.indexing.corpus_content import content_of_corpus
from qa.models import Catalogue

Tell = Callable[[CorpusError], None]


def open_published(
    folder: Path,
    url: str,
    *,
    skip_broken: bool = False,
    tell: Tell = lambda fault: None,
    kept: Cache | None = None,
) -> OpenIndex:
    """Publish the corpus folder, see `publish`, and open the version."""
    kept = kept or temporary_cache()
    return open_index(url, publish(folder, url, skip_broken=skip_broken, tell=tell, kept=kept), kept)


def publish(
    folder: Path,
    url: str,
    *,
    skip_broken: bool = False,
    tell: Tell = lambda fault: None,
    kept: Cache | None = None,
) -> str:
    """Publish the corpus folder in the index at `url` and return the version, which `open_index` opens.

    If several processes do so at once, one publishes and the others wait. `kept` is where versions are kept (default: a
    temporary folder). `tell` is called with the error of each work or document that was skipped. Raises CorpusError,
    with file and line, for the first error in the owner's files.
    """
    check_url(url)
    kept = kept or temporary_cache()
    files = digests_of_files(folder)
    source = orjson.dumps((files, url, skip_broken, maker_digest()))
    key = "corpus-" + sha256(source).hexdigest()[:32]
    with nullcontext() if files is None else kept.lock(key):
        published = read_published(None if files is None else kept.find(key))
        if not published or not has_version(url, published[0], kept):
            corpus = open_corpus(folder)
            content, skipped = content_of_corpus(corpus, kept, skip_broken=skip_broken)
            store_version(content, url, kept)
            published = content.manifest.version, skipped
            lasting = not any(isinstance(fault, OurFault) for fault in skipped)
            if files is not None and lasting and digests_of_files(folder) == files:
                kept.store(key, [write_published(*published)])
    if files is not None:
        note_published(folder, url, files, kept)
    version, skipped = published
    if not versions_of(url):
        remember(folder, version, kept)
    for fault in skipped:
        tell(fault)
    return version


def known_versions(folder: Path, url: str, kept: Cache) -> list[str]:
    """The versions that may still be there, the newest first."""
    if versions := versions_of(url):
        return [name.partition(".")[0] for name in reversed(versions.names())]
    data = kept.find(key_of_history(folder))
    return orjson.loads(data) if data else []


def open_each(versions: Iterable[str], url: str, kept: Cache, encoder: Encoder | None) -> Iterator[OpenIndex]:
    """Open those of the versions that are still there, one after the other."""
    for version in versions:
        with suppress(IndexUnavailable):
            yield open_index(url, version, kept, encoder)


def remember(folder: Path, version: str, kept: Cache) -> None:
    """Write down that this is the newest version of a folder: only an index of several versions knows by itself."""
    known = known_versions(folder, IN_MEMORY, kept)
    if known[:1] != [version]:
        newest = [version, *(each for each in known if each != version)][:VERSIONS_KEPT]
        kept.store(key_of_history(folder), [orjson.dumps(newest)])


def key_of_history(folder: Path) -> str:
    return f"versions-{sha256(str(folder.resolve()).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def version_to_serve(
    folder: Path, url: str, *, skip_broken: bool = False, tell: Tell = lambda fault: None, kept: Cache | None = None
) -> str:
    """The version to serve: of an index on disk or in a cluster the current one, which `qa index build` makes; else,
    and if there is none yet, what the corpus folder has now. Raises as `publish`, and IndexUnavailable if the version
    is damaged, or if there is neither a version nor a corpus folder."""
    versions = versions_of(url)
    if versions and (name := versions.current()):
        versions.check(name)
        return name.partition(".")[0]
    if versions and not folder.is_dir():
        raise IndexUnavailable(
            f"There is no version in {url} yet, and no corpus folder {folder}. Build one with `qa index build FOLDER`."
        )
    return publish(folder, url, skip_broken=skip_broken, tell=tell, kept=kept)


def publish_content(content: Catalogue, url: str = IN_MEMORY, kept: Cache | None = None) -> str:
    """Publish this content and return its version, a digest of the content unless it has one."""
    version = content_of_version(content)
    store_version(version, url, kept or temporary_cache())
    return version.manifest.version


def open_content(content: Catalogue, url: str = IN_MEMORY) -> OpenIndex:
    """Publish this content and open it."""
    kept = temporary_cache()
    return open_index(url, publish_content(content, url, kept), kept)


def write_published(version: str, skipped: tuple[CorpusError, ...]) -> bytes:
    return orjson.dumps([version, [(fault.file, fault.message, fault.line) for fault in skipped]])


def read_published(data: memoryview | None) -> tuple[str, tuple[CorpusError, ...]] | None:
    """The version published from a folder and the errors of what was skipped, as `write_published` wrote them."""
    if data is None:
        return None
    version, skipped = orjson.loads(data)
    return version, tuple(CorpusError(file, message, line=line) for file, message, line in skipped)
