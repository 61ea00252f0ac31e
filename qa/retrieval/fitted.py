"""Numbers fitted to question sets (data/relevance.toml): closeness in ranking, confidence, what is off topic."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log2
from typing import Literal

EvidenceKind = Literal["meaning", "words"]
PAGE = 20  # passages, about as many as a page of text has
KINDS: tuple[EvidenceKind, ...] = ("meaning", "words")


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: a probability from features by name. Features without a weight do not count."""

    intercept: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        total = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + exp(-max(-50.0, min(50.0, total))))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted numbers.

    `passage_gain` and `sentence_gain` are scores for a cosine of 1, of the passage and of its two closest sentences.
    `confidence` is by evidence: "meaning" where there are vectors, else "words"; so is `answer_from`, the confidence
    from which a question counts as answered. A question is off topic if no passage is nearer than `far_among` and none
    has more than the share `few` of it; without vectors, if none has more than `fewest`.
    """

    passage_gain: float
    sentence_gain: float
    answer_from: Mapping[EvidenceKind, float]
    confidence: Mapping[EvidenceKind, Logistic]
    far: float
    far_growth: float
    few: float
    fewest: float

    def far_among(self, passages: int) -> float:
        """How near one of so many passages must be to a question that is on topic. Among more, one is nearer by
        chance, so it grows with each doubling."""
        return self.far + self.far_growth * max(0.0, log2(max(1, passages) / PAGE))


@cache
def fitted() -> Fitted:
    read = tomllib.loads(files("qa").joinpath("data", "relevance.toml").read_text(encoding="utf-8"))
    topic = read["off_topic"]
    return Fitted(
        passage_gain=read["ranking"]["passage"],
        sentence_gain=read["ranking"]["sentence"],
        answer_from={kind: read["answer_from"][kind] for kind in KINDS},
        confidence={kind: regression(read["confidence"][kind]) for kind in KINDS},
        far=topic["nearness"],
        far_growth=topic["nearness_growth"],
        few=topic["words"],
        fewest=topic["words_alone"],
    )


def regression(table: Mapping[str, float]) -> Logistic:
    return Logistic(table["intercept"], {name: weight for name, weight in table.items() if name != "intercept"})
