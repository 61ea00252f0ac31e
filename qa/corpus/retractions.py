"""Read the owner's list of retractions: retractions.csv, in the layout of the Retraction Watch database.

The whole database has some 60,000 rows. They are read one at a time, and only those of the works that are looked up are
kept.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from qa.corpus.entries import quoted
from qa.corpus.folder import find_file, readable
from qa.errors import CorpusError
from qa.models import RetractionStatus
from qa.text.characters import one_line

RETRACTIONS = "retractions.csv"
STATUSES: Mapping[str, RetractionStatus] = {
    "retraction": "retracted",
    "expression of concern": "expression of concern",
    "correction": "corrected",
    "reinstatement": "reinstated",
}
NATURE, DOI, PMID, DATE = "retractionnature", "originalpaperdoi", "originalpaperpubmedid", "retractiondate"
NOTICE_DOI, NOTICE_PMID, REASON = "retractiondoi", "retractionpubmedid", "reason"
READ = (NATURE, DOI, PMID, DATE, NOTICE_DOI, NOTICE_PMID, REASON)
RESOLVER = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)")
MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")  # "10/27/2023 0:00"
YEAR_FIRST = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
MOST_UNREADABLE = 50  # rows that are named; a file with more has one fault, not many


@dataclass(frozen=True, slots=True)
class RetractionRow:
    """A row of the list, for one published work: what was published about it and when. `notice` is a web address."""

    line: int
    status: RetractionStatus
    doi: str
    pmid: str
    date: str | None
    notice: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RetractionList:
    """What was found in the list: the rows of the works that were looked up, in the order of the file; the number of
    all rows, the latest date in them, and the rows that cannot be read."""

    rows: tuple[RetractionRow, ...] = ()
    number: int = 0
    latest: str | None = None
    unreadable: tuple[CorpusError, ...] = ()


def find_retractions(folder: Path) -> Path | None:
    """The list in the corpus folder, if there is one. Raises CorpusError if it has not the columns needed."""
    path = find_file(folder, RETRACTIONS)
    if path:
        with readable(RETRACTIONS), path.open("rb") as file:
            read_columns(Lines(lines_in(file)))
    return path


def look_up(path: Path, wanted: Collection[str]) -> RetractionList:
    """Read the list. `wanted` are the DOIs (in lower case) and PubMed numbers of the works to look up."""
    found: list[RetractionRow] = []
    faults: list[CorpusError] = []
    number, latest, today = 0, "", datetime.now(UTC).date().isoformat()
    with readable(RETRACTIONS), path.open("rb") as file:
        lines = Lines(lines_in(file))
        columns = read_columns(lines)
        for line, cells in split_rows(lines, columns, faults):
            number += 1
            try:
                row = read_row(line, {name: cells[place].strip() for name, place in columns.places.items()})
            except CorpusError as error:
                faults.append(error)
                continue
            if row.date and latest < row.date <= today:  # a later date is mistyped
                latest = row.date
            if row.doi in wanted or row.pmid in wanted:
                found.append(row)
    return RetractionList(tuple(found), number, latest or None, tuple(shortened(faults)))


def shortened(faults: Sequence[CorpusError]) -> Iterator[CorpusError]:
    yield from faults[:MOST_UNREADABLE]
    if more := faults[MOST_UNREADABLE:]:
        yield CorpusError(RETRACTIONS, f"{len(more)} more rows cannot be read.", line=more[0].line)


# --- rows and cells --------------------------------------------------------------------------------


class Columns(NamedTuple):
    """The places of the columns that are read, by name in lower case, the number of all, and what separates them."""

    places: Mapping[str, int]
    number: int
    separator: str


class Lines:
    """The lines of a file, which can be put back: a quotation mark that is missing would hide the rows after it."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.ahead, self.taken, self.number = iter(lines), deque[str](), list[str](), 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.ahead.popleft() if self.ahead else next(self.lines)
        self.taken.append(line)
        self.number += 1
        return line

    def put_back(self, number: int) -> None:
        """Put back the last lines taken."""
        self.ahead.extendleft(reversed(self.taken[len(self.taken) - number :]))
        del self.taken[len(self.taken) - number :]
        self.number -= number


def lines_in(file: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(file):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", errors="replace")


def read_columns(lines: Lines) -> Columns:
    """Read the first row. Raises CorpusError."""
    head = next(lines, "")
    separator = max(",;\t", key=head.count)
    names = [name.strip().casefold() for name in next(csv.reader([head], delimiter=separator), [])]
    places = {name: names.index(name) for name in READ if name in names}
    if NATURE not in places or not places.keys() & {DOI, PMID}:
        message = "the first row must name the columns RetractionNature and OriginalPaperDOI or OriginalPaperPubMedID"
        raise CorpusError(RETRACTIONS, f"{message}, as in the Retraction Watch database.", line=1)
    return Columns(places, len(names), separator)


def split_rows(lines: Lines, columns: Columns, faults: list[CorpusError]) -> Iterator[tuple[int, list[str]]]:
    """The number of the first line of each row, and its cells. The faults of broken rows are added to `faults`."""
    least = 1 + max(columns.places.values())
    while True:
        lines.taken.clear()
        line = lines.number + 1
        try:
            cells = next(csv.reader(lines, delimiter=columns.separator, strict=True), None)
        except csv.Error:  # a quotation mark that is missing, or one too many
            lines.put_back(len(lines.taken) - 1)
            cells = split_line(lines.taken[0], columns.separator)
        if cells is None:
            return
        if len(cells) >= least and not any(cells[columns.number :]):
            yield line, cells
        elif cells:
            lines.put_back(len(lines.taken) - 1)
            message = f"this row has not the {columns.number} columns of the first. Is a quotation mark missing?"
            faults.append(CorpusError(RETRACTIONS, message, line=line))


def split_line(line: str, separator: str) -> list[str]:
    """The cells of one line, whatever its quotation marks."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a cell that is too long
        return [""]


def read_row(line: int, cells: Mapping[str, str]) -> RetractionRow:
    """Raises CorpusError for an unknown kind of notice or a date that cannot be read."""
    status = STATUSES.get(cells[NATURE].casefold())
    if status is None:
        known = "Retraction, Expression of concern, Correction or Reinstatement"
        raise CorpusError(RETRACTIONS, f"RetractionNature is {quoted(cells[NATURE])}, not {known}.", line=line)
    notice = web_address_of(doi_in(cells.get(NOTICE_DOI, "")), pmid_in(cells.get(NOTICE_PMID, "")))
    reasons = (one_line(reason.strip().lstrip("+")) for reason in cells.get(REASON, "").split(";"))
    return RetractionRow(
        line,
        status,
        doi_in(cells.get(DOI, "")),
        pmid_in(cells.get(PMID, "")),
        day_in(line, cells.get(DATE, "")),
        notice,
        tuple(filter(None, reasons)),
    )


def doi_in(cell: str) -> str:
    """The DOI in lower case; empty for "unavailable" and the like."""
    doi = RESOLVER.sub("", cell.lower(), count=1)
    return one_line(doi) if doi.startswith("10.") else ""


def pmid_in(cell: str) -> str:
    """The PubMed number; empty for 0, which the list has for works without one."""
    number = cell.removesuffix(".0")
    return number if number.isascii() and number.isdecimal() and int(number) else ""


def web_address_of(doi: str, pmid: str) -> str | None:
    if doi:
        return f"https://doi.org/{quote(doi)}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else None


def day_in(line: int, cell: str) -> str | None:
    """The date as 2026-03-01; None if the cell is empty. Raises CorpusError."""
    if not cell:
        return None
    try:
        if found := MONTH_FIRST.match(cell):
            return date(int(found[3]), int(found[1]), int(found[2])).isoformat()
        if found := YEAR_FIRST.match(cell):
            return date(*map(int, found.groups())).isoformat()
    except ValueError:
        pass
    message = f"RetractionDate is {quoted(cell)}. Write it as 3/24/2026 (month first) or 2026-03-24."
    raise CorpusError(RETRACTIONS, message, line=line)
