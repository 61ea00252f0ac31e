"""Snapshots: copies of the corpus folder for the latest published versions, each in a folder named after its version.

`qa check --since VERSION` compares with them. Several services may share the folder: a snapshot is written completely
or not at all, by one service at a time where the file system has locks. Where it has none, deleting one that another
service is deleting too is not an error.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

from qa.corpus.retractions import RETRACTIONS
from qa.errors import NotFound

MAX_STORED = 20  # snapshots; editors rarely compare with older ones
VERSION = re.compile(r"[0-9a-f]{16}")  # nothing else in the folder is counted or deleted


def store(corpus: Path, versions: Path, version: str) -> None:
    """Store a copy of the corpus folder as the latest version, without the list of retractions, which is large and is
    not compared. Raises OSError if it cannot be written."""
    versions.mkdir(parents=True, exist_ok=True)
    with only_here(versions):
        store_here(corpus, versions, version)


@contextmanager
def only_here(folder: Path) -> Iterator[None]:
    """Within the block, no other service changes the folder: what one has just stored is not an old one to another."""
    number = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system has locks
            fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def store_here(corpus: Path, versions: Path, version: str) -> None:
    place = versions / version
    aside = Path(mkdtemp(prefix=".", dir=versions))
    try:
        if not place.is_dir():
            copy = shutil.copytree(
                corpus, aside / version, symlinks=True, ignore=shutil.ignore_patterns(".*", RETRACTIONS)
            )
            # Before it can be seen: with the time of the corpus folder it would be deleted as an old one.
            os.utime(copy, (latest_time(versions),) * 2)
            try:
                copy.rename(place)
            except OSError as fault:
                # Another service has just stored the same version, and may have deleted it since.
                if fault.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
        with suppress(FileNotFoundError):  # another service may just have deleted it as an old one
            os.utime(place, (latest_time(versions),) * 2)
        for old in stored(versions)[MAX_STORED:]:
            with suppress(OSError):
                (versions / old).rename(aside / old)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def latest_time(versions: Path) -> float:
    """Return the current time, or a second after the latest snapshot if the clock has been set back since."""
    known = times(versions)
    return max(time.time(), known[0][0] + 1) if known else time.time()


def find(versions: Path | None, version: str) -> Path:
    """Return the corpus folder of a version. Raises NotFound with the list of stored versions."""
    if versions is None:
        advice = "Give a folder, or set QA_VERSIONS to the folder where qa serve stores versions."
        raise NotFound(f"{version}: there is no such folder, and no versions are stored. {advice}")
    known = stored(versions)
    if version not in known:
        advice = f"Stored versions, latest first: {', '.join(known)}." if known else "No versions are stored there."
        raise NotFound(f"{version}: there is no such folder, and no such version in {versions}. {advice}")
    return versions / version


def stored(versions: Path) -> list[str]:
    """Return the stored versions, latest first."""
    return [name for _, name in times(versions)]


def times(versions: Path) -> list[tuple[float, str]]:
    """Return when each stored version was last published, and the version; latest first."""
    found = []
    for place in versions.glob("*"):
        with suppress(OSError):  # another service may just have deleted it
            if VERSION.fullmatch(place.name) and place.is_dir():
                found.append((place.stat().st_mtime, place.name))
    return sorted(found, reverse=True)
