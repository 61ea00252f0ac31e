"""Stored vectors: one byte per dimension and one scale per vector, a quarter of their size as float32."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

STEPS = 127  # on each side of 0: -128 is not used, so that a vector and its negative are stored alike


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """`n` vectors of `d` dimensions: `steps * scales[:, None]`. They have length one again, so that rounding changes
    their direction only; a vector of zeros stays zero."""

    steps: npt.NDArray[np.int8]  # (n, d)
    scales: Floats  # (n,)

    def __len__(self) -> int:
        return len(self.steps)

    def rows(self, rows: Sequence[int] | slice) -> StoredVectors:
        """The vectors of these rows."""
        return StoredVectors(self.steps[rows], self.scales[rows])

    def joined(self, others: StoredVectors) -> StoredVectors:
        """These vectors and then the others."""
        return StoredVectors(np.concatenate((self.steps, others.steps)), np.concatenate((self.scales, others.scales)))

    def restored(self) -> Floats:
        """As float32, (n, d); compute it once for vectors that are compared with every question."""
        return self.steps * self.scales[:, None]

    def cosines(self, vector: Floats, rows: Sequence[int] | slice = slice(None)) -> Floats:
        """The cosine of a vector of length one with each of these rows, 0 where either is all zeros."""
        return np.asarray((self.steps[rows].astype(np.float32) @ vector) * self.scales[rows], dtype=np.float32)


def quantize(vectors: Floats) -> StoredVectors:
    """Quantise vectors, (n, d)."""
    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=0)
    steps = np.round(vectors / np.where(largest > 0, largest, 1) * STEPS).astype(np.int8)
    lengths = np.linalg.norm(steps.astype(np.float32), axis=1)
    scales = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return StoredVectors(steps, scales)
