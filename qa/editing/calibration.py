"""Calibration: whether answers are right as often as their confidence says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

BINS = 5
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of similar confidence: their number, mean confidence, and the share whose first passage answers."""

    questions: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Bins of equal size by confidence; `error` is the mean distance between confidence and share right (the expected
    calibration error), `chance` what it would be on average if every confidence were exact."""

    bins: tuple[Bin, ...]
    error: float
    chance: float


def calibration_of(questions: Sequence[tuple[float, bool]]) -> Calibration | None:
    """The calibration of questions given as pairs of confidence and whether the first passage answers; None for fewer
    questions than bins."""
    if len(questions) < BINS:
        return None
    ordered = sorted(questions, key=lambda each: each[0])
    edges = [round(n * len(ordered) / BINS) for n in range(BINS + 1)]
    parts = [ordered[start:end] for start, end in pairwise(edges)]
    draw = random.Random(0)
    drawn = [error_of([[(sure, draw.random() < sure) for sure, _ in part] for part in parts]) for _ in range(DRAWS)]
    bins = tuple(Bin(len(part), mean(c for c, _ in part), mean(right for _, right in part)) for part in parts)
    return Calibration(bins, error_of(parts), mean(drawn))


def error_of(parts: Sequence[Sequence[tuple[float, bool]]]) -> float:
    distances = [abs(sum(sure for sure, _ in part) - sum(right for _, right in part)) for part in parts]
    return sum(distances) / sum(map(len, parts))
