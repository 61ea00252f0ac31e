"""The lists of works that a Markdown file names in its front matter (`bibliography`), relative to its own place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from qa.corpus.bibliography import read_bibliography
from qa.corpus.entries import quoted
from qa.corpus.folder import printable_path, read_file
from qa.corpus.works import Works
from qa.errors import CorpusError
from qa.readers.front_matter import front_values

MARKDOWN = frozenset({".md", ".markdown"})
FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)


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
        """The paths of the lists that a document names. What is wrong with the names becomes a fault."""
        front = front_of(document, data)
        found = []
        for written in front_values(front, "bibliography"):
            line = front[: front.find(written)].count("\n") + 2
            path = posixpath.normpath(posixpath.join(PurePosixPath(document).parent.as_posix(), written))
            fault = self._why_not(path, written)
            if fault:
                self.faults.append(CorpusError(printable_path(document), fault, line=line))
            else:
                found.append(path)
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
        advice = "Name it relative to the document, or remove it from the front matter"
        return f"there is no bibliography {quoted(written)}. {advice}." if missing else ""


def names_lists(document: str, data: bytes) -> bool:
    """Whether the front matter of a document names lists of works."""
    return bool(front_values(front_of(document, data), "bibliography"))


def front_of(document: str, data: bytes) -> str:
    """The front matter of a Markdown file; empty if there is none."""
    if PurePosixPath(document).suffix.lower() not in MARKDOWN or b"bibliography" not in data:
        return ""
    found = FRONT.match(data.decode("utf-8", "replace"))
    return found[1] if found else ""
