"""Tables in plain text whose columns are aligned with blanks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

from qa.readers.lines import Line, adjacent
from qa.readers.tables import GAP_OF_CELLS, RULE_OF_TABLE

LEAST_COLUMNS = 3  # two may be words set apart by a writer who puts two blanks after a full stop
LEAST_ROWS = 2


def aligned_rows(text: str, single: Sequence[Line]) -> set[Line]:
    """The lines of tables, with the rules among them: at least two rows without a blank line between, whose cells begin
    or end in the same columns, or that have a rule with a gap between columns. Lines of justified text have gaps too,
    but not below each other."""
    found: set[Line] = set()
    for _, numbered in groupby(numbered_runs(text, single), lambda each: each[0]):
        run = without_outer_rules(text, [line for _, line in numbered])
        rows = [line for line in run if not is_rule(text, line)]
        ruled = any(is_rule(text, line) and GAP_OF_CELLS.search(text, *line) for line in run)
        if len(rows) >= LEAST_ROWS and (ruled or all(are_aligned(text, *pair) for pair in pairwise(rows))):
            found.update(run)
    return found


def without_outer_rules(text: str, run: Sequence[Line]) -> Sequence[Line]:
    """Without rules above and below, which may belong to a heading."""
    rows = [place for place, line in enumerate(run) if not is_rule(text, line)]
    return run[rows[0] : rows[-1] + 1] if rows else ()


def is_rule(text: str, line: Line) -> bool:
    return bool(RULE_OF_TABLE.fullmatch(text, *line))


def numbered_runs(text: str, single: Sequence[Line]) -> list[tuple[int, Line]]:
    """The lines that may be rows or rules, each with the number of its run."""
    runs: list[tuple[int, Line]] = []
    for line in single:
        if is_rule(text, line) or len(starts_of_cells(text, line)) >= LEAST_COLUMNS:
            apart = not runs or not adjacent(text, runs[-1][1], line)
            runs.append((runs[-1][0] + apart if runs else 0, line))
    return runs


def are_aligned(text: str, one: Line, other: Line) -> bool:
    """Whether all cells but one of the row with fewer cells begin, or end, where cells of the other do."""
    fewest = min(len(starts_of_cells(text, line)) for line in (one, other))
    return any(len(edges(text, one) & edges(text, other)) >= fewest - 1 for edges in (starts_of_cells, ends_of_cells))


def starts_of_cells(text: str, line: Line) -> set[int]:
    """The columns in which the cells of a line begin."""
    return {
        text_column(text, place) for place in (line.start, *(gap.end() for gap in GAP_OF_CELLS.finditer(text, *line)))
    }


def ends_of_cells(text: str, line: Line) -> set[int]:
    return {
        text_column(text, place) for place in (line.end, *(gap.start() for gap in GAP_OF_CELLS.finditer(text, *line)))
    }


def text_column(text: str, place: int) -> int:
    return place - max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) - 1
