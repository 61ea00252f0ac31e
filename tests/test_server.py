"""Reloading on a real server: a changed corpus is published, a broken one is not, and no request is refused."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import pty
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

from qa.server.edition import make_edition
from qa.settings import Settings
from testkit.corpora import ROOT, SHIPPED
from testkit.servers import WAIT, children_of, free_port, is_running, python_environment, was_cut

pytestmark = pytest.mark.slow

DOCUMENT = "documents/ketamine-substance-use-disorders.txt"
NOTE = "notes.toml"


class Served:
    """`qa serve` on a corpus of its own."""

    def __init__(
        self, folder: Path, *options: str, ready: bool = True, program: tuple[str, ...] = ("-m", "qa"), **settings: str
    ) -> None:
        self.corpus = Path(shutil.copytree(SHIPPED, folder / "corpus"))
        self.log, self.temporary = folder / "log", folder / "tmp"
        self.temporary.mkdir()
        self.port = free_port()
        self.fault = ""  # the error of the last failed request
        self.cut = 0  # connections closed by a stopping worker
        self.url = f"http://127.0.0.1:{self.port}"
        settings = {"QA_CORPUS": str(self.corpus), "QA_WORKERS": "2", "TMPDIR": str(self.temporary), **settings}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve", "--port", str(self.port), *options],
                cwd=ROOT,
                env=python_environment(**settings),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if ready:
            wait_until(lambda: self.first_answer("cocaine craving") is not None, self)
            wait_until(lambda: self.said('"worker started"', int(settings["QA_WORKERS"])), self)
        else:
            wait_until(lambda: self.said('"reading"'), self)

    def first_answer(self, question: str, times: int = 2) -> str | None:
        """Return the first passage, or None if the request failed. A connection that a stopping worker closes before it
        has read the request is retried once, as docs/operations.md advises, and counted."""
        found = self.ask(question, times)
        return None if found is None else str(found["answers"][0]["text"]) if found["answers"] else ""

    def ask(self, question: str, times: int = 2) -> Any:
        """The same with the whole answer."""
        address = f"{self.url}/api/v1/ask?{urlencode({'q': question})}"
        try:
            with urllib.request.urlopen(address, timeout=WAIT) as response:
                return json.load(response)
        except OSError as error:
            self.fault = repr(error)
            if not was_cut(error) or times == 1:
                return None
            self.cut += 1
            return self.ask(question, times - 1)

    def always_answers(self, question: str, words: str) -> bool:
        """Return whether every worker answers so: while workers are being replaced, both old and new ones answer."""
        return all(words in (self.first_answer(question) or "") for _ in range(30))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.corpus / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        whole = path.with_name(".new")  # renamed, so that no reading finds half of it
        whole.write_text(text.replace(old, new), encoding="utf-8")
        whole.replace(path)

    def said(self, words: str, times: int = 1) -> bool:
        return self.times_said(words) >= times

    def times_said(self, words: str) -> int:
        return self.log.read_text(errors="replace").count(words)

    def workers(self) -> list[int]:
        """Return the process ids of the running workers."""
        return children_of(self.process.pid) or pytest.skip("this system does not list a process's children")

    def ask_raw(self, request: bytes) -> socket.socket:
        """Open a connection and send these bytes."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=WAIT)
        connection.sendall(request)
        return connection


def wait_until(condition: Callable[[], bool], served: Served) -> None:
    end = time.monotonic() + WAIT
    while not condition():
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


def test_a_changed_corpus_is_published_and_a_broken_one_is_not(watched: Served) -> None:
    faults: list[str] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            faults.append(watched.fault if watched.first_answer("cocaine craving") is None else "")

    asker = threading.Thread(target=keep_asking)
    asker.start()
    try:
        watched.edit(DOCUMENT, "Craving scores were substantially lower", "Craving scores were clearly lower")
        wait_until(lambda: watched.always_answers("cocaine craving", "clearly lower"), watched)
        # the sentence of a note is gone: the previous version is still served, and the log says why
        watched.edit(DOCUMENT, "Key finding: The odds", "Key finding: The chance")
        wait_until(lambda: watched.said("the sentence of this note is not in the document"), watched)
        assert watched.said("still serving the previous version")
        assert watched.always_answers("cocaine craving", "clearly lower")
        # corrected, it is published
        watched.edit(NOTE, "Key finding: The odds", "Key finding: The chance")
        wait_until(lambda: watched.always_answers("powerful biological reset effect", "The chance"), watched)
    finally:
        stop.set()
        asker.join()
    assert len(faults) > 10
    assert [fault for fault in faults if fault] == [], "a request failed while versions changed"
    assert watched.cut <= 1, "of four workers that were stopped"


def test_no_request_is_refused_while_the_only_worker_is_replaced(tmp_path: Path) -> None:
    served = Served(tmp_path, QA_WORKERS="1")
    for _ in running(served):
        served.process.send_signal(signal.SIGHUP)
        refused = 0
        while not served.said("worker started", times=2):
            refused += served.first_answer("cocaine craving") is None
        refused += sum(served.first_answer("cocaine craving") is None for _ in range(100))
        assert refused == 0


def test_the_signal_reloads_a_changed_corpus(unwatched: Served) -> None:
    unwatched.edit(DOCUMENT, "Craving scores were substantially lower", "Craving scores were clearly lower")
    time.sleep(2.5)
    assert "substantially" in (unwatched.first_answer("cocaine craving") or ""), "reloaded without the signal"
    # an editor's lock file (a hidden, dangling link) is no error
    (unwatched.corpus / ".#notes.toml").symlink_to("someone@somewhere:1")
    unwatched.process.send_signal(signal.SIGHUP)
    wait_until(lambda: "clearly" in (unwatched.first_answer("cocaine craving") or ""), unwatched)


def test_both_workers_count_together_also_over_a_reload(unwatched: Served) -> None:
    def counted() -> float:
        with urllib.request.urlopen(f"{unwatched.url}/metrics", timeout=WAIT) as response:
            text = response.read().decode()
        asked = 'qa_requests_total{route="/api/v1/ask",status="2xx"} '
        return float(text.partition(asked)[2].partition("\n")[0])

    before = counted()
    for _ in range(20):
        unwatched.first_answer("cocaine craving")
    assert {counted() for _ in range(20)} == {before + 20}
    unwatched.process.send_signal(signal.SIGHUP)
    wait_until(lambda: unwatched.said('"published"', 2), unwatched)
    wait_until(lambda: unwatched.said('"worker started"', 4), unwatched)
    assert {counted() for _ in range(20)} == {before + 20}


def test_a_worker_started_again_serves_what_was_published(unwatched: Served) -> None:
    """A worker is killed while the folder is broken: the new one still serves the version that was published."""
    unwatched.edit("documents.toml", "title", "tittle")
    for worker in unwatched.workers():
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: unwatched.said("worker started", times=4), unwatched)
    assert unwatched.always_answers("cocaine craving", "Craving")


@pytest.mark.parametrize(("options", "signals"), [(("--watch",), ()), ((), (signal.SIGHUP,))])
def test_a_change_during_the_start_is_published(
    tmp_path: Path, options: tuple[str, ...], signals: tuple[signal.Signals, ...]
) -> None:
    """Also by SIGHUP, which by default would end the starting process."""
    served = Served(tmp_path, *options, ready=False)
    for _ in running(served):
        served.edit(DOCUMENT, "Craving scores were substantially lower", "Craving scores were clearly lower")
        for each in signals:
            served.process.send_signal(each)
        wait_until(lambda: served.always_answers("cocaine craving", "clearly lower"), served)


def test_signals_during_a_reload_are_not_lost(unwatched: Served) -> None:
    """After many signals in a row the last state of the folder is served, complete."""
    for old, words in pairwise(("substantially", "a little", "clearly", "far")):
        unwatched.edit(DOCUMENT, f"{old} lower", f"{words} lower")
        for _ in range(3):
            unwatched.process.send_signal(signal.SIGHUP)
            time.sleep(0.02)
    wait_until(lambda: unwatched.always_answers("cocaine craving", "far lower"), unwatched)
    assert "not published" not in unwatched.log.read_text()


# --- errors while publishing ---------------------------------------------------------------------------

# `qa` with an unexpected error in reading the corpus as long as the corpus has a file of that name.
FAULTY = """
import sys
import qa.indexing.publish
from qa.cli import main
real = qa.indexing.publish.content_of_corpus

def deeper(depth):
    return deeper(depth + 1)

FAULTS = {
    "value": lambda: int("in press"),
    "deep": lambda: deeper(0),
    "exit": lambda: sys.exit(7),
    "memory": lambda: bytearray(1 << 62),
}

def content_of_corpus(corpus, *others, **options):
    for name, fault in FAULTS.items():
        if (qa.indexing.publish.CORPUS / name).exists():
            fault()
    return real(corpus, *others, **options)

qa.indexing.publish.content_of_corpus = content_of_corpus
from qa.settings import read_settings
qa.indexing.publish.CORPUS = read_settings().corpus
main()
"""
REFUSED = "not published, still serving the previous version"
UNEXPECTED = [("value", "ValueError"), ("deep", "RecursionError"), ("exit", "SystemExit"), ("memory", "MemoryError")]


@pytest.mark.parametrize("watch", [True, False])
def test_no_error_in_publishing_stops_the_service(tmp_path: Path, watch: bool) -> None:
    """The previous version is served, the log says where, killed workers are replaced, a corrected corpus is published."""
    served = Served(tmp_path, *(["--watch"] if watch else []), program=("-c", FAULTY))
    for _ in running(served):
        for number, (name, error) in enumerate(UNEXPECTED, start=1):
            (served.corpus / name).touch()
            if not watch:
                served.process.send_signal(signal.SIGHUP)
            wait_until(partial(served.said, REFUSED, number), served)
            assert served.said(f'"fault":"{error}')
            (served.corpus / name).unlink()
            if watch:  # publishes the restored folder
                wait_until(partial(served.said, '"published"', number + 1), served)
        assert served.said("content_of_corpus"), "the stack frames of the error"
        published = 1 + watch * len(UNEXPECTED)
        wait_until(partial(served.said, "worker started", 2 * published), served)  # those of the last version
        os.kill(served.workers()[-1], signal.SIGKILL)  # the newest: older ones may be stopping
        wait_until(lambda: served.said("worker died"), served)
        served.edit(DOCUMENT, "substantially lower", "clearly lower")
        if not watch:
            served.process.send_signal(signal.SIGHUP)
        wait_until(lambda: served.always_answers("cocaine craving", "clearly lower"), served)


def an_unfinished_list(corpus: Path) -> None:
    (corpus / "documents.toml").write_text('[[document]]\nfile = "')


def a_folder_for_a_document(corpus: Path) -> None:
    (corpus / DOCUMENT).unlink()
    (corpus / DOCUMENT).mkdir()


def no_corpus(corpus: Path) -> None:
    shutil.rmtree(corpus)


@pytest.mark.parametrize("watch", [True, False])
def test_a_broken_corpus_and_then_a_good_one(tmp_path: Path, watch: bool) -> None:
    served = Served(tmp_path, *(["--watch"] if watch else []))
    for _ in running(served):
        for break_it in (an_unfinished_list, a_folder_for_a_document, no_corpus):
            refused = served.times_said(REFUSED)
            break_it(served.corpus)
            if not watch:
                served.process.send_signal(signal.SIGHUP)
            wait_until(partial(served.said, REFUSED, refused + 1), served)
            assert served.always_answers("cocaine craving", "substantially lower")
            published = served.times_said('"published"')
            whole = shutil.copytree(SHIPPED, tmp_path / "whole")
            shutil.rmtree(served.corpus, ignore_errors=True)
            whole.rename(served.corpus)
            if watch:
                wait_until(partial(served.said, '"published"', published + 1), served)
        served.edit(DOCUMENT, "substantially lower", "clearly lower")
        if not watch:
            served.process.send_signal(signal.SIGHUP)
        wait_until(lambda: served.always_answers("cocaine craving", "clearly lower"), served)


def test_a_start_with_an_unexpected_error_says_so_in_words(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))
    (corpus / "value").touch()
    run = subprocess.run(
        [sys.executable, "-c", FAULTY, "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=python_environment(QA_CORPUS=str(corpus)),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "cannot be read (ValueError)" in run.stderr.splitlines()[-1]


STALLING = [
    b"",
    b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"POST /api/v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
]


def test_it_stops_despite_slow_clients(unwatched: Served) -> None:
    """It does not wait for incomplete requests, and exits with status 0."""
    stalled = [unwatched.ask_raw(request) for request in STALLING * 5]
    unwatched.process.terminate()
    assert unwatched.process.wait(WAIT) == 0
    for connection in stalled:
        connection.close()


def test_it_stops_while_it_reads_the_corpus(tmp_path: Path) -> None:
    served = Served(tmp_path, ready=False)
    served.process.terminate()
    assert served.process.wait(WAIT) == 0
    assert not served.said("worker started")


def test_a_spawned_worker_opens_the_same_version() -> None:
    """Where forking is not safe, as on macOS, it opens the version again."""
    edition = make_edition(Settings(corpus=SHIPPED))
    handed: Any = pickle.loads(pickle.dumps(edition))
    tags = [Client(each.app).get("/api/v1/ask?q=relapse").headers["ETag"] for each in (edition, handed)]
    assert tags[0] == tags[1]


def test_no_worker_outlives_the_main_process(tmp_path: Path) -> None:
    served = Served(tmp_path)
    workers = served.workers()
    served.process.kill()
    served.process.wait()
    end = time.monotonic() + WAIT
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert start_on(served.port, QA_CORPUS="/no/such/folder").stderr.count("there is no such corpus folder") == 1


# --- ways to save ---------------------------------------------------------------------------


def save_by_rename(served: Served) -> None:
    """As most editors save: a new file replaces the old one, which is kept as a backup."""
    corpus = served.corpus
    text = (corpus / DOCUMENT).read_text(encoding="utf-8").replace("substantially lower", "clearly lower")
    (corpus / DOCUMENT).rename(corpus / f"{DOCUMENT}~")
    (corpus / "documents" / ".new").write_text(text, encoding="utf-8")
    (corpus / "documents" / ".new").rename(corpus / DOCUMENT)


def replace_the_folder(served: Served) -> None:
    """As a deployment does: files of the same size and time under the same names."""
    corpus = served.corpus
    other = Path(shutil.copytree(corpus, corpus.with_name("other")))
    before = (other / DOCUMENT).stat()
    text = (other / DOCUMENT).read_text(encoding="utf-8").replace("substantially lower", "quite clearly lower")
    (other / DOCUMENT).write_text(text, encoding="utf-8")
    os.utime(other / DOCUMENT, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (other / DOCUMENT).stat().st_size == before.st_size
    corpus.rename(corpus.with_name("old"))
    wait_until(lambda: served.said(REFUSED), served)  # it is seen as gone
    other.rename(corpus)


def autosave(served: Served) -> None:
    """The temporary files of an editor are not documents."""
    corpus = served.corpus
    (corpus / "documents" / "#draft.txt#").write_text("Half a sentence")
    (corpus / "documents" / ".#draft.txt").symlink_to("someone@somewhere:1")
    text = (corpus / DOCUMENT).read_text(encoding="utf-8").replace("substantially lower", "clearly lower")
    (corpus / DOCUMENT).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("save", [save_by_rename, replace_the_folder, autosave])
def test_every_way_to_save_is_noticed(watched: Served, save: Callable[[Served], None]) -> None:
    save(watched)
    wait_until(lambda: watched.always_answers("cocaine craving", "clearly"), watched)


def test_a_deleted_file_is_an_error_and_the_previous_version_is_served(watched: Served) -> None:
    (watched.corpus / DOCUMENT).unlink()
    wait_until(lambda: watched.said("there is no file"), watched)
    assert watched.always_answers("cocaine craving", "substantially lower")
    shutil.copy(SHIPPED / DOCUMENT, watched.corpus / DOCUMENT)
    watched.edit(DOCUMENT, "substantially lower", "clearly lower")
    wait_until(lambda: watched.always_answers("cocaine craving", "clearly lower"), watched)


def test_changes_of_hidden_files_are_ignored(watched: Served) -> None:
    """Version control changes its files even when it is only queried."""
    (watched.corpus / ".git").mkdir()
    (watched.corpus / ".git" / "index").write_text("looked at")
    time.sleep(3.5)
    assert watched.log.read_text().count('"published"') == 1


def test_published_versions_can_be_compared(tmp_path: Path) -> None:
    """`qa check --since` takes the version that every answer names."""
    versions = tmp_path / "versions"
    served = Served(tmp_path, QA_VERSIONS=str(versions))
    for _ in running(served):
        with urllib.request.urlopen(f"{served.url}/api/v1/version", timeout=WAIT) as response:
            version = json.load(response)["version"]
        served.edit(DOCUMENT, "substantially lower", "clearly lower")
        served.process.send_signal(signal.SIGHUP)
        wait_until(lambda: served.always_answers("cocaine craving", "clearly lower"), served)
        served.edit(DOCUMENT, "clearly lower", "far lower")
        assert len(list(versions.iterdir())) == 2
        changed = check_since(version, served.corpus, versions)
        assert "substantially lower" in changed.stdout
        assert "far lower" in changed.stdout
        assert changed.returncode == 0
        unknown = check_since("0123456789abcdef", served.corpus, versions)
        assert unknown.returncode == 1
        (line,) = unknown.stderr.splitlines()
        assert line.endswith(f", {version}."), "the latest first"


def check_since(version: str, corpus: Path, versions: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", "check", "--since", version],
        cwd=ROOT,
        env=python_environment(QA_CORPUS=str(corpus), QA_VERSIONS=str(versions)),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )


def test_a_snapshot_that_cannot_be_stored_does_not_stop_the_service(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for served in running(Served(tmp_path, QA_VERSIONS=str(tmp_path / "file"))):
        assert served.said("snapshot not stored")
        files = [file for file in served.temporary.rglob("*") if file.is_file()]
        assert [file for file in files if not file.name.startswith("requests.")] == [], "only what is counted"


# --- the address -----------------------------------------------------------------------------------


def start_on(port: int, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", "serve", "--port", str(port)],
        cwd=ROOT,
        env=python_environment(**settings),
        capture_output=True,
        text=True,
        timeout=WAIT,
        check=False,
    )


@pytest.mark.parametrize(("host", "ready"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_an_address_in_use(tmp_path: Path, host: str, ready: bool) -> None:
    """Two services on one address would get requests in turn, each with its own documents."""
    for first in running(Served(tmp_path, ready=ready)):
        second = start_on(first.port, QA_HOST=host)
        assert second.returncode == 1
        (line,) = second.stderr.splitlines()
        assert f"{host} port {first.port}" in line
        assert "in use" in line
        assert "--port" in line


def test_an_address_is_free_again_at_once(tmp_path: Path) -> None:
    """Connections in TIME_WAIT do not keep the next service from starting."""
    for first in running(Served(tmp_path)):
        connection = socket.create_connection(("127.0.0.1", first.port))
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(100)
        port = first.port
    again = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--port", str(port)],
        cwd=ROOT,
        env=python_environment(QA_CORPUS=str(SHIPPED)),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert again.stderr
    assert "reading" in again.stderr.readline()
    again.terminate()
    again.communicate(timeout=WAIT)
    connection.close()


# --- the log ---------------------------------------------------------------------------------------


def test_every_line_of_the_log_has_the_same_form(unwatched: Served) -> None:
    """Our lines, those of the server, and those about a corpus that is not published."""
    unwatched.edit("documents.toml", "title", "tittle")
    unwatched.process.send_signal(signal.SIGHUP)
    wait_until(lambda: unwatched.said("still serving the previous version"), unwatched)
    lines = [json.loads(line) for line in unwatched.log.read_text().splitlines()]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert {"reading", "published", "serving", "worker started"} <= {line["event"] for line in lines}
    assert any("tittle" in line.get("fault", "") for line in lines)


def test_the_log_is_plain_text_in_a_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve", "--port", str(free_port())],
        cwd=ROOT,
        env=python_environment(QA_CORPUS=str(SHIPPED), QA_WORKERS="1"),
        stderr=theirs,
    )
    os.close(theirs)
    with open(ours, "rb", buffering=0) as terminal:
        said = b""
        while b"worker started" not in said and process.poll() is None:
            said += terminal.read(1000)
        process.terminate()
        with contextlib.suppress(OSError):  # raised at the end of a terminal
            while terminal.read(1000):
                pass
    process.wait(WAIT)
    assert b"published" in said
    assert b"{" not in said


# --- starts that fail ------------------------------------------------------------------------------

FAULTS = [
    # (environment, words of the one line)
    ({"QA_CORPUS": "/no/such/folder"}, "there is no such corpus folder"),
    ({"QA_HOST": "no host"}, "cannot listen on no host port"),
    ({"QA_HOST": "192.0.2.1"}, "cannot listen on 192.0.2.1 port"),
    ({"QA_PORT": "http"}, "QA_PORT"),
    ({"QA_INDEX": "postgres:"}, "QA_INDEX: unknown kind of index"),
]


@pytest.mark.parametrize(("environment", "words"), FAULTS)
def test_a_start_that_fails_says_why_in_one_line(environment: dict[str, str], words: str) -> None:
    run = start_on(free_port(), **environment)
    assert run.returncode != 0
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    (_,) = [line for line in run.stderr.strip().splitlines() if '"reading"' not in line]


def test_links_out_of_the_corpus_are_refused(tmp_path: Path) -> None:
    """A link that `qa check` refuses is not served either."""
    corpus = Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))
    (tmp_path / "secret.txt").write_text("This is a secret.")
    (corpus / "documents" / "secret.txt").symlink_to(tmp_path / "secret.txt")
    with (corpus / "documents.toml").open("a") as listing:
        listing.write('\n[[document]]\nfile = "secret.txt"\ntitle = "Secret"\n')
    test_a_start_that_fails_says_why_in_one_line({"QA_CORPUS": str(corpus)}, "secret.txt")


# --- vectors made while serving ----------------------------------------------------------------

MAKING = "qa.indexing.vectors.encode_many"
# `qa` whose vectors cannot be made, or take long.
FAILING = f"import qa.indexing.vectors; from qa.cli import main; {MAKING} = lambda *_, **__: 1 / 0; main()"
ENDLESS = (
    f"import time, qa.indexing.vectors; from qa.cli import main; {MAKING} = lambda *_, **__: time.sleep(99); main()"
)


def wait_for_encoder(state: str, served: Served) -> set[str]:
    """Wait until every worker answers with this state of the encoder; return all states seen meanwhile."""
    seen: list[str] = []

    def reached() -> bool:
        seen.extend(encoder_of(served) for _ in range(10))
        return seen[-10:] == [state] * 10

    wait_until(reached, served)
    return set(seen)


def encoder_of(served: Served) -> str:
    """Whether an answer was found by meaning; the fault if the request failed."""
    found = served.ask("craving")
    return served.fault if found is None else str(found["index"]["encoder"])


@pytest.fixture
def with_encoder(tmp_path: Path) -> dict[str, Any]:
    """Settings with the encoder on, and nothing kept from other tests."""
    return {"QA_ENCODER": "on", "QA_CACHE": str(tmp_path / "cache")}


def test_a_first_start_answers_by_words_and_a_changed_corpus_only_by_meaning(
    tmp_path: Path, with_encoder: dict[str, Any]
) -> None:
    served = Served(tmp_path, "--watch", **with_encoder)
    for _ in running(served):
        assert served.said('"encoder":"preparing"')
        assert wait_for_encoder("on", served) <= {"preparing", "on"}
        served.edit(DOCUMENT, "substantially lower", "clearly lower")
        while not served.said('"published"', times=3):
            assert encoder_of(served) == "on"
        wait_until(lambda: served.always_answers("cocaine craving", "clearly lower"), served)
        assert wait_for_encoder("on", served) == {"on"}


def test_a_second_start_has_vectors_at_once(tmp_path: Path, with_encoder: dict[str, Any]) -> None:
    for place in ("first", "second"):
        (tmp_path / place).mkdir()
        served = Served(tmp_path / place, **with_encoder)
        for _ in running(served):
            wait_for_encoder("on", served)
            assert served.said('"encoder":"preparing"') == (place == "first")


def test_a_version_whose_vectors_cannot_be_made_is_served_by_words(
    tmp_path: Path, with_encoder: dict[str, Any]
) -> None:
    served = Served(tmp_path, program=("-c", FAILING), **with_encoder)
    for _ in running(served):
        wait_until(lambda: encoder_of(served) == "off", served)
        assert served.said("vectors not made")
        assert served.said("division by zero")
        assert served.first_answer("cocaine craving")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_service_that_ends_leaves_no_process_that_makes_vectors(
    tmp_path: Path, with_encoder: dict[str, Any], end: signal.Signals
) -> None:
    served = Served(tmp_path, program=("-c", ENDLESS), **with_encoder)
    lines = [json.loads(line) for line in served.log.read_text().splitlines()]
    (making,) = (line["pid"] for line in lines if line["event"] == "making vectors")
    os.kill(making, 0)
    served.process.send_signal(end)
    served.process.wait(WAIT)
    end_by = time.monotonic() + WAIT
    while is_running(making):
        assert time.monotonic() < end_by
        time.sleep(0.05)
