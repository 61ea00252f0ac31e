"""The index `memory:`: one version in one piece of mapped memory, for up to some ten thousand passages.

Passages, documents and references are records decoded by id; the words of passages are flat arrays of numbers. The
scores are exactly those of rank-bm25, computed for the passages that have a term (tests/test_indexes.py compares them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from pydantic import TypeAdapter
from rank_bm25 import BM25Okapi

from qa.cache import Cache, maker_digest
from qa.encoder import Encoder
from qa.indexes import Match, VersionContent
from qa.indexes.layout import Numbers, Records, Sections, encode, ends_of, pack, pack_records
from qa.indexes.quotations import quotations
from qa.indexes.terms import TermTable, pack_terms
from qa.indexes.uses import all_uses
from qa.indexes.vectors import PassageVectors, Vectors, VectorTables
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
from qa.text.analysis import PassageTerms, Statistics, Token, lucene_idf

# Short passages need little saturation and length normalisation. Best of four pairs on evidence-inference and covidqa,
# equal elsewhere; 1.2 and 0.75 cost .018 and .013 nDCG.
K1, B = 0.9, 0.4
KEPT_TERMS = 1 << 10  # passages whose terms are kept decoded


class LuceneBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 publishes no types
    """BM25Okapi with Lucene's idf.

    The original idf is zero or negative for terms in at least half of the passages; on a single page, these are the
    terms of its subject.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequencies = nd
        self.idf = {term: lucene_idf(frequency, self.corpus_size) for term, frequency in nd.items()}


class MemoryIndex:
    """Index and store of one version; implements `OpenIndex`."""

    def __init__(self, data: memoryview, encoder: Encoder | None = None, vectors: VectorTables | None = None) -> None:
        sections = Sections(data)
        self.manifest = TypeAdapter(Manifest).validate_json(bytes(sections.bytes("manifest")))
        self.words: Mapping[str, int] = sections.json("lower_case")
        self._documents = Records(sections, "document", Document)
        self._references = Records(sections, "reference", Reference)
        self._uses = Records(sections, "uses", ReferenceUses)
        self._notes: Mapping[str, tuple[Note, ...]] = TypeAdapter(dict[str, tuple[Note, ...]]).validate_json(
            bytes(sections.bytes("notes"))
        )
        self._quotations = Records(sections, "passage", Quotation)
        self._tagged = {id: sections.numbers(f"tagged.{n}") for n, id in enumerate(sections.json("tags"))}
        self._table = TermTable(sections)
        self._terms = lru_cache(KEPT_TERMS)(self._table.__getitem__)
        self._numbers = {term: number for number, term in enumerate(self._table.terms)}
        self._postings_of = sections.numbers("postings.of_terms")
        self._places, self._counts = sections.numbers("postings.places"), sections.numbers("postings.counts")
        lengths = self._table.lengths
        average = float(lengths.sum() / len(lengths)) if lengths.any() else 0.0
        self._damping = K1 * (1 - B + B * lengths / (average or 1))
        frequencies = dict(zip(self._table.terms, np.diff(self._postings_of).tolist(), strict=True))
        self.statistics = Statistics(len(lengths), average, frequencies)
        self.encoder: EncoderState = "off" if encoder is None else "preparing" if vectors is None else "on"
        self.vectors: Vectors | None = None
        if encoder and vectors:
            ids, place = self._quotations.ids, self._quotations.place
            self.vectors = PassageVectors(vectors, encoder.encode_question, ids, place, self._has_tag)

    # --- index ---------------------------------------------------------------------------------

    def search(self, terms: Sequence[str], limit: int, conditions: Collection[str] | None = None) -> list[Match]:
        scores = np.zeros(self.statistics.passages)
        for number in (self._numbers[term] for term in dict.fromkeys(terms) if term in self._numbers):
            within = slice(self._postings_of[number], self._postings_of[number + 1])
            places, counts = self._places[within], self._counts[within]
            idf = lucene_idf(len(places), len(scores))
            scores[places] += idf * (counts * (K1 + 1) / (counts + self._damping[places]))
        matching = np.flatnonzero(scores)
        if conditions is not None:
            matching = matching[self._has_tag(conditions)[matching]]
        # A stable sort keeps ties in document order.
        best = matching[np.argsort(-scores[matching], kind="stable")][:limit].tolist()
        return [Match(self._quotations.ids[place], float(scores[place]), self._terms(place)) for place in best]

    def _has_tag(self, conditions: Collection[str]) -> Numbers:
        """For each passage, whether it is tagged with one of the conditions."""
        found = np.zeros(self.statistics.passages, bool)
        for id in conditions:
            if id in self._tagged:
                found[self._tagged[id]] = True
        return found

    def terms(self, passage: str) -> PassageTerms:
        return self._terms(self._quotations.place(passage))

    # --- store ---------------------------------------------------------------------------------

    def passage(self, id: str) -> Passage:
        return self._quotations[id].passage

    def quotation(self, id: str) -> Quotation:
        return self._quotations[id]

    def document(self, id: str) -> Document:
        return self._documents[id]

    def overview(self, id: str) -> DocumentOverview:
        return self.manifest.documents[self._documents.place(id)]

    def reference(self, id: str) -> Reference:
        return self._references[id]

    def uses(self, id: str) -> ReferenceUses:
        self._references.place(id)
        return self._uses[id]

    def notes(self, document: str) -> tuple[Note, ...]:
        self._documents.place(document)
        return self._notes.get(document, ())

    def has_reference(self, id: str) -> bool:
        return id in self._references.places

    def documents(self) -> Iterator[Document]:
        return iter(self._documents)

    def references(self) -> Iterator[Reference]:
        return iter(self._references)


# --- publishing ------------------------------------------------------------------------------------


def key_of_version(version: str) -> str:
    return f"memory-{version}-{maker_digest()[:16]}"


def find_version(version: str, kept: Cache) -> memoryview | None:
    return kept.find(key_of_version(version))


def write_version(version: VersionContent, kept: Cache) -> None:
    """Write a version to where this index keeps it."""
    kept.store(key_of_version(version.manifest.version), pack(sections_of(version)))


def sections_of(version: VersionContent) -> dict[str, Numbers | bytes]:
    """The sections of a version."""
    content = version.content
    passages = [passage for document in content.documents for passage in document.passages]
    notes: dict[str, list[Note]] = {}
    for note in sorted(content.notes, key=lambda note: note.start):
        notes.setdefault(note.document, []).append(note)
    tagged: dict[str, list[int]] = {}
    for place, passage in enumerate(passages):
        for id in dict.fromkeys(tag.id for tag in passage.conditions):
            tagged.setdefault(id, []).append(place)
    return {
        "manifest": encode(version.manifest),
        "lower_case": encode(Counter(lower_case_words(passages, version.parts))),
        **pack_records("document", {document.id: document for document in content.documents}),
        **pack_records("reference", {reference.id: reference for reference in content.references}),
        **pack_records("uses", all_uses(content)),
        **pack_records("passage", {each.passage.id: each for d in content.documents for each in quotations(d)}),
        "notes": encode(notes),
        "tags": encode(list(tagged)),
        **{f"tagged.{n}": np.array(places, np.uint32) for n, places in enumerate(tagged.values())},
        **pack_terms(version.parts),
        **pack_postings(version.parts),
    }


def pack_postings(parts: Sequence[Sequence[Sequence[Token]]]) -> dict[str, Numbers | bytes]:
    """For each term, in the order in which they first occur: the passages that have it, and how often."""
    bags = [[token.term for part in passage for token in part] for passage in parts]
    places: dict[str, list[int]] = {}
    counts: dict[str, list[int]] = {}
    # rank-bm25 would divide by zero if no passage has a term.
    for place, bag in enumerate(LuceneBM25(bags, k1=K1, b=B).doc_freqs if any(bags) else ()):
        for term, count in bag.items():
            places.setdefault(term, []).append(place)
            counts.setdefault(term, []).append(count)
    return {
        "postings.of_terms": ends_of(map(len, places.values())),
        "postings.places": np.array([place for each in places.values() for place in each], np.uint32),
        "postings.counts": np.array([count for each in counts.values() for count in each], np.uint32),
    }


def lower_case_words(passages: Sequence[Passage], parts: Sequence[Sequence[Sequence[Token]]]) -> Iterator[str]:
    """The folded words of the passages that are written in lower case."""
    for passage, (*_, text) in zip(passages, parts, strict=True):
        yield from (token.form for token in text if passage.text[token.start].islower())
