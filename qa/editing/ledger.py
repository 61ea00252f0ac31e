"""The ledger of a corpus: every sentence with its place and its support in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.editing.locations import Location, location_of
from qa.indexing.ingest import Annotated
from qa.models import Citation, Document, Reference, Sentence, SentenceKind, SupportStatus


@dataclass(frozen=True, slots=True)
class LedgerWork:
    """A work that supports a sentence: its title or, if unknown, the text of its entry or citation."""

    id: str
    title: str | None = None
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A sentence and its support. `works` are cited or carried over; `unresolved` are the parts of its citations that
    match no work or several. `by` lists the support as text: references (with rule and cue if carried over), unresolved
    parts, and sources that are only named. Text that was taken out of a file has a `page` or a `section` and no line.
    """

    file: str
    line: int | None
    page: int | None
    section: str
    sentence: str
    kind: SentenceKind
    status: SupportStatus
    works: tuple[LedgerWork, ...]
    unresolved: tuple[str, ...]
    by: tuple[str, ...]

    def __str__(self) -> str:
        status = self.status if self.kind == "claim" else self.kind
        within = str(Location(self.file, self.line, self.page, self.section))
        place = f"{self.file}:{self.line}" if self.line else f"{self.file} {within}".rstrip()
        return f"{place}\t{status}\t{'; '.join(self.by)}\t{' '.join(self.sentence.split())}"


def ledger(annotated: Annotated) -> Iterator[LedgerLine]:
    """Yield one line per sentence, in reading order."""
    references = {reference.id: reference for reference in annotated.references}
    for document in annotated.documents:
        marks = {citation.id: citation for citation in document.citations}
        for sentence in document.sentences:
            yield ledger_line(document, sentence, marks, references)


def ledger_line(
    document: Document,
    sentence: Sentence,
    marks: Mapping[str, Citation],
    references: Mapping[str, Reference],
) -> LedgerLine:
    support = sentence.support
    unresolved = tuple(target.text for id in support.citations for target in marks[id].unresolved)
    ids = dict.fromkeys((*support.references, *(inheritance.reference for inheritance in support.inherited)))
    return LedgerLine(
        **location_of(document, sentence.start)._asdict(),
        sentence=document.text[sentence.start : sentence.end],
        kind=sentence.kind,
        status=support.status,
        works=tuple(ledger_work(references[id]) for id in ids),
        unresolved=unresolved,
        by=(
            *support.references,
            *(f"unresolved: {text}" for text in unresolved),
            *(f"{i.reference} ({i.rule}: {i.cue})" for i in support.inherited),
            *(f'"{source.text}"' for source in support.named_sources),
        ),
    )


def ledger_work(reference: Reference) -> LedgerWork:
    title = reference.csl.get("title")
    return LedgerWork(reference.id, title) if title else LedgerWork(reference.id, raw=reference.raw)
