"""How well questions on a document are answered: `python -m benchmarks.questions [FILE.jsonl]`.

The table is a file of judgments (question, answering sentences by how they start, or none); by default the questions
on the first document, which were written before any result was looked at.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import orjson

from qa.answer import answer
from qa.ingest import publish

ROOT = Path(__file__).parent.parent
FIRST = ROOT / "tests" / "data" / "questions" / "first-document.jsonl"


def main(path: Path, *, verbose: bool) -> None:
    index = publish(ROOT / "corpus", "memory:")
    table = [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]
    counts: Counter[str] = Counter()
    for row in table:
        result = answer(row["question"], index)
        wanted = row["sentences"]
        counts["answerable" if wanted else "unanswerable"] += 1
        if not wanted:
            counts["refused rightly"] += result.status == "abstained"
            counts["unanswerable, partial"] += result.status == "partial"
            outcome = result.status
        elif result.status == "abstained":
            outcome = f"refused wrongly ({result.abstention.reason})" if result.abstention else ""
            counts["refused wrongly"] += 1
        else:
            first = result.answers[0]
            right = any(start in first.text for start in wanted)
            marked = [first.text[s.start : s.end] for s in first.sentences if s.answers]
            counts["right passage first"] += right
            counts["answering sentence marked"] += any(m.startswith(s) for m in marked for s in wanted)
            counts["answered"] += 1
            outcome = "right" if right else "wrong passage"
        if verbose:
            print(f"{outcome:50} {row['kind']:16} {row['question'][:110]}")
    for name, count in counts.items():
        print(f"{name:28} {count:4}")


if __name__ == "__main__":
    named = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    main(Path(named[0]) if named else FIRST, verbose="--verbose" in sys.argv)
