"""What is usual on the pages of a PDF: the size of the type, margins of columns, the space between lines."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qa.readers.pdf.lines import PrintedLine

LEAST_OF_BODY = 0.4  # share of the characters of the most common size that the usual size of text has
LARGER = 1.08  # times the usual size, from which type is that of headings
LONGEST_HEADING = 200  # characters
LONGEST_BOLD_HEADING = 110
LEAST_AT_MARGIN = 0.15  # share of the lines of a column
USUAL_LEADING = 1.25  # times the size
SENTENCE_END = re.compile(r"[.;,]$")
LIST_HEADING = re.compile(
    r"(?:\d{1,2}\.?\s*|[IVX]{1,5}\.\s*)?(?:references?(?: list| cited)?|bibliography|works cited|literature(?: cited)?|"
    r"references and notes|notes and references)\s*:?",
    re.IGNORECASE,
)
PART_OF_ARTICLE = re.compile(
    r"(?:\d{1,2}\.?\s*|[IVX]{1,5}\.\s*)?(?:abstract|summary|introduction|background|"
    r"(?:materials? and |patients and )?methods|results|discussion|results and discussion|"
    r"conclusions?|limitations|acknowledge?ments?|funding|"
    r"(?:competing|conflicts? of) interests?|authors?[’'] contributions|appendix)\s*:?",
    re.IGNORECASE,
)
BOLD_LEVEL = 5  # below those by size
Column = tuple[int, int]


class Margins:
    """Measures of all lines, in reading order: the size of the `body`, and margins by page and column."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[line.size] += len(line.glyphs)
        often = max(sizes.values(), default=0)
        # A long reference list may have more characters than the text, in smaller type.
        self.body = max((size for size, count in sizes.items() if count >= LEAST_OF_BODY * often), default=0.0)
        self.larger = sorted(
            {line.size for line in lines if line.size > LARGER * self.body and is_title(line.text)}, reverse=True
        )
        self.left = left_margins(lines)
        self.right = right_margins(lines)
        self.steps: Counter[tuple[int, int]] = Counter()
        for line, after in pairwise(lines):
            step = line.baseline - after.baseline
            if column_of(line) == column_of(after) and 0 < step < 3 * self.body and abs(line.size - after.size) < 0.6:
                self.steps[round(line.size), round(step)] += 1

    def indent(self, line: PrintedLine) -> float:
        return line.left - self.left[(*column_of(line), round(line.size))]

    def is_full(self, line: PrintedLine) -> bool:
        """Whether a line goes to the right margin."""
        return line.right > self.right[column_of(line)] - 2.5 * self.body

    def leading(self, size: float) -> float:
        """The usual step from one line of this size to the next."""
        steps = {step: count for (of, step), count in self.steps.items() if abs(of - round(size)) < 1}
        return max(steps, key=lambda step: (steps[step], -step)) if steps else USUAL_LEADING * size

    def heading_level(self, line: PrintedLine) -> int | None:
        """1 for the largest type, or None if a line is no heading."""
        words = line.text.strip()
        if not is_title(words):
            return None
        if line.size > LARGER * self.body:
            return 1 + min(self.larger.index(line.size), BOLD_LEVEL - 2) if line.size in self.larger else None
        bold = line.bold and line.size >= 0.95 * self.body and len(words) < LONGEST_BOLD_HEADING
        named = LIST_HEADING.fullmatch(words) or PART_OF_ARTICLE.fullmatch(words)
        if (bold and not SENTENCE_END.search(words)) or (named and line.size >= 0.9 * self.body):
            return BOLD_LEVEL
        return None


def is_title(words: str) -> bool:
    return any(map(str.isalpha, words)) and len(words) <= LONGEST_HEADING


def column_of(line: PrintedLine) -> Column:
    return line.page, line.column


def left_margins(lines: Iterable[PrintedLine]) -> dict[tuple[int, int, int], float]:
    """The left margin of a size of type in a column: the leftmost place where several lines begin."""
    starts: dict[tuple[int, int, int], Counter[int]] = defaultdict(Counter)
    for line in lines:
        starts[(*column_of(line), round(line.size))][round(line.left)] += 1
    margins: dict[tuple[int, int, int], float] = {}
    for key, places in starts.items():
        least = max(2, LEAST_AT_MARGIN * places.total())
        margins[key] = min((place for place, count in places.items() if count >= least), default=min(places))
    return margins


def right_margins(lines: Iterable[PrintedLine]) -> dict[Column, float]:
    ends: dict[Column, list[float]] = defaultdict(list)
    for line in lines:
        ends[column_of(line)].append(line.right)
    return {column: sorted(places)[int(0.9 * (len(places) - 1))] for column, places in ends.items()}
