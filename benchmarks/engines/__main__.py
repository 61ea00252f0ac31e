"""Print one table for each set of passages: ours, other libraries, raw engines.

    python -m benchmarks.engines FOLDER [NUMBER ...]

scifact and evidence-inference (QA_TEST_DATA) for quality, then NUMBER made passages (`benchmarks.scale`; kept in
FOLDER) for time. Ours gives whole answers, with questions read, sentences scored and citations attached, and abstains
where it must, which counts as nothing found; the others return the numbers of ten texts. Encoder off. Libraries as for
`benchmarks.peers`; Xapian is Debian's (`python3-xapian`), asked in the system's Python. What is missing is named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import mean, median
from typing import Any

from benchmarks.engines.libraries import LIBRARIES
from benchmarks.public_sets import DATA
from benchmarks.scale.data import questions as made_questions
from benchmarks.scale.data import write_passages
from qa.editing.collections import read_questions
from qa.editing.measures import measure_ranking

OURS = ("Chapter & Verse, memory", "Chapter & Verse, disk", "Chapter & Verse, OpenSearch")
UP_TO = {  # passages that each bears: beyond, it would take minutes a question or more memory than there is
    "Chapter & Verse, memory": 50_000,
    "rank-bm25": 200_000,
    "LangChain BM25": 200_000,
    "Haystack BM25": 200_000,
}
SYSTEM_PYTHON = "/usr/bin/python3"
QUALITY = ("scifact", "evidence-inference-dev")
ASKED = 300  # questions of a set; all of them if there are fewer
Judged = Mapping[str, Mapping[str, int]]


def run(engine: str, passages: Path, asked: Path) -> dict[str, Any] | str:
    """What an engine's process prints, or the last line of what went wrong."""
    python = SYSTEM_PYTHON if engine == "Xapian" else sys.executable
    command = [python, "-m", "benchmarks.engines.run", engine, str(passages), str(asked)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "QA_ENCODER": "off"})
    if done.returncode:
        return done.stderr.strip().splitlines()[-1]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def row(result: dict[str, Any], judged: Judged) -> str:
    times = sorted(result["ms"])
    shown = [
        f"{result['built']:8.1f}",
        f"{result['cpu']:8.1f}",
        f"{median(times):9.2f}",
        f"{times[int(0.99 * len(times))]:9.2f}",
        f"{result['memory']:8,}",
        f"{result.get('bytes', 0) / 1e6:8,.0f}",
    ]
    if judged:
        found = result["found"]
        values = measure_ranking({id: dict(judged[id]) for id in found}, found)["nDCG@10"]
        shown.append(f"{mean(values.values()):8.4f}")
    return " ".join(shown)


def table(title: str, passages: Path, asked: dict[str, str], judged: Judged) -> None:
    number = sum(1 for _ in passages.open("rb"))
    print(f"\n{title}: {number:,} passages, {len(asked)} questions")
    heads = ["build s", "CPU s", "p50 ms", "p99 ms", "MB", "disk MB", "nDCG@10" if judged else ""]
    print(f"  {'':28} " + " ".join(f"{head:>{9 if 'ms' in head else 8}}" for head in heads))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(asked, file)
        file.flush()
        for engine in (*OURS, *LIBRARIES):
            if number <= UP_TO.get(engine, number):
                result = run(engine, passages, Path(file.name))
                print(f"  {engine:28} {result if isinstance(result, str) else row(result, judged)}", flush=True)


def sets() -> Iterator[tuple[str, Path, dict[str, str], Judged]]:
    for name in QUALITY:
        asked, judged = read_questions(DATA / "retrieval" / name, None)
        chosen = sorted(judged)[:: max(1, len(judged) // ASKED)]
        yield (
            name,
            DATA / "retrieval" / name / "corpus.jsonl",
            {id: asked[id] for id in chosen},
            {id: judged[id] for id in chosen},
        )


def main() -> None:
    folder, sizes = Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]
    for title, passages, asked, judged in sets():
        table(title, passages, asked, judged)
    for size in sizes:
        made = write_passages(DATA / "retrieval", size, folder) / "corpus.jsonl"
        table("made", made, {str(n): each for n, each in enumerate(made_questions(DATA / "retrieval"))}, {})
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
