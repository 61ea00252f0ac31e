"""Faults of a request: RFC 9457 problems under /api, plain pages elsewhere. Of what was sent nothing is repeated, but
for the harmless name of a parameter that is not known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import QAError
from qa.models import Notice


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter; `parameter` is None where its name cannot be repeated."""

    parameter: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault as RFC 9457 has it. `notices` are the owner's standing messages that the request calls up."""

    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    type: str = "about:blank"


class BadParameters(QAError):
    """Parameters that cannot be taken, all of them named."""

    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(fault.message for fault in faults))
