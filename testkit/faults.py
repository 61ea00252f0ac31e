"""Faults of publishing on disk: killed processes, lost power, file calls that fail, flipped bits.

Each function makes many of one kind of fault, looks at the index after each one, and returns what went wrong.
`python -m testkit.faults` does so with the file calls of its own process made to fail (`faulty.c`, LD_PRELOAD).
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

from qa.cache import temporary_cache
from qa.errors import IndexUnavailable, QAError
from qa.indexes import open_index
from qa.indexes.disk.files import FILE_LIST, check_all, read_file_list
from qa.indexes.disk.versions import DiskVersions, folder_name, folder_of, store_on_disk, write_files
from qa.indexes.stored_documents import VersionContent
from qa.indexing.content import content_of_version
from qa.models import Catalogue, Document, Passage, Provenance, Sentence, Site
from testkit.servers import python_environment

Store = Callable[[VersionContent, str], None]
SHIM = Path(__file__).with_name("faulty.c")
TERM = "rye"


@cache
def contents() -> tuple[VersionContent, VersionContent]:
    """Two versions that differ in every passage."""
    first, second = map(content_of_version, catalogues())
    return first, second


def catalogues() -> list[Catalogue]:
    return [catalogue(words) for words in ("is sown in autumn", "is cut in spring")]


def catalogue(words: str) -> Catalogue:
    documents = []
    for n in range(12):
        text = f"Rye {words} on field {n}."
        sentence = Sentence(f"d{n}-0", 0, len(text), "claim", 0, 0)
        passage = Passage(f"d{n}.0", f"d{n}", 0, len(text), text, (), (sentence,))
        documents.append(Document(f"d{n}", "", "", Provenance("Rye"), text, (), (), (sentence,), (), (), (passage,)))
    return Catalogue("", tuple(documents), (), (), (), (), Site("", "", "", ""))


def asked(url: str, version: str) -> list[str]:
    """What a question finds in a version."""
    index = open_index(url, version, temporary_cache())
    return [index.passage(id).text for id in index.candidates([TERM], 20).ids]


def served(url: str) -> list[str]:
    """What a question finds in the current version; in the next one if another has become current in the meantime, and
    this one was removed before it was opened."""
    version = current_version(url)
    try:
        return asked(url, version)
    except IndexUnavailable:
        if current_version(url) == version:
            raise
        return served(url)


def current_version(url: str) -> str:
    return (DiskVersions(folder_of(url)).current() or "none").partition(".")[0]


@cache
def right() -> tuple[list[str], list[str]]:
    """What it may find: one version or the other."""
    first, second = ([document.text for document in each.documents] for each in catalogues())
    return first, second


def looked_at(url: str) -> str:
    """What is wrong with an index that has had a version; empty if nothing is."""
    try:
        versions = DiskVersions(folder_of(url))
        versions.verify(versions.current() or "none")
        found = served(url)
    except (QAError, OSError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return "" if found in right() else f"torn: {found}"


def naive_store(content: VersionContent, url: str) -> None:
    """A writer that is not careful: it writes where readers look, and flushes nothing. The tests must notice."""
    folder = folder_of(url)
    folder.prepare()
    name = folder_name(content.manifest.version)
    folder.promote(name)
    shutil.rmtree(folder.versions / name, ignore_errors=True)
    (folder.versions / name).mkdir()
    write_files(content, folder.versions / name)


@contextmanager
def index_in(folder: Path) -> Iterator[str]:
    """The address of a new index with the first version."""
    place = Path(tempfile.mkdtemp(dir=folder))
    store_on_disk(contents()[0], f"disk:{place / 'index'}")
    yield f"disk:{place / 'index'}"
    shutil.rmtree(place, ignore_errors=True)


def forked(do: Callable[[], None]) -> int:
    """The id of a process that does something and ends."""
    process = os.fork()
    if not process:
        status = 1
        try:
            do()
            status = 0
        except (QAError, OSError):
            status = 3
        finally:
            os._exit(status)
    return process


# --- processes killed --------------------------------------------------------------------------


def kills(folder: Path, number: int, store: Store = store_on_disk) -> list[str]:
    """What was wrong after any of so many kills (SIGKILL) of a process that publishes, while another one asks."""
    chance = random.Random(number)
    wrong: list[str] = []
    with index_in(folder) as url:
        begun = time.monotonic()
        os.waitpid(forked(lambda: store(contents()[1], url)), 0)
        lasts = time.monotonic() - begun
        reader, told = reader_of(url)
        for turn in range(number):
            content = contents()[turn % 2]
            if store is store_on_disk and chance.random() < 0.5:  # it is not there yet
                folder_of(url).prune(keep=1)
            process = forked(partial(store, content, url))
            time.sleep(chance.random() * 1.2 * lasts)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            wrong += filter(None, [looked_at(url)])
        os.kill(reader, signal.SIGTERM)
        os.waitpid(reader, 0)
        wrong += told.read_text().splitlines()
    return wrong


def reader_of(url: str) -> tuple[int, Path]:
    """A process that asks all the time, and the file in which it writes what is wrong."""
    told = folder_of(url).path.with_name("told")
    told.touch()

    def read() -> None:
        with told.open("a") as file:
            while True:
                try:
                    found = served(url)
                except (QAError, OSError, ValueError) as error:
                    print(f"reader: {type(error).__name__}: {error}", file=file, flush=True)
                else:
                    if found not in right():
                        print(f"reader: torn: {found}", file=file, flush=True)

    return forked(read), told


# --- file calls that fail, and power that is lost ----------------------------------------------


def failing_calls(folder: Path, error: int, step: int = 1, store: Store = store_on_disk) -> tuple[int, list[str]]:
    """How many file calls publishing makes, and what was wrong after any of them failed with an error; with error 0,
    after power was lost before it. Every `step`-th call is tried."""
    shim = ctypes.CDLL(None)
    wrong, number = [], 1
    while True:
        with index_in(folder) as url:
            path = str(folder_of(url).path).encode()
            counted = folder / "counted"

            def publish(path: bytes = path, number: int = number, url: str = url, counted: Path = counted) -> None:
                counted.unlink(missing_ok=True)
                shim.faulty_arm(path, number, error)
                try:
                    store(contents()[1], url)
                finally:
                    counted.write_text(str(shim.faulty_count()))

            status = os.waitstatus_to_exitcode(os.waitpid(forked(publish), 0)[1])
            if status == 1:
                wrong.append(f"call {number}: an unexpected error")
            if fault := looked_at(url):
                wrong.append(f"call {number}: {fault}")
            if status != 9 and counted.exists() and int(counted.read_text()) < number:
                return number - 1, wrong
            if store is store_on_disk and status and (fault := recovered(url)):
                wrong.append(f"call {number}, after publishing again: {fault}")
        number += step


def recovered(url: str) -> str:
    """What is wrong after publishing again without a fault."""
    try:
        store_on_disk(contents()[1], url)
    except QAError as error:
        return str(error)
    left = [path.name for path in folder_of(url).path.glob("building-*")]
    return looked_at(url) or (f"left over: {left}" if left else "")


# --- flipped bits ------------------------------------------------------------------------------


def flips(folder: Path, number: int) -> list[str]:
    """Which of so many flips of a single bit, anywhere in a version, are not noticed."""
    chance, missed = random.Random(number), []
    with index_in(folder) as url:
        [name] = folder_of(url).names()
        place = folder_of(url).versions / name
        files = [place / FILE_LIST, *(place / each.name for each in read_file_list(place).files)]
        sizes = [file.stat().st_size for file in files]
        for _ in range(number):
            [file] = chance.choices(files, sizes)
            at, bit = chance.randrange(file.stat().st_size), 1 << chance.randrange(8)
            with flipped_bit(file, at, bit):
                try:
                    check_all(place)
                    missed.append(f"{file.name}: byte {at}, bit {bit}")
                except QAError:
                    pass
    return missed


def flips_in_records(folder: Path, number: int) -> list[str]:
    """Which of so many flips in the records of passages change what an open index gives, without an error."""
    chance, wrong = random.Random(number), []
    with index_in(folder) as url:
        [name] = folder_of(url).names()
        file = folder_of(url).versions / name / "passage.json.section"
        for _ in range(number):
            with flipped_bit(file, chance.randrange(file.stat().st_size), 1 << chance.randrange(8)):
                try:
                    if served(url) not in right():
                        wrong.append("another text")
                except QAError:
                    pass
    return wrong


@contextmanager
def flipped_bit(file: Path, at: int, bit: int) -> Iterator[None]:
    with file.open("r+b") as opened:
        opened.seek(at)
        was = opened.read(1)
        opened.seek(at)
        opened.write(bytes([was[0] ^ bit]))
        opened.flush()
        yield
        opened.seek(at)
        opened.write(was)


# --- the shim ----------------------------------------------------------------------------------


def compiled_shim(folder: Path) -> Path | None:
    """The shim as a library; None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux" or not compiler:
        return None
    library = folder / "faulty.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-w", "-o", library, SHIM, "-ldl"], check=True)
    return library


def with_shim(library: Path, folder: Path, *arguments: str) -> dict[str, list[str]]:
    """The result of this module as a program, with the shim."""
    ran = subprocess.run(
        [sys.executable, "-m", "testkit.faults", str(folder), *arguments],
        env=python_environment(LD_PRELOAD=str(library)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, list[str]] = json.loads(ran.stdout)
    return found


def main(folder: str, step: str, careful: str, kind: str) -> None:
    """Print the faults of one kind as JSON, with the number of calls first."""
    store = store_on_disk if careful == "careful" else naive_store
    calls, wrong = failing_calls(Path(folder), getattr(errno, kind, 0), int(step), store)
    print(json.dumps({kind: [str(calls), *wrong]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
