"""Plain text reader: headings are bare lines; paragraphs are lines, or runs of lines in hard-wrapped text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from qa.models import Block, Reading
from qa.readers.markup import with_inner
from qa.readers.tables import find_head, find_rows

BLANK = " \t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\ufeff"
LONGEST_WRAPPED_LINE = 120
LONGEST_HEADING = 160
LONGEST_TITLE = 300
# Title, section and subsection at most; a longer run of bare lines is a list without bullets.
DEEPEST_STACK = 3

LINE = re.compile(r"[^\r\n]+")
LIST_ITEM = re.compile(r"(?:[-*+•‣◦·▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+\S")
NUMBERED_HEADING = re.compile(r"(?:\d{1,2}\.)+\d{0,2}\)?[ \t]+[^\W\d]")
TABLE_ROW = re.compile(r"[^\t\n]*\t[^\t\n]*\t|[ \t]*\|.*\|[ \t]*$|[ \t]*\+(?:[-=]+\+)+[ \t]*$")
QUOTED = re.compile(r"[ \t]*>")
# No question mark: a question may be a heading ("What does it cost?").
FINAL_STOP = re.compile(r"""[.!;,…]["'”’»)\]]*$""")
# A sentence may end with a citation: "in every city. [1]", "in every city.1,2".
STOP_AND_MARK = re.compile(
    r"""[a-z)"”’][.!?]["”’)]{0,2}[ \t]?"""
    r"(?:(?:\[[^\[\]]{1,60}\])+|\([^()]{4,200}\)|\d{1,3}(?:[,–-]\d{1,3}){0,9}|[¹²³⁰⁴-⁹,–-]{1,40})$"
)
# A label with a clause is a sentence without its full stop; a label with a phrase or a question is a heading.
LABELLED_CLAUSE = re.compile(
    r"[^:]{1,60}:[ \t](?!(?:what|how|why|when|where|who|which|whether|is|are|was|were|do|does|did|can|should)\b).*"
    r"\b(?:is|are|was|were|has|have|had|may|might|can|could|will|would|should|must|does|did|"
    r"found|received|reported|led|showed|shows|improved|reduced)\b"
)
REFERENCES_HEADING = re.compile(
    r"(?:[#\d.\s]{0,8})(?:references?(?: list)?|reference list|bibliography|works cited|literature(?: cited)?|"
    r"cited (?:literature|works|references)|references? (?:cited|and notes)|notes and references|sources|citations)"
    r"[\s:*]*$",
    re.IGNORECASE,
)
ENTRY_LABEL = re.compile(r"(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})[.)]|(\d{1,3})(?=[ \t]+[^\W\d_]))[ \t]*")


class Line(NamedTuple):
    """The span of a line or of joined lines, without surrounding whitespace."""

    start: int
    end: int


def read_text(text: str) -> Reading:
    """Read a plain text file; `find_headings` decides which lines are headings."""
    return Reading(text, tuple(with_inner(text, join_rows(text, classify(text, join_wrapped(text, [*lines(text)]))))))


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


def join_wrapped(text: str, single: Sequence[Line]) -> list[Line]:
    """Join the lines of hard-wrapped paragraphs. A text counts as wrapped if its lines are narrow and many of them
    start in lower case, as no paragraph does."""
    breaks = [pair for pair in pairwise(single) if adjacent(text, *pair)]
    lowered = sum(text[second.start].islower() for _, second in breaks)
    lengths = sorted(line.end - line.start for line in single)
    if not breaks or lowered < 0.2 * len(breaks):
        return list(single)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    if width > LONGEST_WRAPPED_LINE:
        return list(single)
    joined = [single[0]]
    for first, second in pairwise(single):
        if adjacent(text, first, second) and continues(text, first, second, width):
            joined[-1] = Line(joined[-1].start, second.end)
        else:
            joined.append(second)
    return joined


def continues(text: str, first: Line, second: Line, width: int) -> bool:
    """Whether the second line continues the first, because its first word did not fit on that line."""
    line = text[second.start : second.end]
    if any(shape.match(line) for shape in (LIST_ITEM, ENTRY_LABEL, TABLE_ROW, QUOTED)):
        return False
    word = line.split(maxsplit=1)[0]
    needed = 0.5 if word[0].islower() else 0.8
    return first.end - first.start + 1 + len(word) > needed * width


def classify(text: str, units: Sequence[Line]) -> Iterator[Block]:
    in_references = False
    headings = find_headings(text, units)
    for index, unit in enumerate(units):
        line = text[unit.start : unit.end]
        if REFERENCES_HEADING.match(line) and index + 1 < len(units):
            in_references = True
            yield Block("heading", *unit)
        elif in_references and not (headings[index] and ends_reference_list(line)):
            yield Block("reference", *unit, label=entry_label(line))
        elif headings[index]:
            in_references = False
            yield Block("heading", *unit)
        elif QUOTED.match(line):
            yield Block("quotation", *unit)
        elif TABLE_ROW.match(line):
            yield Block("table", *unit)
        elif LIST_ITEM.match(line):
            yield Block("list_item", *unit)
        else:
            yield Block("paragraph", *unit)


def join_rows(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Join table rows that have no blank line between them into one table."""
    rows: list[Block] = []
    for block in blocks:
        if rows and not (
            block.kind == "table" and adjacent(text, Line(rows[-1].start, rows[-1].end), Line(block.start, block.end))
        ):
            yield as_table(text, replace(rows[0], end=rows[-1].end))
            rows = []
        if block.kind == "table":
            rows.append(block)
        else:
            yield block
    if rows:
        yield as_table(text, replace(rows[0], end=rows[-1].end))


def as_table(text: str, block: Block) -> Block:
    """The block with its header row and its cells."""
    head = find_head(text, block.start, block.end)
    return replace(block, head=head, rows=tuple(find_rows(text, block.start, block.end)))


def find_headings(text: str, units: Sequence[Line]) -> list[bool]:
    """For each line, whether it is a heading: a bare line followed by longer text, a list or another heading."""
    found = [False] * len(units)
    stacked = 0
    for index in range(len(units) - 2, -1, -1):
        line, below = text[slice(*units[index])], text[slice(*units[index + 1])]
        title = index == 0
        leads = found[index + 1] or len(below) > len(line) or bool(LIST_ITEM.match(below))
        shape = len(line) <= (LONGEST_TITLE if title else LONGEST_HEADING) and is_bare(
            line, below, apart=title and not adjacent(text, *units[:2])
        )
        found[index] = shape and leads and (title or stacked < DEEPEST_STACK)
        stacked = stacked + 1 if shape else 0
    return found


def is_bare(line: str, below: str, *, apart: bool = False) -> bool:
    """Whether a line has the form of a heading. `apart`: it is the first line, followed by a blank line, so it may also
    contain a clause."""
    if (
        FINAL_STOP.search(line)
        or STOP_AND_MARK.search(line)
        or (LABELLED_CLAUSE.match(line) and not apart)
        or QUOTED.match(line)
        or TABLE_ROW.match(line)
    ):
        return False
    if line.endswith(":"):
        return len(line.split()) <= 3 and not LIST_ITEM.match(below)
    if LIST_ITEM.match(line):
        return bool(NUMBERED_HEADING.match(line)) and not LIST_ITEM.match(below)
    return any(map(str.isalpha, line)) and not line[0].islower()


def ends_reference_list(line: str) -> bool:
    """Whether a heading ends the reference list: it has no number or year and no commas or full stops like an entry."""
    return len(line) <= 80 and not re.search(r"\d{2}|[,;]|\. ", line) and not ENTRY_LABEL.match(line)


def entry_label(line: str) -> str | None:
    match = ENTRY_LABEL.match(line)
    return next(filter(None, match.groups())) if match else None
