"""What owner and reviewers write beside the documents: notes, notices, questions, the site."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from qa.corpus.entries import LineOf, check_date, known_only, once, quoted, with_ids
from qa.corpus.folder import read_file
from qa.corpus.formats import read_json_lines, read_table, read_tables
from qa.corpus.works import Works
from qa.models import Judgment, NoteStatus, Notice, Site

A_CONTACT = re.compile(r"(mailto:|https?://)\S+")

WITHOUT_OWNER = Site(
    owner="An evidence collection",
    intro="Ask a question. The answer is quoted from the documents, word for word, with their sources.",
    footer="",
    contact="",
)


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as the reviewer wrote it: the sentence is quoted whole, and not yet looked for in the document.

    `file` and `line` are where the note itself stands, for whoever binds it and finds the sentence gone or twice.
    """

    document: str
    sentence: str
    status: NoteStatus
    text: str
    date: str
    file: str
    line: int
    reference: str | None = None
    bears_on: tuple[str, ...] = ()


def read_notes(folder: Path, documents: Collection[str], works: Works) -> tuple[WrittenNote, ...]:
    """The reviewers' notes. One on a work that was left out stays, without the work."""
    file = "notes.toml"
    known = {reference.id for reference in works.references}
    notes = []
    for entry in read_tables(file, read_file(folder, file) or b"", "note"):
        note = entry.read_as(WrittenNote, file=file, line=entry.place(None) or 1)
        known_only(entry, "document", "document", [note.document], documents)
        if note.reference in works.left_out_ids:
            note = replace(note, reference=None)
        known_only(entry, "reference", "reference", [note.reference] if note.reference else [], known)
        check_date(entry, note.date)
        notes.append(note)
    return tuple(notes)


def read_notices(folder: Path, conditions: Collection[str]) -> tuple[Notice, ...]:
    file = "notices.toml"
    records = [(entry, entry.read_as(Notice)) for entry in read_tables(file, read_file(folder, file) or b"", "notice")]
    with_ids(records)
    for entry, notice in records:
        known_only(entry, "conditions", "condition", notice.conditions, conditions)
        if not (notice.always or notice.conditions or notice.words):
            raise entry.fault("nothing calls this notice up. Add words, conditions or always = true.", "id")
        for word in notice.words:
            if not re.search(r"\w", word):
                raise entry.fault(f"{quoted(word)} has no letter or digit and is never found. Take it out.", "words")
    return tuple(notice for _, notice in records)


def read_judgments(
    folder: Path, documents: Collection[str], conditions: Collection[str], lines: dict[tuple[str, str], LineOf]
) -> tuple[Judgment, ...]:
    file = "questions.jsonl"
    records = [(entry, entry.read_as(Judgment)) for entry in read_json_lines(file, read_file(folder, file) or b"")]
    once(records, "question", lambda judgment: judgment.question)
    lines |= {(file, judgment.question): partial(entry.place, None) for entry, judgment in records}
    for entry, judgment in records:
        known_only(entry, "document", "document", [judgment.document] if judgment.document else [], documents)
        known_only(entry, "conditions", "condition", judgment.conditions, conditions)
        if judgment.sentences and not judgment.document:
            raise entry.fault("sentences are given without a document. Add the document's id.", "sentences")
        if judgment.example and not judgment.sentences:
            raise entry.fault("an example must have an answer. Add its sentences, or take example out.", "example")
    return tuple(judgment for _, judgment in records)


def read_site(folder: Path) -> Site:
    data = read_file(folder, "site.toml")
    if data is None:
        return WITHOUT_OWNER
    entry = read_table("site.toml", data)
    entry.only_keys(asdict(WITHOUT_OWNER))
    given = {key: entry.check(str, value, key) for key, value in entry.value.items()}
    if "contact" in given and not A_CONTACT.fullmatch(given["contact"]):
        raise entry.fault('contact must be "mailto:name@example.org" or begin with "https://".', "contact")
    return Site(**{**asdict(WITHOUT_OWNER), **given})
