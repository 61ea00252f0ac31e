"""A service on an index, and visitors who ask it all the time."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from click.testing import CliRunner, Result

from qa.cli import main
from testkit.corpora import ROOT, SHIPPED
from testkit.servers import WAIT, answers, children_of, free_port, python_environment, read_from

QUESTION = "cocaine craving"
DOCUMENT = "documents/ketamine-substance-use-disorders.txt"
WORDS = "substantially lower"  # in the passage that answers QUESTION
WORKERS = 2


def new_corpus(folder: Path) -> Path:
    """A copy of the shipped corpus."""
    return Path(shutil.copytree(SHIPPED, folder / "corpus"))


def reworded(corpus: Path, words: str, old: str = WORDS) -> None:
    """Replace words in the passage that answers QUESTION."""
    path = corpus / DOCUMENT
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, words), encoding="utf-8")


def qa_index(url: str, *arguments: str, encoder: str = "off") -> Result:
    """Run a `qa index` command on an index."""
    return CliRunner().invoke(main, ["index", *arguments], env={"QA_INDEX": url, "QA_ENCODER": encoder})


def built(url: str, corpus: Path) -> str:
    """Make a version of a corpus current, and return it."""
    result = qa_index(url, "build", str(corpus))
    assert result.exit_code == 0, result.output
    [version] = re.findall(r"version (\w+) is made", result.output)
    return str(version)


def versions_left(url: str) -> int:
    """How many versions there are after removing all that can be."""
    qa_index(url, "prune", "--keep", "1")
    return len(qa_index(url, "list").output.splitlines())


@dataclass
class ServedIndex:
    """`qa serve` on an index, on a machine without the documents."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def ready(self) -> dict[str, str]:
        """What /readyz says."""
        found: dict[str, str] = json.loads(read_from(f"{self.url}/readyz"))
        return found

    def version(self) -> str:
        return self.ready()["version"]

    def status(self, path: str) -> int:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=WAIT) as response:
            return int(response.status)

    def wait_for(self, version: str) -> None:
        """Wait until no worker serves another version, and those that did have ended."""
        self.wait_until(lambda: all(self.version() == version for _ in range(20)))
        self.wait_until(lambda: len(children_of(self.process.pid)) <= WORKERS)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError(f"not reached in {WAIT} s:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)


@contextmanager
def served_index(url: str, folder: Path, **settings: str) -> Iterator[ServedIndex]:
    port, log = free_port(), folder / "log"
    settings = {"QA_CORPUS": str(folder / "none"), "QA_CACHE": str(folder / "cache"), "QA_INDEX": url, **settings}
    settings["QA_WORKERS"] = str(WORKERS)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", "serve", "--port", str(port)],
            cwd=ROOT,
            env=python_environment(**settings),
            stderr=output,
        )
    served = ServedIndex(f"http://127.0.0.1:{port}", process, log)
    try:
        served.wait_until(lambda: answers(f"{served.url}/readyz"))
        yield served
    finally:
        process.terminate()
        process.wait(WAIT)


@dataclass
class Load:
    """What visitors saw: requests that failed, and the answers of each version."""

    requests: int = 0
    failed: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def ask(self, address: str) -> None:
        self.requests += 1
        try:
            found = json.loads(read_from(address))
        except Exception as error:
            self.failed.append(repr(error))
        else:
            shown = [[hit["id"], hit["text"]] for hit in found["answers"]]
            self.seen[found["index"]["version"]].add(json.dumps(shown))


@contextmanager
def load_on(url: str, threads: int = 3) -> Iterator[Load]:
    """Ask QUESTION from several threads until the end of the block."""
    load, stopping = Load(), threading.Event()
    address = f"{url}/api/v1/ask?{urlencode({'q': QUESTION})}"

    def keep_asking() -> None:
        while not stopping.is_set():
            load.ask(address)

    asking = [threading.Thread(target=keep_asking) for _ in range(threads)]
    for thread in asking:
        thread.start()
    try:
        yield load
    finally:
        stopping.set()
        for thread in asking:
            thread.join()


def publish_under_load(url: str, corpus: Path, served: ServedIndex, times: int) -> Load:
    """Make new versions while visitors ask, each with other words, and remove old ones. Raises AssertionError unless
    each answer is wholly of one version."""
    words, expected = WORDS, {served.version(): WORDS}
    with load_on(served.url) as load:
        served.wait_until(lambda: bool(load.seen))
        for number in range(times):
            reworded(corpus, f"{WORDS} ({number})", words)
            words = f"{WORDS} ({number})"
            version = built(url, corpus)
            expected[version] = words
            served.wait_for(version)
            served.wait_until(lambda version=version: version in load.seen)  # type: ignore[misc]
            assert qa_index(url, "prune", "--keep", "1").exit_code == 0
    served.wait_until(lambda: versions_left(url) <= 2)  # the current one, and the one before until it is let go
    assert set(load.seen) == set(expected)
    for version, answered in load.seen.items():
        [shown] = answered
        others = set(expected.values()) - {expected[version]}
        assert expected[version] in shown
        assert not [each for each in others if each in shown.replace(expected[version], "")]
    return load
