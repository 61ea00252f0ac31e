"""docs/reliability.md: every promise has a test, and the figures are those that the tests print."""

from __future__ import annotations

import ast

import pytest

from testkit.corpora import ROOT
from testkit.reliability import PAGE, Row, rows_of, with_figures

ROWS = [*rows_of(PAGE.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.failure[:50])
def test_every_row_has_a_test_that_prints_its_figures(row: Row) -> None:
    assert row.figures
    sources = [source_of(file, function) for file, function in row.tests]
    for name in row.figures:
        kind, _, rest = name.partition(" ")  # the first word may be a parameter of the test
        assert any(
            f'"{name}"' in source or (f'"{kind}"' in source and f"{{kind}} {rest}" in source) for source in sources
        )


def source_of(file: str, function: str) -> str:
    """The source of a test with its parameters."""
    text = (ROOT / "tests" / f"{file}.py").read_text(encoding="utf-8")
    [found] = [n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef) and n.name == function]
    first = min([found.lineno, *(each.lineno for each in found.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : found.end_lineno])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.failure[:50])
def test_nothing_was_wrong(row: Row) -> None:
    assert [line for line in row.figures.values() if not line.endswith(" 0 wrong")] == []


def test_figures_are_taken_from_what_tests_print() -> None:
    page = "| a | b | `test_x.test_y` | kill -9: 1 tried, 0 wrong; power at a call: 3 tried, 0 wrong |"
    output = "..\nkill -9: 1,500 tried, 2 wrong\n.unknown: 4 tried, 0 wrong\n"
    expected = "| a | b | `test_x.test_y` | kill -9: 1,500 tried, 2 wrong; power at a call: 3 tried, 0 wrong |"
    assert with_figures(page, output) == expected
