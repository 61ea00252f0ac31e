"""Views of the documents as a whole: what lists show, and where works are used. Without slots, as in `answer.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from qa.models.catalogue import Note
from qa.models.document import DateSource, DocumentKind
from qa.models.source import CSL, Reference, Retraction, SupportStatus

EncoderState = Literal["on", "off", "preparing"]


@dataclass(frozen=True)
class CoveredCondition:
    """A condition and its passages, by name or by heading and word ("withdrawal" under "Opioid use disorder");
    narrower conditions count. `url` is its page; `everyday` is what the owner says that patients call it, or empty."""

    id: str
    label: str
    parent: str | None
    passages: int
    url: str = ""
    everyday: str = ""


@dataclass(frozen=True)
class DocumentView:
    """What is known of a document; None: not given. `date_from`: who gives the date, as in `Provenance`; `retraction`:
    what has become of it; `kind`: what it is, if its file says so; `url`: its page."""

    id: str
    title: str
    digest: str
    owner: str | None
    date: str | None
    language: str
    licence: str | None
    origin: str | None
    date_from: DateSource | None = None
    retraction: Retraction | None = None
    kind: DocumentKind | None = None
    url: str = ""
    author: str | None = None


@dataclass(frozen=True)
class IndexInfo:
    """The published version that answered, and its size. `encoder` says whether passages are found by meaning too;
    "preparing" means that their vectors are being made."""

    version: str
    documents: int
    passages: int
    encoder: EncoderState = "off"


@dataclass(frozen=True)
class SupportCounts:
    """Number of sentences by kind of support."""

    cited: int = 0
    inherited: int = 0
    named_source: int = 0
    uncited: int = 0


@dataclass(frozen=True)
class DocumentOverview:
    """A document in a list: its metadata, its size in passages, and its sentences by kind of support.

    `references` is the number of works it cites, `conditions` are the ids of those that its passages are about.
    `format` is the ending of its file ("pdf"); `extracted`: its text was taken out of the file, which is not text;
    `trouble` is the number of things that were dropped or guessed when it was read.
    """

    document: DocumentView
    passages: int
    support: SupportCounts
    references: int = 0
    conditions: tuple[str, ...] = ()
    format: str = ""
    extracted: bool = False
    trouble: int = 0


@dataclass(frozen=True)
class CoverageReport:
    """What the documents cover: every condition of the vocabulary with its number of passages (0: known but not
    covered), every document, and the number of sentences by kind of support."""

    conditions: tuple[CoveredCondition, ...]
    documents: tuple[DocumentOverview, ...]
    support: SupportCounts
    index: IndexInfo


@dataclass(frozen=True)
class SupportedSentence:
    """A sentence supported by a work, by its own citation (`cited`) or a carried one (`inherited`). `conditions` are
    the ids of those it is about; `url` is its place in the page of the document."""

    document: str
    sentence: str
    start: int
    end: int
    text: str
    status: SupportStatus
    plain: str = ""
    conditions: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class PlacedNote:
    """A reviewer's note that cites a work, with the sentence it is about and the place of that (`url`)."""

    document: str
    sentence: str
    text: str
    note: Note
    url: str = ""


@dataclass(frozen=True)
class WorkFacts:
    """What the record of a work says of it; nothing is taken out of texts. None or empty: not given.

    `year` is when it was published, `type` its CSL-JSON type. `kind` is what readers call it: the owner's `study_type`,
    or else a name for the type. `participants` is the number of people studied, `registration` are numbers in registers
    of trials. `line` has kind, people and numbers in one line.
    """

    year: int | None = None
    type: str = ""
    kind: str = ""
    study_type: str | None = None
    participants: int | None = None
    registration: tuple[str, ...] = ()
    line: str = ""


@dataclass(frozen=True)
class WorkView:
    """A cited work, as in `Reference`, with what it is called (`label`: "Grabski et al. 2022"), its facts and its page
    (`url`).

    `sentences` is the number of sentences that it supports, `notes` the number of reviewers' notes that cite it;
    `documents` and `conditions` are the ids of the documents with these and of the conditions that the sentences are
    about. `verdicts` are the numbers of notes by their verdict ("disputed"), and 1 for "retracted" or "concern".
    """

    id: str
    label: str
    url: str
    facts: WorkFacts
    csl: CSL
    raw: str | None = None
    start: int | None = None
    end: int | None = None
    note_only: bool = False
    key: str | None = None
    sentences: int = 0
    notes: int = 0
    documents: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReferenceUses:
    """A work with all sentences it supports and all notes that cite it, as stored; `WorkUses` is what is shown."""

    reference: Reference
    sentences: tuple[SupportedSentence, ...]
    notes: tuple[PlacedNote, ...]


@dataclass(frozen=True)
class WorkUses:
    """A work with all sentences it supports and all notes that cite it."""

    reference: WorkView
    sentences: tuple[SupportedSentence, ...]
    notes: tuple[PlacedNote, ...]


@dataclass(frozen=True)
class GlossaryTerm:
    """A term of the owner's glossary, as in `GlossaryEntry`, with its place on the page of the glossary."""

    id: str
    term: str
    meaning: str
    source: str | None
    forms: tuple[str, ...]
    url: str
