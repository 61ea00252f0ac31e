"""Lines of a PDF to groups that become blocks: headings, paragraphs, entries, tables, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.models import BlockKind
from qa.readers.pdf.entries import ListShape
from qa.readers.pdf.lines import PrintedLine
from qa.readers.pdf.margins import BOLD_LEVEL, LIST_HEADING, Margins, column_of
from qa.readers.pdf.notes import PrintedNotes

ENTRY_NUMBER = re.compile(r"(?:\[(\d{1,4})\]|\((\d{1,4})\)|(\d{1,4})[.)]|(\d{1,3})(?=\s+[^\W\d_]))\s*")
NO_HEADING = re.compile(r"\d{2}|[,;]|\. ")
LEAST_TO_RESUME = 2  # entries
SAME_SIZE = 0.3  # points
BULLET = re.compile(r"[•‣◦▪·]\s")
ITEM = re.compile(r"[•‣◦▪–·]\s|\(?[a-z0-9]{1,2}[.)]\s")
STOP = re.compile(r"[.!?:)\]”\d⁰-⁹¹²³]$")
SENTENCE_STOP = re.compile(r"[.!?:”)\]⁰-⁹¹²³]$")
FULL_STOP = re.compile(r"[.!?:]$")
CAPTION = re.compile(r"(?:Table|Figure|Fig\.)\s*\d")
NOTE_MARK = re.compile(r"[⁰¹²³⁴-⁹*†‡§]")
WIDE_STEP = 1.42  # times the leading, from which lines are apart
CELLS_IN_A_LINE = 2  # wide gaps from which a line is a row
LEAST_STEPS = 3  # to the right, from which lines are cells
MOST_LINES_OF_CELL = 5
LONGEST_CELL = 90  # characters


@dataclass(eq=False)
class Group:
    """Lines of one block. `number` is the printed one of an entry or a note."""

    kind: BlockKind
    lines: list[PrintedLine]
    level: int | None = None
    number: int | None = None

    @property
    def first(self) -> PrintedLine:
        return self.lines[0]

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1]

    @property
    def words(self) -> str:
        return " ".join(line.text.strip() for line in self.lines)


class Grouping:
    """Groups lines that are in reading order."""

    def __init__(self, lines: Sequence[PrintedLine], margins: Margins, notes: PrintedNotes) -> None:
        self.margins, self.notes = margins, notes
        self.rows = cells_of_tables(lines) | rows_of_tables(lines)
        self.groups: list[Group] = []
        self.in_list = False
        self.numbered = False  # whether the entries of the list are
        self.last_number = 0
        self.size = 0.0  # of the entries of a numbered list
        self.lines = [line for line in lines if line.text.strip()]
        self.shape = ListShape([], margins)
        for place, line in enumerate(self.lines):
            self.add(line, self.lines[place + 1] if place + 1 < len(self.lines) else None)
            if self.in_list and self.groups[-1].kind == "heading":
                self.shape = ListShape(list(self.list_below(place)), margins)

    def list_below(self, place: int) -> Iterator[PrintedLine]:
        """The lines of the reference list below the heading at this place."""
        for line in self.lines[place + 1 :]:
            if self.margins.heading_level(line) and not ENTRY_NUMBER.match(line.text.strip()):
                return
            yield line

    def add(self, line: PrintedLine, below: PrintedLine | None) -> None:
        self.in_list = self.in_list or self.resumes_list(line)
        row = line in self.rows and not self.in_list
        level = None if row else self.level_of(line, below)
        kind: BlockKind = "heading" if level else "table" if row else "reference" if self.in_list else "paragraph"
        group = self.groups[-1] if self.groups else None
        if group is None or self.begins(line, kind, level, group):
            group = self.begin(line, kind, level)
        else:
            group.lines.append(line)
        if group.kind == "heading":
            if LIST_HEADING.fullmatch(group.words):
                self.in_list, self.numbered, self.last_number = True, False, 0
            elif self.in_list and len(group.lines) == 1 and not ENTRY_NUMBER.match(line.text.strip()):
                self.in_list = False

    def level_of(self, line: PrintedLine, below: PrintedLine | None) -> int | None:
        """The level of a heading. In a list, lines in bold are authors unless they look like no entry; above one, the
        word "References" is a heading in any type."""
        words, level = line.text.strip(), self.margins.heading_level(line)
        if self.in_list and level == BOLD_LEVEL and not LIST_HEADING.fullmatch(words) and NO_HEADING.search(words):
            return None
        first = ENTRY_NUMBER.match(below.text.strip()) if below is not None else None
        above_list = first is not None and int(next(filter(None, first.groups()))) == 1
        return BOLD_LEVEL if level is None and above_list and LIST_HEADING.fullmatch(words) else level

    def resumes_list(self, line: PrintedLine) -> bool:
        """Whether a numbered list goes on behind a box or a figure."""
        goes_on = self.last_number >= LEAST_TO_RESUME and self.next_number(line.text.strip()) is not None
        return self.numbered and goes_on and abs(line.size - self.size) < SAME_SIZE

    def begin(self, line: PrintedLine, kind: BlockKind, level: int | None) -> Group:
        words = line.text.strip()
        number = self.next_number(words) if kind == "reference" else None
        if number is not None:
            self.numbered, self.last_number, self.size = True, number, line.size
        if kind == "paragraph":
            number = self.notes.numbers.get(line)
            kind = "footnote" if number else "list_item" if BULLET.match(words) else kind
        self.groups.append(Group(kind, [line], level, number))
        return self.groups[-1]

    def begins(self, line: PrintedLine, kind: BlockKind, level: int | None, group: Group) -> bool:
        """Whether a line begins a group."""
        last = group.last
        step = last.baseline - line.baseline if column_of(last) == column_of(line) else None
        if kind == "heading" or group.kind == "heading":
            below = last.baseline - line.baseline if last.page == line.page else 0
            beside = column_of(last) != column_of(line) and -1 not in (last.column, line.column)
            return kind != group.kind or level != group.level or beside or not 0 < below < 1.9 * line.size
        if kind == "table" or group.kind == "table":
            return kind != group.kind or line.page != last.page
        if abs(line.size - group.first.size) > 0.7:
            return True
        if self.in_list:
            return self.begins_entry(line, group)
        if step is None:
            return self.begins_in_next_column(line, last)
        return self.begins_paragraph(line, group, step)

    def begins_entry(self, line: PrintedLine, group: Group) -> bool:
        """In a numbered list, only the next number begins an entry; in others, how it is set decides."""
        if self.numbered:
            return self.next_number(line.text.strip()) is not None
        return self.shape.begins(line, group.last)

    def next_number(self, words: str) -> int | None:
        """The number that an entry begins with, if it is the next one of the list."""
        match = ENTRY_NUMBER.match(words)
        number = int(next(filter(None, match.groups()))) if match else None
        return number if number == self.last_number + 1 else None

    def begins_paragraph(self, line: PrintedLine, group: Group, step: float) -> bool:
        """By the space before it, its indent, a short line before it, or a bullet."""
        if group.kind == "footnote":
            return line in self.notes.numbers or line.page != group.last.page
        last, words = group.last, group.last.text.strip()
        full = self.margins.is_full(last)
        wide = step > max(WIDE_STEP * self.margins.leading(line.size), 1.2 * line.size)
        short = not full and SENTENCE_STOP.search(words) is not None
        item = ITEM.match(line.text.strip()) is not None and (not full or group.kind == "list_item")
        return wide or step < -1 or short or item or self.is_indented(line, group, full)

    def is_indented(self, line: PrintedLine, group: Group, full: bool) -> bool:
        last, words = group.last, group.last.text.strip()
        indent = 0.6 * line.size
        if not indent < self.margins.indent(line) < 6 * line.size:
            return False
        if last.left - (line.left - self.margins.indent(line)) < indent:
            return not full or STOP.search(words) is not None
        return len(group.lines) == 1 and FULL_STOP.search(words) is not None

    def begins_in_next_column(self, line: PrintedLine, last: PrintedLine) -> bool:
        if CAPTION.match(line.text.strip()):
            return True
        indented = self.margins.indent(line) > 0.6 * line.size
        return bool(re.search(r"[.!?:”]$", last.text.strip())) and (indented or not self.margins.is_full(last))


def rows_of_tables(lines: Sequence[PrintedLine]) -> set[PrintedLine]:
    """Lines below one another with wide gaps; a single one is a line of text that was stretched to its margin."""
    gapped = [len(line.gaps) >= CELLS_IN_A_LINE for line in lines]
    return {
        line
        for place, line in enumerate(lines)
        if gapped[place] and any(gapped[max(0, place - 1) : place] + gapped[place + 1 : place + 2])
    }


def cells_of_tables(lines: Sequence[PrintedLine]) -> set[PrintedLine]:
    """Lines that are cells: the file steps to the right without going down, again and again."""
    steps = [place for place, (line, after) in enumerate(pairwise(lines)) if steps_right(line, after)]
    cells: set[PrintedLine] = set()
    run: list[int] = []
    for place in [*steps, len(lines) + MOST_LINES_OF_CELL + 1]:
        if run and place - run[-1] > MOST_LINES_OF_CELL:
            if len(run) >= LEAST_STEPS:
                size = lines[run[0]].size
                cells.update(line for line in lines[run[0] : run[-1] + 2] if abs(line.size - size) < 1.2)
            run = []
        run.append(place)
    return cells


def steps_right(line: PrintedLine, after: PrintedLine) -> bool:
    return (
        column_of(line) == column_of(after)
        and after.baseline > line.baseline - 0.3 * line.size
        and after.left > line.left + 1.5 * line.size
        and after.left >= line.right - line.size
        and len(line.text) < LONGEST_CELL
    )


def without_cuts(groups: Sequence[Group], notes: PrintedNotes) -> Iterator[Group]:
    """The groups, with footnotes told apart, and paragraphs whole that a figure or the end of a page cut."""
    kept: list[Group] = []
    for group in groups:
        before = cut_before(group, kept[-5:])
        if before is not None:
            before.lines += group.lines
            continue
        if is_footnote(group, notes):
            group.kind = "footnote"
        kept.append(group)
    yield from kept


def cut_before(group: Group, recent: Sequence[Group]) -> Group | None:
    """The paragraph of which a group is the rest."""
    if group.kind != "paragraph":
        return None
    same = (g for g in reversed(recent) if g.kind != "footnote" and abs(g.first.size - group.first.size) < 0.7)
    before = next(same, None)
    if before is None or before is recent[-1] or before.kind != "paragraph":
        return None
    if group.first.page - before.last.page not in (0, 1) or column_of(group.first) == column_of(before.last):
        return None
    if any(between.kind == "heading" for between in recent[list(recent).index(before) + 1 :]):
        return None
    end, start = before.last.text.rstrip(), group.first.text.lstrip()
    goes_on = (start[:1].islower() or end.endswith("-")) and not FULL_STOP.search(end)
    return before if goes_on else None


def is_footnote(group: Group, notes: PrintedNotes) -> bool:
    """Whether a paragraph is a note with a sign that is no number of the page: "* Corresponding author."."""
    marked = NOTE_MARK.match(group.first.text.strip()) is not None
    return group.kind == "paragraph" and marked and notes.is_small(group.first) and notes.is_at_foot(group.last)
