"""Which files of a corpus folder have changed since it was published last (QA_CACHE)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import orjson

from qa.cache import Cache


@dataclass(frozen=True, slots=True)
class Changes:
    """The names of files that are new, have other content, have another name (old and new), or are gone; and how many
    are as they were."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    removed: tuple[str, ...] = ()
    same: int = 0


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What has changed between two listings: digests of files by name."""
    gone = {digest: name for name, digest in before.items() if name not in after}
    new = [name for name in after if name not in before]
    moved = {}
    for name in new:
        if old := gone.pop(after[name], None):
            moved[old] = name
    return Changes(
        added=tuple(name for name in new if name not in moved.values()),
        changed=tuple(name for name in after if name in before and after[name] != before[name]),
        moved=tuple(moved.items()),
        removed=tuple(name for name in before if name not in after and name not in moved),
        same=sum(before.get(name) == digest for name, digest in after.items()),
    )


def published_files(folder: Path, url: str, kept: Cache) -> Mapping[str, str] | None:
    """The digests of the files of a folder, by name, when it was last published at `url`; None if that is not known."""
    found = kept.find(key_of_files(folder, url))
    return None if found is None else orjson.loads(found)


def note_published(folder: Path, url: str, files: Mapping[str, str], kept: Cache) -> None:
    if published_files(folder, url, kept) != files:
        kept.store(key_of_files(folder, url), [orjson.dumps(files)])


def key_of_files(folder: Path, url: str) -> str:
    return "files-" + sha256(f"{folder.resolve()}\0{url}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
