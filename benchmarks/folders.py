"""Measure how a folder of documents is stored on disk: `python -m benchmarks.folders [DOCUMENTS ...]`.

Makes so many articles (default 3,000), with headings, citations and lists of works, and builds an index of them on one
core, on all and, with what was kept of that (QA_CACHE), after one document has changed. Prints passages for each second
of processor time of all processes together, elapsed time, how much the memory of the main process has grown at its
peak, and the peak of the largest other process. The encoder is off. Reads the folder named by QA_TEST_DATA.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.public_sets import DATA
from benchmarks.scale.data import real_passages
from testkit.servers import python_environment

DOCUMENTS = 3000
SECTIONS = ("Introduction", "Methods", "Results", "Discussion")
PARAGRAPHS = 3  # in a section, at most
WORKS = 6  # in the list of a document; every second document has one
CITED = 0.3  # share of the sentences of such a document that cite a work
BUILD = """
import os, re, resource, sys, time
from pathlib import Path
from qa.cache import Cache
from qa.indexes.disk.versions import DiskVersions, folder_of
from qa.indexing.publish import publish
source, index, kept, cores = sys.argv[1:]
if int(cores):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(cores)])
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, begun = peak(), time.monotonic()
publish(Path(source), f"disk:{index}", kept=Cache(Path(kept)))
elapsed = time.monotonic() - begun
versions = DiskVersions(folder_of(f"disk:{index}"))
passages = versions.about(versions.current()).passages
others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(passages, sum(os.times()[:4]), elapsed, peak() - before, others)
"""


class Built(NamedTuple):
    """How many passages there are, the processor and elapsed seconds of a build, and the peaks of memory in MB: how
    much that of the main process has grown, and that of the largest other one."""

    passages: int
    processor: float
    elapsed: float
    grown: float
    others: float


class Articles:
    """Makes articles of sentences and titles of the public test collections."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        passages = real_passages(DATA / "retrieval")
        self._titles = [title for title, _ in passages if title]
        self._paragraphs = [sentences for _, sentences in passages]
        strings = json.loads((DATA / "citations" / "reference_strings.json").read_text("utf-8"))
        self._names = sorted({name for row in strings for name in row["surnames"]})

    def make(self) -> str:
        works = [self._work() for _ in range(WORKS)] if self._chance.random() < 0.5 else []
        parts = [f"# {self._chance.choice(self._titles)}"]
        for section in SECTIONS:
            parts.append(f"## {section}")
            parts += [self._paragraph(len(works)) for _ in range(self._chance.randint(1, PARAGRAPHS))]
        if works:
            parts += ["## References", "\n".join(f"{number}. {work}" for number, work in enumerate(works, 1))]
        return "\n\n".join(parts) + "\n"

    def _paragraph(self, works: int) -> str:
        own = self._chance.choice(self._paragraphs)
        return " ".join(self._cited(self._sentence(), works) for _ in own)

    def _sentence(self) -> str:
        return self._chance.choice(self._chance.choice(self._paragraphs))

    def _cited(self, sentence: str, works: int) -> str:
        if works and sentence.endswith(".") and self._chance.random() < CITED:
            return f"{sentence[:-1]} [{self._chance.randint(1, works)}]."
        return sentence

    def _work(self) -> str:
        authors = ", ".join(f"{name} {self._chance.choice('ABCDEF')}" for name in self._chance.sample(self._names, 3))
        title = self._chance.choice(self._titles).rstrip(".")
        year, volume, page = (self._chance.randint(*each) for each in ((1990, 2024), (1, 90), (100, 900)))
        return f"{authors}. {title}. J Clin Med. {year};{volume}:{page}-{page % 100 + 9}."


def write_articles(folder: Path, number: int) -> None:
    """Write so many articles into a folder."""
    articles = Articles(number)
    folder.mkdir()
    for place in range(number):
        (folder / f"article-{place}.md").write_text(articles.make(), "utf-8")


def build(source: Path, index: Path, kept: Path, cores: int = 0) -> Built:
    """Build in a process of its own, on so many cores (0: all)."""
    command = [sys.executable, "-c", BUILD, str(source), str(index), str(kept), str(cores)]
    run = subprocess.run(command, env=python_environment(), capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stderr)
    passages, *measured = map(float, run.stdout.split())
    return Built(int(passages), *measured)


def show(documents: int, name: str, built: Built) -> None:
    rate = f"{built.passages / built.processor:6,.0f} passages a second of processor time, {built.processor:6.1f} s"
    grown = f"{built.grown:5.0f} MB more ({built.grown * 2**20 / built.passages:6,.0f} bytes a passage)"
    print(
        f"{documents:,} documents, {built.passages:,} passages, {name:12} {rate}, {built.elapsed:6.1f} s elapsed "
        f"({built.passages / built.elapsed:,.0f}/s), {grown}, others {built.others:4.0f} MB",
        flush=True,
    )


def main(sizes: Sequence[int]) -> None:
    for documents in sizes:
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            write_articles(folder / "corpus", documents)
            show(documents, "one core", build(folder / "corpus", folder / "one", folder / "kept-one", 1))
            shutil.rmtree(folder / "kept-one")
            show(documents, "all cores", build(folder / "corpus", folder / "all", folder / "kept"))
            changed = folder / "corpus" / "article-1.md"
            changed.write_text(changed.read_text("utf-8").replace(".\n", ". This is new.\n", 1), "utf-8")
            show(documents, "one changed", build(folder / "corpus", folder / "all", folder / "kept"))


if __name__ == "__main__":
    if "QA_TEST_DATA" not in os.environ:
        sys.exit("QA_TEST_DATA is not set. Set it to the folder with the development data.")
    main([int(each) for each in sys.argv[1:] if each.isdigit()] or [DOCUMENTS])
