"""The versions that were published: a copy of the corpus folder for each of the last ones, under the version's name.

They are there to be compared with (`qa check --since VERSION`). Several services may share the folder: a version is
put there whole under its name, or not at all, and taking one away that another service takes away too is no fault.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from qa.errors import NotFound

KEPT = 20  # what an editor goes back to is rarely further back
A_VERSION = re.compile(r"[0-9a-f]{16}")  # nothing else in the folder is ours to count or to take away


def keep(corpus: Path, versions: Path, version: str) -> None:
    """Keep a copy of the corpus folder as the latest version. Raises OSError when it cannot be written."""
    place = versions / version
    versions.mkdir(parents=True, exist_ok=True)
    aside = Path(mkdtemp(prefix=".", dir=versions))
    try:
        if not place.is_dir():
            copy = shutil.copytree(corpus, aside / version, symlinks=True, ignore=shutil.ignore_patterns(".*"))
            try:
                copy.rename(place)
            except OSError:
                if not place.is_dir():  # else another service has just put the same version there
                    raise
        with suppress(FileNotFoundError):  # another service, for which it is an old one, may just have taken it away
            os.utime(place, (after_all(versions),) * 2)
        for old in kept(versions)[KEPT:]:
            with suppress(OSError):
                (versions / old).rename(aside / old)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def after_all(versions: Path) -> float:
    """The present, or a second after the latest version when the clock has been set back since."""
    known = times(versions)
    return max(time.time(), known[0][0] + 1) if known else time.time()


def find(versions: Path | None, version: str) -> Path:
    """The corpus folder of a version. Raises NotFound, which says what there is."""
    if versions is None:
        advice = "Give a folder, or set QA_VERSIONS to where qa serve keeps versions."
        raise NotFound(f"{version}: there is no such folder, and no version is kept. {advice}")
    known = kept(versions)
    if version not in known:
        advice = f"Kept there are, the latest first: {', '.join(known)}." if known else "None is kept there."
        raise NotFound(f"{version}: there is no such folder, and no such version in {versions}. {advice}")
    return versions / version


def kept(versions: Path) -> list[str]:
    """The names of the versions, the latest first."""
    return [name for _, name in times(versions)]


def times(versions: Path) -> list[tuple[float, str]]:
    """When each version was published last, and its name; the latest first."""
    found = []
    for place in versions.glob("*"):
        with suppress(OSError):  # another service may just have taken it away
            if A_VERSION.fullmatch(place.name) and place.is_dir():
                found.append((place.stat().st_mtime, place.name))
    return sorted(found, reverse=True)
