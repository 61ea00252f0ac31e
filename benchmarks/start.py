"""Measure a start with many documents: `python -m benchmarks.start [N] [--encoder]`.

Makes a corpus of N one-page documents (default 3,000) from the abstracts of scifact, starts `qa serve` on it twice, and
prints for each start the seconds until it is ready and the processor time that it took; the second start finds in
QA_CACHE what the first one made. Then it prints the memory of the service with two workers and that of one process that
serves the same corpus alone, after the same questions (Linux: shared pages are divided among those that share them).
With `--encoder`, passages are found by meaning too: the first start answers by words, and it is also printed when its
vectors have been made. Without it, the encoder is off.
Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from testkit.servers import answers, free_port, python_environment

PATIENCE = 1800  # seconds
ASKED = 40
ALONE = """
import sys
from wsgiref.simple_server import make_server
from qa.web import create_app
make_server("127.0.0.1", int(sys.argv[1]), create_app()).serve_forever()
"""


def make_corpus(folder: Path, number: int, abstracts: Path) -> None:
    """Write the corpus: a document for each abstract, and the list of documents."""
    (folder / "documents").mkdir(parents=True)
    listed = []
    with abstracts.open(encoding="utf-8") as lines:
        for place, line in enumerate(islice(lines, number)):
            row = json.loads(line)
            (folder / "documents" / f"d{place}.md").write_text(f"# {row['title']}\n\n{row['text']}\n", "utf-8")
            listed.append(f'[[document]]\nfile = "d{place}.md"\ntitle = {json.dumps(row["title"])}\n')
    (folder / "documents.toml").write_text("\n".join(listed), "utf-8")


class Started:
    """A running service, the seconds until it was ready, and the processor time of all its processes until then."""

    def __init__(self, process: subprocess.Popen[bytes], url: str) -> None:
        self.begun = begun = time.monotonic()
        self.process, self.url = process, url
        while not answers(f"{url}/readyz"):
            if process.poll() is not None or time.monotonic() - begun > PATIENCE:
                sys.exit("The service does not get ready.")
            time.sleep(0.05)
        self.seconds = time.monotonic() - begun
        self.processor = sum(map(processor_time, self.processes()))

    def wait_for_vectors(self) -> float:
        """Seconds from the start until passages are found by meaning too."""
        while True:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=60) as response:
                if json.load(response)["encoder"] == "on":
                    return time.monotonic() - self.begun
            time.sleep(0.5)

    def processes(self) -> list[int]:
        """The main process and its workers."""
        main = self.process.pid
        return [main, *map(int, Path(f"/proc/{main}/task/{main}/children").read_text().split())]

    def memory(self) -> float:
        """The memory of all processes together, in MB."""
        return sum(map(proportional_memory, self.processes()))

    def ask(self, questions: list[str]) -> None:
        """Ask all questions, each on a new connection, so that all workers get some."""
        for question in questions:
            with urllib.request.urlopen(f"{self.url}/api/v1/ask?q={quote(question)}", timeout=60) as response:
                response.read()


def processor_time(process: int) -> float:
    """Seconds of processor time of a process until now."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proportional_memory(process: int) -> float:
    """The proportional set size of a process in MB: pages that n processes share count for one n-th."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def started(command: Callable[[int], list[str]], corpus: Path, kept: Path, encoder: str) -> Iterator[Started]:
    port = free_port()
    environment = python_environment(QA_CORPUS=str(corpus), QA_CACHE=str(kept), QA_WORKERS="2", QA_ENCODER=encoder)
    process = subprocess.Popen([sys.executable, *command(port)], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield Started(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def served(port: int) -> list[str]:
    return ["-m", "qa", "serve", "--port", str(port)]


def alone(port: int) -> list[str]:
    return ["-c", ALONE, str(port)]


def main() -> None:
    folder = os.environ.get("QA_TEST_DATA")
    if not folder:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    encoder = "on" if "--encoder" in sys.argv else "off"
    number = next((int(word) for word in sys.argv[1:] if word.isdigit()), 3000)
    scifact = Path(folder) / "retrieval" / "scifact"
    questions = [json.loads(line)["text"] for line in islice((scifact / "queries.jsonl").open("rb"), ASKED)]
    with tempfile.TemporaryDirectory() as made:
        corpus, kept = Path(made) / "corpus", Path(made) / "cache"
        make_corpus(corpus, number, scifact / "corpus.jsonl")
        for name in ("first", "second"):
            with started(served, corpus, kept, encoder) as service:
                times = f"ready after {service.seconds:.1f} s, {service.processor:.1f} s of processor time"
                print(f"{number:,} documents, {name} start: {times}")
                if encoder == "on":
                    print(f"{number:,} documents, {name} start: vectors after {service.wait_for_vectors():.1f} s")
                service.ask(questions)
                three = service.memory()
        with started(alone, corpus, kept, encoder) as service:
            service.ask(questions)
            one = service.memory()
        print(
            f"memory: main process and two workers {three:.0f} MB, one process alone {one:.0f} MB: {three / one:.2f} ×"
        )


if __name__ == "__main__":
    main()
