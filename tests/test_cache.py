"""What is kept for the next start: not made again, never mixed, and made anew when it is damaged."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qa.cache
from qa.cache import KEPT_FOR, Cache, open_cache
from qa.corpus import Corpus
from qa.errors import CorpusError
from qa.indexing.corpus_content import content_of_corpus
from qa.indexing.publish import open_published, publish
from qa.settings import Settings, read_settings
from testkit.corpora import ROOT, SHIPPED
from testkit.servers import WAIT, python_environment

CONTENT = b"what was made"


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


def entries(kept: Cache) -> list[Path]:
    return sorted(kept.folder.glob("*.entry"))


def content(kept: Cache, key: str) -> bytes | None:
    found = kept.find(key)
    return None if found is None else bytes(found)


# --- entries -----------------------------------------------------------------------------------


def test_an_entry_is_found_again(kept: Cache) -> None:
    assert kept.find("a") is None
    kept.store("a", [CONTENT[:4], CONTENT[4:]])
    assert content(kept, "a") == CONTENT
    assert kept.find("b") is None


DAMAGES: list[tuple[Callable[[bytes], bytes], str]] = [
    (lambda data: data[:-1], "cut off"),
    (lambda data: data[:40], "cut off within its digest"),
    (lambda data: b"", "empty"),
    (lambda data: data[:-3] + b"X" + data[-2:], "a changed byte"),
    (lambda data: data + b"!", "longer"),
    (lambda data: b"\0" * len(data), "zeros, as after a power cut"),
    (lambda data: b"another format" + data, "of another program"),
]


@pytest.mark.parametrize(("damage", "why"), DAMAGES)
def test_a_damaged_entry_is_ignored(kept: Cache, damage: Callable[[bytes], bytes], why: str) -> None:
    kept.store("a", [CONTENT])
    (path,) = entries(kept)
    path.write_bytes(damage(path.read_bytes()))
    assert kept.find("a") is None, why
    kept.store("a", [CONTENT])
    assert content(kept, "a") == CONTENT


def test_an_interrupted_entry_leaves_the_old_one(kept: Cache) -> None:
    kept.store("a", [CONTENT])
    with pytest.raises(ZeroDivisionError):
        kept.store("a", (bytes([1 // n]) for n in (1, 0)))
    assert content(kept, "a") == CONTENT
    assert len(list(kept.folder.iterdir())) == 1


def test_old_entries_are_removed(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in "abcd":
        kept.store(key, [bytes(100)])
    now = time.time()
    for path, age in zip(entries(kept), (KEPT_FOR + 60, 40, 30, 20), strict=True):
        os.utime(path, (now - age, now - age))
    kept.find("b")  # being used makes it young again
    monkeypatch.setattr(qa.cache, "MOST_BYTES", 600)
    kept.store("e", [bytes(100)])
    assert [path.stem for path in entries(kept)] == ["b", "d", "e"]


# --- whose it is -------------------------------------------------------------------------------


def test_only_the_user_can_read_it(kept: Cache) -> None:
    kept.store("a", [CONTENT])
    assert {path.stat().st_mode & 0o777 for path in (kept.folder, *kept.folder.iterdir())} == {0o700, 0o600}


def test_a_folder_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o777)
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(PermissionError):
        Cache(tmp_path / "open")


def test_users_of_one_folder_do_not_share_entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_cache(tmp_path / "shared").folder
    assert folder.parent == tmp_path / "shared"
    assert str(os.geteuid()) in folder.name
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(PermissionError):  # the folder of another user, also if it has this user's name
        Cache(folder)


def test_versions_of_the_package_do_not_mix(kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(SHIPPED, "memory:", kept=kept)
    before = entries(kept)
    monkeypatch.setattr("qa.indexing.publish.maker_digest", lambda: "another" * 9)
    monkeypatch.setattr("qa.indexes.memory.maker_digest", lambda: "another" * 9)
    monkeypatch.setattr("qa.indexing.kept_documents.maker_digest", lambda: "another" * 9)
    publish(SHIPPED, "memory:", kept=kept)
    # what was published last, and which versions there are
    listed = [path for path in before if path.name.startswith(("files-", "versions-"))]
    assert len(entries(kept)) == 2 * len(before) - len(listed)


def test_a_folder_that_cannot_be_used_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    program = (
        "from qa import open_service; from qa.settings import read_settings\n"
        "for _ in range(2): assert open_service(read_settings()).info().passages"
    )
    ran = run(program, QA_CACHE=str(tmp_path / "file"))
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.count("QA_CACHE") == 1


SETTINGS = [
    # environment, folder
    ({"QA_CACHE": "/some/folder"}, "/some/folder"),
    ({"QA_CACHE": ""}, None),
    ({"XDG_CACHE_HOME": "/caches"}, "/caches/chapter-and-verse"),
    ({"QA_CACHE": "", "XDG_CACHE_HOME": "/caches"}, None),
    ({}, "~/.cache/chapter-and-verse"),
]


@pytest.mark.parametrize(("environment", "folder"), SETTINGS)
def test_the_setting(environment: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QA_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert read_settings().cache == Settings().cache == (Path(folder) if folder else None)


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=python_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


# --- published once ----------------------------------------------------------------------------


def test_a_second_start_reads_no_document(kept: Cache, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_published(corpus, "memory:", kept=kept)
    monkeypatch.setattr("qa.indexing.publish.content_of_corpus", None)
    second = open_published(corpus, "memory:", kept=kept)
    assert second.manifest == first.manifest
    assert list(second.documents()) == list(first.documents())


CHANGES: list[tuple[str, str, bool]] = [
    # file, text added, whether it is published again
    ("documents/ketamine-substance-use-disorders.txt", " More.\n", True),
    ("site.toml", "# a remark\n", True),
    (".git/HEAD", "a hidden folder beside documents", False),
]


@pytest.mark.parametrize(("file", "added", "again"), CHANGES)
def test_a_changed_folder_is_published_again(
    kept: Cache, corpus: Path, file: str, added: str, again: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(corpus, "memory:", kept=kept)
    (corpus / file).parent.mkdir(exist_ok=True)
    with (corpus / file).open("a") as changed:
        changed.write(added)
    made: list[Corpus] = []

    def counted(corpus: Corpus, kept: Cache, **options: bool) -> Any:
        made.append(corpus)
        return content_of_corpus(corpus, kept, **options)

    monkeypatch.setattr("qa.indexing.publish.content_of_corpus", counted)
    publish(corpus, "memory:", kept=kept)
    assert bool(made) == again


def test_a_link_put_in_place_of_a_file_is_still_refused(kept: Cache, corpus: Path, tmp_path: Path) -> None:
    publish(corpus, "memory:", kept=kept)
    (corpus / "site.toml").rename(tmp_path / "site.toml")
    (corpus / "site.toml").symlink_to(tmp_path / "site.toml")
    with pytest.raises(CorpusError, match="outside the corpus folder"):
        publish(corpus, "memory:", kept=kept)


def test_what_is_skipped_is_told_at_every_start(kept: Cache, corpus: Path) -> None:
    (corpus / "documents" / "broken.md").write_bytes(b"\xff\xfe\x00\xd8broken")
    with (corpus / "documents.toml").open("a") as listed:
        listed.write('\n[[document]]\nfile = "broken.md"\ntitle = "Broken"\n')
    told: list[list[CorpusError]] = [[], []]
    for each in told:
        publish(corpus, "memory:", skip_broken=True, tell=each.append, kept=kept)
    assert [str(fault) for fault in told[0]] == [str(fault) for fault in told[1]] != []
    with pytest.raises(CorpusError, match="broken"):
        publish(corpus, "memory:", kept=kept)


def test_a_damaged_version_is_published_again(kept: Cache, corpus: Path) -> None:
    publish(corpus, "memory:", kept=kept)
    for path in entries(kept):
        path.write_bytes(path.read_bytes()[:-1])
    assert open_published(corpus, "memory:", kept=kept).manifest.passages


COUNTING = """
import os, sys
from qa.indexing import publish
from qa.settings import read_settings
store_version = publish.store_version
def counted(*given):
    open(sys.argv[1] + "/" + str(os.getpid()), "w").close()
    return store_version(*given)
publish.store_version = counted
from qa.web import create_app
app = create_app(patience=600)
print(app.test_client().get("/api/v1/version").json["version"], flush=True)
sys.stdin.read()  # until all have answered: the last one that ends removes a temporary folder
"""


@pytest.mark.parametrize("folder", ["cache", ""])
def test_of_several_processes_one_publishes(tmp_path: Path, folder: str) -> None:
    """As gunicorn starts its workers: all at once, without a main process that publishes. Without QA_CACHE they share a
    temporary folder, which the last one removes."""
    places = {"QA_CACHE": str(tmp_path / folder) if folder else "", "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "published").mkdir()
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-c", COUNTING, str(tmp_path / "published")]
    environment = python_environment(**places)
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    versions = {worker.stdout.readline() for worker in workers if worker.stdout}
    for worker in workers:
        worker.communicate(timeout=WAIT)
    assert [worker.returncode for worker in workers] == [0] * 4
    assert len(versions) == 1
    assert re.fullmatch(r"[0-9a-f]{16}\n", versions.pop())
    assert len(list((tmp_path / "published").iterdir())) == 1
    assert not list((tmp_path / "temporary").iterdir())
