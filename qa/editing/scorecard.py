"""Format a report for `qa evaluate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.editing.measures import Report

MEANING = {
    "answered": "of the questions with an answer: not refused",
    "first": "of the same: the first passage contains an answering sentence",
    "marked": "of the same: an answering sentence is marked in the first passage",
    "refused": "of the questions without an answer: refused",
    "nDCG@10": "ranking quality of the first ten passages (1 is best)",
    "R@10": "share of the relevant passages among the first ten",
    "P@1": "the first passage is relevant",
    "answers:nDCG@10": "the same for the passages of whole answers, a refused question counting 0",
    "answers:R@10": "as above",
    "answers:P@1": "as above",
}
KIND_COLUMNS = ("answerable", "answered", "first", "marked", "unanswerable", "refused")


def as_lines(report: Report) -> Iterator[str]:
    """Yield the measures with their meaning, then tables of counts by kind of question and by reason of refusal."""
    for measure, values in report.values.items():
        yield f"{measure:15} {report.mean(measure):.4f}  of {len(values):<5} {MEANING.get(measure, '')}".rstrip()
    yield from count_table("kind", KIND_COLUMNS, report.kinds)
    yield from count_table("refused for", ("rightly", "wrongly"), report.reasons)


def count_table(name: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield a table of counts; nothing if there are no rows."""
    width = max(map(len, (name, *rows)))
    if rows:
        yield ""
        yield "  ".join((f"{name:{width}}", *columns))
    for key, counts in sorted(rows.items()):
        cells = (f"{counts.get(column, '-'):>{len(column)}}" for column in columns)
        yield "  ".join((f"{key:{width}}", *cells))
