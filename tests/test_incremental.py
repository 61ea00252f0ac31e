"""A second build reads only what has changed, and its result is that of a full one; so does one after a kill."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.cache import Cache
from qa.corpus import open_corpus
from qa.corpus.documents import CorpusFile
from qa.indexes.disk.files import read_file_list
from qa.indexes.disk.versions import folder_of
from qa.indexing import ingest
from qa.indexing.changes import Changes, changes_between, published_files
from qa.indexing.content import digest_of_content
from qa.indexing.ingest import annotate, to_catalogue
from qa.indexing.merging import AnnotatedDocument
from qa.indexing.publish import publish
from testkit.servers import python_environment

SUBJECTS = ["Rye", "Clover", "Vetch", "Mustard", "Phacelia"]
FINDINGS = ["suppressed weeds", "fixed nitrogen", "was sown in May", "is a cover crop (CC)", "had no effect on yield"]
WORKS = [
    {"id": name, "type": "book", "title": f"On {name}", "author": [{"family": name.title()}], "issued": {"raw": "2019"}}
    for name in ("smith", "jones", "lee")
]


def page(chance: random.Random) -> str:
    """A document that cites works of the owner's, and one of its own."""
    number = chance.randint(1, 99)
    sentences = [
        f"{chance.choice(SUBJECTS)} {chance.choice(FINDINGS)} [{chance.randint(1, 2)}]."
        for _ in range(chance.randint(1, 5))
    ]
    entries = [f"1. Smith A. On smith. 2019.\n2. Miller B. Field trial {number}. 20{number % 20:02}."]
    return "\n\n".join([f"# {chance.choice(SUBJECTS)} {number}", " ".join(sentences), "## References", *entries]) + "\n"


def conditions(names: list[str]) -> str:
    return "\n".join(f'[[condition]]\nid = "{name.lower()}"\nlabel = "{name}"\n' for name in names)


def begin(folder: Path, documents: int, chance: random.Random) -> Path:
    folder.mkdir()
    for number in range(documents):
        (folder / f"d{number}.md").write_text(page(chance))
    (folder / "conditions.toml").write_text(conditions(SUBJECTS[:2]))
    (folder / "references.json").write_text(json.dumps(WORKS[:2]))
    return folder


# --- what changes ------------------------------------------------------------------------------


def documents_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.md"))


def add(folder: Path, chance: random.Random) -> None:
    (folder / f"new{chance.randint(0, 10**6)}.md").write_text(page(chance))


def edit(folder: Path, chance: random.Random) -> None:
    file = chance.choice(documents_in(folder))
    file.write_text(f"{chance.choice(SUBJECTS)} {chance.choice(FINDINGS)}.\n\n{file.read_text()}")


def move(folder: Path, chance: random.Random) -> None:
    file = chance.choice(documents_in(folder))
    file.rename(file.with_name(f"moved{chance.randint(0, 10**6)}.md"))


def remove(folder: Path, chance: random.Random) -> None:
    if len(documents_in(folder)) > 1:
        chance.choice(documents_in(folder)).unlink()


def copy(folder: Path, chance: random.Random) -> None:
    """The same text twice is annotated once."""
    shutil.copy(chance.choice(documents_in(folder)), folder / f"copy{chance.randint(0, 10**6)}.md")


def edit_conditions(folder: Path, chance: random.Random) -> None:
    (folder / "conditions.toml").write_text(conditions(chance.sample(SUBJECTS, chance.randint(1, 4))))


def edit_works(folder: Path, chance: random.Random) -> None:
    (folder / "references.json").write_text(json.dumps(chance.sample(WORKS, chance.randint(0, 3))))


CHANGES = [add, edit, edit, move, remove, copy, edit_conditions, edit_works]


def version_of(folder: Path, kept: Cache | None) -> str:
    """The digest of everything that is published of a folder."""
    corpus = open_corpus(folder)
    return digest_of_content(to_catalogue(corpus, annotate(corpus, kept=kept, processes=1)))


@pytest.mark.parametrize("seed", range(12))
def test_the_result_is_that_of_a_full_build(tmp_path: Path, seed: int) -> None:
    """Whatever is changed, in whatever order, also back to what it was."""
    chance, kept = random.Random(seed), Cache(tmp_path / "cache")
    folder = begin(tmp_path / "corpus", 4, chance)
    for _ in range(8):
        assert version_of(folder, kept) == version_of(folder, None)
        for change in chance.choices(CHANGES, k=chance.randint(1, 3)):
            change(folder, chance)


@pytest.fixture
def annotated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are annotated."""
    names: list[str] = []
    real = ingest.annotate_document

    def noted(file: CorpusFile, *others: Any) -> AnnotatedDocument:
        names.append(file.path)
        return real(file, *others)

    monkeypatch.setattr(ingest, "annotate_document", noted)
    return names


def first_edited(folder: Path) -> None:
    edit(folder, random.Random(1))


def one_added(folder: Path) -> None:
    (folder / "x.md").write_text("# New\n\nRye is sown late.\n")


def one_removed(folder: Path) -> None:
    (folder / "d0.md").unlink()


def one_moved(folder: Path) -> None:
    (folder / "d0.md").rename(folder / "e0.md")


def new_condition(folder: Path) -> None:
    (folder / "conditions.toml").write_text(conditions(SUBJECTS[:3]))


def new_notice(folder: Path) -> None:
    (folder / "notices.toml").write_text('[[notice]]\nid = "n"\ntitle = "T"\ntext = "Text."\nalways = true\n')


# what is done, and how many of five documents are read again
READ_AGAIN: list[tuple[Callable[[Path], None], int]] = [
    (lambda folder: None, 0),
    (first_edited, 1),
    (one_added, 1),
    (one_removed, 0),
    (one_moved, 1),  # ids of sentences are made from that of the document
    (new_condition, 5),  # sentences are tagged with it
    (new_notice, 0),  # documents know nothing of it
]


@pytest.mark.parametrize(("change", "number"), READ_AGAIN, ids=lambda each: getattr(each, "__name__", each))
def test_only_what_changed_is_read(
    tmp_path: Path, annotated: list[str], change: Callable[[Path], None], number: int
) -> None:
    kept, folder = Cache(tmp_path / "cache"), begin(tmp_path / "corpus", 5, random.Random(0))
    version_of(folder, kept)
    annotated.clear()
    change(folder)
    version_of(folder, kept)
    assert len(annotated) == number


def test_a_damaged_entry_is_made_again(tmp_path: Path, annotated: list[str]) -> None:
    kept, folder = Cache(tmp_path / "cache"), begin(tmp_path / "corpus", 5, random.Random(0))
    version = version_of(folder, kept)
    entry = next(kept.folder.glob("document-*.entry"))
    entry.write_bytes(entry.read_bytes()[:-9])
    annotated.clear()
    assert version_of(folder, kept) == version
    assert len(annotated) == 1


def test_the_index_on_disk_is_that_of_a_full_build(tmp_path: Path) -> None:
    """Byte for byte, except for the index of tantivy, whose segments have names by chance, and the day."""
    chance, kept = random.Random(5), Cache(tmp_path / "cache")
    folder = begin(tmp_path / "corpus", 6, chance)
    publish(folder, f"disk:{tmp_path / 'index'}", kept=kept)
    for change in (edit, add, move, remove):
        change(folder, chance)
    version = publish(folder, f"disk:{tmp_path / 'index'}", kept=kept)
    assert publish(folder, f"disk:{tmp_path / 'full'}", kept=Cache(tmp_path / "other")) == version
    again, full = (folder_of(f"disk:{tmp_path / name}") for name in ("index", "full"))
    listed = [read_file_list(each.versions / each.named(version)).files for each in (again, full)]
    first, second = ({f.name: f.checksums for f in files if not f.name.startswith("tantivy/")} for files in listed)
    assert first == second
    assert len(first) > 30


# --- what is reported --------------------------------------------------------------------------


def test_changes_by_name() -> None:
    before = {"a.md": "1", "b.md": "2", "c.md": "3", "d.md": "4"}
    after = {"a.md": "1", "b.md": "5", "e.md": "3", "f.md": "6"}
    assert changes_between(before, after) == Changes(("f.md",), ("b.md",), (("c.md", "e.md"),), ("d.md",), 1)


def test_one_of_two_files_with_the_same_words_is_moved() -> None:
    found = changes_between({"a.md": "1", "b.md": "1"}, {"c.md": "1", "b.md": "1"})
    assert (found.moved, found.added, found.removed, found.same) == ((("a.md", "c.md"),), (), (), 1)


@pytest.fixture
def built(tmp_path: Path) -> Callable[[], str]:
    """Runs `qa index build` and returns what it prints."""
    begin(tmp_path / "corpus", 3, random.Random(0))
    environment = python_environment(
        QA_INDEX=f"disk:{tmp_path / 'index'}",
        QA_CORPUS=str(tmp_path / "corpus"),
        QA_CACHE=str(tmp_path / "cache"),
        QA_ENCODER="off",
    )

    def build() -> str:
        command = [sys.executable, "-m", "qa", "index", "build"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    return build


def test_build_names_what_has_changed(tmp_path: Path, built: Callable[[], str]) -> None:
    folder = tmp_path / "corpus"
    assert "added" not in built()  # the first time, everything is new
    one_moved(folder)
    one_added(folder)
    (folder / "d1.md").write_text("# Other\n\nRye again.\n")
    (folder / "d2.md").unlink()
    lines = built().splitlines()
    assert lines[:4] == ["added x.md", "changed d1.md", "removed d2.md", "moved d0.md to e0.md"]
    assert lines[4] == "2 files are as they were"


def test_what_was_published_is_known_by_folder_and_index(tmp_path: Path) -> None:
    kept, folder = Cache(tmp_path / "cache"), begin(tmp_path / "corpus", 2, random.Random(0))
    assert published_files(folder, "memory:", kept) is None
    publish(folder, "memory:", kept=kept)
    assert sorted(published_files(folder, "memory:", kept) or ()) == [
        "conditions.toml",
        "d0.md",
        "d1.md",
        "references.json",
    ]
    assert published_files(folder, "disk:/elsewhere", kept) is None


# --- after a kill ------------------------------------------------------------------------------

# Publishes a folder, and writes a line to a file whenever it begins to annotate a document. Once there are so many
# lines, it waits to be killed.
NOTED = """
import os, sys, time
from pathlib import Path
from qa.cache import Cache
from qa.corpus import open_corpus
from qa.indexing import ingest
from qa.indexing.content import digest_of_content
folder, kept, begun, processes, stop_at = sys.argv[1:]
real = ingest.annotate_document
def noted(file, *others):
    with open(begun, "a") as lines:
        lines.write(f"{file.path}\\n")
    if Path(begun).read_text().count("\\n") >= int(stop_at):
        time.sleep(600)
    return real(file, *others)
ingest.annotate_document = noted
corpus = open_corpus(Path(folder))
annotated = ingest.annotate(corpus, kept=Cache(Path(kept)), processes=int(processes))
print(digest_of_content(ingest.to_catalogue(corpus, annotated)))
"""
DOCUMENTS = 40


def lines_in(file: Path) -> int:
    return file.read_text().count("\n") if file.exists() else 0


@pytest.mark.parametrize("processes", [1, 2])
def test_a_killed_build_goes_on_from_what_was_finished(tmp_path: Path, processes: int) -> None:
    """Killed again and again, it does no more than each document once, and once more what was under way."""
    chance = random.Random(processes)
    folder = begin(tmp_path / "corpus", DOCUMENTS, chance)
    begun = tmp_path / "begun"
    command = [sys.executable, "-c", NOTED, str(folder), str(tmp_path / "cache"), str(begun), str(processes)]
    kills = sorted(chance.sample(range(1, DOCUMENTS), 3))
    for stop_at in kills:
        with subprocess.Popen([*command, str(stop_at)], env=python_environment()) as process:
            while lines_in(begun) < stop_at and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        wait_for_children(begun)
    endless = [*command, str(10 * DOCUMENTS)]
    result = subprocess.run(endless, env=python_environment(), capture_output=True, text=True, check=True)
    assert result.stdout.strip() == version_of(folder, None)
    assert lines_in(begun) <= DOCUMENTS + len(kills) * processes


def wait_for_children(begun: Path) -> None:
    """Until the processes of a killed one have seen that it is gone: they annotate nothing more."""
    pattern = re.compile(re.escape(str(begun)).encode())
    while any(pattern.search(command) for command in running_commands()):
        time.sleep(0.01)


def running_commands() -> Iterator[bytes]:
    for process in os.listdir("/proc"):
        if process.isdigit() and process != str(os.getpid()):
            try:
                yield Path(f"/proc/{process}/cmdline").read_bytes()
            except OSError:
                continue
