"""Counts of what is right, wrong and missing, as precision, recall and F."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    right: int = 0
    wrong: int = 0
    missing: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missing + other.missing)

    def __sub__(self, other: Score) -> Score:
        return Score(self.right - other.right, self.wrong - other.wrong, self.missing - other.missing)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missing)

    @property
    def f(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missing)

    def __str__(self) -> str:
        counts = f"{self.right} right, {self.wrong} wrong, {self.missing} missing"
        return f"P {self.precision:.4f} R {self.recall:.4f} F {self.f:.4f} ({counts})"


def compare(gold: Iterable[Hashable], found: Iterable[Hashable]) -> Score:
    """Compare two collections, counting how often each thing is in them."""
    true, said = Counter(gold), Counter(found)
    return Score((true & said).total(), (said - true).total(), (true - said).total())


def letters(text: str) -> str:
    """The letters of a text in lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if c.isalpha())


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).lower())
