"""Send hostile requests to the application in this process: `python -m benchmarks.fuzz [N] [--seed S]`.

Sends N requests (default 100,000) of `testkit.hostile_requests` over all routes, half with the shipped corpus and
half with one that consists of markup. Prints the statuses, how many bodies were validated against the API description,
and every broken promise with the request that broke it. The exit status is 1 if there is any. The promises:

- no exception, no 5xx, and under /api no status or content type that the description does not list
- bodies under /api are valid, and answers, documents and passages are verbatim
- an error repeats nothing that was sent, and a page shows what was sent as text, never as markup
- security headers on every response, no cookie, no line break in a header, no redirect to another host
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from qa.indexing.publish import open_published
from testkit.corpora import hostile_corpus, shipped
from testkit.fuzzing import fuzz
from testkit.promises import Report

SHOWN = 20  # broken promises printed in full


def show(name: str, report: Report, seconds: float) -> None:
    statuses = "  ".join(f"{status}: {number:,}" for status, number in sorted(report.statuses.items()))
    print(f"{name}: {report.statuses.total():,} requests in {seconds:.0f} s   {statuses}")
    print(f"    {report.validated:,} bodies validated, {report.verbatim:,} passages compared with their documents")
    print(f"    broken promises: {len(report.faults)}")
    for fault in report.faults[:SHOWN]:
        print(f"    {fault}")


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.fuzz")
    arguments.add_argument("number", nargs="?", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory() as folder:
        corpora = {"shipped": shipped(), "hostile": open_published(hostile_corpus(Path(folder) / "corpus"), "memory:")}
        for name, index in corpora.items():
            begun = time.monotonic()
            report = fuzz(index, asked.number // len(corpora), asked.seed)
            show(name, report, time.monotonic() - begun)
            broken += len(report.faults)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
