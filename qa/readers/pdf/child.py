"""Reads one PDF in a process of its own: `python -m qa.readers.pdf.child NAME`, from standard input to standard output.

The library that parses is written in C++: what a file made to harm does to it ends with this process.
"""

from __future__ import annotations

import json
import resource
import sys

from qa.errors import ReadingError
from qa.readers.stored import as_json

MOST_MEMORY = 1 << 30  # bytes
MOST_SECONDS = 60  # of CPU time


def read_and_answer() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from qa.readers.pdf.reading import read_document_pages

    try:
        answer: dict[str, object] = {"reading": as_json(read_document_pages(sys.stdin.buffer.read(), sys.argv[1]))}
    except ReadingError as error:
        answer = {"refused": error.message}
    except MemoryError:
        answer = {"refused": "needs more than 1 GB of memory to be read. Split it."}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    read_and_answer()
