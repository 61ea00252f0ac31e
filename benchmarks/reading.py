"""Measure the reading of a folder against an older state: `python -m benchmarks.reading COMMIT [RUNS]`.

Reads the gold documents of citations as one folder, from bytes to annotated documents, by the code of COMMIT, by this
code in one process, and by this code in as many processes as it chooses; the runs alternate, and the fastest of each
counts. Prints processor time and elapsed time of each, and how many times as fast as COMMIT it is. Then it prints from
which size on two processes are worth their start. Reads the folder named by QA_TEST_DATA, and needs git.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from testkit.servers import python_environment

ROOT = Path(__file__).parent.parent
RUNS = 3
SIZES = (50_000, 100_000, 200_000, 400_000)  # bytes
# Run with either code: prints processor time, with that of child processes, and elapsed time.
READ = """
import os, sys, time
from pathlib import Path
from qa.corpus import open_corpus
from qa.indexing.ingest import annotate
corpus = open_corpus(Path(sys.argv[1]))
options = {"processes": int(sys.argv[2])} if len(sys.argv) > 2 else {}
before, begun = os.times(), time.monotonic()
annotate(corpus, skip_broken=True, **options)
elapsed, after = time.monotonic() - begun, os.times()
print(sum(after[:4]) - sum(before[:4]), elapsed)
"""


class Took(NamedTuple):
    """Seconds."""

    processor: float
    elapsed: float


def make_folder(folder: Path, documents: Iterable[Path]) -> Path:
    (folder / "documents").mkdir(parents=True)
    listed = []
    for number, path in enumerate(documents):
        name = f"d{number}{path.suffix}"
        shutil.copy(path, folder / "documents" / name)
        listed.append(f'[[document]]\nfile = "{name}"\ntitle = {json.dumps(path.stem)}\n')
    (folder / "documents.toml").write_text("\n".join(listed), "utf-8")
    return folder


def first_bytes(documents: Iterable[Path], size: int) -> list[Path]:
    """As many documents as have this size together."""
    chosen: list[Path] = []
    for path in documents:
        if sum(each.stat().st_size for each in chosen) < size:
            chosen.append(path)
    return chosen


def read(code: Path, folder: Path, *processes: int) -> Took:
    command = [sys.executable, "-c", READ, str(folder), *map(str, processes)]
    environment = python_environment(PYTHONPATH=str(code))
    run = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    return Took(*map(float, run.stdout.split()))


def fastest(runs: Iterable[Took]) -> Took:
    processor, elapsed = zip(*runs, strict=True)
    return Took(min(processor), min(elapsed))


def compare(old: Path, commit: str, folder: Path, runs: int) -> None:
    ways: dict[str, tuple[Path, tuple[int, ...]]] = {
        commit: (old, ()),
        "one process": (ROOT, (1,)),
        "all cores": (ROOT, ()),
    }
    taken: dict[str, list[Took]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, (code, processes) in ways.items():
            taken[name].append(read(code, folder, *processes))
    before = fastest(taken[commit])
    for name, all_runs in taken.items():
        took = fastest(all_runs)
        print(
            f"{name:12} {took.processor:6.2f} s processor time ({before.processor / took.processor:.2f} × as fast), "
            f"{took.elapsed:6.2f} s elapsed ({before.elapsed / took.elapsed:.2f} ×)"
        )


def main(arguments: list[str]) -> None:
    if not arguments or "QA_TEST_DATA" not in os.environ:
        sys.exit("Give a commit, and set QA_TEST_DATA to the folder with the development data.")
    commit, runs = arguments[0], int(arguments[1]) if len(arguments) > 1 else RUNS
    gold = Path(os.environ["QA_TEST_DATA"]) / "citations" / "citegold"
    documents = sorted(
        path for path in gold.rglob("*") if path.suffix in (".txt", ".md") and path.with_suffix(".json").exists()
    )
    with tempfile.TemporaryDirectory() as made:
        old = Path(made) / "old"
        subprocess.run(["git", "-C", ROOT, "worktree", "add", "--quiet", "--detach", old, commit], check=True)
        try:
            folder = make_folder(Path(made) / "corpus", documents)
            size = sum(path.stat().st_size for path in documents) / 1e6
            print(f"{len(documents)} documents, {size:.1f} MB, {len(os.sched_getaffinity(0))} cores")
            compare(old, commit, folder, runs)
            for size_of_some in SIZES:
                some = make_folder(Path(made) / str(size_of_some), first_bytes(documents, size_of_some))
                one, two = (fastest(read(ROOT, some, number) for _ in range(runs)) for number in (1, 2))
                print(
                    f"{size_of_some // 1000} KB: two processes take {two.elapsed / one.elapsed:.2f} × the time of one"
                )
        finally:
            subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", old], check=False)


if __name__ == "__main__":
    main(sys.argv[1:])
