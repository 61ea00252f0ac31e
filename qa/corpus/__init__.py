"""Open a corpus folder: read the documents' bytes and parse all other files of the owner.

Documents are not parsed here. Every fault is a CorpusError with the file (relative to the corpus folder), the line if
known, what is wrong and how to fix it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.corpus.documents import DOCUMENTS, CorpusFile, read_documents
from qa.corpus.editorial import WrittenNote, read_judgments, read_notes, read_notices, read_site
from qa.corpus.entries import LineOf
from qa.corpus.found import find_documents
from qa.corpus.references import REFERENCES, read_owner_works
from qa.corpus.vocabulary import read_aspects, read_conditions, read_interventions, read_synonyms
from qa.errors import CorpusError
from qa.models import Aspect, Condition, Intervention, Judgment, Notice, Reference, Site, SynonymGroup


@dataclass(frozen=True, slots=True)
class Corpus:
    """The owner's files, checked for consistency. Documents are in the order of documents.toml; without that file
    (`listed` is false) they are all that were found, by name. `left_out` are the faults of works and found files that
    were skipped, `lists` the files that list works. `lines` give the lines of works and questions in their files; they
    are functions because counting lines takes time."""

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
    lines: Mapping[tuple[str, str], LineOf] = field(default_factory=dict)
    listed: bool = True

    def line(self, file: str, name: str) -> int | None:
        """The line of a work (`name` is its id) or of a question (`name` is its text); None if unknown."""
        return self.lines.get((file, name), lambda: None)()


def open_corpus(folder: Path) -> Corpus:
    """Read all files in the folder. Raises CorpusError for the first fault found."""
    if not folder.is_dir():
        raise CorpusError(str(folder), "there is no such corpus folder. Create it, or set QA_CORPUS to the right one.")
    listed = os.path.lexists(folder / DOCUMENTS)
    files, not_read = (read_documents(folder), ()) if listed else find_documents(folder)
    conditions = read_conditions(folder)
    lines: dict[tuple[str, str], LineOf] = {}
    works = read_owner_works(folder)
    lists = {REFERENCES: works} | {path: listed_works for file in files for path, listed_works in file.bibliographies}
    lines |= {(file, id): line for file, listed_works in lists.items() for id, line in listed_works.lines.items()}
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
        left_out=(*not_read, *(fault for works in lists.values() for fault in works.left_out)),
        lists=tuple(lists),
        lines=lines,
        listed=listed,
    )
