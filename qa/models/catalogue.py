"""What is published beside the passages: notes, notices, judgments, the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.document import Document
from qa.models.source import Reference
from qa.models.vocabulary import Aspect, Condition, Intervention, SynonymGroup

NoteStatus = Literal["agrees", "partly", "contradicted", "unchecked"]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reviewer found about one exact sentence; `bears_on` are words of a question that call it up first."""

    document: str
    start: int
    end: int
    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    bears_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A standing message. It is shown always, or when a question names one of its conditions or words."""

    id: str
    title: str
    text: str
    urgent: bool = False
    always: bool = False
    conditions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What the owner says on every page."""

    owner: str
    intro: str
    footer: str
    contact: str


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question and the sentences that answer it, each quoted by how it starts; none: not answered here. `batch` names
    the questions that were written together, so that those for tuning and those held out can be told apart."""

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
    """Everything of one index version but the term lists: what is published beside the index."""

    version: str
    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Note, ...]
    notices: tuple[Notice, ...]
    site: Site
    examples: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
