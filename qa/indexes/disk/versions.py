"""Store and open versions of the index `disk:PATH`."""

from __future__ import annotations

import os
import weakref
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from qa.cache import maker_digest
from qa.encoder import Encoder
from qa.errors import IndexUnavailable
from qa.indexes.disk.files import SectionFiles, check_all, check_sizes, finish, read_file_list
from qa.indexes.disk.folder import IndexFolder, hold_open
from qa.indexes.disk.proposals import TANTIVY, Proposals
from qa.indexes.disk.writer import VersionWriter
from qa.indexes.stored import StoredIndex
from qa.indexes.stored_documents import VersionContent
from qa.indexes.vectors import VectorTables
from qa.indexes.versions import AboutVersion
from qa.indexes.writing import write_documents
from qa.models import Manifest


def folder_of(url: str) -> IndexFolder:
    """The folder that `disk:PATH` names."""
    return IndexFolder(Path(url.partition(":")[2]).expanduser())


def folder_name(version: str) -> str:
    """The name of the folder of a version made by this program."""
    return f"{version}.{maker_digest()[:8]}"


def is_on_disk(url: str, version: str) -> bool:
    """Whether there is this version, made by this program, with all its files."""
    folder = folder_of(url)
    folder.prepare()
    place = folder.versions / folder_name(version)
    try:
        check_sizes(place, read_file_list(place))
    except IndexUnavailable:
        return False
    return True


def store_on_disk(content: VersionContent, url: str) -> None:
    """Store a version, and make it the current one."""
    folder, version = folder_of(url), content.manifest.version
    try:
        with folder.lock():
            name = folder_name(version)
            with folder.building(name) as place:
                write_files(content, place)
            folder.promote(name)
            folder.prune()
    except OSError as error:
        advice = "The version served so far is not affected."
        raise IndexUnavailable(
            f"The index in {folder.path} cannot be written: {error.strerror or error}. {advice}"
        ) from None


def write_files(content: VersionContent, place: Path) -> None:
    """Write all files of a version into its folder."""
    writer = VersionWriter(place, "passage", content.words / (content.manifest.passages or 1))
    others = write_documents(content, writer.add, writer.open_section)
    finish(place, writer.finish(others), about_version(content.manifest, "corpus"))


def about_version(manifest: Manifest, source: str) -> dict[str, Any]:
    """What is written down about a version; `source` is what it was made from."""
    return {
        "version": manifest.version,
        "maker": maker_digest(),
        "source": source,
        "passages": manifest.passages,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def open_on_disk(url: str, version: str, encoder: Encoder | None, vectors: VectorTables | None) -> StoredIndex:
    """Open a version. Raises IndexUnavailable if it is not there, damaged, or of another format."""
    folder = folder_of(url)
    place = folder.versions / folder_name(version)
    if not place.is_dir():
        place = folder.versions / folder.named(version)
    opened = Opened(place)
    contents = read_file_list(place)
    check_sizes(place, contents)
    index = StoredIndex(SectionFiles(place, contents), partial(Proposals, place / TANTIVY), encoder, vectors)
    index.opened = opened
    return index


def current_version(url: str) -> str | None:
    """The version that is to be served; None if none has been made yet. Raises IndexUnavailable if another program has
    files in the folder."""
    name = DiskVersions(folder_of(url)).current()
    return name.partition(".")[0] if name else None


class DiskVersions:
    """The versions in a folder; implements `Versions`."""

    def __init__(self, folder: IndexFolder) -> None:
        self._folder = folder
        self.names, self.named = folder.names, folder.named

    def current(self) -> str | None:
        self._folder.prepare()
        return self._folder.current()

    def about(self, name: str) -> AboutVersion:
        found = read_file_list(self._folder.versions / name)
        return AboutVersion(found.made, found.passages, sum(file.size for file in found.files))

    def check(self, name: str) -> None:
        self.verify(name)

    def verify(self, name: str) -> int:
        return len(check_all(self._folder.versions / name).files)

    def promote(self, name: str) -> None:
        with self._folder.lock():
            self.check(name)
            self._folder.promote(name)

    def prune(self, keep: int) -> list[str]:
        with self._folder.lock():
            return self._folder.prune(keep)


class Opened:
    """Keeps a version from being removed while an index of it is open."""

    def __init__(self, place: Path) -> None:
        number = hold_open(place)
        weakref.finalize(self, os.close, number)
