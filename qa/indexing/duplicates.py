"""Find the same work in several files, such as a Word document and the PDF made from it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from pathlib import PurePath
from typing import NamedTuple
from zlib import crc32

from qa.citations.identifiers import normal_doi
from qa.corpus.documents import CorpusFile
from qa.models import Document
from qa.readers.kind import LATEX_ENDINGS, MARKDOWN_ENDINGS

# Which format is kept: the one that says more about its structure and citations.
WITH_ELEMENTS = (".xml", ".nxml", ".jats", ".docx", ".odt", ".rtf", ".html", ".htm", ".xhtml", ".epub")
BEST_FIRST = (*WITH_ELEMENTS, *LATEX_ENDINGS, *MARKDOWN_ENDINGS)
LEAST = (".pdf",)
# Shares of the three-word sequences of the longer text that both have: of works that are called alike, and of others.
# The same article as JATS, Word and PDF of two producers has .85 to .98 (tests/test_folder.py).
ALIKE = 0.8
NEARLY_ALL = 0.85
SAMPLES = 24  # of a text
ENOUGH = 8  # samples in common that make it worth while to compare two texts
MOST_ALIKE = 50  # texts that have the same sample, such as the words of a licence
SHORTEST = 40  # words of a text that is known again by its words alone
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
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
    """A document seen before: the ending of its file, its words, its DOI, what it is called, and the document that was
    kept of this work."""

    ending: str
    words: tuple[str, ...]
    doi: str
    names: frozenset[str]
    kept: Document


@dataclass(slots=True)
class SeenWorks:
    """The documents seen so far, to be compared with the next one: by title, file name and DOI, and by the samples of
    their words that they have in common."""

    seen: dict[Hashable, list[Seen]] = field(default_factory=lambda: defaultdict(list))

    def find_same(self, document: Document) -> Document | None:
        """The document that was kept of the same work, or None if this is the first.

        In another format, its passages have nearly the same words: how nearly depends on whether DOI, title or file
        name are the same too. In the same format they are exactly the same, because there it may also be another
        version. Documents with different DOIs are different works.
        """
        this = seen_of(document)
        keys = keys_of(this)
        same = next((other.kept for other in self.candidates(keys) if is_same(this, other)), None)
        this = this._replace(kept=same or document)
        for key in keys:
            self.seen[key].append(this)
        return same

    def candidates(self, keys: Sequence[Hashable]) -> Iterator[Seen]:
        """Yield the documents that share a name, the DOI or enough samples with the next one, by whose `keys` they are
        found."""
        found = [other for key in keys for other in self.seen[key][:MOST_ALIKE]]
        shared = Counter(map(id, found))
        for other in {id(other): other for other in found}.values():
            if shared[id(other)] >= ENOUGH or not set(called(other)).isdisjoint(keys):
                yield other


def seen_of(document: Document) -> Seen:
    about = document.provenance
    names = frozenset({title_key(about.title), PurePath(document.file).stem.casefold()})
    words = tuple(words_in_passages(document))
    return Seen(PurePath(document.file).suffix.lower(), words, normal_doi(about.doi or ""), names, document)


def title_key(title: str) -> str:
    return "".join(WORD.findall(title.casefold()))


def called(this: Seen) -> list[Hashable]:
    return [*(("name", name) for name in sorted(this.names)), *([("doi", this.doi)] if this.doi else [])]


def keys_of(this: Seen) -> list[Hashable]:
    """What it is found by: names, DOI, and samples of its words: the three-word sequences with the smallest checksums,
    of which texts that are nearly the same share most, and others hardly any."""
    sums = {crc32(" ".join(sequence).encode()) for sequence in sequences(this.words)}
    return [*called(this), *(nsmallest(SAMPLES, sums) if len(this.words) >= SHORTEST else ())]


def words_in_passages(document: Document) -> Iterator[str]:
    for passage in document.passages:
        yield from WORD.findall(passage.text.casefold())


def is_same(first: Seen, second: Seen) -> bool:
    same_doi = first.doi != "" and first.doi == second.doi
    if first.doi and second.doi and not same_doi:
        return False
    if first.words == second.words and first.words:
        return True
    if first.ending == second.ending and not same_doi:
        return False
    if same_doi or first.names & second.names:
        return share_in_common(first.words, second.words) > ALIKE
    # By the words alone, a new version of a text is hardly different from the old one.
    return not differ(years_of(first), years_of(second)) and share_in_common(first.words, second.words) > NEARLY_ALL


def years_of(seen: Seen) -> set[str]:
    """The years in what it is called, and that of its date."""
    about = seen.kept.provenance
    return {year for name in (*seen.names, about.title, about.date or "") for year in YEAR.findall(name)}


def differ(first: set[str], second: set[str]) -> bool:
    return bool(first and second) and first.isdisjoint(second)


def share_in_common(first: Sequence[str], second: Sequence[str]) -> float:
    """The share of the three-word sequences of the longer text that both have; 0 if one is much shorter."""
    if min(len(first), len(second)) < ALIKE * max(len(first), len(second)):
        return 0
    here, there = set(sequences(first)), set(sequences(second))
    return len(here & there) / max(len(here), len(there), 1)


def sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], strict=False)
