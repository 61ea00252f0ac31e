"""The figures of docs/reliability.md: printed by tests, and put there by `python -m testkit.reliability LOG`.

A test that tries something many times prints "NAME: TRIED tried, WRONG wrong". The page has such a line for every
NAME, and the command replaces those that are in the output of the tests.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from testkit.corpora import ROOT

PAGE = ROOT / "docs" / "reliability.md"
FIGURE = re.compile(r"(?P<name>[a-zA-Z][^|:.\n]*): (?P<tried>[\d,]+) tried, (?P<wrong>[\d,]+) wrong")
TEST = re.compile(r"`(?P<file>test_\w+)\.(?P<function>test_\w+)`")


class Row(NamedTuple):
    """A row of the table: what fails, what is promised, the tests as file and function, the figures by name."""

    failure: str
    promise: str
    tests: list[tuple[str, str]]
    figures: dict[str, str]


def rows_of(page: str) -> Iterator[Row]:
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and TEST.search(cells[2]):
            figures = {match["name"]: match[0] for match in FIGURE.finditer(cells[3])}
            yield Row(cells[0], cells[1], [(m["file"], m["function"]) for m in TEST.finditer(cells[2])], figures)


def report(name: str, tried: int, wrong: Collection[str]) -> None:
    """Print a figure. Raises AssertionError if something was wrong, or if the page has no place for the figure."""
    print(f"\n{name}: {tried:,} tried, {len(wrong):,} wrong")
    assert not wrong, f"{len(wrong)} of {tried}, such as {list(wrong)[:3]}"
    assert any(name in row.figures for row in rows_of(PAGE.read_text(encoding="utf-8"))), f"{name} is not in {PAGE}"


def with_figures(page: str, output: str) -> str:
    """The page with the figures of this output of the tests."""
    new = {match["name"]: match[0] for match in FIGURE.finditer(output)}
    return FIGURE.sub(lambda match: new.get(match["name"], match[0]), page)


def main(log: str) -> None:
    """Put the figures of a log into the page, and print them."""
    output = Path(log).read_text(encoding="utf-8", errors="replace")
    PAGE.write_text(with_figures(PAGE.read_text(encoding="utf-8"), output), encoding="utf-8")
    for row in rows_of(PAGE.read_text(encoding="utf-8")):
        for line in row.figures.values():
            print(line)


if __name__ == "__main__":
    main(*sys.argv[1:])
