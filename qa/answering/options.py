"""How a question is to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.indexes import OpenIndex
from qa.retrieval.fitted import EvidenceKind, fitted


@dataclass(frozen=True, slots=True)
class Options:
    """What a user or an operator chooses.

    `conditions` are ids chosen by the user; choosing one has the same effect as naming it in the question. At most
    `limit` hits are returned. A question counts as answered when the confidence (0 to 1) is at least `answer_from`;
    None for the fitted threshold, which is another for an index with vectors than for one without.
    `as_written` searches for the words exactly as typed, without correction or interpretation. `explain` lists the
    contributions that make up each hit's score.
    """

    conditions: Sequence[str] = ()
    limit: int = 3
    answer_from: float | None = None
    as_written: bool = False
    explain: bool = False

    def threshold(self, index: OpenIndex) -> float:
        """The confidence from which a question counts as answered from this index."""
        kind: EvidenceKind = "meaning" if index.vectors else "words"
        return fitted().answer_from[kind] if self.answer_from is None else self.answer_from


DEFAULT = Options()
