"""The scale of an encoder's cosines. Encoders that rank texts equally well may have cosines of .8 or of .1 for other
subjects; the numbers of qa/data/relevance.toml were fitted to those of the model in the package."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa.encoder.vectors import Floats

if TYPE_CHECKING:
    from qa.encoder import Encoder

PAGE = Path(__file__).parent / "scale.toml"
LEAST_DIFFERENCE = 0.01  # of the two means; an encoder below it cannot tell the questions apart


class MeanCloseness(NamedTuple):
    """How close, in the mean, the page of scale.toml is to questions that it answers, and to unrelated ones."""

    answered: float
    unrelated: float


OF_PACKAGE = MeanCloseness(0.364, 0.107)


class Scale(NamedTuple):
    """What a cosine of another encoder would be with the one in the package: `offset + slope * cosine`."""

    offset: float = 0.0
    slope: float = 1.0

    def closeness(self, cosines: Floats) -> Floats:
        return self.offset + self.slope * cosines


def find_scale(encoder: Encoder) -> Scale:
    """The scale on which both means are those of the encoder in the package; cosines as they are if the means hardly
    differ."""
    found = mean_closeness(encoder)
    if found.answered - found.unrelated < LEAST_DIFFERENCE:
        return Scale()
    slope = (OF_PACKAGE.answered - OF_PACKAGE.unrelated) / (found.answered - found.unrelated)
    return Scale(OF_PACKAGE.answered - slope * found.answered, slope)


def mean_closeness(encoder: Encoder) -> MeanCloseness:
    page = read_page()
    passages = [encoder.encode([" ".join(texts), *texts[2:]]) for texts in page["passages"]]

    def closest(questions: Sequence[str]) -> float:
        asked = [encoder.encode_question(question) for question in questions]
        return float(np.mean([max(of_passage(vectors @ question) for vectors in passages) for question in asked]))

    return MeanCloseness(closest(page["answered"]), closest(page["unrelated"]))


def of_passage(cosines: Floats) -> float:
    """The mean of the cosines of a passage and of its two closest sentences."""
    return float((cosines[0] + np.sort(cosines[1:])[-2:].sum()) / 3)


@cache
def read_page() -> dict[str, list[str]]:
    return tomllib.loads(PAGE.read_text(encoding="utf-8"))
