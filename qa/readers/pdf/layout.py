"""The order of the lines of a page: columns, and running heads that are no part of the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.readers.pdf.lines import PrintedLine

MOST_STEPS_UP = 0.08  # share of the lines after which the order of a file is no longer that of reading
ACROSS = 0.58  # share of the page's width that a line across both columns has
LEAST_LINES = 4  # of a column
TOP, BOTTOM = 0.86, 0.13  # of the page's height, beyond which running heads are
EDGE_LINES = 4
PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
NO_LETTERS = re.compile(r"[\d\W]+")
LONGEST_HEAD = 60  # characters that are compared


def in_reading_order(lines: Sequence[PrintedLine], width: float) -> list[PrintedLine]:
    """The lines of a page in the order of the file, or by their places if that is no order to read in."""
    if is_coherent(lines):
        tell_columns(lines, width)
        return list(lines)
    return by_places(lines)


def is_coherent(lines: Sequence[PrintedLine]) -> bool:
    """Whether hardly any step goes up without going to the right."""
    up = sum(
        after.baseline > line.baseline + 1.5 * max(line.size, after.size) and after.left < line.right - 20
        for line, after in pairwise(lines)
    )
    return up <= max(2, MOST_STEPS_UP * len(lines))


def tell_columns(lines: Sequence[PrintedLine], width: float) -> None:
    """Set the columns of lines that are in reading order."""
    for line in lines:
        across = line.right - line.left > ACROSS * width and line.left < 0.4 * width and line.right > 0.6 * width
        line.column = -1 if across else int((line.left + line.right) / 2 >= 0.5 * width)
        if line.column == 1 and line.left < 0.42 * width:
            line.column = 0
    right = sum(line.column == 1 for line in lines)
    if right < max(LEAST_LINES, 0.12 * len(lines)):
        for line in lines:
            line.column = 0


def by_places(lines: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Bands of lines across the page, and between them columns from left to right."""
    gutter = find_gutter(lines)
    if gutter is None:
        return sorted(lines, key=lambda line: (-round(line.baseline), line.left))
    ordered: list[PrintedLine] = []
    band: list[PrintedLine] = []
    for line in sorted(lines, key=lambda line: -line.baseline):
        if line.left < gutter - 4 and line.right > gutter + 4:
            ordered += columns_of(band, gutter)
            band = []
            line.column = -1
            ordered.append(line)
        else:
            band.append(line)
    return [*ordered, *columns_of(band, gutter)]


def find_gutter(lines: Sequence[PrintedLine]) -> float | None:
    """The place of the space between two columns, or None if there is none."""
    body = sorted(line.size for line in lines)[len(lines) // 2] if lines else 0
    wide = [line for line in lines if line.right - line.left > 4 * body]
    if len(wide) < 2 * LEAST_LINES:
        return None
    left, right = min(line.left for line in wide), max(line.right for line in wide)
    places = [left + (right - left) * step / 100 for step in range(30, 71)]
    score, place = max((gutter_score(wide, place), place) for place in places)
    return place if score > 0 else None


def gutter_score(lines: Sequence[PrintedLine], place: float) -> float:
    crossing = sum(line.left < place - 1 and line.right > place + 1 for line in lines)
    fewer = min(sum(line.right <= place + 1 for line in lines), sum(line.left >= place - 1 for line in lines))
    return fewer - 1.5 * crossing if fewer >= LEAST_LINES else -1


def columns_of(band: Sequence[PrintedLine], gutter: float) -> Iterator[PrintedLine]:
    for line in band:
        line.column = int((line.left + line.right) / 2 >= gutter)
    yield from sorted(band, key=lambda line: (line.column, -round(line.baseline), line.left))


def running_heads(pages: Sequence[Sequence[PrintedLine]], heights: Sequence[float]) -> set[PrintedLine]:
    """Lines at the top and bottom that come again on other pages, with other numbers, and page numbers."""
    seen: dict[str, set[int]] = defaultdict(set)
    edges: list[PrintedLine] = []
    for number, (lines, height) in enumerate(zip(pages, heights, strict=True)):
        ordered = sorted(lines, key=lambda line: line.baseline)
        ends = {*ordered[:EDGE_LINES], *ordered[-EDGE_LINES:]}
        for line in ends:
            if not BOTTOM * height <= line.baseline <= TOP * height:
                edges.append(line)
                seen[masked(line)].add(number)
    often = max(2, min(4, 0.3 * len(pages)))
    return {line for line in edges if len(seen[masked(line)]) >= often or PAGE_NUMBER.fullmatch(line.text)}


def masked(line: PrintedLine) -> str:
    return NO_LETTERS.sub("#", line.text.lower())[:LONGEST_HEAD]
