"""Index and store of one version in a cluster. A process keeps the manifest and the lexicon; everything else is asked
for.

OpenSearch only proposes passages: its scores round the lengths of passages, so the exact ones are computed here from
the stored words.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from qa.indexes.candidates import CandidatePassages, SentenceTable
from qa.indexes.layout import Numbers, PackedSections, adapter_of
from qa.indexes.opensearch.entries import Entries, record_of
from qa.indexes.opensearch.kept import KeptById
from qa.indexes.opensearch.layout import PIECE
from qa.indexes.opensearch.packing import LENGTH_AT, NUMBER_AT, TAGS_AT, TEXT_AT, TITLE_AT, PackedPassages, join
from qa.indexes.opensearch.passages import ClusterPassages
from qa.indexes.opensearch.records import RECORDS_KEPT, ClusterRecords, PublishedRecords, ReadyRecords
from qa.indexes.ready import READY
from qa.indexes.stored import exact_scores, notes_by_document
from qa.indexes.vectors import Vectors
from qa.indexes.words import Frequencies, TagTable, Words
from qa.models import (
    Document,
    DocumentOverview,
    EncoderState,
    Manifest,
    Note,
    Passage,
    Quotation,
    Reference,
    ReferenceUses,
)
from qa.text.analysis import PassageTerms, Statistics

PROPOSED = (
    150  # passages asked for first: with 120, all of 80 questions on 3,000 passages were sure of the best hundred
)
MOST_PROPOSED = 10_000  # the most that OpenSearch returns
ROUNDING = 1e-5  # of OpenSearch's scores, which have single precision
NONE = join([])


class OpenSearchIndex:
    """Index and store of one version; implements `OpenIndex`."""

    encoder: EncoderState = "off"
    vectors: Vectors | None = None

    def __init__(self, entries: Entries) -> None:
        self.entries, self.derived = entries, dict[Any, Any]()
        data = b"".join(base64.b64decode(each["data"]) for each in entries.all(PIECE, ("data",)))
        self.sections = PackedSections(memoryview(data))
        manifest = adapter_of(Manifest).validate_json(bytes(self.sections.bytes("manifest")))
        self.passages = ClusterPassages(entries)
        self._records: ClusterRecords = (
            ReadyRecords(self.passages, manifest.passages)
            if self.sections.has(f"{READY}.starts")
            else PublishedRecords(entries, self.passages, manifest.documents)
        )
        self.manifest = replace(manifest, documents=self._records.overviews)
        self.words: Mapping[str, int] = self.sections.json("lower_case")
        self._words, self.tags = Words(self.sections), TagTable(self.sections)
        total, passages = self.sections.json("words.total"), self.manifest.passages
        self.statistics = Statistics(passages, total / passages if passages else 0.0, Frequencies(self._words))
        self._notes = notes_by_document(self.sections)
        # Versions never change, so what was read stays valid.
        self._quotation = lru_cache(RECORDS_KEPT)(self._records.quotation)
        self._references = KeptById(self._read_references, RECORDS_KEPT)

    # --- index ---------------------------------------------------------------------------------

    def term_of(self, form: str) -> str | None:
        return self._words.term_of(form)

    def candidates(
        self,
        terms: Sequence[str],
        limit: int = 100,
        conditions: Collection[str] | None = None,
        also: Sequence[str] = (),
    ) -> CandidatePassages:
        known = {term: count for term in dict.fromkeys(terms) if (count := self.statistics.frequency(term))}
        if not known or not limit or (conditions is not None and not conditions):
            return self._gathered(NONE, [], also)
        size = max(PROPOSED, 3 * limit // 2)
        while True:
            proposed, lowest = self.passages.proposed([*known], min(size, MOST_PROPOSED), conditions)
            numbers, scores = self._scores(proposed, known)
            best = np.lexsort((numbers, -scores))[:limit]
            if len(scores) < size or self._is_sure(scores[best], lowest, limit) or size >= MOST_PROPOSED:
                found = proposed.rows(best)
                self.passages.keep(found)
                return self._gathered(found, scores[best].tolist(), also)
            size *= 4

    def _scores(self, proposed: PackedPassages, known: Mapping[str, int]) -> tuple[Numbers, Numbers]:
        """The number of each passage in document order, and its exact BM25."""
        heads = proposed.heads()
        terms = [number for term in known if (number := self._words.terms.find(term)) is not None]
        counts = self._words.counts_in(*proposed.words(heads), terms)
        passages, average = self.statistics.passages, self.statistics.average_length
        return heads[:, NUMBER_AT], exact_scores(counts, [*known.values()], heads[:, LENGTH_AT], passages, average)

    @staticmethod
    def _is_sure(best: Numbers, lowest: float, limit: int) -> bool:
        """Whether no passage that was not proposed can be among the best. OpenSearch rounds lengths down, so that its
        score of a passage is never below the exact one."""
        return len(best) == limit and float(best[-1]) > lowest * (1 + ROUNDING)

    def gather(self, ids: Sequence[str]) -> CandidatePassages:
        return self._gathered(NONE, [], ids)

    def _gathered(self, found: PackedPassages, scores: Sequence[float], also: Sequence[str]) -> CandidatePassages:
        already = {*found.ids}
        others = list(dict.fromkeys(id for id in also if id not in already))
        every = self.passages.several([*found.ids, *others]) if others else found
        heads = every.heads()
        words, starts = every.words(heads)
        return CandidatePassages(
            every.ids,
            len(found.ids),
            [*scores, *[0.0] * len(others)],
            words,
            starts,
            heads[:, LENGTH_AT],
            heads[:, TITLE_AT],
            heads[:, TEXT_AT],
            [self.tags.tags[number] for number in heads[:, TAGS_AT].tolist()],
            SentenceTable(*every.sentences(heads), self.tags),
            self._words,
        )

    def terms(self, passage: str) -> PassageTerms:
        packed = self.passages.several([passage])
        return self._words.terms_in(packed.words(packed.heads())[0], self.passage(passage).text)

    # --- store ---------------------------------------------------------------------------------

    def passage(self, id: str) -> Passage:
        return self._quotation(id).passage

    def quotation(self, id: str) -> Quotation:
        return self._quotation(id)

    def document(self, id: str) -> Document:
        return self._records.document(id)

    def overview(self, id: str) -> DocumentOverview:
        return self._records.overview(id)

    def notes(self, document: str) -> tuple[Note, ...]:
        self.overview(document)
        return self._notes.get(document, ())

    def documents(self) -> Iterator[Document]:
        return self._records.documents()

    def references_by_id(self, ids: Iterable[str]) -> list[Reference]:
        return self._references.several([*ids])

    def _read_references(self, ids: Sequence[str]) -> list[Reference]:
        return [record_of(entry, Reference) for entry in self.entries.several("reference", ids)]

    def uses(self, id: str) -> ReferenceUses:
        return record_of(self.entries.one("uses", id), ReferenceUses)

    def references(self) -> Iterator[Reference]:
        return (record_of(entry, Reference) for entry in self.entries.all("reference"))

    def numbers(self, passages: Sequence[str]) -> list[int]:
        """The number of each passage in document order. Raises NotFound."""
        numbers: list[int] = self.passages.several(passages).heads()[:, NUMBER_AT].tolist()
        return numbers
