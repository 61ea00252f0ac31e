"""How far a build is: one line that changes on a terminal, a line a minute in a log."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from qa.meter import duration
from testkit.corpora import corpus_of_page
from testkit.servers import python_environment

# Shows a task of 5 MB; LOGGED is how many seconds are between two lines of a log.
TASK = """
import sys
from qa import meter
meter.LOGGED = float(sys.argv[1])
task = meter.Meter("index.progress", 1e6)
for done in range(1, 6):
    task.show(done * 1_000_000, 5_000_000)
"""
LINE = r"\d\.0 of 5\.0 MB read, [\d,.]+ MB/s, \d+:\d\d left"


def on_a_terminal(command: list[str], **environment: str) -> str:
    """What a command writes to standard error, which is a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env=python_environment(**environment), stdout=subprocess.DEVNULL, stderr=theirs):
        os.close(theirs)
        written = b""
        try:
            while data := os.read(ours, 4096):
                written += data
        except OSError:  # how a terminal ends
            pass
    os.close(ours)
    return written.decode()


def in_a_log(command: list[str], **environment: str) -> str:
    run = subprocess.run(command, env=python_environment(**environment), capture_output=True, text=True, check=True)
    return run.stderr


def test_on_a_terminal_one_line_changes() -> None:
    written = on_a_terminal([sys.executable, "-c", TASK, "60"])
    assert written.count("\n") == 1
    assert written.endswith("\n")
    *_, last = written.split("\r", written.count("\r") - 1)
    assert re.fullmatch(LINE, last.strip())
    assert last.startswith("5.0 of 5.0 MB")


@pytest.mark.parametrize(("seconds", "lines"), [("60", 0), ("0", 5)])
def test_a_log_has_a_line_whenever_it_is_time(seconds: str, lines: int) -> None:
    """None for a task of less than a minute; no line is changed."""
    written = in_a_log([sys.executable, "-c", TASK, seconds])
    assert re.fullmatch(rf"(?:{LINE}\n){{{lines}}}", written)


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "0:00"), (9.6, "0:10"), (61, "1:01"), (3599.7, "1:00:00"), (90_061, "25:01:01")]
)
def test_durations(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_a_build_shows_documents_and_passages(tmp_path: Path) -> None:
    corpus = corpus_of_page("cover-crops", tmp_path / "corpus")
    (tmp_path / "passages.jsonl").write_text('{"_id": "1", "text": "Rye is sown late."}\n')
    environment = {"QA_INDEX": f"disk:{tmp_path / 'index'}", "QA_CACHE": str(tmp_path / "cache"), "QA_ENCODER": "off"}
    build = [sys.executable, "-m", "qa", "index", "build"]
    assert re.search(r"1 of 1 documents read, ", on_a_terminal([*build, str(corpus)], **environment))
    assert re.search(
        r"0\.0 of 0\.0 MB read, ", on_a_terminal([*build, str(tmp_path / "passages.jsonl")], **environment)
    )
    assert in_a_log([*build, str(corpus)], **environment) == ""
