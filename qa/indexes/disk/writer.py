"""Writes a version of ready passages chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.disk.files import SECTION_ENDING, write_section
from qa.indexes.disk.proposals import TANTIVY, ProposalWriter
from qa.indexes.layout import BYTES, Numbers, SectionData, encode, ends_of, hash_of, pack_names, pack_records
from qa.indexes.ready import READY
from qa.indexes.words import frequencies_in
from qa.models import Manifest, ReferenceUses

SentenceKinds = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class ReadyChunk:
    """Some ready passages, made without regard to others: words, tags and kinds have numbers of their own.

    `ids` are in UTF-8. `records` are the compressed records. `forms` and `terms` are the folded words and the term of
    each, in the order in which they first occur, from number 1 on; `lower` counts each in lower case. `words` are as in
    `CandidatePassages`, with `lengths` (without breaks) and `titles`. `tags` and `kinds` are combinations, those of
    passages and sentences their numbers; `sentences` counts the sentences of each passage, `firsts` the words before
    each.
    """

    ids: list[bytes]
    records: list[bytes]
    forms: list[str]
    terms: list[str]
    lower: Numbers
    words: Numbers
    lengths: Numbers
    titles: Numbers
    tags: list[frozenset[str]]
    of_passages: Numbers
    kinds: list[SentenceKinds]
    of_sentences: Numbers
    sentences: Numbers
    firsts: Numbers


class ReadyWriter:
    """Writes the sections of a version into its folder. Chunks are added in order."""

    def __init__(self, folder: Path, expected_length: float) -> None:
        self._folder = folder
        self._proposals = ProposalWriter(folder / TANTIVY, expected_length)
        self._forms: dict[str, int] = {"": BREAK}
        self._terms: dict[str, int] = {"": BREAK}
        self._term_of_form = array("I", [BREAK])
        self._lower, self._frequencies = np.zeros(0, np.int64), np.zeros(0, np.uint32)  # by form, by term
        self._tags: dict[frozenset[str], int] = {frozenset(): 0}
        self._kinds: dict[SentenceKinds, int] = {(frozenset(), frozenset()): 0}
        self._gathered: dict[str, list[Numbers]] = {}
        self._files: dict[str, BinaryIO] = {
            name: (folder / f"{name}{SECTION_ENDING}").open("wb")
            for name in ("words", f"{READY}.json", f"{READY}.ids.text")
        }
        self.passages = self.words = 0
        self.tagged: Counter[str] = Counter()  # passages by tag

    def add(self, chunk: ReadyChunk) -> None:
        of_forms = np.array([BREAK, *map(self._number, chunk.forms, chunk.terms)], np.uint32)
        words = of_forms[chunk.words]
        terms = np.frombuffer(self._term_of_form, np.uint32)[words]
        tags = np.array([self._tags.setdefault(each, len(self._tags)) for each in chunk.tags], np.uint32)
        kinds = np.array([self._kinds.setdefault(each, len(self._kinds)) for each in chunk.kinds], np.uint32)
        sizes = chunk.lengths + 1  # with the break after the title
        starts = starts_of(sizes)
        self._lower = added(self._lower, len(self._forms), of_forms[1:], chunk.lower)
        self._count(words, starts)
        self._propose(terms, starts, tags[chunk.of_passages])
        for tag, number in zip(chunk.tags, np.bincount(chunk.of_passages).tolist(), strict=True):
            self.tagged.update(dict.fromkeys(tag, number))
        self.passages += len(chunk.ids)
        self.words += int(chunk.lengths.sum())
        self._write("words", words.tobytes())
        self._write(f"{READY}.json", b"".join(chunk.records))
        self._write(f"{READY}.ids.text", b"".join(chunk.ids))
        self._gather(
            {
                f"{READY}.sizes": np.fromiter(map(len, chunk.records), np.uint32),
                f"{READY}.checksums": np.fromiter(map(crc32, chunk.records), np.uint32),
                f"{READY}.ids.sizes": np.fromiter(map(len, chunk.ids), np.uint32),
                f"{READY}.ids.hashes": np.fromiter(map(hash_of, chunk.ids), np.uint64),
                "words.sizes": sizes.astype(np.uint32),
                "words.lengths": chunk.lengths.astype(np.uint32),
                "words.titles": chunk.titles.astype(np.uint32),
                "words.texts": chunk.titles.astype(np.uint32) + 1,
                "tags.of_passages": tags[chunk.of_passages],
                "sentences.sizes": chunk.sentences.astype(np.uint32),
                "sentences.firsts": chunk.firsts.astype(np.uint32),
                "sentences.kinds": kinds[chunk.of_sentences],
            }
        )

    def _number(self, form: str, term: str) -> int:
        if form not in self._forms:
            self._forms[form] = len(self._forms)
            self._term_of_form.append(self._terms.setdefault(term, len(self._terms)))
        return self._forms[form]

    def _count(self, words: Numbers, starts: Numbers) -> None:
        """Count in how many passages each term occurs."""
        counted = frequencies_in(words, starts, np.frombuffer(self._term_of_form, np.uint32), len(self._terms))
        counted[: len(self._frequencies)] += self._frequencies
        self._frequencies = counted

    def _propose(self, terms: Numbers, starts: Numbers, tags: Numbers) -> None:
        written = terms.tolist()
        for begin, end, combination in zip(starts[:-1].tolist(), starts[1:].tolist(), tags.tolist(), strict=True):
            self._proposals.add([term for term in written[begin:end] if term], combination)

    def _write(self, name: str, data: bytes) -> None:
        self._files[name].write(data)

    def _gather(self, arrays: dict[str, Numbers]) -> None:
        for name, numbers in arrays.items():
            self._gathered.setdefault(name, []).append(numbers)

    def _taken(self, name: str, kind: type = np.uint32) -> Numbers:
        pieces = self._gathered.pop(name, [])
        return np.concatenate(pieces) if pieces else np.zeros(0, kind)

    def finish(self, manifest: Manifest) -> dict[str, str]:
        """Write what is left, and return the type of the numbers of each section."""
        for file in self._files.values():
            file.close()
        self._proposals.finish()
        kinds = {"words": "<u4", f"{READY}.json": BYTES, f"{READY}.ids.text": BYTES}
        for sections in (self._of_words(), self._of_passages(), self._of_nothing(), {"manifest": encode(manifest)}):
            kinds |= {name: write_section(self._folder, name, data) for name, data in sections.items()}
        return kinds

    def _of_words(self) -> dict[str, SectionData]:
        of_forms = np.array(self._term_of_form, np.uint32)
        return {
            **pack_names("forms", self._forms),
            **pack_names("terms", self._terms),
            "terms.of_forms": of_forms,
            "forms.of_terms": np.argsort(of_forms, kind="stable").astype(np.uint32),
            "forms.of_terms.starts": ends_of(np.bincount(of_forms, minlength=len(self._terms)).tolist()),
            "terms.frequencies": self._frequencies if len(self._frequencies) else np.zeros(1, np.uint32),
            "words.total": encode(self.words),
            "lower_case": encode({form: n for form, n in zip(self._forms, self._lower.tolist(), strict=True) if n}),
            "tags": encode(list(self._tags)),
            "kinds": encode(list(self._kinds)),
        }

    def _of_passages(self) -> dict[str, SectionData]:
        hashes = self._taken(f"{READY}.ids.hashes", np.uint64)
        order = np.argsort(hashes, kind="stable").astype(np.uint32)
        copied = (
            "words.lengths",
            "words.titles",
            "words.texts",
            "tags.of_passages",
            "sentences.firsts",
            "sentences.kinds",
        )
        return {
            f"{READY}.starts": starts_of(self._taken(f"{READY}.sizes")),
            f"{READY}.checksums": self._taken(f"{READY}.checksums"),
            f"{READY}.ids.starts": starts_of(self._taken(f"{READY}.ids.sizes")),
            f"{READY}.ids.hashes": hashes[order],
            f"{READY}.ids.order": order,
            "words.starts": starts_of(self._taken("words.sizes")),
            "sentences.starts": starts_of(self._taken("sentences.sizes")),
            **{name: self._taken(name) for name in copied},
        }

    def _of_nothing(self) -> dict[str, SectionData]:
        """Ready passages have no references and no notes."""
        nothing: dict[str, ReferenceUses] = {}
        return {**pack_records("reference", nothing), **pack_records("uses", nothing), "notes": encode({})}


def added(counts: Numbers, number: int, places: Numbers, more: Numbers) -> Numbers:
    """Counts of so many things, with more for the ones at some places."""
    every = np.zeros(number, np.int64)
    every[: len(counts)] = counts
    every[places] += more
    return every


def starts_of(sizes: Numbers) -> Numbers:
    """Where each of several stretches of these sizes begins, and where the last one ends."""
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
