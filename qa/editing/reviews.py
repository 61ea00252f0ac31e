"""Checks of what others have found: reviewers' notes, and the list of retractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qa.corpus import Corpus
from qa.corpus.retractions import RETRACTIONS, RetractionRow
from qa.editing.findings import Findings
from qa.editing.locations import Location
from qa.errors import CorpusError
from qa.indexing.binding import bind_note, notes_on
from qa.indexing.ingest import Annotated
from qa.messages import count, day_in_words, say
from qa.models import Retraction, Support

LONGEST_SHORT = 100  # characters of a note's short line: two lines on a phone


def unfit_notes(corpus: Corpus, annotated: Annotated) -> Findings:
    for note in notes_on(corpus, {document.id for document in annotated.documents}):
        try:
            bind_note(note, annotated.documents)
        except CorpusError as error:
            yield Location(error.file, error.line), note.sentence, error.message


def unfit_short_lines(corpus: Corpus, annotated: Annotated) -> Findings:
    for note in corpus.notes:
        place = Location(note.file, note.line)
        if not note.short.strip():
            advice = "Add short: one line for readers who do not open the note."
            yield place, note.text, f"this note has no short line. {advice}"
        elif len(note.short) > LONGEST_SHORT:
            message = f"this line has {len(note.short)} characters. Shorten it to {LONGEST_SHORT}."
            yield place, note.short, message


def retractions(corpus: Corpus, annotated: Annotated) -> Findings:
    """Yield the documents and works that were retracted, corrected or reinstated, or about which there is a concern."""
    if not annotated.looked_up:
        return
    uses = Counter(id for d in annotated.documents for s in d.sentences for id in set(works_behind(s.support)))
    known = {each.id: (each.csl.get("custom") or {}).get("retraction") or {} for each in annotated.references}
    for id, rows in annotated.looked_up.works.items():
        state, used = Retraction(**known[id]), count("check.used_by", uses[id])
        yield place_of(rows), id, f"{in_a_sentence(state)} {used}"
    for document in annotated.documents:
        if rows := annotated.looked_up.documents.get(document.id, ()):
            state = document.provenance.retraction or Retraction("unknown")
            yield place_of(rows), document.file, f"{in_a_sentence(state)} {say('check.own')}"


def works_behind(support: Support) -> Iterator[str]:
    yield from support.references
    yield from (each.reference for each in support.inherited)


def place_of(rows: Sequence[RetractionRow]) -> Location:
    return Location(RETRACTIONS, rows[-1].line)


def in_a_sentence(state: Retraction) -> str:
    words = say(f"retraction.{state.status.replace(' ', '_')}")
    return f"{words} {say('retraction.notice_of', date=day_in_words(state.date))}" if state.date else words


def unsure_retractions(corpus: Corpus, annotated: Annotated) -> Findings:
    for id, row in annotated.looked_up.unsure if annotated.looked_up else ():
        yield Location(RETRACTIONS, row.line), id, say("check.unsure", doi=row.doi, pmid=row.pmid)


def unreadable_rows(corpus: Corpus, annotated: Annotated) -> Findings:
    for fault in annotated.looked_up.found.unreadable if annotated.looked_up else ():
        yield Location(fault.file, fault.line), "", fault.message


def looked_up(corpus: Corpus, annotated: Annotated) -> Findings:
    """Yield what was looked up in the list of retractions."""
    if found := annotated.looked_up:
        every = len(annotated.documents) + len(annotated.references)
        matched = len(found.works) + len(found.documents)
        latest = day_in_words(found.found.latest or "") or say("check.undated")
        numbers = {"rows": found.found.number, "number": found.number, "of": every, "found": matched}
        yield Location(RETRACTIONS), "", say("check.looked_up", latest=latest, **numbers)
