"""Numbers fitted to question sets (data/relevance.toml): closeness in ranking, confidence, what is off topic."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Literal

EvidenceKind = Literal["meaning", "words"]
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

    `passage_gain` and `sentence_gain` are scores for a cosine of 1, of the passage and of its closest sentence.
    `confidence` is by evidence: "meaning" where there are vectors, else "words". `answer_from` is the confidence from
    which a question counts as answered. A question is off topic if no passage is closer than `far` and none has more
    than the share `few` of it; without vectors, if none has more than `fewest`.
    """

    passage_gain: float
    sentence_gain: float
    answer_from: float
    confidence: Mapping[EvidenceKind, Logistic]
    far: float
    few: float
    fewest: float


@cache
def fitted() -> Fitted:
    read = tomllib.loads(files("qa").joinpath("data", "relevance.toml").read_text(encoding="utf-8"))
    topic = read["off_topic"]
    return Fitted(
        passage_gain=read["ranking"]["passage"],
        sentence_gain=read["ranking"]["sentence"],
        answer_from=read["answer_from"],
        confidence={kind: regression(read["confidence"][kind]) for kind in KINDS},
        far=topic["closeness"],
        few=topic["words"],
        fewest=topic["words_alone"],
    )


def regression(table: Mapping[str, float]) -> Logistic:
    return Logistic(table["intercept"], {name: weight for name, weight in table.items() if name != "intercept"})
