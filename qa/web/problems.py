"""Errors of a request, shown as RFC 9457 problems under /api and as pages elsewhere. Nothing that was sent is repeated,
except the names of unknown parameters if they are harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import QAError
from qa.models import Notice


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter. `parameter` is None if its name must not be repeated."""

    parameter: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem as defined in RFC 9457. `notices` are those that the request triggers."""

    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    type: str = "about:blank"


class BadParameters(QAError):
    """Invalid parameters, with a fault for each."""

    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.message for fault in faults))
