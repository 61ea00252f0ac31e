r"""The lists of works that a Markdown file names in its front matter (`bibliography`), or a LaTeX file in a command
(`\bibliography`, `\addbibresource`), relative to its own place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from qa.corpus.bibliography import read_bibliography
from qa.corpus.entries import quoted
from qa.corpus.folder import printable_path, read_file
from qa.corpus.works import Works
from qa.errors import CorpusError
from qa.readers.front_matter import front_values
from qa.readers.kind import LATEX_ENDINGS, MARKDOWN_ENDINGS

IN_LATEX = re.compile(
    r"\\(?P<command>bibliography|addbibresource|addglobalbib)\s*(?:\[[^\[\]]{0,200}\]\s*)?\{(?P<names>[^{}]{1,2000})\}"
)
COMMENTED = re.compile(r"(?<!\\)%")
MOST_LISTS = 50
LONGEST_BEFORE = 2_000  # characters of a line that are looked at
FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)


class Named(NamedTuple):
    """The name of a list as a document writes it, and the line of the document."""

    written: str
    line: int


class Shelf:
    """Lists of works in a corpus folder, each read once: `read` by path, and the faults of those that cannot be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: dict[str, Works | None] = {}
        self.faults: list[CorpusError] = []

    def take(self, paths: Iterable[str]) -> tuple[tuple[str, Works], ...]:
        """The lists at these paths, with the paths as shown; those that cannot be read are left out."""
        taken = []
        for path in paths:
            if path not in self.read:
                self.read[path] = self._read(path)
            if works := self.read[path]:
                taken.append((printable_path(path), works))
        return tuple(taken)

    def _read(self, path: str) -> Works | None:
        try:
            return read_bibliography(printable_path(path), read_file(self.folder, path) or b"")
        except CorpusError as error:
            self.faults.append(error)
            return None

    def named(self, document: str, data: bytes) -> list[str]:
        """The paths of the lists that a document names. What is wrong with the names becomes a fault. A LaTeX file may
        name lists of its style, which are not missed if another one is there."""
        found, faults = [], []
        for written, line in lists_named(document, data):
            path = posixpath.normpath(posixpath.join(PurePosixPath(document).parent.as_posix(), written))
            fault = self._why_not(path, written)
            if fault:
                faults.append(CorpusError(printable_path(document), fault, line=line))
            else:
                found.append(path)
        if not (found and is_latex(document)):
            self.faults += faults
        return found

    def _why_not(self, path: str, written: str) -> str:
        """What is wrong with a path; empty if nothing is."""
        if path.startswith(("/", "..")) or "\0" in path:
            advice = "Put the list into that folder and name it relative to the document"
            return f"the bibliography {quoted(written)} is outside the corpus folder. {advice}."
        try:
            missing = read_file(self.folder, path) is None
        except CorpusError as error:
            return f"the bibliography {quoted(written)} {error.message}"
        advice = "Name it relative to the document, or remove the name from the document"
        return f"there is no bibliography {quoted(written)}. {advice}." if missing else ""


def names_lists(document: str, data: bytes) -> bool:
    """Whether a document names lists of works."""
    return bool(lists_named(document, data))


def lists_named(document: str, data: bytes) -> list[Named]:
    if is_latex(document):
        return lists_in_latex(data.decode("utf-8", "replace")) if b"bib" in data else []
    front = front_of(document, data)
    return [
        Named(written, front[: front.find(written)].count("\n") + 2) for written in front_values(front, "bibliography")
    ]


def is_latex(document: str) -> bool:
    return PurePosixPath(document).suffix.lower() in LATEX_ENDINGS


def lists_in_latex(text: str) -> list[Named]:
    r"""The lists in `\bibliography{one,two}`, which have no ending there, and `\addbibresource{one.bib}`."""
    found: list[Named] = []
    for match in islice(IN_LATEX.finditer(text), MOST_LISTS):
        start = match.start()
        before = text[max(text.rfind("\n", 0, start) + 1, start - LONGEST_BEFORE) : start]
        if not COMMENTED.search(before):
            names = [name.strip() for name in match["names"].split(",") if name.strip()]
            ending = ".bib" if match["command"] == "bibliography" else ""
            line = text.count("\n", 0, start) + 1
            found += [Named(name if name.endswith(".bib") else name + ending, line) for name in names]
    return found


def front_of(document: str, data: bytes) -> str:
    """The front matter of a Markdown file; empty if there is none."""
    if PurePosixPath(document).suffix.lower() not in MARKDOWN_ENDINGS or b"bibliography" not in data:
        return ""
    found = FRONT.match(data.decode("utf-8", "replace"))
    return found[1] if found else ""
