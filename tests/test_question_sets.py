"""Minimum quality on the question sets that people wrote blind: the measured values less two or three questions.

The sets, their authors and the remaining failures are described in docs/questions.md. A floor is raised when the
measured value rises. Without the encoder, and with it (QA_TEST_ENCODER=on). Five were lowered when two
lists went that the encoder makes up for, and most of `answered` when numbers and thresholds were fitted to more pages. When numbers in words
and units of time began to count, `answered` rose everywhere but for the first document, whose two were lowered.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from testkit.corpora import encoder_of_tests
from testkit.question_sets import (
    FOR_TUNING,
    HELD_OUT,
    LATEST_PAGES,
    NEW_PAGES,
    NEWEST_PAGES,
    SECOND_ROUND,
    measures,
    run,
)

pytestmark = pytest.mark.slow

SETS = {
    "first document, tuning": [n for n in FOR_TUNING if n.startswith("first")],
    "first document, held out": [n for n in HELD_OUT if n.startswith("first")],
    "other pages, tuning": [n for n in FOR_TUNING if not n.startswith("first")],
    "other pages, held out": [n for n in HELD_OUT if not n.startswith("first")],
    "other pages, second round": SECOND_ROUND,
    "new pages": NEW_PAGES,
    "newest pages": NEWEST_PAGES,
    "latest pages": LATEST_PAGES,
}
# Right passage first, in three, answering sentence marked, not abstained, answered, right of these; of the questions
# without an answer: not answered.
FLOORS = {
    "off": {
        "first document, tuning": (0.91, 0.97, 0.90, 0.98, 0.75, 0.92, 0.90),
        "first document, held out": (0.96, 0.96, 0.93, 0.97, 0.79, 0.94, 0.82),
        "other pages, tuning": (0.85, 0.94, 0.78, 0.98, 0.30, 0.93, 0.96),
        "other pages, held out": (0.69, 0.78, 0.62, 0.89, 0.13, 0.70, 0.90),
        "other pages, second round": (0.86, 0.93, 0.64, 0.95, 0.28, 0.88, 0.86),
        "new pages": (0.55, 0.77, 0.44, 0.88, 0.10, 0.80, 0.90),
        "newest pages": (0.62, 0.78, 0.45, 0.85, 0.02, 0.33, 0.81),
        "latest pages": (0.58, 0.85, 0.43, 0.87, 0.02, 0.52, 0.66),
        "with lists": (0.71, 0.85, 0.56, 0.92, 0.12, 0.90, 0.92),
    },
    "on": {
        "first document, tuning": (0.86, 0.97, 0.84, 0.97, 0.50, 0.95, 0.94),
        "first document, held out": (0.92, 0.95, 0.86, 0.96, 0.57, 0.94, 0.92),
        "other pages, tuning": (0.83, 0.93, 0.77, 0.97, 0.64, 0.91, 0.86),
        "other pages, held out": (0.75, 0.89, 0.66, 0.95, 0.50, 0.86, 0.80),
        "other pages, second round": (0.87, 0.94, 0.66, 0.95, 0.55, 0.91, 0.80),
        "new pages": (0.72, 0.88, 0.57, 0.92, 0.37, 0.85, 0.80),
        "newest pages": (0.77, 0.87, 0.55, 0.89, 0.52, 0.89, 0.75),
        "latest pages": (0.57, 0.85, 0.47, 0.89, 0.30, 0.77, 0.85),
        "with lists": (0.75, 0.92, 0.60, 0.96, 0.43, 0.88, 0.87),
    },
}


def missed(name: str, sets: Sequence[str], *, lists: bool = False) -> dict[str, float]:
    """The measures that are below their floors."""
    reached = measures([row for each in sets for row in run(each, lists=lists)])
    floors = zip(reached.items(), FLOORS[encoder_of_tests()][name], strict=True)
    return {key: value for (key, value), floor in floors if value < floor}


@pytest.mark.parametrize("name", SETS)
def test_every_set_reaches_its_floors(name: str) -> None:
    assert missed(name, SETS[name]) == {}


def test_words_added_by_an_owner_improve_quality() -> None:
    """On pages whose field the general lists do not cover: more comes first than without."""
    assert missed("with lists", [*NEW_PAGES, *NEWEST_PAGES, *LATEST_PAGES], lists=True) == {}
