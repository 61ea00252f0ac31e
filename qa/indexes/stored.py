"""A version as every index keeps it: passages, documents and references are records decoded by id, the words of
passages flat arrays of numbers. An index of one kind adds how it finds passages by their words (`FirstStage`)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np

from qa.encoder import Encoder
from qa.indexes.candidates import CandidatePassages
from qa.indexes.layout import ChosenNames, Numbers, Records, Sections, adapter_of
from qa.indexes.ready import READY, Overviews, tables_of
from qa.indexes.vectors import PassageVectors, Vectors, VectorTables
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

# Short passages need little saturation and length normalisation. Best of four pairs on evidence-inference and covidqa,
# equal elsewhere; 1.2 and 0.75 cost .018 and .013 nDCG.
K1, B = 0.9, 0.4
KEPT_TERMS = 1 << 8  # passages whose terms are kept decoded


class FirstStage(Protocol):
    """Finds passages by their words."""

    def best(self, terms: Sequence[int], limit: int, conditions: Collection[str] | None) -> tuple[Numbers, Numbers]:
        """The numbers of the best passages by BM25 (K1, B) and their scores, at most `limit`, best first, ties in
        document order. `terms` are distinct numbers of terms. With `conditions`, only passages tagged with one of
        them."""
        ...


StageMaker = Callable[[Words, TagTable, float], FirstStage]  # from the average length of a passage


def exact_scores(
    counts: Numbers, frequencies: Sequence[int], lengths: Numbers, passages: int, average: float
) -> Numbers:
    """The BM25 of some passages of `lengths` words, of which `counts` has a row with how often each has each term.
    Of all `passages`, with `average` words, `frequencies` have each term."""
    damping, scores = bm25_damping(lengths, average), np.zeros(len(lengths))
    for column, frequency in enumerate(frequencies):  # in the order of memory:, so that sums are rounded alike
        of_term = counts[:, column]
        scores += lucene_idf(frequency, passages) * (of_term * (K1 + 1) / (of_term + damping))
    return scores


def bm25_damping(lengths: Numbers, average: float) -> Numbers:
    """What is added to the count of a term in BM25, for passages of these lengths."""
    return np.asarray(K1 * (1 - B + B * lengths / (average or 1)))


class StoredIndex:
    """Index and store of one version; implements `OpenIndex`."""

    opened: object = None
    """What must be kept as long as this index is used."""

    def __init__(
        self, sections: Sections, first_stage: StageMaker, encoder: Encoder | None, vectors: VectorTables | None
    ) -> None:
        self.derived: dict[Any, Any] = {}
        self.manifest = adapter_of(Manifest).validate_json(bytes(sections.bytes("manifest")))
        self._sections = sections
        tables = tables_of(sections)
        self._documents, self._overviews, self._quotations = tables.documents, tables.overviews, tables.quotations
        if sections.has(f"{READY}.starts"):
            self.manifest = replace(self.manifest, documents=Overviews(tables.overviews))
        self._references = Records(sections, "reference", Reference)
        self._uses = Records(sections, "uses", ReferenceUses)
        self._notes = notes_by_document(sections)
        self._table, self._marks = Words(sections), TagTable(sections)
        self.term_of = self._table.term_of
        self._terms = lru_cache(KEPT_TERMS)(self._terms_at)
        number = len(self._table.lengths)
        average = sections.json("words.total") / number if number else 0.0
        self.statistics = Statistics(number, average, Frequencies(self._table))
        self._first_stage = first_stage(self._table, self._marks, average)
        self.encoder: EncoderState = "off" if encoder is None else "preparing" if vectors is None else "on"
        self.vectors: Vectors | None = None
        if encoder and vectors:
            ids, place = self._quotations.ids, self._quotations.place
            self.vectors = PassageVectors(
                vectors, encoder.encode_question, ids, place, self._marks.passages_with_one_of
            )

    @cached_property
    def words(self) -> Mapping[str, int]:
        """Counts of words for spelling correction; read when they are first needed."""
        found: Mapping[str, int] = self._sections.json("lower_case")
        return found

    # --- index ---------------------------------------------------------------------------------

    def candidates(
        self,
        terms: Sequence[str],
        limit: int = 100,
        conditions: Collection[str] | None = None,
        also: Sequence[str] = (),
    ) -> CandidatePassages:
        numbers = dict.fromkeys(self._table.terms.find(term) for term in terms if term)
        known = [number for number in numbers if number is not None]
        places, scores = self._first_stage.best(known, limit, conditions)
        return self._gathered(places.tolist(), scores.tolist(), also)

    def gather(self, ids: Sequence[str]) -> CandidatePassages:
        return self._gathered([], [], ids)

    def _gathered(self, found: Sequence[int], scores: Sequence[float], also: Sequence[str]) -> CandidatePassages:
        known = set(found)
        others = [place for place in map(self._quotations.place, also) if place not in known]
        every = [*found, *dict.fromkeys(others)]
        places = np.array(every, np.int64)
        words, starts = self._table.of_passages(places)
        return CandidatePassages(
            ChosenNames(self._quotations.ids, every),
            len(found),
            [*scores, *[0.0] * (len(every) - len(found))],
            words,
            starts,
            *self._table.shapes(places),
            self._marks.conditions(places),
            self._marks.sentences(places),
            self._table,
        )

    def terms(self, passage: str) -> PassageTerms:
        return self._terms(self._quotations.place(passage))

    def _terms_at(self, place: int) -> PassageTerms:
        return self._table.terms_of(place, self._quotations[self._quotations.ids[place]].passage.text)

    # --- store ---------------------------------------------------------------------------------

    def passage(self, id: str) -> Passage:
        return self._quotations[id].passage

    def quotation(self, id: str) -> Quotation:
        return self._quotations[id]

    def document(self, id: str) -> Document:
        return self._documents[id]

    def overview(self, id: str) -> DocumentOverview:
        self._documents.place(id)
        return self._overviews[id]

    def references_by_id(self, ids: Iterable[str]) -> list[Reference]:
        return [self._references[id] for id in ids]

    def uses(self, id: str) -> ReferenceUses:
        self._references.place(id)
        return self._uses[id]

    def notes(self, document: str) -> tuple[Note, ...]:
        self._documents.place(document)
        return self._notes.get(document, ())

    def documents(self) -> Iterator[Document]:
        return iter(self._documents)

    def references(self) -> Iterator[Reference]:
        return iter(self._references)


def notes_by_document(sections: Sections) -> Mapping[str, tuple[Note, ...]]:
    """The notes on each document that has some."""
    found: Mapping[str, tuple[Note, ...]] = adapter_of(dict[str, tuple[Note, ...]]).validate_json(
        bytes(sections.bytes("notes"))
    )
    return found
