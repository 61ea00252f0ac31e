"""Collect faults, so that an owner sees all of them at once."""

from __future__ import annotations

from qa.errors import CorpusError


class Faults(list[CorpusError]):
    """The faults found so far, in order."""

    def collected(self) -> Collecting:
        """A context that records a CorpusError raised in it, with the others it brings, and ends there."""
        return Collecting(self)

    def raise_all(self) -> None:
        """Raise the first fault, which brings the others; do nothing if there is none."""
        if self:
            self[0].others = tuple(self[1:])
            raise self[0]


class Collecting:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, CorpusError):
            return False
        self.faults += [error.with_traceback(None), *error.others]
        return True
