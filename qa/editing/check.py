"""What an editor must know before publishing: one finding a fault, each with its place and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import shorten
from typing import Literal

from qa.citations.identifiers import normal_doi
from qa.corpus import Corpus
from qa.editing.conflicts import Lists, find_conflicts
from qa.errors import CorpusError, OurFault, ReadingError
from qa.indexing.ingest import Annotated, bind_judgment, bind_note, notes_of
from qa.models import CSL, Document, Reference, Sentence
from qa.understanding.shipped import aspects, interventions, synonyms

Severity = Literal["error", "warning"]
LONGEST_QUOTE = 100  # characters: a finding is a line
PAGES = re.compile(r"(\d{1,12})\s*[-–]\s*(\d{1,12})$")


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, or something that a reader of the page will miss. `text` is what it is about, as it stands."""

    kind: str
    severity: Severity
    file: str
    line: int | None
    text: str
    message: str


def check(corpus: Corpus, annotated: Annotated) -> list[Finding]:
    """Every finding, in the order of the table, within a kind in reading order."""
    return [
        Finding(kind, severity, file, line, text, message)
        for kind, (severity, look) in CHECKS.items()
        for file, line, text, message in look(corpus, annotated)
    ]


def as_report(findings: Sequence[Finding]) -> Iterator[str]:
    """Lines for the terminal: the findings by file, then by kind, each with its line. What is the same for all
    of a kind is said once."""
    for file in dict.fromkeys(finding.file for finding in findings):
        yield file
        here = [finding for finding in findings if finding.file == file]
        for kind in dict.fromkeys(finding.kind for finding in here):
            yield from report_kind([finding for finding in here if finding.kind == kind])


def report_kind(findings: Sequence[Finding]) -> Iterator[str]:
    first, messages = findings[0], {finding.message for finding in findings}
    alike = len(messages) == 1 and len(findings) > 1
    yield f"  {first.severity}: {first.kind} ({len(findings)}){': ' + first.message if alike else ''}"
    for finding in findings:
        place = f"line {finding.line}: " if finding.line else ""
        words = shorten(finding.text, LONGEST_QUOTE, placeholder=" …")
        yield f"    {place}{words}{'' if alike else ': ' + finding.message}"


Findings = Iterator[tuple[str, int | None, str, str]]


def left_out(corpus: Corpus, annotated: Annotated) -> Findings:
    """Works, and documents whose owner cannot mend them; those that the owner asked to be skipped are told already."""
    for fault in annotated.skipped:
        if isinstance(fault, OurFault) or not isinstance(fault, ReadingError):
            yield fault.file, fault.line, fault.file, fault.message


def unresolved_marks(corpus: Corpus, annotated: Annotated) -> Findings:
    for document in annotated.documents:
        for citation in document.citations:
            for target in citation.unresolved:
                if not target.candidates:
                    place = document.file, line_of(document, citation.start), citation.text
                    yield *place, f"fits no reference: {target.text}. Add the work to the list or correct the mark."


def ambiguous_marks(corpus: Corpus, annotated: Annotated) -> Findings:
    for document in annotated.documents:
        for citation in document.citations:
            for target in citation.unresolved:
                if target.candidates:
                    place = document.file, line_of(document, citation.start), citation.text
                    fits = ", ".join(target.candidates)
                    yield *place, f"{target.text} fits several references: {fits}. Tell them apart, as 2020a and 2020b."


def impossible_references(corpus: Corpus, annotated: Annotated) -> Findings:
    for reference in annotated.references:
        for fault in impossible(reference.csl):
            yield *place_of_reference(reference, corpus, annotated), fault


def impossible(csl: CSL) -> Iterator[str]:
    """What cannot be true of a work."""
    year = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    if year and int(year) > datetime.now(UTC).year + 1:  # journals date some issues ahead
        yield f"the year {year} is in the future."
    pages = PAGES.match(str(csl.get("page", "")))
    # "1361-9" is short for 1361-1369, so only a last page that is written out can come before the first.
    if pages and len(pages[2]) >= len(pages[1]) and int(pages[2]) < int(pages[1]):
        yield f"the last page comes before the first: {pages[0]}."
    if csl.get("DOI") and not normal_doi(csl["DOI"]):
        yield f"this is not a DOI: {csl['DOI']}."


def unfit_notes(corpus: Corpus, annotated: Annotated) -> Findings:
    for note in notes_of(corpus, annotated):
        try:
            bind_note(note, annotated.documents)
        except CorpusError as error:
            yield error.file, error.line, note.sentence, error.message


def unfit_questions(corpus: Corpus, annotated: Annotated) -> Findings:
    for judgment in corpus.judgments if len(annotated.documents) == len(corpus.files) else ():
        try:
            bind_judgment(judgment, annotated.documents)
        except CorpusError as error:
            yield error.file, corpus.line(error.file, judgment.question), judgment.question, error.message


def uncited_claims(corpus: Corpus, annotated: Annotated) -> Findings:
    for document, sentence in claims(annotated):
        if sentence.support.status == "uncited":
            yield *place_in(document, sentence), "gives no source."


def sources_without_reference(corpus: Corpus, annotated: Annotated) -> Findings:
    for document, sentence in claims(annotated):
        for source in sentence.support.named_sources:
            if not source.generic:
                yield document.file, line_of(document, source.start), source.text, "is named without a reference."


def never_cited(corpus: Corpus, annotated: Annotated) -> Findings:
    cited = {id for document in annotated.documents for c in document.citations for id in c.references}
    cited |= {id for d in annotated.documents for c in d.citations for t in c.unresolved for id in t.candidates}
    for reference in annotated.references:
        if reference.id not in cited and not reference.note_only:
            yield (
                *place_of_reference(reference, corpus, annotated),
                "is never cited. Cite it, or take it out of the list.",
            )


def sections_without_condition(corpus: Corpus, annotated: Annotated) -> Findings:
    if not corpus.conditions:
        return
    for document in annotated.documents:
        for number, section in enumerate(document.sections):
            inside = [s for s in document.sentences if s.section == number and s.kind == "claim"]
            if inside and not any(s.conditions for s in inside):
                heading = section.path[-1] if section.path else "before the first heading"
                yield document.file, line_of(document, inside[0].start), heading, "no sentence here has a condition."


def colliding_words(corpus: Corpus, annotated: Annotated) -> Findings:
    own = Lists(corpus.conditions, corpus.aspects, corpus.interventions, corpus.synonyms)
    for file, words, message in find_conflicts(own, Lists((), aspects(), interventions(), synonyms())):
        yield file, None, words, message


# A new kind is a new row. Errors fail the run: publishing would show a reader something wrong or broken.
CHECKS: dict[str, tuple[Severity, Callable[[Corpus, Annotated], Findings]]] = {
    "left out": ("error", left_out),
    "unresolved mark": ("error", unresolved_marks),
    "ambiguous mark": ("error", ambiguous_marks),
    "impossible reference": ("error", impossible_references),
    "note without its sentence": ("error", unfit_notes),
    "question without its sentence": ("error", unfit_questions),
    "source without reference": ("warning", sources_without_reference),
    "uncited claim": ("warning", uncited_claims),
    "reference never cited": ("warning", never_cited),
    "section without condition": ("warning", sections_without_condition),
    "words that collide": ("warning", colliding_words),
}


def claims(annotated: Annotated) -> Iterator[tuple[Document, Sentence]]:
    return ((d, s) for d in annotated.documents for s in d.sentences if s.kind == "claim")


def place_in(document: Document, sentence: Sentence) -> tuple[str, int, str]:
    return document.file, line_of(document, sentence.start), document.text[sentence.start : sentence.end]


def place_of_reference(reference: Reference, corpus: Corpus, annotated: Annotated) -> tuple[str, int | None, str]:
    """Where a reference stands: in a document's own list, else in the owner's file of references."""
    for document in annotated.documents:
        if reference.start is not None and reference.id in document.references:
            return document.file, line_of(document, reference.start), reference.raw or reference.id
    file = next((file for file in corpus.lists if (file, reference.id) in corpus.lines), "references.json")
    return file, corpus.line(file, reference.id), reference.id


def line_of(document: Document, offset: int) -> int:
    return document.text.count("\n", 0, offset) + 1
