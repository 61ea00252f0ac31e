"""The folder of the index `disk:PATH`: versions are made beside, checked, and renamed into place; one of them is
current."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from qa.errors import IndexUnavailable
from qa.indexes.disk.files import FILE_LIST, check_all, damaged, flush, write_whole
from qa.indexes.versions import VERSIONS_KEPT, version_among
from qa.log import LOG

MARKER = "index"
WHAT = b"Chapter & Verse: an index. Nothing else may be kept in this folder.\n"
CURRENT = "current"
BUILDING = "building-"


class IndexFolder:
    """The versions in a folder."""

    def __init__(self, path: Path) -> None:
        self.path, self.versions = path, path / "versions"

    # --- finding -------------------------------------------------------------------------------

    def check(self) -> None:
        """Raise IndexUnavailable unless this is the folder of an index."""
        if not (self.path / MARKER).is_file():
            if self.path.is_dir() and any(self.path.iterdir()):
                raise IndexUnavailable(
                    f"{self.path} is no index: it has other files. Choose another folder (QA_INDEX)."
                )
            raise IndexUnavailable(f"There is no index in {self.path} yet. Build it with `qa index build`.")

    def prepare(self) -> None:
        """Make the folder if necessary. Raises IndexUnavailable if it has other files or cannot be made."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if not (self.path / MARKER).exists():
                self._mark()
            self.versions.mkdir(exist_ok=True)
        except OSError as error:
            raise IndexUnavailable(f"{self.path} cannot be used for an index: {error.strerror} (QA_INDEX).") from None

    def _mark(self) -> None:
        """Mark an empty folder as that of an index. Other processes may do so at the same time, and one that was
        interrupted may have left half of a marker."""
        number = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            if any(path.name != f"{MARKER}.new" for path in self.path.iterdir()):
                self.check()  # another process may have marked it in the meantime
            else:
                write_whole(self.path / MARKER, WHAT)
        finally:
            os.close(number)

    def names(self) -> list[str]:
        """The names of all versions, the newest last."""
        self.check()
        found = []
        for path in self.versions.iterdir():
            with suppress(FileNotFoundError, NotADirectoryError):  # another process may just have removed it
                (path / FILE_LIST).stat()
                found.append((path.stat().st_mtime_ns, path.name))
        return [name for _, name in sorted(found)]

    def named(self, version: str) -> str:
        """The name of a version, given with or without what follows the full stop: the newest one if there are several.
        Raises IndexUnavailable if there is none."""
        return version_among(self.names(), version, self.path)

    def current(self) -> str | None:
        """The name of the version that is served; None if there is none yet."""
        self.check()
        with suppress(FileNotFoundError):
            return (self.path / CURRENT).read_text().strip()
        return None

    # --- changing ------------------------------------------------------------------------------

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Wait until no other process makes or removes versions, and remove what an interrupted one has left."""
        self.prepare()
        with (self.path / "lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for left in self.path.glob(f"{BUILDING}*"):
                shutil.rmtree(left)
            yield

    @contextmanager
    def building(self, name: str) -> Iterator[Path]:
        """A new folder for a version, which becomes the version `name` if what is in it is whole. Call it within
        `lock`."""
        new = Path(tempfile.mkdtemp(prefix=BUILDING, dir=self.path))
        try:
            yield new
            new.chmod(0o755)
            check_all(new)
            self._put(new, self.versions / name)
        finally:
            for left in self.path.glob(f"{BUILDING}*"):
                shutil.rmtree(left, ignore_errors=True)

    def _put(self, new: Path, place: Path) -> None:
        """Rename a new version into place. One that is there already stays, so that nobody who reads it is disturbed,
        unless it is damaged."""
        if place.exists():
            with suppress(IndexUnavailable):
                check_all(place)
                return
            place.rename(Path(tempfile.mkdtemp(prefix=BUILDING, dir=self.path)) / place.name)
        new.rename(place)
        flush(self.versions)
        flush(self.path)

    def promote(self, name: str) -> None:
        """Make a version the current one."""
        write_whole(self.path / CURRENT, f"{name}\n".encode())

    def prune(self, keep: int = VERSIONS_KEPT) -> list[str]:
        """Remove the oldest versions, but neither the current one nor one that is open. Returns their names."""
        current, removed = self.current(), []
        for name in self.names()[: -keep or None]:
            if name != current and self._remove(self.versions / name):
                removed.append(name)
        return removed

    def _remove(self, folder: Path) -> bool:
        """Remove a version unless a process has it open."""
        try:
            with (folder / FILE_LIST).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                gone = Path(tempfile.mkdtemp(prefix=BUILDING, dir=self.path))
                folder.rename(gone / folder.name)
                flush(self.versions)
                shutil.rmtree(gone)
        except OSError as error:
            LOG.info("version not removed", version=folder.name, fault=str(error))
            return False
        return True


def hold_open(folder: Path) -> int:
    """Keep a version from being removed as long as this process, or one forked from it, has it open. Read it only
    afterwards: until now it may have been removed. Raises IndexUnavailable if it was."""
    try:
        number = os.open(folder / FILE_LIST, os.O_RDONLY)
    except OSError as error:
        raise damaged(folder, f"{FILE_LIST} cannot be read ({error.strerror})") from None
    fcntl.flock(number, fcntl.LOCK_SH)
    return number
