"""Find the same work in several files, such as a Word document and the PDF made from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
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
    """What a document is known again by: its file and the ending of its name; how many words it has and a digest of
    them; its DOI, what it is called, samples of its words, and the years of its title and date."""

    file: str
    ending: str
    number: int
    digest: str
    doi: str
    names: frozenset[str]
    samples: tuple[int, ...]
    years: frozenset[str]


class KeptWork(NamedTuple):
    """A document seen before, and the one that was kept of the same work: the first of them."""

    seen: Seen
    kept: Seen


@dataclass(slots=True)
class SeenWorks:
    """The documents seen so far, to be compared with the next one: by title, file name and DOI, and by the samples of
    their words that they have in common. `words_of` gives the words of a file again: few are needed twice."""

    words_of: Callable[[str], Sequence[str]]
    found: dict[Hashable, list[KeptWork]] = field(default_factory=dict)

    def find_same(self, this: Seen) -> str | None:
        """The file of the document that was kept of the same work, or None if this is the first.

        In another format, its passages have nearly the same words: how nearly depends on whether DOI, title or file
        name are the same too. In the same format they are exactly the same, because there it may also be another
        version. Documents with different DOIs are different works.
        """
        keys = keys_of(this)
        same = next((other.kept for other in self.candidates(keys) if self.is_same(this, other)), None)
        work = KeptWork(this, same or this)
        for key in keys:
            self.found.setdefault(key, []).append(work)
        return same and same.file

    def candidates(self, keys: Sequence[Hashable]) -> Iterator[KeptWork]:
        """Yield the documents that share a name, the DOI or enough samples with the next one, by whose `keys` they are
        found."""
        found = [other for key in keys for other in self.found.get(key, ())[:MOST_ALIKE]]
        shared = Counter(map(id, found))
        for other in {id(other): other for other in found}.values():
            if shared[id(other)] >= ENOUGH or not set(called(other.seen)).isdisjoint(keys):
                yield other

    def is_same(self, first: Seen, other: KeptWork) -> bool:
        second = other.seen
        same_doi = first.doi != "" and first.doi == second.doi
        if first.doi and second.doi and not same_doi:
            return False
        if first.number and first.digest == second.digest:
            return True
        if first.ending == second.ending and not same_doi:
            return False
        if same_doi or first.names & second.names:
            return self.share_in_common(first, second) > ALIKE
        # By the words alone, a new version of a text is hardly different from the old one.
        years = years_in(second.names) | other.kept.years
        return not differ(first.years | years_in(first.names), years) and (
            self.share_in_common(first, second) > NEARLY_ALL
        )

    def share_in_common(self, first: Seen, second: Seen) -> float:
        """The share of the three-word sequences of the longer text that both have; 0 if one is much shorter."""
        if min(first.number, second.number) < ALIKE * max(first.number, second.number):
            return 0
        here, there = (set(sequences(self.words_of(each.file))) for each in (first, second))
        return len(here & there) / max(len(here), len(there), 1)


def seen_of(document: Document) -> Seen:
    about = document.provenance
    words = words_in_passages(document)
    # Texts that are nearly the same share most of the three-word sequences with the smallest checksums, and others
    # hardly any.
    sums = {crc32(" ".join(sequence).encode()) for sequence in sequences(words)} if len(words) >= SHORTEST else ()
    return Seen(
        document.file,
        PurePath(document.file).suffix.lower(),
        len(words),
        sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest(),
        normal_doi(about.doi or ""),
        frozenset({title_key(about.title), PurePath(document.file).stem.casefold()}),
        tuple(nsmallest(SAMPLES, sums)),
        years_in((about.title, about.date or "")),
    )


def title_key(title: str) -> str:
    return "".join(WORD.findall(title.casefold()))


def called(this: Seen) -> list[Hashable]:
    return [*(("name", name) for name in sorted(this.names)), *([("doi", this.doi)] if this.doi else [])]


def keys_of(this: Seen) -> list[Hashable]:
    """What it is found by: names, DOI, and samples of its words."""
    return [*called(this), *this.samples]


def words_in_passages(document: Document) -> list[str]:
    return [word for passage in document.passages for word in WORD.findall(passage.text.casefold())]


def years_in(names: Iterable[str]) -> frozenset[str]:
    return frozenset(year for name in names for year in YEAR.findall(name))


def differ(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first and second) and first.isdisjoint(second)


def sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], strict=False)
