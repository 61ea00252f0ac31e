"""Table headers: the rows above a rule, or a first row that names columns of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.models import Span

ROW = re.compile(r"[^\r\n]+")
RULE_OF_TABLE = re.compile(r"[\s|:+=-]+")
CELLS = re.compile(r"[\t|]")
GAP_OF_CELLS = re.compile(r" {2,}")  # between the cells of a row without tabs and pipes
NUMBER = re.compile(r"[<>≤≥≈~±+−–-]?\s?[$€£]?\d")
YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\s?[-–/]\s?\d{2,4})?")


def find_head(text: str, start: int, end: int) -> Span | None:
    """The span of a table's header, from its first cell to its last; None if no header is recognised."""
    rows = list(rows_of(text, start, end))
    ruled = [bool(RULE_OF_TABLE.fullmatch(text[slice(*row)])) for row in rows]
    first = next((number for number, rule in enumerate(ruled) if not rule), len(rows))
    below = next((number for number in range(first, len(rows)) if ruled[number]), None)
    if below is None and names_columns([cells_of(text, row) for row in rows[first:]]):
        below = first + 1
    if below is None:
        return None
    head = text[rows[first].start : rows[below - 1].end]
    left, right = len(head) - len(head.lstrip(" \t|")), len(head.rstrip(" \t|"))
    return Span(rows[first].start + left, rows[first].start + right) if left < right else None


def rows_of(text: str, start: int, end: int) -> Iterator[Span]:
    """The lines of a table, including rules."""
    for row in ROW.finditer(text, start, end):
        yield Span(*row.span())


def find_rows(text: str, start: int, end: int) -> Iterator[tuple[Span, ...]]:
    """The cells of each row that is no rule. Pipes at the edges of a row are no cells."""
    for row in rows_of(text, start, end):
        if RULE_OF_TABLE.fullmatch(text[slice(*row)]):
            continue
        line = text[slice(*row)]
        left = row.start + len(line) - len(line.lstrip(" \t"))
        right = row.start + len(line.rstrip(" \t"))
        left += text.startswith("|", left)
        right -= left < right and text[right - 1] == "|"
        borders = between_cells(text[left:right]).finditer(text, left, right)
        edges = [left, *(edge for match in borders for edge in match.span()), right]
        yield tuple(stripped(text, *edges[place : place + 2]) for place in range(0, len(edges), 2))


def between_cells(row: str) -> re.Pattern[str]:
    return CELLS if CELLS.search(row) else GAP_OF_CELLS


def stripped(text: str, start: int, end: int) -> Span:
    """The span without blanks around it."""
    words = text[start:end]
    left = start + len(words) - len(words.lstrip())
    return Span(left, max(left, start + len(words.rstrip())))


def cells_of(text: str, row: Span) -> list[str]:
    words = text[slice(*row)].strip().strip("|")
    return [cell.strip() for cell in between_cells(words).split(words)]


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is a header although no rule follows it: none of its cells is a number, except years, and
    at least one column has only numbers below."""
    if len(rows) < 2:
        return False
    columns = [(cell, [row[place] for row in rows[1:] if place < len(row)]) for place, cell in enumerate(rows[0])]
    return all(may_name(*column) for column in columns) and any(is_numeric(*column) for column in columns)


def may_name(cell: str, below: Sequence[str]) -> bool:
    return not NUMBER.match(cell) or (bool(YEAR.fullmatch(cell)) and not all(map(YEAR.fullmatch, filled(below))))


def is_numeric(cell: str, below: Sequence[str]) -> bool:
    """Whether a column has a name and only numbers below it."""
    return bool(cell) and bool(filled(below)) and all(map(NUMBER.match, filled(below)))


def filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if re.search(r"\w", cell)]
