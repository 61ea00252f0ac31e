"""Words that stand near the words of a question: what a passage may speak of in words that no list has.

Nearness is read from a table that was worked out once from vectors of words (benchmarks/make_related.py); no vector
and no model comes with the package. It is weaker evidence than a synonym that somebody wrote down: it counts for less,
and the asker is told which words stand in the documents only nearly.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from qa.analysis import read_lines

FILE = "related.txt.gz"
TENTHS = 10


@cache
def table() -> Mapping[str, str]:
    """Each term with its line; lines are read when they are asked for."""
    return {term: near for term, _, near in (line.partition(" ") for line in read_lines(FILE))}


def related_terms(term: str) -> dict[str, float]:
    """The terms near a term, each with what it counts for beside the term itself (above 0, to 1)."""
    pairs = (pair.split(":") for pair in table().get(term, "").split())
    return {other: int(tenths) / TENTHS for other, tenths in pairs}
