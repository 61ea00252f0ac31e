"""Encoders whose cosines have another scale are as sure as the one in the package."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from qa.encoder.scale import OF_PACKAGE, Scale, find_scale, mean_closeness
from qa.encoder.vectors import Floats
from testkit.encoders import shipped_encoder, tiny_encoder


class Crowded:
    """The encoder in the package with all vectors moved towards one direction: it ranks the same, and unrelated texts
    have high cosines."""

    def __init__(self, share: float) -> None:
        self.share = share  # of the squared length that is the same for all texts

    def moved(self, vectors: Floats) -> Floats:
        constant = np.full((*vectors.shape[:-1], 1), np.sqrt(self.share))
        return np.concatenate([np.sqrt(1 - self.share) * vectors, constant], axis=-1)

    def encode(self, texts: Iterable[str]) -> Floats:
        return self.moved(shipped_encoder().encode(texts))

    def encode_question(self, question: str) -> Floats:
        return self.moved(shipped_encoder().encode_question(question))


def test_figures_of_the_encoder_in_the_package() -> None:
    assert mean_closeness(shipped_encoder()) == pytest.approx(OF_PACKAGE, abs=2e-3)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.9])
def test_other_cosines_give_the_same_closeness(share: float) -> None:
    crowded = Crowded(share)
    asked, texts = "do plants help in lessons?", ["Gardens improve marks.", "The train is late."]
    cosines = crowded.encode(texts) @ crowded.encode_question(asked)
    expected = shipped_encoder().encode(texts) @ shipped_encoder().encode_question(asked)
    assert cosines.min() > share - 0.1
    assert find_scale(crowded).closeness(cosines) == pytest.approx(expected, abs=0.01)  # type: ignore[arg-type]


def test_an_encoder_that_cannot_tell_questions_apart_is_left_as_it_is() -> None:
    """All words of the page are unknown to it."""
    assert tiny_encoder().scale == Scale()
