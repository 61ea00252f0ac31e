"""Bind what the owner writes about sentences, notes and judgments, to their places in the documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from qa.corpus import Corpus
from qa.corpus.editorial import WrittenNote
from qa.errors import CorpusError
from qa.models import Document, Judgment, Note, Span


def notes_on(corpus: Corpus, documents: Collection[str]) -> list[WrittenNote]:
    """The notes on documents with these ids: those that were not skipped."""
    return [note for note in corpus.notes if note.document in documents]


def bind_note(note: WrittenNote, documents: Sequence[Document]) -> Note:
    """The note with the span of its sentence. Raises CorpusError unless the sentence occurs exactly once."""
    document = next(document for document in documents if document.id == note.document)
    spans = [s for s in document.sentences if document.text[s.start : s.end] == note.sentence]
    if len(spans) != 1:
        found = "is not in the document word for word" if not spans else f"occurs {len(spans)} times in the document"
        remedy = "Copy it again from the document" if not spans else "Reword the document so that it is unique"
        raise CorpusError(note.file, f"the sentence of this note {found}. {remedy}.", line=note.line)
    return Note(
        note.document,
        spans[0].start,
        spans[0].end,
        note.status,
        note.text,
        note.date,
        note.reference,
        note.words,
        " ".join(note.short.split()),
    )


def bind_judgment(judgment: Judgment, documents: Sequence[Document]) -> tuple[Span, ...]:
    """The spans of the answering sentences. Raises CorpusError unless each is found exactly once."""
    wanted = [d for d in documents if judgment.document in (None, d.id)]
    return tuple(find_sentence(beginning, judgment, wanted) for beginning in judgment.sentences)


def find_sentence(beginning: str, judgment: Judgment, documents: Iterable[Document]) -> Span:
    spans = [Span(s.start, s.end) for d in documents for s in d.sentences if d.text.startswith(beginning, s.start)]
    if len(spans) != 1:
        found = "no sentence begins" if not spans else f"{len(spans)} sentences begin"
        message = (
            f"{found} with {beginning!r}, the expected answer to {judgment.question!r}. "
            "Copy it again from the document."
        )
        raise CorpusError("questions.jsonl", message)
    return spans[0]
