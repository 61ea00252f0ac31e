"""The table of sizes of docs/operations.md, measured: `python -m benchmarks.sizing DATA FOLDER [NUMBER ...]`.

DATA has the public test collections; FOLDER keeps the passages and indexes that are made. Times are CPU time on this
machine, without the encoder; memory is what one process has for itself after it has answered all questions. The second
table is arithmetic from the first one, not a measurement. An index that is in FOLDER already, made by benchmarks.scale,
is used; then building is not measured.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from math import ceil
from pathlib import Path
from typing import NamedTuple

from benchmarks.scale.__main__ import measure, opened, quantiles, raw_search
from benchmarks.scale.data import questions, write_passages
from qa.answering.answer import answer
from qa.indexes.disk.files import read_file_list
from qa.indexes.disk.versions import folder_of
from qa.indexing.ready import LINES, publish_ready

SIZES = (10_000, 100_000)
LARGE = (100_000_000, 10_000_000_000)
COPIES, CORES, MEMORY = 2, 32, 100e9  # of each passage; of a machine; bytes of a machine that hold an index


class Measured(NamedTuple):
    """What so many passages cost: bytes a passage; CPU ms to open, to search and to answer (median and 99 %); bytes of
    a process; passages a second of CPU time when building, 0 if that was not measured."""

    passages: int
    size: float
    opening: float
    search: float
    median: float
    high: float
    memory: float
    rate: float


def main(data: Path, folder: Path, sizes: list[int]) -> None:
    found = [measured(data, folder, size) for size in sizes]
    print("| passages | disk | opening | memory of a process | CPU of an answer, p50 / p99 | building, per core |")
    print("|---|---|---|---|---|---|")
    for each in found:
        cells = (
            f"{each.passages:,}",
            f"{each.passages * each.size / 1e6:,.0f} MB ({each.size:,.0f} bytes a passage)",
            f"{each.opening:.0f} ms",
            f"{each.memory / 1e6:.0f} MB",
            f"{each.median:.1f} / {each.high:.1f} ms",
            f"{each.rate:,.0f} passages/s" if each.rate else "not measured",
        )
        print(f"| {' | '.join(cells)} |")
    if len(found) > 1:
        print_large(found[0], found[-1], next((each.rate for each in reversed(found) if each.rate), 0.0))


def print_large(small: Measured, large: Measured, rate: float) -> None:
    """Print the arithmetic for sizes that do not fit a machine, built at so many passages a second and core."""
    slope = (large.search - small.search) / (large.passages - small.passages)
    fixed = large.median - large.search
    print(f"\nsearching costs {slope * 1e6:.2f} ms CPU for each million passages, an answer {fixed:.1f} ms besides")
    print("\n| passages | index, 2 copies | machines (32 cores, 100 GB) | CPU a question | questions/s | build |")
    print("|---|---|---|---|---|---|")
    for passages in LARGE:
        size = COPIES * passages * large.size
        machines = ceil(size / MEMORY)
        cpu = fixed + slope * passages
        cells = (
            f"{passages:,}",
            f"{size / 1e12:,.2f} TB",
            f"{machines:,}",
            f"{cpu:,.0f} ms",
            f"{machines * CORES * 1000 / cpu:,.0f}",
            f"{passages / rate / 3600:,.0f} core-hours" if rate else "not measured",
        )
        print(f"| {' | '.join(cells)} |")


def measured(data: Path, folder: Path, passages: int) -> Measured:
    source = write_passages(data, passages, folder)
    if (source / "index" / "current").exists():
        return asked_of(data, f"disk:{source / 'index'}", passages, 0.0)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        url, before = f"disk:{place}/index", cpu_seconds()
        publish_ready(source / LINES, url)
        return asked_of(data, url, passages, passages / (cpu_seconds() - before))


def asked_of(data: Path, url: str, passages: int, rate: float) -> Measured:
    """What an index costs that was built at this rate."""
    [*_, name] = folder_of(url).names()
    size = sum(file.size for file in read_file_list(folder_of(url).versions / name).files)
    program = [sys.executable, "-m", "benchmarks.sizing", "ask", str(data), url]
    asked = json.loads(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    return Measured(passages, size / passages, rate=rate, **asked)


def ask(data: Path, url: str) -> None:
    """Print what opening and asking cost a process of its own, as JSON."""
    index, seconds = opened(url)
    asked = questions(data)
    times = measure({"search": raw_search(index), "answer": lambda question: answer(question, index)}, asked)
    median, high = quantiles(times["answer"])
    found = {"opening": 1000 * seconds, "search": quantiles(times["search"])[0], "median": median, "high": high}
    print(json.dumps(found | {"memory": own_memory()}))


def own_memory() -> int:
    """The bytes that this process has for itself, without files that are mapped (Linux)."""
    [size] = re.findall(r"Anonymous:\s+(\d+) kB", Path("/proc/self/smaps_rollup").read_text())
    return 1024 * int(size)


def cpu_seconds() -> float:
    """The CPU time of this process and of those that it has waited for."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        ask(Path(sys.argv[2]), sys.argv[3])
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]), [*map(int, sys.argv[3:])] or [*SIZES])
