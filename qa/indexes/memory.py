"""The index in memory: rank-bm25 over the terms of one catalogue. For one page up to a few thousand passages."""

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

# Short passages want little saturation and little length correction: best of four pairs on evidence-inference and
# covidqa, level elsewhere (1.2 and 0.75 cost .018 and .013 nDCG).
K1, B = 0.9, 0.4

Thing = TypeVar("Thing")


class LuceneBM25(BM25Okapi):  # type: ignore[misc]  # rank-bm25 publishes no types
    """BM25Okapi with Lucene's idf. Its own is zero or below for a word that half of the passages have, which on one
    page are the words of the subject."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.frequencies = nd
        self.idf = {term: lucene_idf(frequency, self.corpus_size) for term, frequency in nd.items()}


class MemoryIndex:
    """Index and store over one catalogue (see `OpenIndex` for the promises)."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._documents = {document.id: document for document in catalogue.documents}
        self._references = {reference.id: reference for reference in catalogue.references}
        self._passages = {passage.id: passage for d in catalogue.documents for passage in d.passages}
        self._ids = list(self._passages)
        self._terms = {id: self._analyzed(passage) for id, passage in self._passages.items()}
        self._tags = [frozenset(tag.id for tag in passage.conditions) for passage in self._passages.values()]
        self._bm25 = self._built()
        self.statistics = self._counted()
        self.words: Mapping[str, int] = Counter(self._written_small())

    # --- index ---------------------------------------------------------------------------------

    def search(self, terms: Sequence[str], limit: int, conditions: Collection[str] | None = None) -> list[Match]:
        if self._bm25 is None:
            return []
        places = self._places(conditions)
        scores = np.asarray(self._bm25.get_batch_scores(list(dict.fromkeys(terms)), places))
        # a stable sort keeps the order of the documents among equals, which get_top_n does not
        best = [i for i in np.argsort(-scores, kind="stable") if scores[i] > 0]
        return [Match(self._ids[places[i]], float(scores[i])) for i in best[:limit]]

    def terms(self, passage: str) -> PassageTerms:
        return found(self._terms, passage, "passage")

    def tagged(self, conditions: Collection[str]) -> int:
        return len(self._places(conditions))

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

    def _analyzed(self, passage: Passage) -> PassageTerms:
        title = self._documents[passage.document].provenance.title
        return passage_terms(passage.text, passage.path, title, passage.head.text if passage.head else "")

    def _built(self) -> LuceneBM25 | None:
        """None when no passage has a term: rank-bm25 divides by their number and by their mean length."""
        bags = [list(terms.counts.elements()) for terms in self._terms.values()]
        return LuceneBM25(bags, k1=K1, b=B) if any(bags) else None

    def _counted(self) -> Statistics:
        if self._bm25 is None:
            return Statistics(len(self._ids), 0.0, {})
        return Statistics(self._bm25.corpus_size, self._bm25.avgdl, self._bm25.frequencies)

    def _written_small(self) -> list[str]:
        return [
            token.form
            for id, terms in self._terms.items()
            for token in terms.tokens
            if self._passages[id].text[token.start].islower()
        ]

    def _places(self, conditions: Collection[str] | None) -> list[int]:
        """Places of the passages tagged with one of the conditions, in the order of the documents."""
        wanted = None if conditions is None else frozenset(conditions)
        return [place for place, tags in enumerate(self._tags) if wanted is None or tags & wanted]


def found(things: Mapping[str, Thing], id: str, kind: str) -> Thing:
    try:
        return things[id]
    except KeyError:
        raise NotFound(say(f"not_found.{kind}")) from None
