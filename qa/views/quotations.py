"""Convert an answer to works for a reference manager: the quotations, their places and the reviewers' notes."""

from __future__ import annotations

from collections.abc import Iterator

from qa.messages import day_in_words, say
from qa.models import CSL, Answer, DocumentView, Hit, HitSentence, SupportView
from qa.views.works import as_recorded


def works_of(answer: Answer) -> list[CSL]:
    """Return the quoted documents and the works they cite, as CSL-JSON.

    The `note` of a document holds the answering sentences (of a passage without one, all sentences), one per line,
    word for word, each with its headings, the ids of the works that support it and the notes on it, so that a
    contested finding is never exported without its note. The `note` of a work names the documents that cite it.
    """
    quotations = [(hit, sentence) for hit in answer.answers for sentence in sentences_to_export(hit)]
    works: list[CSL] = []
    for document in answer.documents:
        notes = [note_on(hit, sentence) for hit, sentence in quotations if hit.document == document.id]
        works += [document_as_work(document) | {"note": "\n".join(notes)}] if notes else []
    titles = {document.id: document.title for document in answer.documents}
    for reference in answer.references:
        citing = {hit.document: None for hit, sentence in quotations if reference["id"] in supporting(sentence.support)}
        note = "\n".join([*retraction_note(reference), *(f"Cited in “{titles[id]}” ({id})." for id in citing)])
        works += [with_mark(as_recorded(reference), answer) | {"note": note}] if citing else []
    return works


def sentences_to_export(hit: Hit) -> list[HitSentence]:
    return [sentence for sentence in hit.sentences if sentence.answers] or list(hit.sentences)


def supporting(support: SupportView) -> list[str]:
    return list(dict.fromkeys((*support.references, *(i.reference for i in support.inherited))))


def with_mark(work: CSL, answer: Answer) -> CSL:
    """Add the text of its citation to a work without a title, as `custom.raw`."""
    marks = (c.text for hit in answer.answers for c in hit.citations if work["id"] in c.references)
    return with_raw(work, next(marks, None))


def with_state(work: CSL) -> CSL:
    """Add a note to a work that was retracted, or that its publisher has expressed a concern about."""
    states = list(retraction_note(work))
    return work | {"note": "\n".join(filter(None, (*states, work.get("note"))))} if states else work


def retraction_note(work: CSL) -> Iterator[str]:
    """Yield what has become of a work, if a reader must know it."""
    state = (work.get("custom") or {}).get("retraction") or {}
    if state.get("status") in ("retracted", "expression of concern"):
        words = say(f"retraction.{state['status'].replace(' ', '_')}")
        dated = say("retraction.notice_of", date=day_in_words(state["date"])) if state.get("date") else ""
        yield " ".join(filter(None, (words, dated, state.get("notice"))))


def with_raw(work: CSL, raw: str | None) -> CSL:
    """Add `raw`, its text in the document, to a work without a title, as `custom.raw`."""
    return work if work.get("title") or not raw else work | {"custom": (work.get("custom") or {}) | {"raw": raw}}


def note_on(hit: Hit, sentence: HitSentence) -> str:
    """Return the quotation, its headings, its support and the reviewers' notes on it in one line."""
    return " ".join(" ".join(parts_of_note(hit, sentence)).split())


def parts_of_note(hit: Hit, sentence: HitSentence) -> Iterator[str]:
    yield f"“{hit.text[sentence.start : sentence.end]}”"
    columns = [f"columns of the table: {hit.head.text}"] if hit.head else []
    headings = [" › ".join(hit.heading_path)] if hit.heading_path else []
    yield f"({'; '.join((*headings, *columns, *support_in_words(sentence.support)))})"
    for note in sentence.notes:
        yield f"Reviewer’s note, {note.date}: {say(f'note.{note.status}')}. {note.text}"


def support_in_words(support: SupportView) -> Iterator[str]:
    if support.references:
        yield f"cites {', '.join(support.references)}"
    if carried := list(dict.fromkeys(i.reference for i in support.inherited)):
        yield f"source carried over from an earlier sentence: {', '.join(carried)}"
    if support.named_sources:
        yield f"source named without a reference: {'; '.join(source.text for source in support.named_sources)}"
    if support.status == "uncited":
        yield "no source given"


def document_as_work(document: DocumentView) -> CSL:
    """Return the document itself as a work. Unknown fields are omitted."""
    work: CSL = {"id": document.id, "type": "document", "title": document.title, "language": document.language}
    people = [document.author] if document.author else [document.owner] if document.owner else []
    work |= {"author": [{"literal": name} for name in people]} if people else {}
    work |= {"publisher": document.owner} if document.author and document.owner else {}
    work |= {"issued": {"date-parts": [[int(part) for part in document.date.split("-")]]}} if document.date else {}
    return work | ({"URL": document.origin} if document.origin else {})
