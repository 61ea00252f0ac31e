"""Where each work is used: the sentences it supports and the notes that cite it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from qa.indexes.quotations import plain_sentence, verbatim
from qa.models import (
    Catalogue,
    Document,
    Note,
    PlacedNote,
    Reference,
    ReferenceUses,
    SupportedSentence,
    SupportStatus,
)
from qa.models.addresses import document_url


def all_uses(content: Catalogue) -> dict[str, ReferenceUses]:
    """For each reference, by id, where it is used, in document order."""
    sentences: dict[str, list[SupportedSentence]] = defaultdict(list)
    notes: dict[str, list[PlacedNote]] = defaultdict(list)
    written: dict[str, list[Note]] = defaultdict(list)
    for note in content.notes:
        written[note.document].append(note)
    for document in content.documents:
        for reference, supported in supported_sentences(document).items():
            sentences[reference] += supported
        for placed in placed_notes(document, written.get(document.id, [])):
            notes[placed.note.reference or ""].append(placed)
    return {each.id: uses(each, sentences, notes) for each in content.references}


def uses(
    reference: Reference, sentences: Mapping[str, list[SupportedSentence]], notes: Mapping[str, list[PlacedNote]]
) -> ReferenceUses:
    return ReferenceUses(reference, tuple(sentences.get(reference.id, ())), tuple(notes.get(reference.id, ())))


def supported_sentences(document: Document) -> dict[str, list[SupportedSentence]]:
    """Return for each work the sentences of a document that it supports, in reading order."""
    supported: dict[str, list[SupportedSentence]] = defaultdict(list)
    for s in document.sentences:
        carried: dict[str, SupportStatus] = {inheritance.reference: "inherited" for inheritance in s.support.inherited}
        cited: dict[str, SupportStatus] = dict.fromkeys(s.support.references, "cited")
        for reference, status in (carried | cited).items():
            text, plain = verbatim(document, s), plain_sentence(document, s)
            about, url = tuple(tag.id for tag in s.conditions), document_url(document.id, s.id)
            sentence = SupportedSentence(document.id, s.id, s.start, s.end, text, status, plain, about, url)
            supported[reference].append(sentence)
    return supported


def placed_notes(document: Document, notes: Sequence[Note]) -> Iterator[PlacedNote]:
    """The notes on a document with their sentences, in reading order."""
    at = {(s.start, s.end): s for s in document.sentences} if notes else {}
    for note in sorted(notes, key=lambda note: note.start):
        if sentence := at.get((note.start, note.end)):
            url = document_url(document.id, sentence.id)
            yield PlacedNote(document.id, sentence.id, document.text[note.start : note.end], note, url)
