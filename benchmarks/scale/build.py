"""Build the index of so many passages, for timing questions: `python -m benchmarks.scale.build DATA FOLDER NUMBER`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.scale.data import write_passages
from qa.indexing.ready import LINES, publish_ready


def build(data: Path, folder: Path, number: int) -> str:
    """The address of the index; made if it is not there yet."""
    source = write_passages(data, number, folder)
    url = f"disk:{source / 'index'}"
    if not (source / "index" / "current").exists():
        publish_ready(source / LINES, url)
    return url


if __name__ == "__main__":
    begun = time.perf_counter(), time.process_time()
    print(build(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
    print(f"{time.perf_counter() - begun[0]:.0f} s, {time.process_time() - begun[1]:.0f} s CPU of the main process")
