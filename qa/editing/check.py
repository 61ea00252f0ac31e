"""Checks before publishing: each finding names the place, the problem and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from qa.citations.identifiers import normal_doi
from qa.citations.unread import unread_marks
from qa.corpus import Corpus
from qa.editing.claims import sources_without_reference, uncited_claims
from qa.editing.conflicts import Lists, find_conflicts
from qa.editing.findings import LONGEST_QUOTE, Finding, Findings, Severity
from qa.editing.locations import Location, location_of
from qa.editing.reviews import (
    looked_up,
    retractions,
    unfit_notes,
    unfit_short_lines,
    unreadable_rows,
    unsure_retractions,
)
from qa.editing.terms import terms_without_source, unused_terms
from qa.errors import CorpusError, NotADocument, OurFault, ReadingError, SameWork
from qa.indexing.binding import bind_judgment
from qa.indexing.ingest import Annotated
from qa.models import CSL, Document, Reference, Sentence, Unresolved
from qa.understanding.shipped import aspects, interventions, synonyms

PAGES = re.compile(r"(\d{1,12})\s*[-–]\s*(\d{1,12})$")


def check(corpus: Corpus, annotated: Annotated) -> list[Finding]:
    """Return all findings by kind, in the order of CHECKS; within a kind, in reading order."""
    return [
        Finding(kind, severity, place.file, place.line, text, message, place.page, place.section)
        for kind, (severity, look) in CHECKS.items()
        for place, text, message in look(corpus, annotated)
    ]


def without_broken(annotated: Annotated) -> tuple[Annotated, list[ReadingError]]:
    """The same without the faults of documents that could not be read, and these; a bug in this program stays."""
    broken = [f for f in annotated.skipped if isinstance(f, ReadingError) and not isinstance(f, OurFault | SameWork)]
    left = tuple(fault for fault in annotated.skipped if fault not in broken)
    return replace(annotated, skipped=left), broken


def skipped(corpus: Corpus, annotated: Annotated) -> Findings:
    """Yield the works and documents that cannot be read."""
    for fault in annotated.skipped:
        if not isinstance(fault, SameWork | NotADocument):
            yield Location(fault.file, fault.line), "", fault.message


def faults_in_files(corpus: Corpus, annotated: Annotated) -> Findings:
    for fault in corpus.faults:
        yield Location(fault.file, fault.line), "", fault.message


def same_works(corpus: Corpus, annotated: Annotated) -> Findings:
    for fault in annotated.skipped:
        if isinstance(fault, SameWork):
            yield Location(fault.file), "", fault.message


def no_documents(corpus: Corpus, annotated: Annotated) -> Findings:
    for fault in annotated.skipped:
        if isinstance(fault, NotADocument):
            yield Location(fault.file), "", fault.message


def trouble_while_reading(corpus: Corpus, annotated: Annotated) -> Findings:
    yield from ((Location(fault.file, fault.line), "", fault.message) for fault in corpus.repaired)
    for document in annotated.documents:
        for trouble in document.trouble:
            if trouble.start is None:
                yield Location(document.file), "", trouble.message
            else:
                words = document.text[trouble.start :][:LONGEST_QUOTE].split("\n", 1)[0]
                yield location_of(document, trouble.start), words, trouble.message


def marks_not_read(corpus: Corpus, annotated: Annotated) -> Findings:
    for document in annotated.documents:
        for form, spans in unread_marks(document):
            yield (
                location_of(document, spans[0].start),
                document.text[slice(*spans[0])],
                f"{len(spans)} marks of the form {form} are not read as citations: no listed work fits them, or the "
                "form is not known. docs/writing.md says which forms are read.",
            )


def unresolved_citations(corpus: Corpus, annotated: Annotated) -> Findings:
    for place, words, target in targets_without_a_work(annotated):
        if not target.candidates:
            yield place, words, "matches no reference. Add the work to the list, or correct the citation."


def ambiguous_citations(corpus: Corpus, annotated: Annotated) -> Findings:
    for place, words, target in targets_without_a_work(annotated):
        if target.candidates:
            matches = ", ".join(target.candidates)
            yield place, words, f"matches several references: {matches}. Distinguish them, e.g. 2020a and 2020b."


def targets_without_a_work(annotated: Annotated) -> Iterator[tuple[Location, str, Unresolved]]:
    """Yield each part of a citation that matches no work, or several: its place, its words and what is known of it."""
    for document in annotated.documents:
        for citation in document.citations:
            for target in citation.unresolved:
                whole = " ".join(citation.text.split())
                part = " ".join(target.text.split())
                words = whole if part == whole.strip("()[] ") else f"{part} in {whole}"
                yield location_of(document, citation.start), words, target


def impossible_references(corpus: Corpus, annotated: Annotated) -> Findings:
    for reference in annotated.references:
        for fault in impossible(reference.csl):
            yield *place_of_reference(reference, corpus, annotated), fault


def impossible(csl: CSL) -> Iterator[str]:
    """Yield what cannot be true of a work: its year, its pages, its DOI."""
    year = csl.get("issued", {}).get("date-parts", [[None]])[0][0]
    if year and int(year) > datetime.now(UTC).year + 1:  # journals date some issues ahead
        yield f"the year {year} is in the future."
    pages = PAGES.match(str(csl.get("page", "")))
    # "1361-9" is short for 1361-1369, so only a last page written in full can come before the first.
    if pages and len(pages[2]) >= len(pages[1]) and int(pages[2]) < int(pages[1]):
        yield f"the last page is before the first: {pages[0]}."
    if csl.get("DOI") and not normal_doi(csl["DOI"]):
        yield f"this is not a valid DOI: {csl['DOI']}."


def unfit_questions(corpus: Corpus, annotated: Annotated) -> Findings:
    read = {document.id for document in annotated.documents}
    for judgment in corpus.judgments:
        if judgment.document not in (None, *read):
            continue
        try:
            bind_judgment(judgment, annotated.documents)
        except CorpusError as error:
            place = Location(error.file, corpus.line(error.file, judgment.question))
            yield place, judgment.question, error.message


def never_cited(corpus: Corpus, annotated: Annotated) -> Findings:
    cited = {id for document in annotated.documents for c in document.citations for id in c.references}
    cited |= {id for d in annotated.documents for c in d.citations for t in c.unresolved for id in t.candidates}
    for reference in annotated.references:
        if reference.id not in cited and not reference.note_only:
            yield (
                *place_of_reference(reference, corpus, annotated),
                "is never cited. Cite it or remove it from the list.",
            )


def sections_without_condition(corpus: Corpus, annotated: Annotated) -> Findings:
    if not corpus.conditions:
        return
    for document in annotated.documents:
        for number, section in enumerate(document.sections):
            inside = [s for s in document.sentences if s.section == number and s.kind == "claim"]
            if inside and not any(s.conditions for s in inside):
                heading = section.path[-1] if section.path else "before the first heading"
                yield (
                    location_of(document, inside[0].start),
                    heading,
                    "no sentence in this section is about a condition. Name one in the heading if it should be.",
                )


def conflicting_words(corpus: Corpus, annotated: Annotated) -> Findings:
    own = Lists(corpus.conditions, corpus.aspects, corpus.interventions, corpus.synonyms)
    for file, words, message in find_conflicts(own, Lists((), aspects(), interventions(), synonyms())):
        yield Location(file), words, message


# A new kind is a new row. Errors fail the check: readers would see something wrong or broken.
CHECKS: dict[str, tuple[Severity, Callable[[Corpus, Annotated], Findings]]] = {
    "fault in a file": ("error", faults_in_files),
    "skipped": ("error", skipped),
    "same work twice": ("warning", same_works),
    "trouble while reading": ("warning", trouble_while_reading),
    "marks not read": ("warning", marks_not_read),
    "unresolved citation": ("error", unresolved_citations),
    "ambiguous citation": ("error", ambiguous_citations),
    "impossible reference": ("error", impossible_references),
    "note without its sentence": ("error", unfit_notes),
    "note's short line": ("warning", unfit_short_lines),
    "retracted": ("warning", retractions),
    "perhaps retracted": ("warning", unsure_retractions),
    "row not read": ("warning", unreadable_rows),
    "looked up": ("note", looked_up),
    "question without its sentence": ("error", unfit_questions),
    "source without reference": ("warning", sources_without_reference),
    "uncited claim": ("warning", uncited_claims),
    "reference never cited": ("warning", never_cited),
    "section without condition": ("warning", sections_without_condition),
    "term that is not used": ("warning", unused_terms),
    "term without source": ("warning", terms_without_source),
    "conflicting words": ("warning", conflicting_words),
    "not a document": ("note", no_documents),
}


def claims(annotated: Annotated) -> Iterator[tuple[Document, Sentence]]:
    return ((d, s) for d in annotated.documents for s in d.sentences if s.kind == "claim")


def place_of_reference(reference: Reference, corpus: Corpus, annotated: Annotated) -> tuple[Location, str]:
    """Return place and text of a reference: in the document's own list, else in the owner's reference file."""
    for document in annotated.documents:
        if reference.start is not None and reference.id in document.references:
            return location_of(document, reference.start), reference.raw or reference.id
    key = reference.key or reference.id
    file = next((file for file in corpus.lists if (file, key) in corpus.lines), "references.json")
    return Location(file, corpus.line(file, key)), reference.id
