"""Read what the owner and reviewers write: notes, notices, questions, site texts."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from qa.corpus.entries import (
    Entry,
    Known,
    LineOf,
    check_date,
    quoted,
    require_known,
    require_unique,
    require_valid_ids,
)
from qa.corpus.faults import Faults
from qa.corpus.folder import read_entries, read_file
from qa.corpus.formats import read_json_lines, read_table, read_tables
from qa.models import Judgment, NoteStatus, Notice, Site

QUESTIONS = "questions.jsonl"
WEB_PAGE = re.compile(r"https?://\S+")
ACCENT_PATTERN = re.compile(r"#[0-9a-fA-F]{6}")
PICTURES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".jpg": "image/jpeg"}
LARGEST_LOGO = 32 * 1024  # bytes; it is loaded with every first page
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
    short: str = ""


class KnownIds(NamedTuple):
    """The ids that notes, notices and questions may name. `left_out` are those of works that were skipped."""

    documents: Known
    conditions: Known
    references: Known
    left_out: Collection[str]


def read_notes(folder: Path, known: KnownIds, faults: Faults) -> tuple[WrittenNote, ...]:
    """Read the reviewers' notes. A note that cites a skipped work is kept, without its reference."""
    file = "notes.toml"
    entries, notes = list[Entry](), list[WrittenNote]()
    with faults.collected():
        entries = read_tables(file, read_file(folder, file) or b"", "note")
    for entry in entries:
        with faults.collected():
            note = entry.read_as(WrittenNote, file=file, line=entry.line_of(None) or 1)
            if note.reference in known.left_out:
                note = replace(note, reference=None)
            wrong = Faults()
            with wrong.collected():
                require_known(entry, "document", "document", [note.document], known.documents)
            with wrong.collected():
                cited = [note.reference] if note.reference else []
                require_known(entry, "reference", "reference", cited, known.references)
            with wrong.collected():
                check_date(entry, note.date)
            wrong.raise_all()
            notes.append(note)
    return tuple(notes)


def read_notices(folder: Path, known: KnownIds, faults: Faults) -> tuple[Notice, ...]:
    records = read_entries(folder, "notices.toml", "notice", Notice, faults).records
    with faults.collected():
        require_valid_ids(records)
    for entry, notice in records:
        with faults.collected():
            require_known(entry, "conditions", "condition", notice.conditions, known.conditions)
        if not (notice.always or notice.conditions or notice.words):
            faults.append(entry.fault("this notice is never shown. Add words, conditions or always = true.", "id"))
        for word in notice.words:
            if not re.search(r"\w", word):
                message = f"{quoted(word)} has no letter or digit, so it never matches. Remove it."
                faults.append(entry.fault(message, "words"))
    return tuple(notice for _, notice in records)


def read_judgments(
    folder: Path, known: KnownIds, faults: Faults, lines: dict[tuple[str, str], LineOf]
) -> tuple[Judgment, ...]:
    records: list[tuple[Entry, Judgment]] = []
    for entry in read_json_lines(QUESTIONS, read_file(folder, QUESTIONS) or b"", faults):
        with faults.collected():
            records.append((entry, entry.read_as(Judgment)))
    with faults.collected():
        require_unique(records, "question", lambda judgment: judgment.question)
    lines |= {(QUESTIONS, judgment.question): partial(entry.line_of, None) for entry, judgment in records}
    good = []
    for entry, judgment in records:
        with faults.collected():
            require_fitting(entry, judgment, known)
            good.append(judgment)
    return tuple(good)


def require_fitting(entry: Entry, judgment: Judgment, known: KnownIds) -> None:
    """Check what a question says about its answer. Raises CorpusError."""
    require_known(entry, "document", "document", [judgment.document] if judgment.document else [], known.documents)
    require_known(entry, "conditions", "condition", judgment.conditions, known.conditions)
    if judgment.sentences and not judgment.document:
        raise entry.fault("sentences are given without a document. Add the document's id.", "sentences")
    if judgment.example and not judgment.sentences:
        raise entry.fault("an example must have an answer. Add its sentences, or remove example.", "example")


def read_site(folder: Path, faults: Faults) -> Site:
    given: dict[str, str] = {}
    with faults.collected():
        data = read_file(folder, "site.toml")
        if data is None:
            return DEFAULT_SITE
        entry = read_table("site.toml", data)
        with faults.collected():
            entry.only_keys(asdict(DEFAULT_SITE))
        for key, value in entry.value.items():
            if key in asdict(DEFAULT_SITE):
                with faults.collected():
                    given[key] = entry.check(str, value, key)
        if "contact" in given and not CONTACT_PATTERN.fullmatch(given["contact"]):
            raise entry.fault('contact must be "mailto:name@example.org" or start with "https://".', "contact")
        if "measured" in given and not WEB_PAGE.fullmatch(given["measured"]):
            raise entry.fault('measured must be a web page: it starts with "https://".', "measured")
        if "accent" in given and not ACCENT_PATTERN.fullmatch(given["accent"]):
            raise entry.fault('accent must be a colour like "#0b5468".', "accent")
        if "logo" in given:
            given["logo"] = read_logo(folder, entry, given["logo"])
    return Site(**{**asdict(DEFAULT_SITE), **given})


def read_logo(folder: Path, entry: Entry, name: str) -> str:
    """The picture in the corpus folder as a data: address. Raises CorpusError."""
    kind = PICTURES.get(Path(name).suffix.lower())
    if kind is None:
        raise entry.fault(f"logo must be the name of a picture: {', '.join(PICTURES)}.", "logo")
    data = read_file(folder, name)
    if data is None:
        raise entry.fault(f"there is no file {quoted(name)} in the corpus folder.", "logo")
    if len(data) > LARGEST_LOGO:
        message = f"{quoted(name)} has {len(data):,} bytes, more than {LARGEST_LOGO:,}. Make it smaller."
        raise entry.fault(message, "logo")
    return f"data:{kind};base64,{b64encode(data).decode()}"
