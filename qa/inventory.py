"""What is held: which conditions the documents cover, how their sentences are backed, what rests on a work."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from qa.conditions import Vocabulary
from qa.indexes import Store
from qa.models import (
    CoveredCondition,
    Document,
    Held,
    HeldDocument,
    IndexInfo,
    PlacedNote,
    RestingSentence,
    Sentence,
    ShownDocument,
    SupportCounts,
    SupportStatus,
    WorkUse,
)


def take_stock(store: Store, vocabulary: Vocabulary) -> Held:
    """Everything that is covered, and what is known and not covered."""
    documents = store.catalogue.documents
    return Held(
        conditions=count_conditions(store, vocabulary),
        documents=tuple(
            HeldDocument(show_document(document), len(document.passages), count_support([document]))
            for document in documents
        ),
        support=count_support(documents),
        index=index_info(store),
    )


def show_document(document: Document) -> ShownDocument:
    about = document.provenance
    return ShownDocument(
        document.id, about.title, document.digest, about.owner, about.date, about.language, about.licence, about.origin
    )


def index_info(store: Store) -> IndexInfo:
    catalogue = store.catalogue
    return IndexInfo(catalogue.version, len(catalogue.documents), sum(len(d.passages) for d in catalogue.documents))


def count_conditions(store: Store, vocabulary: Vocabulary) -> tuple[CoveredCondition, ...]:
    """Every condition of the vocabulary, in its order, with the passages tagged with it or a narrower one."""
    tags = [frozenset(tag.id for tag in p.conditions) for d in store.catalogue.documents for p in d.passages]
    return tuple(
        CoveredCondition(c.id, c.label, c.parent, sum(1 for t in tags if t & {c.id, *vocabulary.descendants(c.id)}))
        for c in store.catalogue.conditions
    )


def count_support(documents: Iterable[Document]) -> SupportCounts:
    """Claims alone: a lead-in has no backing to speak of."""
    counted = Counter(s.support.status for d in documents for s in d.sentences if s.kind == "claim")
    return SupportCounts(counted["cited"], counted["inherited"], counted["named_source"], counted["uncited"])


def use_of(reference: str, store: Store) -> WorkUse:
    """What rests on a work. Raises NotFound."""
    documents = store.catalogue.documents
    return WorkUse(
        reference=store.reference(reference),
        sentences=tuple(each for document in documents for each in resting_sentences(document).get(reference, ())),
        notes=tuple(each for document in documents for each in noted(reference, document, store)),
    )


def resting_sentences(document: Document) -> dict[str, list[RestingSentence]]:
    """For each work, the sentences of a document that rest on it, in reading order."""
    resting: dict[str, list[RestingSentence]] = defaultdict(list)
    for s in document.sentences:
        carried: dict[str, SupportStatus] = {inheritance.reference: "inherited" for inheritance in s.support.inherited}
        cited: dict[str, SupportStatus] = dict.fromkeys(s.support.references, "cited")
        for reference, status in (carried | cited).items():
            text = document.text[s.start : s.end]
            resting[reference].append(RestingSentence(document.id, s.id, s.start, s.end, text, status))
    return resting


def noted(reference: str, document: Document, store: Store) -> Iterator[PlacedNote]:
    """The notes on a document that use a work, with their sentences."""
    at: dict[tuple[int, int], Sentence] = {(s.start, s.end): s for s in document.sentences}
    for note in store.notes(document.id):
        if note.reference == reference:
            yield PlacedNote(document.id, at[note.start, note.end].id, document.text[note.start : note.end], note)
