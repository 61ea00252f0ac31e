"""How well questions are answered, set by set: `python -m benchmarks.quality [--verbose] [--kinds] [--lists] [SET …]`;
on pages of many fields, page by page and all in one corpus: `--pages known|other|unseen`; what each mechanism and list
is worth: `--ablation`. With QA_ENCODER=on passages are found by meaning too.

A set is a batch of the shipped corpus's questions (`first-…`) or a file in tests/data/questions, asked about the page
it was written for; with `--lists` the page also has the word lists that an owner would add. Default: the tuning sets.
docs/questions.md says when the held-out sets were first run.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from statistics import median
from time import perf_counter

from benchmarks.ablation import ablation
from benchmarks.pages import show_pages
from testkit.question_sets import FOR_TUNING, Rows, index_for, judge, parts_of, rows_of


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
        wrong = not outcome.marked if row["sentences"] else outcome.answered
        if every or wrong:
            state = "A" if row["sentences"] else "U"
            first = "first" if outcome.first else ""
            said = f"{outcome.result[:32]:32} {outcome.confidence:.2f} {first:5}"
            print(f"{state} {said} {outcome.kind[:12]:12} {row['question'][-120:]}")


def report(name: str, rows: Rows, took: Sequence[float], by_kind: bool) -> None:
    """Print a line for a set, with shares, counts and the median time; with `by_kind` also one for each kind."""
    line = f"{name:28}"
    for title, hits in parts_of(rows).items():
        line += f"  {title} {sum(hits) / max(1, len(hits)):.2f} ({sum(hits)}/{len(hits)})"
    print(f"{line}  {1000 * median(took):.1f} ms")
    if by_kind:
        counts = Counter((row["kind"], bool(row["sentences"]), o.result, o.first) for row, o in rows)
        for (kind, can, what, right), n in sorted(counts.items()):
            asked, first = "answerable" if can else "unanswerable", "right first" if right else ""
            print(f"    {kind:14} {asked:12} {what:45} {first:12} {n}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", default=FOR_TUNING)
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--pages", choices=["known", "other", "unseen"])
    parser.add_argument("--verbose", nargs="?", const="wrong", default="")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--lists", action="store_true")
    given = parser.parse_args()
    if given.ablation:
        return ablation()
    if given.pages:
        return show_pages(given.pages)
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


if __name__ == "__main__":
    main()
