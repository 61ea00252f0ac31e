"""In-memory index: rank-bm25 over the terms of one catalogue, for up to a few thousand passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import numpy as np
from rank_bm25 import BM25Okapi

from qa.errors import NotFound
from qa.indexes import Match
from qa.messages import say
from qa.models import Catalogue, Document, Note, Passage, Reference
from qa.text.analysis import PassageTerms, Statistics, lucene_idf, passage_terms

# Short passages need little saturation and length normalisation. Best of four pairs on evidence-inference and covidqa,
# equal elsewhere; 1.2 and 0.75 cost .018 and .013 nDCG.
K1, B = 0.9, 0.4

Stored = TypeVar("Stored")


class LuceneBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 publishes no types
    """BM25Okapi with Lucene's idf.

    The original idf is zero or negative for terms in at least half of the passages; on a single page, these are the
    terms of its subject.
    """

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequencies = nd
        self.idf = {term: lucene_idf(frequency, self.corpus_size) for term, frequency in nd.items()}


class MemoryIndex:
    """Index and store of one catalogue; implements `OpenIndex`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._documents = {document.id: document for document in catalogue.documents}
        self._references = {reference.id: reference for reference in catalogue.references}
        self._passages = {passage.id: passage for d in catalogue.documents for passage in d.passages}
        self._ids = list(self._passages)
        self._terms = {id: self._analyze(passage) for id, passage in self._passages.items()}
        self._tags = [frozenset(tag.id for tag in passage.conditions) for passage in self._passages.values()]
        self._bm25 = self._build_bm25()
        self.statistics = self._term_statistics()
        self.words: Mapping[str, int] = Counter(self._lower_case_words())

    # --- index ---------------------------------------------------------------------------------

    def search(self, terms: Sequence[str], limit: int, conditions: Collection[str] | None = None) -> list[Match]:
        if self._bm25 is None:
            return []
        positions = self._positions(conditions)
        scores = np.asarray(self._bm25.get_batch_scores(list(dict.fromkeys(terms)), positions))
        # A stable sort keeps ties in document order; get_top_n does not.
        best = [i for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
        return [Match(self._ids[positions[i]], float(scores[i])) for i in best[:limit]]

    def terms(self, passage: str) -> PassageTerms:
        return found(self._terms, passage, "passage")

    # --- store ---------------------------------------------------------------------------------

    def passage(self, id: str) -> Passage:
        return found(self._passages, id, "passage")

    def document(self, id: str) -> Document:
        return found(self._documents, id, "document")

    def reference(self, id: str) -> Reference:
        return found(self._references, id, "reference")

    def notes(self, document: str) -> tuple[Note, ...]:
        self.document(document)
        notes = (note for note in self.catalogue.notes if note.document == document)
        return tuple(sorted(notes, key=lambda note: note.start))

    # --- building ------------------------------------------------------------------------------

    def _analyze(self, passage: Passage) -> PassageTerms:
        title = self._documents[passage.document].provenance.title
        return passage_terms(passage.text, passage.path, title, passage.head.text if passage.head else "")

    def _build_bm25(self) -> LuceneBM25 | None:
        """None if no passage has a term, because rank-bm25 would divide by zero."""
        bags = [list(terms.counts.elements()) for terms in self._terms.values()]
        return LuceneBM25(bags, k1=K1, b=B) if any(bags) else None

    def _term_statistics(self) -> Statistics:
        if self._bm25 is None:
            return Statistics(len(self._ids), 0.0, {})
        return Statistics(self._bm25.corpus_size, self._bm25.avgdl, self._bm25.frequencies)

    def _lower_case_words(self) -> list[str]:
        return [
            token.form
            for id, terms in self._terms.items()
            for token in terms.tokens
            if self._passages[id].text[token.start].islower()
        ]

    def _positions(self, conditions: Collection[str] | None) -> list[int]:
        """Positions of the passages tagged with one of the conditions (None: all), in document order."""
        wanted = None if conditions is None else frozenset(conditions)
        return [position for position, tags in enumerate(self._tags) if wanted is None or tags & wanted]


def found(items: Mapping[str, Stored], id: str, kind: str) -> Stored:
    try:
        return items[id]
    except KeyError:
        raise NotFound(say(f"not_found.{kind}")) from None
