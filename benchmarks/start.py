"""Measure a start with many documents: `python -m benchmarks.start [N]`.

Makes a corpus of N one-page documents (default 3,000) from the abstracts of scifact, starts `qa serve` on it, and
prints the seconds until it is ready. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from testkit.servers import answers, free_port, python_environment

PATIENCE = 300  # seconds


def make_corpus(folder: Path, number: int, abstracts: Path) -> None:
    """Write the corpus: a document for each abstract, and the list of documents."""
    (folder / "documents").mkdir()
    listed = []
    with abstracts.open(encoding="utf-8") as lines:
        for place, line in enumerate(islice(lines, number)):
            row = json.loads(line)
            (folder / "documents" / f"d{place}.md").write_text(f"# {row['title']}\n\n{row['text']}\n", "utf-8")
            listed.append(f'[[document]]\nfile = "d{place}.md"\ntitle = {json.dumps(row["title"])}\n')
    (folder / "documents.toml").write_text("\n".join(listed), "utf-8")


def seconds_until_ready(corpus: Path) -> float:
    port = free_port()
    begun = time.monotonic()
    command = [sys.executable, "-m", "qa", "serve", "--port", str(port)]
    service = subprocess.Popen(command, env=python_environment(QA_CORPUS=str(corpus)), stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            if service.poll() is not None or time.monotonic() - begun > PATIENCE:
                sys.exit("qa serve does not get ready.")
            time.sleep(0.05)
        return time.monotonic() - begun
    finally:
        service.terminate()
        service.wait()


def main() -> None:
    folder = os.environ.get("QA_TEST_DATA")
    if not folder:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    with tempfile.TemporaryDirectory() as made:
        make_corpus(Path(made), number, Path(folder) / "retrieval" / "scifact" / "corpus.jsonl")
        print(f"{number:,} documents: ready after {seconds_until_ready(Path(made)):.1f} s")


if __name__ == "__main__":
    main()
