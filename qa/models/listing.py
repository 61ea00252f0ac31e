"""Views of the documents as a whole: what lists show, and where works are used. Without slots, as in `answer.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.catalogue import Note
from qa.models.document import DateSource
from qa.models.source import Reference, Retraction, SupportStatus

EncoderState = Literal["on", "off", "preparing"]


@dataclass(frozen=True)
class CoveredCondition:
    """A condition and its passages, by name or by heading and word ("withdrawal" under "Opioid use disorder");
    narrower conditions count."""

    id: str
    label: str
    parent: str | None
    passages: int


@dataclass(frozen=True)
class DocumentView:
    """What is known of a hit's document; None: not given. `date_from`: who gives the date, as in `Provenance`;
    `retraction`: what has become of it."""

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
    """A document in a list: its metadata, its size in passages, and its sentences by kind of support."""

    document: DocumentView
    passages: int
    support: SupportCounts


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
    """A sentence supported by a work, by its own citation (`cited`) or a carried one (`inherited`)."""

    document: str
    sentence: str
    start: int
    end: int
    text: str
    status: SupportStatus
    plain: str = ""


@dataclass(frozen=True)
class PlacedNote:
    """A reviewer's note that cites a work, with the sentence it is about."""

    document: str
    sentence: str
    text: str
    note: Note


@dataclass(frozen=True)
class ReferenceUses:
    """A work with all sentences it supports and all notes that cite it."""

    reference: Reference
    sentences: tuple[SupportedSentence, ...]
    notes: tuple[PlacedNote, ...]
