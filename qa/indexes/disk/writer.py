"""Writes a version of ready passages chunk by chunk, so that memory does not grow with their number."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.disk.files import SECTION_ENDING, write_section
from qa.indexes.disk.proposals import TANTIVY, ProposalWriter
from qa.indexes.layout import BYTES, Numbers, SectionData, encode, pack_records
from qa.indexes.ready import READY
from qa.indexes.ready_chunks import ReadyChunk, VersionNumbers, starts_of
from qa.models import Manifest, ReferenceUses


class ReadyWriter:
    """Writes the sections of a version into its folder. Chunks are added in order."""

    def __init__(self, folder: Path, expected_length: float) -> None:
        self._folder = folder
        self._proposals = ProposalWriter(folder / TANTIVY, expected_length)
        self.numbering = VersionNumbers()
        self._gathered: dict[str, list[Numbers]] = {}
        self._files: dict[str, BinaryIO] = {
            name: (folder / f"{name}{SECTION_ENDING}").open("wb")
            for name in ("words", f"{READY}.json", f"{READY}.ids.text")
        }

    def add(self, chunk: ReadyChunk) -> None:
        numbers = self.numbering.add(chunk)
        self._propose(numbers.terms, numbers.starts, numbers.tags)
        self._write("words", numbers.words.tobytes())
        self._write(f"{READY}.json", chunk.records.data)
        self._write(f"{READY}.ids.text", chunk.ids.data)
        self._gather(
            {
                f"{READY}.sizes": chunk.records.sizes,
                f"{READY}.checksums": chunk.records.checksums,
                f"{READY}.ids.sizes": chunk.ids.sizes,
                f"{READY}.ids.hashes": chunk.ids.checksums,
                "words.sizes": np.diff(numbers.starts).astype(np.uint32),
                "words.lengths": chunk.lengths.astype(np.uint32),
                "words.titles": chunk.titles.astype(np.uint32),
                "words.texts": chunk.titles.astype(np.uint32) + 1,
                "tags.of_passages": numbers.tags,
                "sentences.sizes": chunk.sentences.astype(np.uint32),
                "sentences.firsts": chunk.firsts.astype(np.uint32),
                "sentences.kinds": numbers.kinds,
            }
        )

    def _propose(self, terms: Numbers, starts: Numbers, tags: Numbers) -> None:
        written = terms[terms != BREAK]
        without_breaks = (starts - np.arange(len(starts))).tolist()  # each passage has one, after its title
        for (begin, end), combination in zip(pairwise(without_breaks), tags.tolist(), strict=True):
            self._proposals.add(written[begin:end], combination)

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
        for sections in (
            self.numbering.sections(),
            self._of_passages(),
            self._of_nothing(),
            {"manifest": encode(manifest)},
        ):
            kinds |= {name: write_section(self._folder, name, data) for name, data in sections.items()}
        return kinds

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
