"""Open a corpus folder: the documents' bytes and everything else that the owner wrote.

Nothing is split, bound or searched here. Every fault is a CorpusError with file, line where there is one, what is
wrong and what to do. File names in it are relative to the corpus folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from pathlib import Path, PurePosixPath

from qa.corpus.bibliography import read_bibliography
from qa.corpus.entries import AN_ID, Entry, dated, did_you_mean, known_only, lineage, once, quoted, with_ids
from qa.corpus.formats import decode, read_lines, read_records, read_table, read_tables
from qa.corpus.works import Works, admit, read_work
from qa.errors import CorpusError
from qa.models import (
    Aspect,
    Condition,
    Intervention,
    Judgment,
    NoteStatus,
    Notice,
    Provenance,
    Reference,
    Site,
    SynonymGroup,
)

DOCUMENTS = "documents.toml"
REFERENCES = "references.json"
LEFT_BY_EDITORS = re.compile(r"\.|.*~$|#.*#$", re.DOTALL)
A_CONTACT = re.compile(r"(mailto:|https?://)\S+")
Line = Callable[[], int | None]
WITHOUT_OWNER = Site(
    owner="An evidence collection",
    intro="Ask a question. The answer is quoted from the documents, word for word, with their sources.",
    footer="",
    contact="",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Provenance):
    """An entry of documents.toml. Without an `id`, the file's name without its ending is the id."""

    file: str
    id: str | None = None
    bibliography: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A document's bytes as received. `path` is its place in the corpus folder, `line` that of its entry.
    `bibliographies` are the places of the files that list its works, each with what was read of it."""

    id: str
    path: str
    data: bytes
    provenance: Provenance
    line: int
    bibliographies: tuple[tuple[str, Works], ...] = ()


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


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the owner wrote, checked within itself. Documents are in the order of documents.toml. `left_out` are the
    faults of works that were left out of the files in `lists`. `lines` tell where works and questions stand in their
    files: when they are asked, because counting takes time."""

    files: tuple[CorpusFile, ...]
    references: tuple[Reference, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[WrittenNote, ...]
    notices: tuple[Notice, ...]
    judgments: tuple[Judgment, ...]
    site: Site
    aspects: tuple[Aspect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    left_out: tuple[CorpusError, ...] = ()
    lists: tuple[str, ...] = ()
    lines: Mapping[tuple[str, str], Line] = field(default_factory=dict)

    def line(self, file: str, name: str) -> int | None:
        """The line of a work, by its id, or of a question, by its words."""
        return self.lines.get((file, name), lambda: None)()


def open_corpus(folder: Path) -> Corpus:
    """Read everything in the folder. Raises CorpusError for the first fault found."""
    if not folder.is_dir():
        raise CorpusError(str(folder), "there is no such corpus folder. Create it, or set QA_CORPUS to the right one.")
    files = read_documents(folder)
    conditions = read_conditions(folder)
    lines: dict[tuple[str, str], Line] = {}
    works = read_references(folder)
    lists = {REFERENCES: works} | {path: beside for file in files for path, beside in file.bibliographies}
    lines |= {(file, id): line for file, listed in lists.items() for id, line in listed.lines.items()}
    documents, known = {file.id for file in files}, {condition.id for condition in conditions}
    return Corpus(
        files=files,
        references=works.references,
        conditions=conditions,
        notes=read_notes(folder, documents, works),
        notices=read_notices(folder, known),
        judgments=read_judgments(folder, documents, known, lines),
        site=read_site(folder),
        aspects=read_aspects(folder),
        interventions=read_interventions(folder),
        synonyms=read_synonyms(folder),
        left_out=tuple(fault for listed in lists.values() for fault in listed.left_out),
        lists=tuple(lists),
        lines=lines,
    )


# --- one function a file ---------------------------------------------------------------------------


def read_documents(folder: Path) -> tuple[CorpusFile, ...]:
    data = read_file(folder, DOCUMENTS)
    entries = read_tables(DOCUMENTS, data, "document") if data is not None else []
    listings = [(entry, entry.read_as(Listing)) for entry in entries]
    read: dict[str, Works] = {}
    files = [read_document(folder, entry, listing, read) for entry, listing in listings]
    once(listings, "file", lambda listing: PurePosixPath(listing.file).as_posix())
    once([(entry, file) for (entry, _), file in zip(listings, files, strict=True)], "id", lambda file: file.id)
    listed = {path for file in files for path in (file.path, *(place for place, _ in file.bibliographies))}
    for name in names_in(folder / "documents"):
        if f"documents/{name}" not in listed:
            raise not_listed(name)
    if not files:
        raise CorpusError(DOCUMENTS, "lists no document. Put a file in documents/ and list it with file and title.")
    return tuple(files)


def not_listed(name: str) -> CorpusError:
    path = os.fsencode(f"documents/{name}").decode(errors="replace")
    title = PurePosixPath(path).stem.replace("-", " ").capitalize()
    lines = f"[[document]] and below it file = {quoted(name)} and title = {quoted(title)}"
    return CorpusError(path, f"is not listed in {DOCUMENTS}. Add there {lines}; or move the file out of the folder.")


def read_document(folder: Path, entry: Entry, listing: Listing, read: dict[str, Works]) -> CorpusFile:
    """A document with the works beside it. `read` keeps the bibliographies, which several documents may list."""
    path, data = read_beside(folder, entry, listing.file, "file")
    inner = PurePosixPath(listing.file)
    id = listing.id or inner.stem
    if not AN_ID.fullmatch(id):
        advice = 'Add an id of letters, digits, ".", "_" and "-", such as id = "my-document"'
        raise entry.fault(f"{quoted(id)} cannot be the document's id. {advice}.", "id" if listing.id else "file")
    dated(entry, listing.date)
    provenance = Provenance(**{field.name: getattr(listing, field.name) for field in fields(Provenance)})
    beside = [read_beside(folder, entry, name, "bibliography") for name in listing.bibliography]
    for place, content in beside:
        if place not in read:
            read[place] = read_bibliography(place, content)
    bibliographies = tuple((place, read[place]) for place, _ in beside)
    return CorpusFile(id, path, data, provenance, entry.place(None) or 1, bibliographies)


def read_beside(folder: Path, entry: Entry, name: str, key: str) -> tuple[str, bytes]:
    """The place and the bytes of a file in documents/ that an entry names under this key."""
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or "\0" in name:
        raise entry.fault(f"{key} {quoted(name)} leaves documents/. Give the name of a file in it.", key)
    path = f"documents/{inner.as_posix()}"
    try:
        data = read_file(folder, path)
    except CorpusError as error:
        raise entry.fault(f"{key} {quoted(name)} {error.message}", key) from None
    if data is None:
        near = did_you_mean(name, names_in(folder / "documents"))
        raise entry.fault(f"there is no file {quoted(path)}.{near} Correct the name, or put the file there.", key)
    return path, data


def read_conditions(folder: Path) -> tuple[Condition, ...]:
    file = "conditions.toml"
    records = [(e, e.read_as(Condition)) for e in read_tables(file, read_file(folder, file) or b"", "condition")]
    with_ids(records)
    parents = {condition.id: condition.parent for _, condition in records}
    for entry, condition in records:
        ambiguous = [id for abbreviation in condition.abbreviations for id in abbreviation.ambiguous]
        known_only(entry, "parent", "condition", [condition.parent] if condition.parent else [], parents)
        known_only(entry, "abbreviations", "condition", ambiguous, parents)
    for entry, condition in records:
        line = lineage(condition.id, parents)
        if len(set(line)) < len(line):
            raise entry.fault(f"its parents lead in a circle: {' → '.join(line)}. Take one parent out.", "parent")
    return tuple(condition for _, condition in records)


def read_aspects(folder: Path) -> tuple[Aspect, ...]:
    file = "aspects.toml"
    records = [(e, e.read_as(Aspect)) for e in read_tables(file, read_file(folder, file) or b"", "aspect")]
    with_ids(records)
    for entry, aspect in records:
        regular_only(entry, "cue_patterns", aspect.cue_patterns)
        regular_only(entry, "evidence_patterns", aspect.evidence_patterns)
        if not (aspect.cues or aspect.cue_patterns) or not (aspect.evidence or aspect.evidence_patterns):
            raise entry.fault("needs cues that ask for it, and evidence that shows it. Add what is missing.", "id")
    return tuple(aspect for _, aspect in records)


def regular_only(entry: Entry, key: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise entry.fault(f"{quoted(pattern)} is no regular expression ({error}). Correct it.", key) from None


def read_interventions(folder: Path) -> tuple[Intervention, ...]:
    file = "interventions.toml"
    tables = read_tables(file, read_file(folder, file) or b"", "intervention")
    records = [(entry, entry.read_as(Intervention)) for entry in tables]
    with_ids(records)
    for entry, intervention in records:
        if not intervention.names:
            raise entry.fault("names is empty. Write at least one name.", "names")
    return tuple(intervention for _, intervention in records)


def read_synonyms(folder: Path) -> tuple[SynonymGroup, ...]:
    file = "synonyms.toml"
    groups = [(e, e.read_as(SynonymGroup)) for e in read_tables(file, read_file(folder, file) or b"", "group")]
    for entry, group in groups:
        if len(group.words) < 2:
            raise entry.fault("a group of fewer than two words says nothing. Add a word, or take it out.", "words")
    return tuple(group for _, group in groups)


def read_references(folder: Path) -> Works:
    data = read_file(folder, REFERENCES)
    return admit(read_records(REFERENCES, decode(REFERENCES, data)), read_work) if data is not None else Works()


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
        dated(entry, note.date)
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
    folder: Path, documents: Collection[str], conditions: Collection[str], lines: dict[tuple[str, str], Line]
) -> tuple[Judgment, ...]:
    file = "questions.jsonl"
    records = [(entry, entry.read_as(Judgment)) for entry in read_lines(file, read_file(folder, file) or b"")]
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


# --- files in the folder -----------------------------------------------------------------------------


def read_file(folder: Path, name: str) -> bytes | None:
    """The bytes of a file of the corpus, None when there is none. A link may not lead out of the folder."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(name, "leads out of the corpus folder. Put the file itself there instead of a link.")
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            raise CorpusError(name, "is not a file. Put a file there, or take it away.")
        return path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:  # no right to read it, a link to itself, a name too long
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a usable name"
        raise CorpusError(name, f"cannot be read ({reason}). Make it readable to the service.") from None


def names_in(documents: Path) -> list[str]:
    """The files in a folder and its folders. Hidden ones, backups and drafts, which systems and editors leave, do not
    count."""
    paths = (path for path in documents.rglob("*") if path.is_file())
    names = (path.relative_to(documents) for path in paths)
    return sorted(name.as_posix() for name in names if not any(LEFT_BY_EDITORS.match(part) for part in name.parts))
