"""Overviews: which conditions the documents cover, how their sentences are supported, and where a work is used."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from qa.indexes import Store
from qa.models import (
    CoverageReport,
    CoveredCondition,
    Document,
    DocumentOverview,
    PlacedNote,
    ReferenceUses,
    Sentence,
    SupportCounts,
    SupportedSentence,
    SupportStatus,
)
from qa.views.documents import index_info, show_document


def coverage_report(store: Store, conditions: tuple[CoveredCondition, ...]) -> CoverageReport:
    """Return what the documents cover. `conditions` is the whole vocabulary with passage counts; 0 if not covered."""
    documents = store.catalogue.documents
    return CoverageReport(
        conditions=conditions,
        documents=tuple(
            DocumentOverview(show_document(document), len(document.passages), count_support([document]))
            for document in documents
        ),
        support=count_support(documents),
        index=index_info(store),
    )


def count_support(documents: Iterable[Document]) -> SupportCounts:
    """Count claims by support status. Other kinds of sentence, such as lead-ins, need no support."""
    counted = Counter(s.support.status for d in documents for s in d.sentences if s.kind == "claim")
    return SupportCounts(counted["cited"], counted["inherited"], counted["named_source"], counted["uncited"])


def uses_of(reference: str, store: Store) -> ReferenceUses:
    """Return the sentences a work supports and the notes that use it. Raises NotFound."""
    documents = store.catalogue.documents
    return ReferenceUses(
        reference=store.reference(reference),
        sentences=tuple(each for document in documents for each in supported_sentences(document).get(reference, ())),
        notes=tuple(each for document in documents for each in noted(reference, document, store)),
    )


def supported_sentences(document: Document) -> dict[str, list[SupportedSentence]]:
    """Return for each work the sentences of a document that it supports, in reading order."""
    supported: dict[str, list[SupportedSentence]] = defaultdict(list)
    for s in document.sentences:
        carried: dict[str, SupportStatus] = {inheritance.reference: "inherited" for inheritance in s.support.inherited}
        cited: dict[str, SupportStatus] = dict.fromkeys(s.support.references, "cited")
        for reference, status in (carried | cited).items():
            text = document.text[s.start : s.end]
            supported[reference].append(SupportedSentence(document.id, s.id, s.start, s.end, text, status))
    return supported


def noted(reference: str, document: Document, store: Store) -> Iterator[PlacedNote]:
    """Yield the notes on a document that use a work, with their sentences."""
    at: dict[tuple[int, int], Sentence] = {(s.start, s.end): s for s in document.sentences}
    for note in store.notes(document.id):
        if note.reference == reference:
            yield PlacedNote(document.id, at[note.start, note.end].id, document.text[note.start : note.end], note)
