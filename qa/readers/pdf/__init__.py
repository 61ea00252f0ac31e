"""PDF: text, headings, entries and pages, read in a process of its own with 1 GB and 60 seconds.

The text is that of the file's characters in reading order; the layout is not kept.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers.stored import from_json

LARGEST = 200_000_000  # bytes
LONGEST_WAIT = 600  # seconds, on a machine that is busy with other things
MODULE = "qa.readers.pdf.child"
SOURCE = Path(__file__).parents[3]


def read_pdf(data: bytes, name: str) -> Reading:
    """Read a PDF; `name` appears in messages. Raises ReadingError."""
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. Split the file.")
    if b"%PDF-" not in data[:1024]:
        raise ReadingError(name, "is no PDF, or is damaged. Download or export it again.")
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", MODULE, name],
            input=data,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
            env={"PYTHONPATH": f"{SOURCE}:{':'.join(filter(None, sys.path))}"},
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except subprocess.TimeoutExpired:
        raise ReadingError(name, "takes too long to read. Split the file.") from None
    except ValueError:
        answer = {}
    if "reading" in answer:
        return from_json(answer["reading"])
    raise ReadingError(name, answer.get("refused") or ended(done.returncode))


def ended(status: int) -> str:
    """Why the process ended without an answer."""
    if -status in (signal.SIGXCPU, signal.SIGKILL):
        return "takes more than 60 seconds to read. Split the file."
    return "cannot be read: it is damaged, or needs more than 1 GB of memory. Export it again, or save it as .docx."
