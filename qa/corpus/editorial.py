"""Read what the owner and reviewers write: notes, notices, questions, site texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from qa.corpus.entries import LineOf, check_date, quoted, require_known, require_unique, require_valid_ids
from qa.corpus.folder import read_file
from qa.corpus.formats import read_json_lines, read_table, read_tables
from qa.corpus.works import Works
from qa.models import Judgment, NoteStatus, Notice, Site

CONTACT_PATTERN = re.compile(r"(mailto:|https?://)\S+")

DEFAULT_SITE = Site(
    owner="An evidence collection",
    intro="Ask a question. The answer is quoted word for word from the documents, with its sources.",
    footer="",
    contact="",
)


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """A note as written: it quotes a whole sentence, which has not yet been located in the document.

    `file` and `line` locate the note, for the message if its sentence is missing or occurs twice.
    """

    document: str
    sentence: str
    status: NoteStatus
    text: str
    date: str
    file: str
    line: int
    reference: str | None = None
    words: tuple[str, ...] = ()


def read_notes(folder: Path, documents: Collection[str], works: Works) -> tuple[WrittenNote, ...]:
    """Read the reviewers' notes. A note that cites a skipped work is kept, without its reference."""
    file = "notes.toml"
    known = {reference.id for reference in works.references}
    notes = []
    for entry in read_tables(file, read_file(folder, file) or b"", "note"):
        note = entry.read_as(WrittenNote, file=file, line=entry.line_of(None) or 1)
        require_known(entry, "document", "document", [note.document], documents)
        if note.reference in works.left_out_ids:
            note = replace(note, reference=None)
        require_known(entry, "reference", "reference", [note.reference] if note.reference else [], known)
        check_date(entry, note.date)
        notes.append(note)
    return tuple(notes)


def read_notices(folder: Path, conditions: Collection[str]) -> tuple[Notice, ...]:
    file = "notices.toml"
    records = [(entry, entry.read_as(Notice)) for entry in read_tables(file, read_file(folder, file) or b"", "notice")]
    require_valid_ids(records)
    for entry, notice in records:
        require_known(entry, "conditions", "condition", notice.conditions, conditions)
        if not (notice.always or notice.conditions or notice.words):
            raise entry.fault("this notice is never shown. Add words, conditions or always = true.", "id")
        for word in notice.words:
            if not re.search(r"\w", word):
                raise entry.fault(f"{quoted(word)} has no letter or digit, so it never matches. Remove it.", "words")
    return tuple(notice for _, notice in records)


def read_judgments(
    folder: Path, documents: Collection[str], conditions: Collection[str], lines: dict[tuple[str, str], LineOf]
) -> tuple[Judgment, ...]:
    file = "questions.jsonl"
    records = [(entry, entry.read_as(Judgment)) for entry in read_json_lines(file, read_file(folder, file) or b"")]
    require_unique(records, "question", lambda judgment: judgment.question)
    lines |= {(file, judgment.question): partial(entry.line_of, None) for entry, judgment in records}
    for entry, judgment in records:
        require_known(entry, "document", "document", [judgment.document] if judgment.document else [], documents)
        require_known(entry, "conditions", "condition", judgment.conditions, conditions)
        if judgment.sentences and not judgment.document:
            raise entry.fault("sentences are given without a document. Add the document's id.", "sentences")
        if judgment.example and not judgment.sentences:
            raise entry.fault("an example must have an answer. Add its sentences, or remove example.", "example")
    return tuple(judgment for _, judgment in records)


def read_site(folder: Path) -> Site:
    data = read_file(folder, "site.toml")
    if data is None:
        return DEFAULT_SITE
    entry = read_table("site.toml", data)
    entry.only_keys(asdict(DEFAULT_SITE))
    given = {key: entry.check(str, value, key) for key, value in entry.value.items()}
    if "contact" in given and not CONTACT_PATTERN.fullmatch(given["contact"]):
        raise entry.fault('contact must be "mailto:name@example.org" or start with "https://".', "contact")
    return Site(**{**asdict(DEFAULT_SITE), **given})
