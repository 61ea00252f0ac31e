"""How long a list of retractions takes to read: python -m benchmarks.retractions

CPU time and memory for a list as large as the Retraction Watch database, as a multiple of what the standard library's
csv module takes to split the same rows.
"""

from __future__ import annotations

import csv
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from qa.corpus.retractions import RETRACTIONS, look_up

ROWS = 60_000
WANTED = 1_000  # works that are looked up
HEAD = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,"
)


def rows() -> Iterator[str]:
    yield HEAD
    for n in range(ROWS):
        authors = ";".join(f"Author {k}" for k in range(n % 12 + 1))
        yield (
            f'{n},"A study, {n}",(B/T) Roads;,"Institute {n}, Town; Another Institute, Town",Journal {n % 900},Press,'
            f"Spain,{authors},https://example.org/{n},Research Article;,{n % 12 + 1}/{n % 28 + 1}/2024 0:00,"
            f"10.5555/notice.{n},0,1/1/2010 0:00,10.5555/paper.{n},{n},Retraction,+Error in Data;+Error in Text;,No,,"
        )


def split(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def seconds(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(5):
        began = process_time()
        run()
        taken.append(process_time() - began)
    return median(taken)


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, RETRACTIONS)
        path.write_text("\n".join(rows()) + "\n", encoding="utf-8")
        wanted = {f"10.5555/paper.{n}" for n in range(0, ROWS, ROWS // WANTED)}
        ratio = seconds(lambda: look_up(path, wanted)) / seconds(lambda: split(path))
        tracemalloc.start()
        found = look_up(path, wanted)
        memory = tracemalloc.get_traced_memory()[1]
        size = path.stat().st_size
        print(
            f"{found.number:,} rows, {size / 1e6:.0f} MB, {len(found.rows):,} found, {len(found.unreadable)} not read"
        )
        print(f"CPU time: {ratio:.1f} times that of csv alone; memory: {memory / size:.3f} of the file's size")


if __name__ == "__main__":
    main()
