"""How well questions are answered and refused, set by set: `python -m benchmarks.quality [--verbose] [--without PART]
[--lists] [SET …]`.

A set is a batch of the shipped corpus's questions (`first-…`) or a file in tests/data/questions, asked about the page
it was written for; with `--lists` the page also has the word lists that an owner would add. Default: the tuning sets.
docs/questions.md says when the held-out sets were first run.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

import qa.answering.answer
import qa.understanding.parse
from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes import OpenIndex
from qa.models import Span
from qa.understanding.aspects import Aspects
from qa.understanding.context import IndexContext, context_of
from qa.understanding.expansion import Synonyms
from testkit.question_sets import FOR_TUNING, Rows, index_for, judge, parts_of, rows_of


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
    }  # fmt: skip
    return patches[part]() if part in patches else patch.object(qa.answering.answer, "context_of", changed)


def coverage_auroc(names: Sequence[str], lists: bool) -> float:
    """Return how well coverage separates questions with an answer from those without (AUROC; .5 is chance): the
    probability that one of the former has the higher coverage. A question refused for another reason counts as lower
    than any."""
    shares: dict[bool, list[float]] = {True: [], False: []}
    for name in names:
        index = index_for(name, lists)
        for row in rows_of(name):
            result = answer(row["question"], index, Options(refuse_below=0, explain=True))
            covered = [each.value for hit in result.answers[:1] for each in hit.why if each.kind == "coverage"]
            shares[bool(row["sentences"])].append(sum(covered, -1.0) if result.abstention else sum(covered))
    pairs = [(a > b) + (a == b) / 2 for a in shares[True] for b in shares[False]]
    return sum(pairs) / len(pairs)


def timed_run(name: str, lists: bool) -> tuple[Rows, list[float]]:
    """Each question of a set with its outcome, and the seconds that each took when asked for the second time."""
    index, rows, took = index_for(name, lists), [], []
    for row in rows_of(name):
        judge(row, index)
        begun = perf_counter()
        rows.append((row, judge(row, index)))
        took.append(perf_counter() - begun)
    return rows, took


def show(rows: Rows, *, every: bool) -> None:
    """Print the questions with wrong outcomes, or all."""
    for row, outcome in rows:
        wrong = outcome[1].startswith("refused") != (not row["sentences"]) or (row["sentences"] and not outcome[3])
        if every or wrong:
            state = "A" if row["sentences"] else "U"
            first = "first" if outcome[2] else ""
            print(f"{state} {outcome[1][:32]:32} {first:5} {outcome[0][:12]:12} {row['question'][-120:]}")


def report(name: str, rows: Rows, took: Sequence[float], by_kind: bool) -> None:
    """Print a line for a set, with shares, counts and the median time; with `by_kind` also one for each kind."""
    line = f"{name:28}"
    for title, hits in parts_of(rows).items():
        line += f"  {title} {sum(hits) / max(1, len(hits)):.2f} ({sum(hits)}/{len(hits)})"
    print(f"{line}  {1000 * median(took):.1f} ms")
    if by_kind:
        counts = Counter((row["kind"], bool(row["sentences"]), o[1], o[2]) for row, o in rows)
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
        every: Rows = []
        every_took: list[float] = []
        for name in given.sets:
            rows, took = timed_run(name, given.lists)
            if given.verbose:
                show(rows, every=given.verbose == "all")
            report(name, rows, took, given.kinds)
            every += rows
            every_took += took
        report("all", every, every_took, given.kinds)
        print(f"AUROC of coverage: {coverage_auroc(given.sets, given.lists):.2f}")


if __name__ == "__main__":
    main()
