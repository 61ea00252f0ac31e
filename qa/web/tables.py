"""Lists as tables (CSV, RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any, get_args

from qa.models import CoveredCondition, DocumentOverview, GlossaryTerm, WorkView, makers_of
from qa.web.works import author_name, volume_and_pages

FORMULA = "=+-@\t\r"  # a cell that begins so is computed by spreadsheets, also after blanks
WIDE = str.maketrans("＝＋－＠", "=+-@")  # read by some spreadsheets like the plain signs
BETWEEN = "; "

TableColumns = Mapping[str, Callable[[Any], object]]


def as_csv(found: Iterable[object], returns: Any) -> str:
    """Return a list as a table with a header row. `returns` is the type of the list: `tuple[WorkView, ...]`."""
    columns = COLUMNS[get_args(returns)[0]]
    written = StringIO()
    table = csv.writer(written)
    table.writerow(columns)
    table.writerows([safe_cell(value(each)) for value in columns.values()] for each in found)
    return written.getvalue()


def safe_cell(value: object) -> str:
    """Return a value on one line. Text that a spreadsheet would take for a formula gets an apostrophe."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = " ".join(value.split())
    return f"'{text}" if text and text[0].translate(WIDE) in FORMULA else text


DOCUMENT_COLUMNS: TableColumns = {
    "id": lambda each: each.document.id,
    "title": lambda each: each.document.title,
    "owner": lambda each: each.document.owner,
    "date": lambda each: each.document.date,
    "kind": lambda each: each.document.kind,
    "language": lambda each: each.document.language,
    "licence": lambda each: each.document.licence,
    "origin": lambda each: each.document.origin,
    "format": lambda each: each.format,
    "conditions": lambda each: BETWEEN.join(each.conditions),
    "passages": lambda each: each.passages,
    "references": lambda each: each.references,
    "cited": lambda each: each.support.cited,
    "inherited": lambda each: each.support.inherited,
    "named_source": lambda each: each.support.named_source,
    "uncited": lambda each: each.support.uncited,
    "url": lambda each: each.document.url,
}
WORK_COLUMNS: TableColumns = {
    "id": lambda each: each.id,
    "label": lambda each: each.label,
    "authors": lambda each: BETWEEN.join(map(author_name, makers_of(each.csl))),
    "title": lambda each: each.csl.get("title"),
    "journal": lambda each: each.csl.get("container-title") or each.csl.get("publisher"),
    "year": lambda each: each.facts.year,
    "place": lambda each: volume_and_pages(each.csl),
    "kind": lambda each: each.facts.kind,
    "participants": lambda each: each.facts.participants,
    "registration": lambda each: BETWEEN.join(each.facts.registration),
    "retraction": lambda each: ((each.csl.get("custom") or {}).get("retraction") or {}).get("status"),
    "doi": lambda each: each.csl.get("DOI"),
    "pmid": lambda each: each.csl.get("PMID"),
    "web": lambda each: each.csl.get("URL"),
    "sentences": lambda each: each.sentences,
    "notes": lambda each: each.notes,
    "documents": lambda each: BETWEEN.join(each.documents),
    "conditions": lambda each: BETWEEN.join(each.conditions),
    "url": lambda each: each.url,
}
CONDITION_COLUMNS: TableColumns = {
    "id": lambda each: each.id,
    "label": lambda each: each.label,
    "parent": lambda each: each.parent,
    "passages": lambda each: each.passages,
    "url": lambda each: each.url,
}
TERM_COLUMNS: TableColumns = {
    "term": lambda each: each.term,
    "forms": lambda each: BETWEEN.join(each.forms),
    "meaning": lambda each: each.meaning,
    "source": lambda each: each.source,
    "url": lambda each: each.url,
}
COLUMNS: Mapping[type, TableColumns] = {
    DocumentOverview: DOCUMENT_COLUMNS,
    WorkView: WORK_COLUMNS,
    CoveredCondition: CONDITION_COLUMNS,
    GlossaryTerm: TERM_COLUMNS,
}
