"""What a page of a long list costs: python -m benchmarks.lists [--works 10000] [--documents 3000]

Makes a folder of documents that cite this many works, and prints the processor time of pages of the list of works, with
that of the same pages of a list of 100 works; then a folder of this many documents, and the pages about all of them,
for the first request and for later ones.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qa.engine import open_service
from qa.settings import Settings
from qa.web import create_app

SHORT = 100  # works in the list to compare with
A_DOCUMENT_CITES = 100  # works
REPEATS = 20
KINDS = ("Randomised trial", "Cohort", "Systematic review", "Case report")
PAGES = {
    "the first page": "?sort=author",
    "by year": "?sort=year",
    "the last page": "?sort=author&order=desc",
    "filtered by two facets": "?sort=sentences&year=1990&year=2001&kind=Cohort",
    "one document": "?document=d1",
}


def make_folder(folder: Path, works: int) -> None:
    """Write documents that cite this many works, each once, and the list of works."""
    (folder / "documents").mkdir()
    records = [
        {
            "id": f"w{n}",
            "type": "article-journal",
            "title": f"Study {n} of {KINDS[n % 4].lower()}s in fields of clover",
            "author": [{"family": f"Author{chr(97 + n % 26)}{n}", "given": "A."}, {"family": "Other", "given": "B."}],
            "issued": {"date-parts": [[1980 + n % 45]]},
            "custom": {"study_type": KINDS[n % 4], "participants": 10 + n % 500},
        }
        for n in range(works)
    ]
    (folder / "references.json").write_text(json.dumps(records))
    for first in range(0, works, A_DOCUMENT_CITES):
        cited = range(first, min(first + A_DOCUMENT_CITES, works))
        lines = [f"Clover of sort {n} grew better in wet years [@w{n}]." for n in cited]
        (folder / "documents" / f"d{first // A_DOCUMENT_CITES}.md").write_text(
            "# Clover\n\n" + "\n\n".join(lines) + "\n"
        )


ABOUT_ALL = (
    "/documents",
    "/coverage",
    "/about",
    "/conditions",
    "/conditions/clover",
    "/api/v1/coverage",
    "/api/v1/about",
)
CONDITIONS = """[[condition]]
id = "clover"
label = "Clover"
names = ["clover"]
"""


def make_documents(folder: Path, number: int) -> None:
    """Write documents of three sentences on one condition."""
    (folder / "documents").mkdir()
    (folder / "conditions.toml").write_text(CONDITIONS)
    for n in range(number):
        text = f"# Field {n}\n\nClover of sort {n} grew well. It was sown in {1900 + n % 120}. Rain fell {n} times.\n"
        (folder / "documents" / f"field-{n}.md").write_text(text)


def cost_of(client: Any, path: str) -> tuple[float, float]:
    """The milliseconds of the first request, and of later ones."""
    start = time.process_time()
    assert client.get(path).status_code == 200
    return (time.process_time() - start) * 1000, cpu_of(lambda: client.get(path))


def measure_documents(documents: int) -> dict[str, tuple[float, float]]:
    """What the pages about all documents cost."""
    with tempfile.TemporaryDirectory() as name:
        make_documents(Path(name), documents)
        service = open_service(Settings(corpus=Path(name), encoder="off"))
        client: Any = create_app(service.settings, service.index).test_client()
        return {path: cost_of(client, path) for path in ABOUT_ALL}


def cpu_of(work: Callable[[], object]) -> float:
    """The processor time in milliseconds, the least of some repeats."""

    def times() -> Iterator[float]:
        for _ in range(REPEATS):
            start = time.process_time()
            work()
            yield (time.process_time() - start) * 1000

    return min(times())


def measure(works: int) -> dict[str, float]:
    """The milliseconds of each page, and of the first request for the list, which works out the orders and counts."""
    with tempfile.TemporaryDirectory() as name:
        make_folder(Path(name), works)
        service = open_service(Settings(corpus=Path(name), encoder="off"))
        client: Any = create_app(service.settings, service.index).test_client()
        start = time.process_time()
        client.get("/references")
        found = {"the first request": (time.process_time() - start) * 1000}
        for what, sent in PAGES.items():
            assert client.get(f"/references{sent}").status_code == 200
            found[what] = cpu_of(lambda sent=sent: client.get(f"/references{sent}"))  # type: ignore[misc]
        found["JSON, 50 works"] = cpu_of(lambda: client.get("/api/v1/references?limit=50"))
        found["CSV, all works"] = cpu_of(lambda: client.get("/api/v1/references.csv"))
        return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=3_000)
    asked = parser.parse_args()
    print_works(asked.works)
    few, many = measure_documents(SHORT), measure_documents(asked.documents)
    print(f"\n| milliseconds of processor time | {SHORT} documents: first | later | {asked.documents}: first | later |")
    print("|---|---|---|---|---|")
    for path, costs in many.items():
        print(f"| {path:20} | " + " | ".join(f"{each:7.1f}" for each in (*few[path], *costs)) + " |")


def print_works(works: int) -> None:
    short, long = measure(SHORT), measure(works)
    print(f"| {'milliseconds of processor time':31} | {SHORT} works | {works} works | ratio |")
    print("|---|---|---|---|")
    for what, cost in long.items():
        print(f"| {what:31} | {short[what]:9.1f} | {cost:11.1f} | {cost / short[what]:5.1f} |")


if __name__ == "__main__":
    main()
