"""Find the same work in several files, such as a Word document and the PDF made from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from qa.corpus.documents import CorpusFile
from qa.models import Document

# Which format is kept: the one that says more about its structure and citations.
BEST_FIRST = (".xml", ".nxml", ".jats", ".docx", ".html", ".htm", ".xhtml", ".epub", ".md", ".markdown")
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


@dataclass(slots=True)
class SeenWorks:
    """The documents seen so far, to be compared with the next one."""

    seen: dict[Hashable, list[tuple[Document, tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))

    def find_same(self, document: Document) -> Document | None:
        """A document seen before that is the same work, or None; then this one counts as seen.

        The same work has the same title or file name. In another format, its passages have nearly the same words; in
        the same format exactly the same, because there it may also be another version.
        """
        words = tuple(words_in_passages(document))
        for key in keys_of(document):
            for other, others_words in self.seen[key]:
                if is_same(document, words, other, others_words):
                    return other
        for key in keys_of(document):
            self.seen[key].append((document, words))
        return None


def keys_of(document: Document) -> set[Hashable]:
    title = "".join(WORD.findall(document.provenance.title.casefold()))
    return {("title", title), ("file", PurePath(document.file).stem.casefold())}


def words_in_passages(document: Document) -> Iterator[str]:
    for passage in document.passages:
        yield from WORD.findall(passage.text.casefold())


def is_same(first: Document, words: Sequence[str], second: Document, others: Sequence[str]) -> bool:
    if PurePath(first.file).suffix.lower() == PurePath(second.file).suffix.lower():
        return words == others
    if min(len(words), len(others)) < ALIKE * max(len(words), len(others)):
        return False
    here, there = set(sequences(words)), set(sequences(others))
    return len(here & there) > ALIKE * max(len(here), len(there))


def sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], strict=False)
