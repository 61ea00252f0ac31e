"""Format a report for `qa evaluate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qa.editing.calibration import Calibration
from qa.editing.measures import Report

MEANING = {
    "first": "of the questions with an answer: the first passage contains an answering sentence",
    "in three": "of the same: one of the first three passages does",
    "marked": "of the same: an answering sentence is marked in the first passage",
    "answered": "of the same: the outcome is answered",
    "not abstained": "of the same: the outcome is answered or closest",
    "answered right": "of those answered: the first passage contains an answering sentence",
    "answers right": "of all questions answered, with or without an answer: the first passage answers",
    "not answered": "of the questions without an answer: the outcome is closest or abstained",
    "nDCG@10": "ranking quality of the first ten passages (1 is best)",
    "R@10": "share of the relevant passages among the first ten",
    "P@1": "the first passage is relevant",
    "answers:nDCG@10": "the same for the passages of whole answers, an abstention counting 0",
    "answers:R@10": "as above",
    "answers:P@1": "as above",
}
KIND_COLUMNS = ("answerable", "first", "marked", "answered", "unanswerable", "not answered")
OUTCOME_COLUMNS = ("right", "wrong", "answerable", "unanswerable")


def as_lines(report: Report) -> Iterator[str]:
    """Yield the measures with their meaning, tables of counts by kind of question and by outcome, and the calibration
    of the confidence."""
    for measure in sorted(report.values, key=lambda each: (*MEANING, each).index(each)):
        number = len(report.values[measure])
        yield f"{measure:15} {report.mean(measure):.4f}  of {number:<5} {MEANING.get(measure, '')}".rstrip()
    yield from count_table("kind", KIND_COLUMNS, report.kinds)
    yield from count_table("outcome", OUTCOME_COLUMNS, report.outcomes)
    if report.calibration:
        yield from calibration_lines(report.calibration)


def calibration_lines(found: Calibration) -> Iterator[str]:
    """Yield the bins and the expected calibration error, with what chance alone gives."""
    yield ""
    yield "confidence  right first  questions"
    for each in found.bins:
        yield f"{each.confidence:10.2f}  {each.right:11.2f}  {each.questions:9}"
    yield f"calibration error {found.error:.3f}; exact confidences would give {found.chance:.3f} by chance"


def count_table(name: str, columns: Sequence[str], rows: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield a table of counts; nothing if there are no rows."""
    width = max(map(len, (name, *rows)))
    if rows:
        yield ""
        yield "  ".join((f"{name:{width}}", *columns))
    for key, counts in sorted(rows.items()):
        cells = (f"{counts.get(column, '-'):>{len(column)}}" for column in columns)
        yield "  ".join((f"{key:{width}}", *cells))
