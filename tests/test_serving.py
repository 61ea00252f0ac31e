"""The editor's loop on a real server: a changed corpus is taken up, a broken one is not, and nobody is turned away."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.conftest import free_port, python_environment
from tests.corpora import ROOT, SHIPPED

DOCUMENT = "documents/ketamine-substance-use-disorders.txt"
NOTE = "notes.toml"
WAIT = 30.0  # seconds; only reached when something is broken


class Served:
    """`qa serve` on a corpus of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.corpus = Path(shutil.copytree(SHIPPED, folder / "corpus"))
        self.log = folder / "log"
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qa", "serve", "--port", str(port), *options],
                cwd=ROOT,
                env=python_environment(QA_CORPUS=str(self.corpus), QA_WORKERS="2"),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(lambda: self.first_answer("cocaine craving") is not None, self)

    def first_answer(self, question: str) -> str | None:
        try:
            with urllib.request.urlopen(
                f"{self.url}/api/v1/ask?{urlencode({'q': question})}", timeout=WAIT
            ) as response:
                found = json.load(response)["answers"]
        except OSError:
            return None
        return str(found[0]["text"]) if found else ""

    def always_answers(self, question: str, words: str) -> bool:
        """Whether every worker says so: while they are replaced one by one, old and new take turns."""
        return all(words in (self.first_answer(question) or "") for _ in range(30))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.corpus / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def said(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")


def wait_until(holds: Callable[[], bool], served: Served) -> None:
    end = time.monotonic() + WAIT
    while not holds():
        if time.monotonic() > end or served.process.poll() is not None:
            pytest.fail(f"not reached in {WAIT} s:\n{served.log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Served]:
    yield from running(Served(tmp_path, "--watch"))


@pytest.fixture
def unwatched(tmp_path: Path) -> Iterator[Served]:
    yield from running(Served(tmp_path))


def running(served: Served) -> Iterator[Served]:
    yield served
    served.process.terminate()
    try:
        assert served.process.wait(WAIT) == 0
    finally:
        served.process.kill()


def test_a_changed_corpus_is_taken_up_and_a_broken_one_is_not(watched: Served) -> None:
    refused: list[bool] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            refused.append(watched.first_answer("cocaine craving") is None)

    asker = threading.Thread(target=keep_asking)
    asker.start()
    try:
        watched.edit(DOCUMENT, "Craving scores were substantially lower", "Craving scores were clearly lower")
        wait_until(lambda: watched.always_answers("cocaine craving", "clearly lower"), watched)
        # a note's sentence is gone: the old version stays up, and the message says why
        watched.edit(DOCUMENT, "Key finding: The odds", "Key finding: The chance")
        wait_until(lambda: watched.said("the sentence of this note is not in the document"), watched)
        assert watched.said("the old version stays")
        assert watched.always_answers("cocaine craving", "clearly lower")
        # put right, it is taken up
        watched.edit(NOTE, "Key finding: The odds", "Key finding: The chance")
        wait_until(lambda: watched.always_answers("alcohol relapse lower ketamine group", "The chance"), watched)
    finally:
        stop.set()
        asker.join()
    assert len(refused) > 10
    assert not any(refused), "a request failed while versions changed"


def test_the_signal_takes_up_a_changed_corpus(unwatched: Served) -> None:
    unwatched.edit(DOCUMENT, "Craving scores were substantially lower", "Craving scores were clearly lower")
    time.sleep(2.5)
    assert "substantially" in (unwatched.first_answer("cocaine craving") or ""), "taken up without being told to"
    # an editor's lock, a hidden link that leads nowhere, is no fault
    (unwatched.corpus / ".#notes.toml").symlink_to("someone@somewhere:1")
    unwatched.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "clearly" in (unwatched.first_answer("cocaine craving") or ""), unwatched)


def test_a_worker_started_again_serves_what_was_published(unwatched: Served) -> None:
    """A worker is killed while the folder is broken: the new one still serves the version that was published."""
    unwatched.edit("documents.toml", "title", "tittle")
    tasks = Path(f"/proc/{unwatched.process.pid}/task")
    workers = [pid for task in tasks.glob("*/children") for pid in task.read_text().split()]
    if not workers:
        pytest.skip("this system does not list a process's children")
    for worker in workers:
        os.kill(int(worker), signal.SIGKILL)
    wait_until(lambda: "Craving" in (unwatched.first_answer("cocaine craving") or ""), unwatched)


FAULTS = [
    # (environment, words of the one line)
    ({"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
    ({"QA_PORT": "http"}, "QA_PORT"),
    ({"QA_INDEX": "postgres:"}, "No such kind of index"),
]


@pytest.mark.parametrize(("environment", "words"), FAULTS)
def test_a_start_that_fails_says_why_in_one_line(environment: dict[str, str], words: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=python_environment(**environment),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert run.returncode != 0
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_no_link_leads_out_of_the_corpus(tmp_path: Path) -> None:
    """What `qa check` refuses is not served either."""
    corpus = Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))
    (tmp_path / "secret.txt").write_text("A secret stands here.")
    (corpus / "documents" / "secret.txt").symlink_to(tmp_path / "secret.txt")
    with (corpus / "documents.toml").open("a") as listing:
        listing.write('\n[[document]]\nfile = "secret.txt"\ntitle = "Secret"\n')
    test_a_start_that_fails_says_why_in_one_line({"QA_CORPUS": str(corpus)}, "secret.txt")
