"""How well questions are answered and refused, set by set: `python -m benchmarks.quality [--verbose] [--without PART]
[--lists] [SET …]`.

A set is a batch of the shipped corpus's questions (`first-…`) or a file in tests/data/questions, asked about the page
it was written for; with `--lists` the page also has the word lists that an owner would add. Default: the tuning sets.
docs/questions.md says when the held-out sets were first run.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

import orjson

import qa.answering.answer
import qa.retrieval.search
import qa.understanding.parse
from qa.answering.answer import answer
from qa.indexes import OpenIndex
from qa.indexing.ingest import publish
from qa.models import Span
from qa.understanding.aspects import Aspects
from qa.understanding.context import IndexContext, context_of
from qa.understanding.expansion import Synonyms
from tests.corpora import SHIPPED, corpus_of_page, shipped

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "questions"
FOR_TUNING = (
    *("first-tuning-0", "first-tuning-1", "first-tuning-2", "first-tuning-3", "first-tuning-4"),
    *("clinical-guideline-tuning", "clinical-guideline-tuning-2", "wound-care-tuning"),
    *("public-health-brief-tuning", "public-health-brief-tuning-2", "not-medical-tuning", "not-medical-tuning-2"),
)

HELD_OUT = (
    *("first-held-out-1", "first-held-out-2", "clinical-guideline-held-out", "public-health-brief-held-out"),
    "not-medical-held-out",
)
# Written after all of the above had been read: a second round on the same pages, and pages that nobody had worked with.
SECOND_ROUND = ("clinical-guideline-held-out-2", "public-health-brief-held-out-2", "not-medical-held-out-2")
NEW_PAGES = ("sleep-apnoea-held-out", "hearing-loss-held-out", "school-phones-held-out", "cover-crops-held-out")
# First run after related words had been added: once with them, once without.
NEWEST_PAGES = ("heat-pumps-held-out", "gestational-diabetes-held-out")
# First run after numbers and prices had been tied to the thing asked about.
LATEST_PAGES = ("asthma-held-out", "breakfast-clubs-held-out")

Outcome = tuple[str, str, bool, bool]  # kind, result, right passage first, answering sentence marked
Rows = list[tuple[dict[str, Any], Outcome, float]]


def without(part: str) -> Any:
    """Return a patch that removes one part of the understanding."""

    def changed(index: OpenIndex) -> IndexContext:
        known = context_of(index)
        lacking: dict[str, dict[str, Any]] = {
            "aspects": {"aspects": Aspects(())},
            "synonyms": {"synonyms": Synonyms(())},
            "related": {"related": lambda term: {}},
            "spelling": {"correct": lambda word: None},
            "generic": {"generic": frozenset()},
            "interventions": {"names": known.vocabulary},
        }
        return replace(known, lexicon=replace(known.lexicon, **lacking[part]))

    patches = {
        "focus": lambda: patch.object(qa.understanding.parse, "find_questions", lambda text: [Span(0, len(text))]),
        "sources": lambda: patch.object(qa.answering.answer, "context_of", lambda index: replace(
            context_of(index), cited=lambda passage: frozenset())),
    }  # fmt: skip
    return patches[part]() if part in patches else patch.object(qa.answering.answer, "context_of", changed)


def index_for(name: str, lists: bool = False) -> OpenIndex:
    page = name.rsplit("-tuning", 1)[0].rsplit("-held-out", 1)[0]
    if page.startswith("first"):
        return shipped()
    return publish(corpus_of_page(page, Path(tempfile.mkdtemp()) / page, lists=lists), "memory:")


def judge(row: dict[str, Any], index: OpenIndex) -> Outcome:
    result = answer(row["question"], index)
    if result.abstention:
        return row["kind"], f"refused: {result.abstention.reason}", False, False
    first = result.answers[0]
    marked = [first.text[s.start : s.end] for s in first.sentences if s.answers]
    right = any(start in first.text for start in row["sentences"])
    return row["kind"], result.status, right, any(m.startswith(s) for m in marked for s in row["sentences"])


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    first = name.startswith("first-")
    for line in (SHIPPED / "questions.jsonl" if first else QUESTIONS / f"{name}.jsonl").read_bytes().splitlines():
        row = {"sentences": [], "batch": "", **orjson.loads(line)}
        if not first or row["batch"] == name.removeprefix("first-"):
            yield row


def run(name: str, verbose: str = "", *, lists: bool = False) -> Iterator[tuple[dict[str, Any], Outcome, float]]:
    index = index_for(name, lists)
    for row in rows_of(name):
        judge(row, index)  # once to warm up
        begun = perf_counter()
        outcome = judge(row, index)
        took = perf_counter() - begun
        yield row, outcome, took
        wrong = outcome[1].startswith("refused") != (not row["sentences"]) or (row["sentences"] and not outcome[3])
        if verbose == "all" or (verbose and wrong):
            state = "A" if row["sentences"] else "U"
            first = "first" if outcome[2] else ""
            print(f"{state} {outcome[1][:32]:32} {first:5} {outcome[0][:12]:12} {row['question'][-120:]}")


def parts_of(rows: Rows) -> dict[str, list[bool]]:
    """For each measure, question by question, whether it holds."""
    answerable = [outcome for row, outcome, _ in rows if row["sentences"]]
    others = [outcome for row, outcome, _ in rows if not row["sentences"]]
    return {
        "first": [outcome[2] for outcome in answerable],
        "marked": [outcome[3] for outcome in answerable],
        "answered": [not outcome[1].startswith("refused") for outcome in answerable],
        "refused": [outcome[1].startswith("refused") for outcome in others],
    }


def measures(rows: Rows) -> dict[str, float]:
    return {name: sum(hits) / max(1, len(hits)) for name, hits in parts_of(rows).items()}


def coverage_auroc(names: Sequence[str], lists: bool) -> float:
    """Return how well coverage separates questions with an answer from those without (AUROC; .5 is chance): the
    probability that one of the former has the higher coverage. A question refused for another reason counts as lower
    than any."""
    shares: dict[bool, list[float]] = {True: [], False: []}
    for name in names:
        index = index_for(name, lists)
        for row in rows_of(name):
            result = answer(row["question"], index, refuse_below=0, explain=True)
            covered = [each.value for hit in result.answers[:1] for each in hit.why if each.kind == "coverage"]
            shares[bool(row["sentences"])].append(sum(covered, -1.0) if result.abstention else sum(covered))
    pairs = [(a > b) + (a == b) / 2 for a in shares[True] for b in shares[False]]
    return sum(pairs) / len(pairs)


def report(name: str, rows: Rows, by_kind: bool) -> None:
    """Print a line for a set, with shares and counts; with `by_kind` also one for each kind of question."""
    line = f"{name:28}"
    for title, hits in parts_of(rows).items():
        line += f"  {title} {sum(hits) / max(1, len(hits)):.2f} ({sum(hits)}/{len(hits)})"
    print(f"{line}  {1000 * median(took for *_, took in rows):.1f} ms")
    if by_kind:
        counts = Counter((row["kind"], bool(row["sentences"]), o[1], o[2]) for row, o, _ in rows)
        for (kind, can, what, right), n in sorted(counts.items()):
            asked, first = "answerable" if can else "unanswerable", "right first" if right else ""
            print(f"    {kind:14} {asked:12} {what:45} {first:12} {n}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=FOR_TUNING)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--verbose", nargs="?", const="wrong", default="")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--lists", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        for part in given.without:
            stack.enter_context(without(part))
        every = []
        for name in given.sets:
            rows = list(run(name, given.verbose, lists=given.lists))
            report(name, rows, given.kinds)
            every += rows
        report("all", every, given.kinds)
        print(f"AUROC of coverage: {coverage_auroc(given.sets, given.lists):.2f}")


if __name__ == "__main__":
    main()
