"""An answer as works for a reference manager: what is quoted, where it stands, and what a reviewer found about it."""

from __future__ import annotations

from collections.abc import Iterator

from qa.models import CSL, Answer, Hit, HitSentence, ShownDocument


def works_of(answer: Answer) -> list[CSL]:
    """The documents quoted and the works behind the quotations, as CSL-JSON.

    Each carries under `note` the sentences that answer and rest on it, word for word, with their place. A reviewer's
    note follows the quotation that it stands beside, so that a contested finding is never taken along without it.
    """
    quotations = [(hit, s) for hit in answer.answers for s in hit.sentences if s.answers]
    documents = {document.id: document for document in answer.documents}
    works: list[CSL] = []
    for id, document in documents.items():
        notes = [note_on(hit, sentence, document) for hit, sentence in quotations if hit.document == id]
        works += [as_work(document) | {"note": "\n".join(notes)}] if notes else []
    for reference in answer.references:
        notes = [
            note_on(hit, sentence, documents[hit.document])
            for hit, sentence in quotations
            if reference["id"] in supporting(sentence)
        ]
        works += [reference | {"note": "\n".join(notes)}] if notes else []
    return works


def supporting(sentence: HitSentence) -> set[str]:
    return {*sentence.support.references, *(i.reference for i in sentence.support.inherited)}


def note_on(hit: Hit, sentence: HitSentence, document: ShownDocument) -> str:
    """The quotation, its place, how it is supported, and the reviewers' notes beside it."""
    return " ".join(parts_of_note(hit, sentence, document))


def parts_of_note(hit: Hit, sentence: HitSentence, document: ShownDocument) -> Iterator[str]:
    yield f"“{hit.text[sentence.start : sentence.end]}”"
    yield f"({' › '.join((document.title, *hit.heading_path))}; sentence {sentence.id}, {sentence.support.status})"
    for note in sentence.notes:
        yield f"Reviewer’s note ({note.status}, {note.date}): {note.text}"


def as_work(document: ShownDocument) -> CSL:
    """The document itself as a work; what is not known of it is left out."""
    work: CSL = {"id": document.id, "type": "document", "title": document.title, "language": document.language}
    work |= {"author": [{"literal": document.owner}]} if document.owner else {}
    work |= {"issued": {"date-parts": [[int(part) for part in document.date.split("-")]]}} if document.date else {}
    return work | ({"URL": document.origin} if document.origin else {})
