"""Numbers of lines in the margins, as manuscripts have them: no part of the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.readers.pdf.glyphs import Glyph
from qa.readers.pdf.lines import runs_of_glyphs

LEAST_LINES = 5  # of a page that say whether its lines are numbered
LEAST_NUMBERED = 0.7  # share of the lines of a page
LEAST_PAGES = 0.5  # share of the pages
LONGEST_NUMBER = 5  # digits
LEAST_GAP = 0.45  # times the size of the type, between a number and its line
STEPS = (1, 2, 5, 10)  # from one number to the next


class LineNumber(NamedTuple):
    """A number at the left of a line, and where it is on its page."""

    glyphs: list[Glyph]
    value: int

    @property
    def right(self) -> float:
        return self.glyphs[-1].right


def without_line_numbers(pages: Sequence[list[Glyph]]) -> tuple[list[list[Glyph]], int]:
    """The characters of the pages without the numbers of lines, and how many characters those are. Most pages must
    have them, because a page of a reference list may have a number before each line."""
    found = [line_numbers(glyphs) for glyphs in pages]
    with_text = sum(len(glyphs) > 0 for glyphs in pages)
    if sum(map(bool, found)) < max(1, LEAST_PAGES * with_text):
        return list(pages), 0
    dropped = [{id(glyph) for number in numbers for glyph in number.glyphs} for numbers in found]
    kept = [[glyph for glyph in page if id(glyph) not in out] for page, out in zip(pages, dropped, strict=True)]
    return kept, sum(map(len, dropped))


def line_numbers(glyphs: Sequence[Glyph]) -> list[LineNumber]:
    """The numbers in the left margin of a page, one after the other; none if its lines have none."""
    if not mostly_digits_first(glyphs):
        return []
    runs = list(runs_of_glyphs(glyphs))
    found = [number for run in runs if (number := leading_number(run))]
    found.sort(key=lambda number: -number.glyphs[0].baseline)
    baselines = {round(run[0].baseline / 3) for run in runs}
    if len(found) < LEAST_LINES or len(found) < LEAST_NUMBERED * len(baselines):
        return []
    steps = [after.value - number.value for number, after in pairwise(found)]
    usual = max(set(steps), key=steps.count)
    edge = sorted(number.right for number in found)[len(found) // 2]
    inside = sum(glyph.left < edge - 1 for glyph in glyphs) - sum(len(number.glyphs) for number in found)
    regular = usual in STEPS and steps.count(usual) >= LEAST_NUMBERED * len(steps)
    return found if regular and inside <= len(found) else []


def mostly_digits_first(glyphs: Sequence[Glyph]) -> bool:
    """Whether many lines of a page begin with a digit; most pages are known at once by that."""
    first: dict[float, Glyph] = {}
    for glyph in glyphs:
        if glyph.baseline not in first or glyph.left < first[glyph.baseline].left:
            first[glyph.baseline] = glyph
    return 2 * sum(glyph.text.isdigit() for glyph in first.values()) >= LEAST_NUMBERED * len(first)


def leading_number(run: Sequence[Glyph]) -> LineNumber | None:
    """The number that a run of characters begins with, or is, if there is a gap behind it."""
    digits = list(digits_at_start(run))
    rest = run[len(digits) :]
    if not 0 < len(digits) <= LONGEST_NUMBER:
        return None
    if rest and rest[0].left - digits[-1].right < LEAST_GAP * rest[0].size:
        return None
    return LineNumber(digits, int("".join(glyph.text for glyph in digits)))


def digits_at_start(run: Sequence[Glyph]) -> Iterator[Glyph]:
    for place, glyph in enumerate(run):
        if not glyph.text.isascii() or not glyph.text.isdigit():
            return
        if place and glyph.left - run[place - 1].right > LEAST_GAP * glyph.size:
            return
        yield glyph
