"""Index and store of one version in a cluster. A process keeps the manifest and the lexicon; everything else is asked
for.

OpenSearch only proposes passages: its scores round the lengths of passages, so the exact ones are computed here from
the stored words.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from qa.indexes.candidates import CandidatePassages, SentenceTable
from qa.indexes.layout import Numbers, PackedSections, ends_of
from qa.indexes.opensearch.entries import Entries, IndexEntry, record_of
from qa.indexes.opensearch.layout import OF_PASSAGE, PASSAGE, PIECE, numbers_in
from qa.indexes.stored import K1, bm25_damping
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
from qa.text.analysis import PassageTerms, Statistics, lucene_idf

PROPOSED = (
    150  # passages asked for first: with 120, all of 80 questions on 3,000 passages were sure of the best hundred
)
MOST_PROPOSED = 10_000  # the most that OpenSearch returns
ROUNDING = 1e-5  # of OpenSearch's scores, which have single precision
KEPT = 1 << 10  # passages and records that are kept


class OpenSearchIndex:
    """Index and store of one version; implements `OpenIndex`."""

    encoder: EncoderState = "off"
    vectors: Vectors | None = None

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        data = b"".join(base64.b64decode(each["data"]) for each in entries.all(PIECE, ("data",)))
        sections = PackedSections(memoryview(data))
        self.manifest = TypeAdapter(Manifest).validate_json(bytes(sections.bytes("manifest")))
        self.words: Mapping[str, int] = sections.json("lower_case")
        self._words, self._tags = Words(sections), TagTable(sections)
        total, passages = sections.json("words.total"), self.manifest.passages
        self.statistics = Statistics(passages, total / passages if passages else 0.0, Frequencies(self._words))
        # Versions never change, so what was read stays valid.
        self._passages: dict[str, IndexEntry] = {}
        self._quotation = lru_cache(KEPT)(lambda id: record_of(self.entries.one(PASSAGE, id), Quotation))
        self._reference = lru_cache(KEPT)(lambda id: record_of(self.entries.one("reference", id), Reference))

    # --- index ---------------------------------------------------------------------------------

    def candidates(
        self,
        terms: Sequence[str],
        limit: int = 100,
        conditions: Collection[str] | None = None,
        also: Sequence[str] = (),
    ) -> CandidatePassages:
        known = {term: count for term in dict.fromkeys(terms) if (count := self.statistics.frequency(term))}
        if not known or (conditions is not None and not conditions):
            return self._gathered([], [], also)
        size = max(PROPOSED, 3 * limit // 2)
        while True:
            proposed, lowest = self._propose([*known], min(size, MOST_PROPOSED), conditions)
            scores = self._scores(proposed, known)
            best = np.argsort(-scores, kind="stable")[:limit]  # `proposed` is in document order
            if len(proposed) < size or self._is_sure(scores[best], lowest, limit) or size >= MOST_PROPOSED:
                return self._gathered([proposed[place] for place in best], scores[best].tolist(), also)
            size *= 4

    def _propose(
        self, terms: Sequence[str], size: int, conditions: Collection[str] | None
    ) -> tuple[list[IndexEntry], float]:
        """The passages that OpenSearch finds, in document order, and the lowest of its scores of them."""
        query: dict[str, Any] = {"should": [{"term": {"terms": term}} for term in terms], "minimum_should_match": 1}
        if conditions is not None:
            query["filter"] = [{"terms": {"tagged": sorted(conditions)}}]
        body = {
            "query": {"bool": query},
            "size": size,
            "_source": OF_PASSAGE,
            "track_scores": True,
            "sort": ["_score", "n"],
        }
        hits = self.entries.search(body)
        entries = sorted((hit["_source"] for hit in hits), key=lambda entry: entry["n"])
        return entries, hits[-1]["_score"] if hits else 0.0

    def _scores(self, proposed: Sequence[IndexEntry], known: Mapping[str, int]) -> Numbers:
        """The exact BM25 scores, computed in the same order as in `memory:`."""
        scores = np.zeros(len(proposed))
        if not proposed:
            return scores
        words = [numbers_in(entry["words"]) for entry in proposed]
        starts, terms = ends_of(map(len, words))[:-1], self._words.term_of_form[np.concatenate(words)]
        damping = bm25_damping(np.array([entry["shape"][0] for entry in proposed]), self.statistics.average_length)
        for term, passages in known.items():
            counts = np.add.reduceat((terms == self._words.terms.find(term)).astype(np.int64), starts)
            scores += lucene_idf(passages, self.statistics.passages) * (counts * (K1 + 1) / (counts + damping))
        return scores

    @staticmethod
    def _is_sure(best: Numbers, lowest: float, limit: int) -> bool:
        """Whether no passage that was not proposed can be among the best. OpenSearch rounds lengths down, so that its
        score of a passage is never below the exact one."""
        return len(best) == limit and float(best[-1]) > lowest * (1 + ROUNDING)

    def gather(self, ids: Sequence[str]) -> CandidatePassages:
        return self._gathered([], [], ids)

    def _gathered(self, found: Sequence[IndexEntry], scores: Sequence[float], also: Sequence[str]) -> CandidatePassages:
        self._keep(found)
        ids = [entry["id"] for entry in found]
        others = list(dict.fromkeys(id for id in also if id not in set(ids)))
        every = [*found, *self._passage_entries(others)]
        words = [numbers_in(entry["words"]) for entry in every]
        lengths, titles, texts = np.array([entry["shape"] for entry in every], np.uint32).reshape(-1, 3).T
        return CandidatePassages(
            [*ids, *others],
            len(ids),
            [*scores, *[0.0] * len(others)],
            np.concatenate(words) if words else np.zeros(0, np.uint32),
            ends_of(map(len, words)),
            lengths,
            titles,
            texts,
            [self._tags.tags[entry["tags"]] for entry in every],
            self._sentences(every),
            self._words,
        )

    def _sentences(self, entries: Sequence[IndexEntry]) -> SentenceTable:
        pairs = [pair for entry in entries for pair in entry["sentences"]]
        firsts, kinds = np.array(pairs, np.uint32).reshape(-1, 2).T
        return SentenceTable(ends_of(len(entry["sentences"]) for entry in entries), firsts, kinds, self._tags.kinds)

    def terms(self, passage: str) -> PassageTerms:
        entry = self._passage_entry(passage)
        return self._words.terms_in(numbers_in(entry["words"]), self.passage(passage).text)

    # --- store ---------------------------------------------------------------------------------

    def passage(self, id: str) -> Passage:
        return self._quotation(id).passage

    def quotation(self, id: str) -> Quotation:
        return self._quotation(id)

    def document(self, id: str) -> Document:
        return record_of(self.entries.one("document", id), Document)

    def overview(self, id: str) -> DocumentOverview:
        return record_of(self.entries.one("overview", id), DocumentOverview)

    def reference(self, id: str) -> Reference:
        return self._reference(id)

    def uses(self, id: str) -> ReferenceUses:
        return record_of(self.entries.one("uses", id), ReferenceUses)

    def notes(self, document: str) -> tuple[Note, ...]:
        return record_of(self.entries.one("notes", document), tuple[Note, ...])

    def documents(self) -> Iterator[Document]:
        return (record_of(entry, Document) for entry in self.entries.all("document"))

    def references(self) -> Iterator[Reference]:
        return (record_of(entry, Reference) for entry in self.entries.all("reference"))

    # --- passages that were read ----------------------------------------------------------------

    def _keep(self, entries: Sequence[IndexEntry]) -> None:
        """Keep what a search returned: its terms and its number may be asked for next."""
        for entry in entries:
            self._passages[entry["id"]] = entry
        for id in [*self._passages][: max(0, len(self._passages) - KEPT)]:
            del self._passages[id]

    def _passage_entry(self, id: str) -> IndexEntry:
        return self._passage_entries([id])[0]

    def _passage_entries(self, ids: Sequence[str]) -> list[IndexEntry]:
        """The entries of passages, asking only for those that are not kept. Raises NotFound."""
        entries = {id: self._passages[id] for id in ids if id in self._passages}
        missing = [id for id in ids if id not in entries]
        read = self.entries.several(PASSAGE, missing, OF_PASSAGE)
        self._keep(read)
        entries |= dict(zip(missing, read, strict=True))
        return [entries[id] for id in ids]

    def numbers(self, passages: Sequence[str]) -> list[int]:
        """The number of each passage in document order. Raises NotFound."""
        return [entry["n"] for entry in self._passage_entries(passages)]
