"""What `qa evaluate` prints of a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.editing.measures import Report

MEANING = {
    "answered": "not refused, of the questions that the documents answer",
    "first": "the first passage holds a sentence that answers, of the same questions",
    "marked": "and such a sentence is marked in it",
    "refused": "refused, of the questions that the documents do not answer",
    "nDCG@10": "how near to the top of ten the right passages are (1 is best)",
    "R@10": "share of the right passages that are among the first ten",
    "P@1": "the first passage is a right one",
}
KIND_COLUMNS = ("answerable", "answered", "first", "marked", "unanswerable", "refused")


def as_lines(report: Report) -> Iterator[str]:
    """Tables: measures with what they mean, kinds of question, reasons of refusal, each with its count."""
    for measure, values in report.values.items():
        yield f"{measure:12} {report.mean(measure):.4f}  of {len(values):<5} {MEANING.get(measure, '')}".rstrip()
    yield from count_table("kind", KIND_COLUMNS, report.kinds)
    yield from count_table("refused for", ("rightly", "wrongly"), report.reasons)


def count_table(name: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Counts in columns below their names; nothing where there are no rows."""
    width = max(map(len, (name, *rows)))
    if rows:
        yield ""
        yield "  ".join((f"{name:{width}}", *columns))
    for key, counts in sorted(rows.items()):
        cells = (f"{counts.get(column, '-'):>{len(column)}}" for column in columns)
        yield "  ".join((f"{key:{width}}", *cells))
