"""Snapshots: complete, limited to the latest, and safe with several services at once."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

import pytest

from qa.editing.snapshots import MAX_STORED, find, store, stored
from qa.errors import NotFound
from testkit.corpora import SHIPPED


def name_of(number: int) -> str:
    return f"{number:016x}"


def same(one: Path, other: Path) -> bool:
    files = [path.relative_to(one) for path in sorted(one.rglob("*")) if path.is_file()]
    return bool(files) and all((one / file).read_bytes() == (other / file).read_bytes() for file in files)


def test_a_snapshot_is_a_copy_of_the_corpus(tmp_path: Path) -> None:
    corpus = Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))
    store(corpus, tmp_path / "some" / "versions", name_of(1))
    shutil.rmtree(corpus)
    assert same(SHIPPED, find(tmp_path / "some" / "versions", name_of(1)))


def test_only_old_snapshots_are_deleted(tmp_path: Path) -> None:
    """Other files in the folder are left alone."""
    corpus, versions = small_corpus(tmp_path), tmp_path / "versions"
    for stranger in ("photographs", "0123456789abcdef.bak"):
        (versions / stranger).mkdir(parents=True)
        os.utime(versions / stranger, (0, 0))
    for number in range(MAX_STORED + 3):
        store(corpus, versions, name_of(number))
        os.utime(versions / name_of(number), (number, number))
    assert stored(versions) == [name_of(number) for number in range(MAX_STORED + 2, 2, -1)]
    assert {path.name for path in versions.iterdir()} == {"photographs", "0123456789abcdef.bak", *stored(versions)}


def test_a_version_published_again_is_the_latest_again(tmp_path: Path) -> None:
    """Undoing an edit publishes an earlier version, which must not be the next to be deleted."""
    corpus, versions = small_corpus(tmp_path), tmp_path / "versions"
    for number in (1, 2):
        store(corpus, versions, name_of(number))
        os.utime(versions / name_of(number), (number, number))
    store(corpus, versions, name_of(1))
    assert stored(versions) == [name_of(1), name_of(2)]


def test_a_clock_that_was_set_back_costs_no_snapshot(tmp_path: Path) -> None:
    """The version just published is the latest, even if others have later times."""
    corpus, versions = small_corpus(tmp_path), tmp_path / "versions"
    ahead = time.time() + 1_000_000
    for number in range(MAX_STORED):
        store(corpus, versions, name_of(number))
        os.utime(versions / name_of(number), (ahead + number, ahead + number))
    for number in (MAX_STORED, MAX_STORED + 1, 7):
        store(corpus, versions, name_of(number))
        assert stored(versions)[0] == name_of(number)
    assert len(stored(versions)) == MAX_STORED


def test_hidden_files_are_not_copied(tmp_path: Path) -> None:
    """A repository, or an editor's lock file (a dangling link)."""
    corpus = small_corpus(tmp_path)
    (corpus / ".git").mkdir()
    (corpus / ".#lock").symlink_to("someone@somewhere:1")
    store(corpus, tmp_path / "versions", name_of(1))
    assert not list((tmp_path / "versions" / name_of(1)).glob(".*"))


def test_several_services_share_a_folder(tmp_path: Path) -> None:
    """All store the same versions at the same time, more than are kept, each in an order of its own."""
    corpus, versions = small_corpus(tmp_path), tmp_path / "versions"
    with ProcessPoolExecutor(8) as services:
        list(services.map(store_many, [corpus] * 8, [versions] * 8, range(8)))
    assert len(stored(versions)) == MAX_STORED
    assert all(same(corpus, versions / name) for name in stored(versions))
    assert {path.name for path in versions.iterdir()} == set(stored(versions))


def store_many(corpus: Path, versions: Path, seed: int) -> None:
    draw = Random(seed)
    for _ in range(300):
        store(corpus, versions, name_of(draw.randrange(MAX_STORED + 4)))


def small_corpus(folder: Path) -> Path:
    (folder / "corpus" / "documents").mkdir(parents=True)
    (folder / "corpus" / "documents" / "a.txt").write_text("Lanes help.")
    (folder / "corpus" / "documents.toml").write_text('[[document]]\nfile = "a.txt"\ntitle = "A"\n')
    return folder / "corpus"


UNKNOWN = [
    # (folder of versions, words, why)
    (None, "set QA_VERSIONS", "nothing is stored"),
    ("missing", "No versions are stored there", "the folder does not exist yet"),
    ("versions", f"latest first: {name_of(2)}, {name_of(1)}", "a deleted version"),
]


@pytest.mark.parametrize(("folder", "words", "why"), UNKNOWN)
def test_an_unknown_version(tmp_path: Path, folder: str | None, words: str, why: str) -> None:
    for number in (1, 2):
        store(small_corpus(tmp_path / str(number)), tmp_path / "versions", name_of(number))
        os.utime(tmp_path / "versions" / name_of(number), (number, number))
    with pytest.raises(NotFound) as fault:
        find(tmp_path / folder if folder else None, name_of(3))
    assert words in str(fault.value), why
    assert name_of(3) in str(fault.value)


@pytest.mark.parametrize("name", ["..", ".", "", "../corpus", "photographs"])
def test_only_the_name_of_a_version_is_accepted(tmp_path: Path, name: str) -> None:
    store(small_corpus(tmp_path), tmp_path / "versions", name_of(1))
    (tmp_path / "versions" / "photographs").mkdir()
    with pytest.raises(NotFound):
        find(tmp_path / "versions", name)
