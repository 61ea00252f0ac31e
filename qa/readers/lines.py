"""Lines of a text, and lines joined that hard wrapping has parted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BLANK = " \t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\ufeff"
LONGEST_WRAPPED_LINE = 120
LINE = re.compile(r"[^\r\n]+")


class Line(NamedTuple):
    """The span of a line or of joined lines, without surrounding whitespace."""

    start: int
    end: int


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    for match in LINE.finditer(text, start, len(text) if end is None else end):
        line = match.group()
        first = match.start() + len(line) - len(line.lstrip(BLANK))
        last = match.start() + len(line.rstrip(BLANK))
        if first < last:
            yield Line(first, last)


def adjacent(text: str, first: Line, second: Line) -> bool:
    """Whether there is no blank line between the two lines."""
    between = text[first.end : second.start].replace("\r\n", "\n").replace("\r", "\n")
    return between.count("\n") == 1
