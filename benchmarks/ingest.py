"""Measure how fast ready passages are stored on disk: `python -m benchmarks.ingest [PASSAGES ...]`.

Makes so many passages (default 10,000 and 100,000; benchmarks/scale/data.py) and publishes them in one process, in all,
and once more with what was kept of the run before (QA_CACHE); with `--all-cores`, only in all. Prints passages for each
second, for each second of processor time of all processes together, the largest sum of what all processes have in
memory at the same time, and the size of the index. Pages that several processes share count once (the sum of
proportional set sizes, looked at several times a second). Sentences are given with the passages; `--sentences` has them
found. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from benchmarks.public_sets import DATA
from benchmarks.scale.data import made_passages
from benchmarks.start import proportional_memory
from testkit.servers import python_environment

SIZES = (10_000, 100_000)
LOOK_EVERY = 0.2  # seconds
BUILD = """
import os, sys, time
from pathlib import Path
from qa.cache import Cache
from qa.indexing.ready import publish_ready
source, index, kept, processes = sys.argv[1:]
begun = time.monotonic()
publish_ready(Path(source), f"disk:{index}", processes=int(processes) or None, kept=Cache(Path(kept)) if kept else None)
print(sum(os.times()[:4]), time.monotonic() - begun)
"""


class Build(NamedTuple):
    """Processor and elapsed seconds, the peak of memory in MB, and the bytes of the index."""

    processor: float
    elapsed: float
    memory: float
    size: int


def write(file: Path, number: int, *, sentences: bool) -> None:
    """Write so many passages, one a line."""

    def lines() -> Iterator[str]:
        for row in made_passages(DATA / "retrieval", number):
            if not sentences:
                del row["cuts"]
            yield f"{json.dumps(row, ensure_ascii=False)}\n"

    with file.open("w", encoding="utf-8") as target:
        target.writelines(lines())


def build(source: Path, index: Path, kept: Path | None, processes: int) -> Build:
    """Publish passages in a process of its own."""
    command = [sys.executable, "-c", BUILD, str(source), str(index), str(kept or ""), str(processes)]
    peak = 0.0
    with subprocess.Popen(command, env=python_environment(), stdout=subprocess.PIPE, text=True) as run:
        while run.poll() is None:
            peak = max(peak, memory_together(run.pid))
            time.sleep(LOOK_EVERY)
        printed = run.communicate()[0]
    if run.returncode:
        raise SystemExit(run.returncode)
    processor, elapsed = map(float, printed.split())
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    return Build(processor, elapsed, peak, size)


def memory_together(process: int) -> float:
    """What a process and those that it has started have in memory, in MB."""
    found = 0.0
    with suppress(OSError, StopIteration):  # one of them has just ended
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        found += proportional_memory(process)
        for child in map(int, children):
            found += proportional_memory(child)
    return found


def main(sizes: list[int], *, sentences: bool, all_ways: bool) -> None:
    for number in sizes:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write(folder / "passages.jsonl", number, sentences=sentences)
            ways = [("one process", None, 1), ("all cores", folder / "kept", 0), ("made before", folder / "kept", 0)]
            for place, (name, kept, processes) in enumerate(ways if all_ways else ways[1:2]):
                took = build(folder / "passages.jsonl", folder / f"index{place}", kept, processes)
                rate = f"{number / took.elapsed:7,.0f} passages/s, {number / took.processor:7,.0f} a core-second"
                size = f"peak {took.memory:5.0f} MB, {took.size / number:5,.0f} bytes a passage"
                print(f"{number:9,} passages, {name:11} {rate}, {size}", flush=True)


if __name__ == "__main__":
    if "QA_TEST_DATA" not in os.environ:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    chosen = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(chosen or list(SIZES), sentences="--sentences" not in sys.argv, all_ways="--all-cores" not in sys.argv)
