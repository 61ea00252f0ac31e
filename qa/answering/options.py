"""How a question is to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.retrieval.weights import WEIGHTS


@dataclass(frozen=True, slots=True)
class Options:
    """What a user or an operator chooses.

    `conditions` are ids chosen by the user; choosing one has the same effect as naming it in the question. At most
    `limit` hits are returned. A question is refused when the best coverage is below `refuse_below`; words not covered
    are reported when it is below `partial_below` (both 0 to 1). `as_written` searches for the words exactly as typed,
    without correction or interpretation. `explain` lists the contributions that make up each hit's score.
    """

    conditions: Sequence[str] = ()
    limit: int = 5
    refuse_below: float = WEIGHTS.refuse_below
    partial_below: float = WEIGHTS.partial_below
    as_written: bool = False
    explain: bool = False


DEFAULT = Options()
