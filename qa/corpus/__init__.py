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
from qa.corpus.editorial import KnownIds, WrittenNote, read_judgments, read_notes, read_notices, read_site
from qa.corpus.entries import Known, LineOf
from qa.corpus.faults import Faults
from qa.corpus.found import find_documents
from qa.corpus.glossary import read_glossary
from qa.corpus.references import REFERENCES, read_owner_works
from qa.corpus.retractions import find_retractions
from qa.corpus.vocabulary import read_aspects, read_conditions, read_interventions, read_synonyms
from qa.corpus.works import Works
from qa.errors import CorpusError
from qa.models import Aspect, Condition, GlossaryEntry, Intervention, Judgment, Notice, Reference, Site, SynonymGroup


@dataclass(frozen=True, slots=True)
class Corpus:
    """The owner's files, checked for consistency. Documents are in the order of documents.toml; without that file
    (`listed` is false) they are all that were found, by name. `left_out` are the faults of works and found files that
    were skipped, `repaired` the faults that did no harm, `faults` all others, `lists` the files that list works.
    `lines` give the lines of works and questions in their files; they are functions because counting lines takes time.
    `retractions` is the list of retractions, which is read when works are looked up in it.
    """

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
    glossary: tuple[GlossaryEntry, ...] = ()
    left_out: tuple[CorpusError, ...] = ()
    repaired: tuple[CorpusError, ...] = ()
    lists: tuple[str, ...] = ()
    lines: Mapping[tuple[str, str], LineOf] = field(default_factory=dict)
    listed: bool = True
    faults: tuple[CorpusError, ...] = ()
    retractions: Path | None = None

    def line(self, file: str, name: str) -> int | None:
        """The line of a work (`name` is its id) or of a question (`name` is its text); None if unknown."""
        return self.lines.get((file, name), lambda: None)()


def open_corpus(folder: Path) -> Corpus:
    """Read all files in the folder. Raises CorpusError for the first fault found; the others are its `others`."""
    corpus = look_at_corpus(folder)
    Faults(corpus.faults).raise_all()
    return corpus


def look_at_corpus(folder: Path) -> Corpus:
    """Read all files in the folder, without the entries and files that have a fault; `Corpus.faults` are all faults.

    Raises CorpusError if there is no such folder.
    """
    if not folder.is_dir():
        raise CorpusError(str(folder), "there is no such corpus folder. Create it, or set QA_CORPUS to the right one.")
    faults = Faults()
    listed = os.path.lexists(folder / DOCUMENTS)
    files: tuple[CorpusFile, ...] = ()
    not_read: tuple[CorpusError, ...] = ()
    documents: Known = None
    with faults.collected():
        if listed:
            files, documents, not_read = read_documents(folder, faults)
        else:
            files, not_read = find_documents(folder)
            documents = {file.id for file in files}
    conditions, named = read_conditions(folder, faults)
    lines: dict[tuple[str, str], LineOf] = {}
    works, references = Works(), None
    with faults.collected():
        works = read_owner_works(folder)
        references = {reference.id for reference in works.references}
    lists = {REFERENCES: works} | {path: listed_works for file in files for path, listed_works in file.bibliographies}
    lines |= {(file, id): line for file, listed_works in lists.items() for id, line in listed_works.lines.items()}
    retractions = None
    with faults.collected():
        retractions = find_retractions(folder)
    known = KnownIds(documents, named, references, works.left_out_ids)
    return Corpus(
        files=files,
        references=works.references,
        conditions=conditions,
        notes=read_notes(folder, known, faults),
        notices=read_notices(folder, known, faults),
        judgments=read_judgments(folder, known, faults, lines),
        site=read_site(folder, faults),
        aspects=read_aspects(folder, faults),
        interventions=read_interventions(folder, faults),
        synonyms=read_synonyms(folder, faults),
        glossary=read_glossary(folder, faults, lines),
        left_out=(*not_read, *(fault for works in lists.values() for fault in works.left_out)),
        repaired=tuple(fault for works in lists.values() for fault in works.repaired),
        lists=tuple(lists),
        lines=lines,
        listed=listed,
        faults=tuple(faults),
        retractions=retractions,
    )
