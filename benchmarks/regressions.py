"""Logistic regressions in numpy, for benchmarks/fit.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def minimised(loss: Callable[[Numbers], tuple[float, Numbers]], start: Numbers, rounds: int = 400) -> Numbers:
    """The point where a smooth convex function with this gradient is least (BFGS with backtracking)."""
    at, inverse = start, np.eye(len(start))
    value, slope = loss(at)
    for _ in range(rounds):
        step = -inverse @ slope
        length = 1.0
        while True:
            new = at + length * step
            new_value, new_slope = loss(new)
            if new_value <= value + 1e-4 * length * (slope @ step) or length < 1e-10:
                break
            length /= 2
        moved, turned = new - at, new_slope - slope
        at, value, slope = new, new_value, new_slope
        if np.abs(slope).max() < 1e-6 or not moved.any():
            break
        if (curve := moved @ turned) > 1e-12:
            left = np.eye(len(at)) - np.outer(moved, turned) / curve
            inverse = left @ inverse @ left.T + np.outer(moved, moved) / curve
    return at


def fit_logistic(features: Numbers, labels: Numbers, weights: Numbers, ridge: float = 1.0) -> Numbers:
    """The coefficients, the intercept last, of a logistic regression with an L2 penalty on standardised features."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    scaled = np.hstack([(features - mean) / spread, np.ones((len(features), 1))])
    penalised = np.append(np.full(features.shape[1], ridge), 0.0)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        logits = scaled @ at
        value = weights @ (np.logaddexp(0, logits) - labels * logits) + penalised @ at**2 / 2
        return float(value), scaled.T @ (weights * (sigmoid(logits) - labels)) + penalised * at

    found = minimised(loss, np.zeros(scaled.shape[1]))
    slopes = found[:-1] / spread
    return np.append(slopes, found[-1] - slopes @ mean)


def sigmoid(logits: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))))


def fit_listwise(lists: Sequence[tuple[Numbers, npt.NDArray[np.bool_]]], weights: Sequence[float]) -> Numbers:
    """The weights of the features of passages that make it likeliest that a right one comes first."""
    spread = np.concatenate([features - features.mean(axis=0) for features, _ in lists]).std(axis=0) + 1e-9
    rows = np.concatenate([features for features, _ in lists]) / spread
    right = np.concatenate([right for _, right in lists])
    numbers = [len(right) for _, right in lists]
    starts, of = np.cumsum([0, *numbers[:-1]]), np.repeat(np.arange(len(lists)), numbers)
    weight = np.array(weights)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        logits = rows @ at
        likely = np.exp(logits - np.maximum.reduceat(logits, starts)[of])
        shares = likely / np.add.reduceat(likely, starts)[of]
        mass = np.maximum(1e-12, np.add.reduceat(np.where(right, shares, 0), starts))
        too_low = np.where(right, shares / mass[of], 0) - shares
        value = 0.1 * float(at @ at) / 2 - float(weight @ np.log(mass))
        return value, 0.1 * at - rows.T @ (weight[of] * too_low)

    return np.asarray(minimised(loss, np.zeros(len(spread))) / spread)
