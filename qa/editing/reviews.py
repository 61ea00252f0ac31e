"""Checks of what reviewers have found: their notes."""

from __future__ import annotations

from qa.corpus import Corpus
from qa.editing.findings import Findings
from qa.editing.locations import Location
from qa.errors import CorpusError
from qa.indexing.ingest import Annotated, bind_note, notes_of

LONGEST_SHORT = 100  # characters of a note's short line: two lines on a phone


def unfit_notes(corpus: Corpus, annotated: Annotated) -> Findings:
    for note in notes_of(corpus, annotated):
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
