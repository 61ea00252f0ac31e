"""Where each work is used: the sentences it supports and the notes that cite it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from qa.indexes.quotations import plain_sentence, verbatim
from qa.models import (
    Document,
    Note,
    PlacedNote,
    SupportedSentence,
    SupportStatus,
)
from qa.models.addresses import document_url


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
