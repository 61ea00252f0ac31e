"""Plain text reader: headings are bare lines; paragraphs are lines, or runs of lines in hard-wrapped text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.models import Block, Reading
from qa.readers.lines import LONGEST_WRAPPED_LINE, Line, adjacent, lines
from qa.readers.markup import with_inner
from qa.readers.tables import find_head, find_rows
from qa.readers.typed_references import ENTRY_LABEL, NOTES_HEADING, REFERENCES_HEADING, mark_references

LONGEST_HEADING = 160
LONGEST_TITLE = 300
# Title, section and subsection at most; a longer run of bare lines is a list without bullets.
DEEPEST_STACK = 3

LIST_ITEM = re.compile(r"(?:[-*+•‣◦·▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+\S")
NUMBERED_HEADING = re.compile(r"(?:\d{1,2}\.)+\d{0,2}\)?[ \t]+[^\W\d]")
TABLE_ROW = re.compile(r"[^\t\n]*\t[^\t\n]*\t|[ \t]*\|.*\|[ \t]*$|[ \t]*\+(?:[-=]+\+)+[ \t]*$")
# The beginning of a line within a sentence: a word in lower case, or a citation before one or before punctuation.
GOES_ON = re.compile(r"[a-zß-ÿ]|\[\d[\d,;\s–-]{0,30}\](?:[.,;:)]|\s+[a-zß-ÿ(])")
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


def read_text(text: str) -> Reading:
    """Read a plain text file; `find_headings` decides which lines are headings."""
    units = join_wrapped(text, [*lines(text)])
    return Reading(text, tuple(with_inner(text, mark_references(text, join_rows(text, classify(text, units))))))


def join_wrapped(text: str, single: Sequence[Line]) -> list[Line]:
    """Join the lines of hard-wrapped paragraphs. A text counts as wrapped if its lines are narrow and many of them
    begin within a sentence, as no paragraph does."""
    breaks = [pair for pair in pairwise(single) if adjacent(text, *pair)]
    lowered = sum(bool(GOES_ON.match(text, *second)) for _, second in breaks)
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
    marked = any(shape.match(line) for shape in (LIST_ITEM, ENTRY_LABEL, TABLE_ROW, QUOTED))
    if marked and not GOES_ON.match(line):
        return False
    word = line.split(maxsplit=1)[0]
    needed = 0.5 if GOES_ON.match(line) else 0.8
    return first.end - first.start + 1 + len(word) > needed * width


def classify(text: str, units: Sequence[Line]) -> Iterator[Block]:
    headings = find_headings(text, units)
    for index, unit in enumerate(units):
        line = text[unit.start : unit.end]
        lists = REFERENCES_HEADING.match(line) or NOTES_HEADING.match(line)
        if headings[index] or (lists and index + 1 < len(units)):
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
