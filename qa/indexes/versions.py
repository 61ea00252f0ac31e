"""The versions that an index on disk or in a cluster keeps: one of them is served."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from qa.errors import IndexUnavailable

VERSIONS_KEPT = 3  # versions, with the current one


class AboutVersion(NamedTuple):
    """When a version was made, the number of its passages, and its size in bytes."""

    made: str
    passages: int
    size: int


class Versions(Protocol):
    """The versions of an index. A name is the version, a full stop and a digest of the program that made it. All
    methods raise IndexUnavailable."""

    def names(self) -> list[str]:
        """The names of all versions, the newest last."""
        ...

    def named(self, version: str) -> str:
        """The name of a version, given with or without what follows the full stop: the newest one if there are
        several."""
        ...

    def current(self) -> str | None:
        """The name of the version that is served; None if there is none yet."""
        ...

    def about(self, name: str) -> AboutVersion: ...

    def check(self, name: str) -> None:
        """What is checked before a version is served."""
        ...

    def verify(self, name: str) -> int:
        """Read everything of a version, and return of how many files or entries it consists."""
        ...

    def promote(self, name: str) -> None:
        """Serve a version from now on, after checking it."""
        ...

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest versions, except for the one that is served. Returns their names."""
        ...


def version_among(names: Sequence[str], version: str, place: object) -> str:
    """The newest of the names of a version. Raises IndexUnavailable if there is none."""
    found = [name for name in names if version in (name, name.partition(".")[0])]
    if not found:
        raise IndexUnavailable(f"There is no version {version!r} in {place}. `qa index list` lists those there.")
    return found[-1]
