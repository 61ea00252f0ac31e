"""Measure how fast ready passages are stored on disk: `python -m benchmarks.ingest [PASSAGES ...]`.

Makes so many passages (default 10,000 and 100,000; benchmarks/scale/data.py) and publishes them in one process, in all,
and once more with what was kept of the run before (QA_CACHE). Prints passages for each second of processor time of all
processes together, elapsed time, and the peak of memory of the main process and of the largest other one. Sentences are
given with the passages; `--sentences` has them found. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.public_sets import DATA
from benchmarks.scale.data import made_passages
from testkit.servers import python_environment

SIZES = (10_000, 100_000)
BUILD = """
import os, resource, sys, time
from pathlib import Path
from qa.cache import Cache
from qa.indexing.ready import publish_ready
source, index, kept, processes = sys.argv[1:]
begun = time.monotonic()
publish_ready(Path(source), f"disk:{index}", processes=int(processes) or None, kept=Cache(Path(kept)) if kept else None)
peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(os.times()[:4]), time.monotonic() - begun, *peaks)
"""


def write(file: Path, number: int, *, sentences: bool) -> None:
    """Write so many passages, one a line."""

    def lines() -> Iterator[str]:
        for row in made_passages(DATA / "retrieval", number):
            if not sentences:
                del row["cuts"]
            yield f"{json.dumps(row, ensure_ascii=False)}\n"

    with file.open("w", encoding="utf-8") as target:
        target.writelines(lines())


def build(source: Path, index: Path, kept: Path | None, processes: int) -> list[float]:
    """Processor and elapsed seconds, and the peaks of memory in MB, in a process of its own."""
    command = [sys.executable, "-c", BUILD, str(source), str(index), str(kept or ""), str(processes)]
    run = subprocess.run(command, env=python_environment(), capture_output=True, text=True, check=True)
    return list(map(float, run.stdout.split()))


def main(sizes: list[int], *, sentences: bool) -> None:
    for number in sizes:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write(folder / "passages.jsonl", number, sentences=sentences)
            ways = (("one process", None, 1), ("all cores", folder / "kept", 0), ("made before", folder / "kept", 0))
            for place, (name, kept, processes) in enumerate(ways):
                took = build(folder / "passages.jsonl", folder / f"index{place}", kept, processes)
                processor, elapsed, own, others = took
                rate = f"{number / processor:7,.0f} passages a second of processor time, {elapsed:6.1f} s elapsed"
                print(f"{number:9,} passages, {name:11} {rate}, peak {own:5.0f} MB and {others:4.0f} MB", flush=True)


if __name__ == "__main__":
    if "QA_TEST_DATA" not in os.environ:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    chosen = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(chosen or list(SIZES), sentences="--sentences" not in sys.argv)
