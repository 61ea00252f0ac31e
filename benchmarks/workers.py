"""Memory of each further worker: `python -m benchmarks.workers DATA FOLDER [NUMBER]`.

Serves an index on disk of NUMBER made passages (default 100,000; benchmarks/scale) with one worker and with three, asks
two hundred questions twice, each on a new connection, and prints what a worker has for itself: memory that it shares
with no other process. Pages of files are none of it, since the system can drop them. Without the encoder. Linux only.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.scale.build import build
from benchmarks.scale.data import questions
from benchmarks.start import Started, served
from testkit.servers import free_port, python_environment

WORKERS = (1, 3)
PASSAGES = 100_000
TIMES = 2  # that all questions are asked for each worker


def main(data: Path, folder: Path, passages: int) -> None:
    url, asked = build(data, folder, passages), questions(data)
    print(f"{passages:,} passages on disk, MB that a process shares with no other one:")
    together = {}
    for workers in WORKERS:
        with tempfile.TemporaryDirectory() as kept:
            port = free_port()
            settings = {"QA_INDEX": url, "QA_CACHE": kept, "QA_CORPUS": kept}
            environment = python_environment(QA_WORKERS=str(workers), **settings)
            process = subprocess.Popen([sys.executable, *served(port)], env=environment, stderr=subprocess.DEVNULL)
            try:
                service = Started(process, f"http://127.0.0.1:{port}")
                for _ in range(TIMES * workers):
                    service.ask(asked)
                main_process, *own = map(own_memory, service.processes())
                together[workers] = service.memory()
            finally:
                process.terminate()
                process.wait()
        print(
            f"  {workers} of them: main process {main_process:.0f}, workers {', '.join(f'{each:.0f}' for each in own)}"
        )
    few, many = WORKERS
    more = (together[many] - together[few]) / (many - few)
    print(f"  each further worker adds {more:.0f} MB, with its share of what is shared (goal 60)")


def own_memory(process: int) -> float:
    """The MB that only this process has, without pages of files."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Private_Dirty:\s+(\d+) kB", text, re.M)) / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if sys.argv[3:] else PASSAGES)
