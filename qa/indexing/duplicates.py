"""Find the same work in several files, such as a Word document and the PDF made from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from qa.corpus.documents import CorpusFile
from qa.models import Document
from qa.readers.kind import MARKDOWN_ENDINGS

# Which format is kept: the one that says more about its structure and citations.
BEST_FIRST = (".xml", ".nxml", ".jats", ".docx", ".html", ".htm", ".xhtml", ".epub", *MARKDOWN_ENDINGS)
LEAST = (".pdf",)
ALIKE = 0.8  # share of the three-word sequences of the longer text that both have
WORD = re.compile(r"\w+")


def best_first(files: Iterable[CorpusFile]) -> list[CorpusFile]:
    """The files by format, those first that are kept if there are several of one work; else in their order."""
    return sorted(files, key=lambda file: rank_of(file.path))


def rank_of(path: str) -> int:
    ending = PurePath(path).suffix.lower()
    if ending in BEST_FIRST:
        return BEST_FIRST.index(ending)
    return len(BEST_FIRST) + (ending in LEAST)


class Seen(NamedTuple):
    """A document seen before: the ending of its file, its words, and the document that was kept of this work."""

    ending: str
    words: tuple[str, ...]
    kept: Document


@dataclass(slots=True)
class SeenWorks:
    """The documents seen so far, to be compared with the next one."""

    seen: dict[Hashable, list[Seen]] = field(default_factory=lambda: defaultdict(list))

    def find_same(self, document: Document) -> Document | None:
        """The document that was kept of the same work, or None if this is the first.

        The same work has the same title or file name. In another format, its passages have nearly the same words; in
        the same format exactly the same, because there it may also be another version.
        """
        this = Seen(PurePath(document.file).suffix.lower(), tuple(words_in_passages(document)), document)
        keys = keys_of(document)
        same = next((other.kept for key in keys for other in self.seen[key] if is_same(this, other)), None)
        for key in keys:
            self.seen[key].append(this._replace(kept=same or document))
        return same


def keys_of(document: Document) -> list[Hashable]:
    title = "".join(WORD.findall(document.provenance.title.casefold()))
    return [("title", title), ("file", PurePath(document.file).stem.casefold())]


def words_in_passages(document: Document) -> Iterator[str]:
    for passage in document.passages:
        yield from WORD.findall(passage.text.casefold())


def is_same(first: Seen, second: Seen) -> bool:
    if first.ending == second.ending:
        return first.words == second.words
    shorter, longer = sorted((first.words, second.words), key=len)
    if len(shorter) < ALIKE * len(longer):
        return False
    here, there = set(sequences(shorter)), set(sequences(longer))
    return len(here & there) > ALIKE * max(len(here), len(there))


def sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], strict=False)
