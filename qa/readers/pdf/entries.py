"""Where the entries of a reference list without numbers begin: by their indents, by the space between them, or by the
ends of their lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.readers.pdf.lines import PrintedLine
from qa.readers.pdf.margins import Column, Margins, column_of
from qa.readers.typed_references import KEY_LABEL

ENTRY_STOP = re.compile(r"[.)\]\d/]$")
NAME = re.compile(r"[\"“‘]?[^\W\d_a-zß-öø-ÿ]|(?:van|von|de|der|den|di|da|del|le|la)\s")
WIDEST_INDENT = 45  # points
ONE_PLACE = 3  # points by which lines that begin at one place may differ
LEAST_HANGING = 0.25  # share of the lines of a list that are indented
LEAST_WIDE = 0.08  # share of the steps from line to line
WIDE = 1.25  # times the usual step


class ListShape:
    """How the lines of a reference list are set.

    `keyed`: entries begin with labels such as [Bac78]; `hanging`: later lines of an entry are indented; `indented`:
    first lines are; `step`: the usual step from line to line where there is more space between entries, else None.
    """

    def __init__(self, lines: Sequence[PrintedLine], margins: Margins) -> None:
        self.margins = margins
        self.keyed = bool(lines) and begins_with_key(lines[0])
        self.left = leftmost(lines)
        steps = Counter(round(step, 0) for step in steps_of(lines))
        usual = max(steps, key=lambda step: (steps[step], -step), default=0.0)
        wide = sum(count for step, count in steps.items() if step > WIDE * usual)
        self.step = usual if wide >= max(2, LEAST_WIDE * steps.total()) else None
        inside = [self.is_inside(line) for line in lines]
        several = sum(inside) >= max(2, LEAST_HANGING * len(inside))
        self.hanging = several and not inside[0]
        self.indented = several and inside[0]

    def begins(self, line: PrintedLine, last: PrintedLine) -> bool:
        """Whether a line, which follows another of the list, begins an entry."""
        if self.keyed:
            return begins_with_key(line)
        if self.hanging or self.indented:
            return self.is_inside(line) == self.indented
        ended = ENTRY_STOP.search(last.text.strip()) is not None and NAME.match(line.text.strip()) is not None
        if column_of(line) != column_of(last):
            return ended
        if self.step is not None:
            return last.baseline - line.baseline > WIDE * self.step
        return ended and not self.margins.is_full(last)

    def is_inside(self, line: PrintedLine) -> bool:
        return line.left > self.left[column_of(line)] + ONE_PLACE


def begins_with_key(line: PrintedLine) -> bool:
    return KEY_LABEL.match(line.text.strip()) is not None


def leftmost(lines: Sequence[PrintedLine]) -> dict[Column, float]:
    """The leftmost place in each column where a line begins, unless it is far from all others."""
    starts: dict[Column, list[float]] = defaultdict(list)
    for line in lines:
        starts[column_of(line)].append(line.left)
    found: dict[Column, float] = {}
    for column, places in starts.items():
        places.sort()
        beside = (place for place, after in pairwise(places) if after - place < WIDEST_INDENT)
        found[column] = next(beside, places[0])
    return found


def steps_of(lines: Sequence[PrintedLine]) -> Iterator[float]:
    for line, after in pairwise(lines):
        if column_of(line) == column_of(after) and line.baseline > after.baseline:
            yield line.baseline - after.baseline
