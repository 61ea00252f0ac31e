"""Reads one PDF in a process of its own: `python -m qa.readers.pdf.child NAME`, from standard input to standard output.

The library that parses is written in C++: what a file made to harm does to it ends with this process.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress

from qa.errors import ReadingError
from qa.readers.stored import as_json

MOST_MEMORY = 1 << 30  # bytes
MOST_SECONDS = 60  # of CPU time


def limit(kind: int, most: int) -> None:
    """Set a limit of this process, or keep a stricter one."""
    hard = resource.getrlimit(kind)[1]
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(ValueError, OSError):  # not every system has every limit
        resource.setrlimit(kind, (allowed, allowed))


def read_and_answer() -> None:
    limit(resource.RLIMIT_AS, MOST_MEMORY)
    limit(resource.RLIMIT_CPU, MOST_SECONDS)
    limit(resource.RLIMIT_CORE, 0)
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
