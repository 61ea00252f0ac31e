"""What was read of a version, kept by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class KeptById(Generic[Kept]):
    """What `read` returns for ids, in their order; the last `most` are kept, since a version never changes. Safe to use
    from several threads."""

    def __init__(self, read: Callable[[Sequence[str]], Sequence[Kept]], most: int) -> None:
        self._read, self._most = read, most
        self._kept: dict[str, Kept] = {}

    def several(self, ids: Sequence[str]) -> list[Kept]:
        """What is there for these ids, reading at once what is not kept. Raises as `read`."""
        found = {id: kept for id in ids if (kept := self._kept.get(id)) is not None}
        missing = [id for id in dict.fromkeys(ids) if id not in found]
        if missing:
            found.update(zip(missing, self._read(missing), strict=True))
        self.keep(found)
        return [found[id] for id in ids]

    def one(self, id: str) -> Kept:
        return self.several([id])[0]

    def keep(self, found: Mapping[str, Kept]) -> None:
        """Keep what was read otherwise: it may be asked for next."""
        for id, each in found.items():
            self._kept.pop(id, None)
            self._kept[id] = each
        for id in list(islice(self._kept, max(0, len(self._kept) - self._most))):
            self._kept.pop(id, None)
