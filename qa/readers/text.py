"""Plain text reader: headings are bare lines, or lines that signs mark as such; paragraphs are lines, or runs of lines
in hard-wrapped text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from qa.models import Block, Reading
from qa.readers.aligned_tables import aligned_rows
from qa.readers.lines import LONGEST_WRAPPED_LINE, Line, adjacent, lines
from qa.readers.margins_of_text import find_margin_lines
from qa.readers.markup import with_inner
from qa.readers.restructured import DIRECTIVE_LINE, is_directive
from qa.readers.tables import find_head, find_rows
from qa.readers.typed_headings import find_typed_headings
from qa.readers.typed_references import (
    ENTRY_LABEL,
    NOTES_HEADING,
    REFERENCES_HEADING,
    entry_label,
    mark_references,
)

LONGEST_HEADING = 160
LONGEST_TITLE = 300
# Title, section and subsection at most; a longer run of bare lines is a list without bullets.
DEEPEST_STACK = 3
LEAST_TYPED = 3  # headings marked by signs, from which bare lines are none

LIST_ITEM = re.compile(r"(?:[-*+•‣◦·▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+\S")
NUMBERED_HEADING = re.compile(r"(?:\d{1,2}\.)+\d{0,2}\)?[ \t]+[^\W\d]")
TABLE_ROW = re.compile(r"[^\t\n]*\t[^\t\n]*\t|[ \t]*\|.*\|[ \t]*$|[ \t]*\+(?:[-=]+\+)+[ \t]*$")
# The beginning of a line within a sentence: a word in lower case, a number before one, a citation before one or before
# punctuation.
GOES_ON = re.compile(
    r"[a-zß-ÿ]|\d+(?:[.,–-]\d+)*(?:%| +[a-zß-ÿ])|\[\d[\d,;\s–-]{0,30}\](?:[.,;:)]|\s+[a-zß-ÿ(])|"
    r"\(\d[\d,;\s–-]{0,30}\)(?:[.,;:](?:\s|$)|\))"
)
# A line that may begin an item, or may end a sentence: "in\n2019. The".
NUMBER = re.compile(r"\(?\d")
SENTENCE_END = re.compile(r"""[.!?:;…]["'”’»)\]]*$""")
MARK_AND_SENTENCE = re.compile(r"(?:\[\d{1,3}(?:[,;\s–-]{1,3}\d{1,3}){0,9}\])+[ \t]+[A-Z]")
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
    """Read a plain text file; `find_headings` decides which bare lines are headings."""
    single = [*lines(text)]
    rows = aligned_rows(text, single)
    others = [line for line in single if line not in rows]
    marked = {Line(block.start, block.end): block for block in find_typed_headings(text, others)}
    marked |= {line: Block("metadata", *line) for line in find_margin_lines(text, others)}
    marked |= {row: Block("table", *row) for row in rows}
    units = join_wrapped(text, with_marked(single, marked), set(marked))
    blocks = mark_references(text, join_rows(text, classify(text, units, marked)))
    return Reading(text, tuple(with_inner(text, blocks)))


def with_marked(single: Sequence[Line], marked: Collection[Line]) -> list[Line]:
    """The lines, with those of a heading that signs mark as one."""
    ordered = sorted(marked)
    begins = [each.start for each in ordered]
    places = ((line, bisect_right(begins, line.start) - 1) for line in single)
    return sorted([*ordered, *(line for line, n in places if n < 0 or line.start >= ordered[n].end)])


def join_wrapped(text: str, single: Sequence[Line], marked: set[Line]) -> list[Line]:
    """Join the lines of items and of hard-wrapped paragraphs; `marked` are headings and rows."""
    joined = [*single[:1]]
    width = width_of_lines(text, [pair for pair in pairwise(single) if marked.isdisjoint(pair)], single)
    for first, second in pairwise(single):
        unit = Line(joined[-1].start, first.end)
        parted = not marked.isdisjoint((first, second)) or not adjacent(text, first, second)
        if not parted and continues(text, unit, first, second, width):
            joined[-1] = Line(joined[-1].start, second.end)
        else:
            joined.append(second)
    return joined


def width_of_lines(text: str, pairs: Sequence[tuple[Line, Line]], single: Sequence[Line]) -> int:
    """The width to which paragraphs are wrapped; 0 if they are not. A text counts as wrapped if its lines are narrow
    and many of them begin within a sentence, as no paragraph does."""
    breaks = [pair for pair in pairs if adjacent(text, *pair)]
    lowered = sum(bool(GOES_ON.match(text, *second)) for _, second in breaks)
    if not breaks or lowered < 0.2 * len(breaks):
        return 0
    lengths = sorted(line.end - line.start for line in single)
    width = lengths[int(0.95 * (len(lengths) - 1))]
    return width if width <= LONGEST_WRAPPED_LINE else 0


def continues(text: str, unit: Line, first: Line, second: Line, width: int) -> bool:
    """Whether the second line continues the unit of which the first is the last line, because its first word did not
    fit on that, or because it is indented below the sign of an item. `width` is that of wrapped lines, or 0."""
    line = text[second.start : second.end]
    item = LIST_ITEM.match(text, *unit) or entry_label(text[unit.start : unit.end])
    indented = indent_of(text, second) > indent_of(text, unit)
    if item and indented and not LIST_ITEM.match(line) and first.end - first.start <= LONGEST_WRAPPED_LINE:
        return True
    if not width or any(shape.match(line) for shape in (TABLE_ROW, QUOTED, DIRECTIVE_LINE)):
        return False
    word = line.split(maxsplit=1)[0]
    full = first.end - first.start + 1 + len(word)
    if (LIST_ITEM.match(line) or ENTRY_LABEL.match(line)) and not GOES_ON.match(line):
        # a mark or the last number of a sentence that did not fit behind it, in a paragraph
        ended = SENTENCE_END.search(text, unit.start, unit.end)
        return not item and full > width and bool(MARK_AND_SENTENCE.match(line) if ended else NUMBER.match(line))
    return full > (0.5 if GOES_ON.match(line) else 0.8) * width


def indent_of(text: str, line: Line) -> int:
    """How many characters are before a line, on that line."""
    return line.start - max(text.rfind("\n", 0, line.start), text.rfind("\r", 0, line.start)) - 1


def classify(text: str, units: Sequence[Line], marked: Mapping[Line, Block]) -> Iterator[Block]:
    headings = find_headings(text, units, {line for line, block in marked.items() if block.kind == "metadata"})
    bare = sum(block.kind == "heading" for block in marked.values()) < LEAST_TYPED
    for index, unit in enumerate(units):
        line = text[unit.start : unit.end]
        lists = REFERENCES_HEADING.match(line) or NOTES_HEADING.match(line)
        if unit in marked:
            yield marked[unit]
        elif (headings[index] and (bare or not index)) or (lists and index + 1 < len(units)):
            yield Block("heading", *unit)
        elif QUOTED.match(line):
            yield Block("quotation", *unit)
        elif TABLE_ROW.match(line):
            yield Block("table", *unit)
        elif not any(map(str.isalnum, line)) or is_directive(line):
            yield Block("metadata", *unit)
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


def find_headings(text: str, units: Sequence[Line], margins: Collection[Line] = ()) -> list[bool]:
    """For each line, whether it is a heading: a bare line followed by longer text, a list or another heading."""
    found = [False] * len(units)
    stacked = 0
    for index in range(len(units) - 2, -1, -1):
        line, below = text[slice(*units[index])], text[slice(*units[index + 1])]
        title = index == 0
        leads = found[index + 1] or len(below) > len(line) or bool(LIST_ITEM.match(below))
        item = index > 0 and adjacent(text, *units[index - 1 : index + 1]) and LIST_ITEM.match(text, *units[index - 1])
        shape = (
            units[index] not in margins
            and not (item and LIST_ITEM.match(line))
            and len(line) <= (LONGEST_TITLE if title else LONGEST_HEADING)
            and is_bare(line, below, apart=title and not adjacent(text, *units[:2]))
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
        or DIRECTIVE_LINE.match(line)
    ):
        return False
    if line.endswith(":"):
        return len(line.split()) <= 3 and not LIST_ITEM.match(below)
    if LIST_ITEM.match(line):
        return bool(NUMBERED_HEADING.match(line)) and not LIST_ITEM.match(below)
    return any(map(str.isalpha, line)) and not line[0].islower()
