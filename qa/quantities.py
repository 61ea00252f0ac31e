"""Lengths of time in questions and sentences, in one unit, so that "beyond one year" is not answered by six months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
VALUES = {word: float(value) for value, word in enumerate(NUMBERS, 1)} | {"a": 1.0, "an": 1.0, "half a": 0.5}
DAYS = {"minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24, "hr": 1 / 24, "day": 1.0, "week": 7.0, "wk": 7.0,
        "month": 30.4, "mth": 30.4, "year": 365.0, "yr": 365.0, "decade": 3650.0}  # fmt: skip
AMOUNT = rf"(?P<amount>\d+(?:\.\d+)?|half an?|an?|{'|'.join(NUMBERS)})"
TIME = re.compile(rf"\b{AMOUNT}[\s-]+(?P<unit>{'|'.join(DAYS)})s?\b", re.IGNORECASE)
# What stands before a length of time that is only a bound.
LONGER = re.compile(
    r"\b(?:beyond|past|longer than|more than|over|exceeding|at least|upwards of)\s+(?:the\s+)?\Z", re.IGNORECASE
)
NEARLY = 0.95  # 12 months are a year, 26 weeks half a one


class Length(NamedTuple):
    """A length of time at `text[start:end]`; `longer`: this or anything beyond."""

    days: float
    longer: bool
    start: int
    end: int


def find_lengths(text: str) -> Iterator[Length]:
    """The lengths of time that a text gives, from left to right."""
    for match in TIME.finditer(text):
        before = LONGER.search(text[: match.start()])
        start = before.start() if before else match.start()
        yield Length(value_of(match["amount"]) * DAYS[match["unit"].lower()], before is not None, start, match.end())


def value_of(amount: str) -> float:
    amount = amount.lower().replace("half an", "half a")
    return VALUES[amount] if amount in VALUES else float(amount)


def reaches(found: Length, asked: Length) -> bool:
    """Whether a length that a sentence gives is as long as one that a question asks to be exceeded."""
    return found.days >= NEARLY * asked.days
