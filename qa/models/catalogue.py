"""What is published along with the passages: notes, notices, judgments, site texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.document import Document
from qa.models.source import Reference
from qa.models.vocabulary import Aspect, Condition, Intervention, SynonymGroup

NoteStatus = Literal["agrees", "partly", "contradicted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Note:
    """A reviewer's finding on one exact sentence, with a summary in one line (`short`); it is shown first when a
    question contains one of its `words`."""

    document: str
    start: int
    end: int
    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    words: tuple[str, ...] = ()
    short: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message from the owner, shown always or when a question names one of its conditions or words. `urgent`: a
    reader may be in danger, so it comes before everything else."""

    id: str
    title: str
    text: str
    urgent: bool = False
    always: bool = False
    conditions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A word of the documents and what it means, in the owner's words. `source` is where the meaning is taken from,
    `forms` are other forms of the word: an abbreviation, another spelling."""

    term: str
    meaning: str
    source: str | None = None
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """The owner's texts for every page. `topics` is what pages call conditions, as a heading; `measured` is a web page
    that says how often answers were right; `accent` the colour of links and buttons, "#rrggbb"; `logo` a picture as a
    data: address. These three may be empty."""

    owner: str
    intro: str
    footer: str
    contact: str
    topics: str = "Topics"
    measured: str = ""
    accent: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question and the sentences that answer it, each identified by its first words; none if the documents do not
    answer it. `batch` groups questions written together, for example to separate tuning from held-out questions."""

    question: str
    document: str | None = None
    sentences: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    example: bool = False
    kind: str = ""
    asker: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything in one index version except the term lists; published alongside the index."""

    version: str
    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Note, ...]
    notices: tuple[Notice, ...]
    site: Site
    examples: tuple[str, ...] = ()
    answerable: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
