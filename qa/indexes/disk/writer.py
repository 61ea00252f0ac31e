"""Writes a version into its folder chunk by chunk, so that memory hardly grows with the number of passages."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from qa.indexes.candidates import BREAK
from qa.indexes.disk.files import SECTION_ENDING, write_section
from qa.indexes.disk.proposals import TANTIVY, ProposalWriter
from qa.indexes.layout import BYTES, SectionData
from qa.indexes.ready_chunks import ChunkNumbers, ReadyChunk
from qa.indexes.writing import TYPE_OF_WORDS, WORDS_SECTION, PassagesWriter


class VersionWriter:
    """Writes passages, whose records have this name, and other sections. Chunks are added in order."""

    def __init__(self, folder: Path, name: str, expected_length: float) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}
        self._passages = PassagesWriter(name, self.open_section)
        self.numbering = self._passages.numbering
        self._proposals = ProposalWriter(folder / TANTIVY, expected_length)

    def open_section(self, name: str) -> BinaryIO:
        """The file of a section that is written bit by bit."""
        self._files[name] = (self._folder / f"{name}{SECTION_ENDING}").open("wb")
        return self._files[name]

    def add(self, chunk: ReadyChunk) -> None:
        self._propose(self._passages.add(chunk))

    def _propose(self, numbers: ChunkNumbers) -> None:
        written = numbers.terms != BREAK
        before = np.append(0, np.cumsum(written))[numbers.starts].tolist()  # words before each passage
        terms = numbers.terms[written]
        for (begin, end), combination in zip(pairwise(before), numbers.tags.tolist(), strict=True):
            self._proposals.add(terms[begin:end], combination)

    def finish(self, others: Mapping[str, SectionData]) -> dict[str, str]:
        """Write what is left, with other sections, and return the type of the numbers of each section."""
        for file in self._files.values():
            file.close()
        self._proposals.finish()
        kinds = {name: TYPE_OF_WORDS if name == WORDS_SECTION else BYTES for name in self._files}
        for sections in (self._passages.sections(), others):
            kinds |= {name: write_section(self._folder, name, data) for name, data in sections.items()}
        return kinds
