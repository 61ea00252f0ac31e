"""What is shown of a document, a passage or a work.

Without slots: orjson writes these in 7 µs where it takes 25 µs with them (an answer of three passages)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from qa.models.catalogue import Note, NoteStatus
from qa.models.document import TableHead
from qa.models.source import Reference, SupportStatus, Unresolved
from qa.models.vocabulary import Basis


class Contribution(NamedTuple):
    """What one term, or something else that was asked for, adds to the score of a passage, and for what.

    `bm25`, `exact` form, `pair` (both terms, with a blank between), `title`; `alike`: the term stands there in another
    word; `related`: a word near it does; `cited`: it names a work that the passage rests on; `condition` and `aspect`
    by their ids; `coverage`: how much of the question the passage speaks to in all.
    """

    term: str
    kind: Literal["bm25", "exact", "pair", "title", "alike", "related", "cited", "condition", "aspect", "coverage"]
    value: float


@dataclass(frozen=True)
class Highlight:
    """What in the passage matched the question: one of its words, or what stands for one ("pouch" for "bag"). Offsets
    into the text of the hit; `term` is the question's."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class CitationView:
    """A mark within a hit; offsets into the text of the hit."""

    id: str
    start: int
    end: int
    text: str
    references: tuple[str, ...]
    unresolved: tuple[Unresolved, ...] = ()


@dataclass(frozen=True)
class Antecedent:
    """The sentence that support is carried on from, quoted so that it can be shown wherever it stands."""

    reference: str
    sentence: str
    text: str
    rule: str
    cue: str
    steps: int


@dataclass(frozen=True)
class NamedSource:
    """A source that is spoken of without a reference, quoted by its own words."""

    text: str
    kind: str


@dataclass(frozen=True)
class SupportView:
    """What the document gives as backing for a sentence, with all that is needed to show it."""

    status: SupportStatus
    references: tuple[str, ...] = ()
    inherited: tuple[Antecedent, ...] = ()
    named_sources: tuple[NamedSource, ...] = ()


@dataclass(frozen=True)
class NoteView:
    """A reviewer's note on a sentence; `bears_on_question` when the question's own words call it up."""

    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    bears_on_question: bool = False


@dataclass(frozen=True)
class ConditionView:
    """A condition that a passage or sentence is tagged with. `general` marks a wider condition than was asked."""

    id: str
    label: str
    basis: Basis
    general: bool = False


@dataclass(frozen=True)
class HitSentence:
    """A sentence of a hit; `start` and `end` are offsets into the text of the hit."""

    id: str
    start: int
    end: int
    answers: bool
    support: SupportView
    conditions: tuple[ConditionView, ...] = ()
    notes: tuple[NoteView, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A passage, word for word, with its rank, score, place and support. `start` and `end` are offsets into the
    document's text; every other offset below is into `text`. `general` says that the passage speaks of a wider
    condition than the one asked about. `head` is the head of the table that the passage has rows of, to be shown above
    them; its offsets are into the document's text. `why` holds what the score is the sum of, where that was asked for.
    """

    id: str
    rank: int
    score: float
    text: str
    document: str
    start: int
    end: int
    heading_path: tuple[str, ...]
    conditions: tuple[ConditionView, ...]
    sentences: tuple[HitSentence, ...]
    citations: tuple[CitationView, ...]
    highlights: tuple[Highlight, ...]
    general: bool = False
    why: tuple[Contribution, ...] = ()
    head: TableHead | None = None


@dataclass(frozen=True)
class CoveredCondition:
    """A condition, and how many passages are about it or a narrower one: by its name, or by a heading and a word
    together ("withdrawal" under "Opioid use disorder")."""

    id: str
    label: str
    parent: str | None
    passages: int


@dataclass(frozen=True)
class DocumentView:
    """What is known of a document that a hit comes from; None is 'not given'."""

    id: str
    title: str
    digest: str
    owner: str | None
    date: str | None
    language: str
    licence: str | None
    origin: str | None


@dataclass(frozen=True)
class IndexInfo:
    """Which published version answered, and what it holds."""

    version: str
    documents: int
    passages: int


@dataclass(frozen=True)
class SupportCounts:
    """How many sentences the documents back in which way."""

    cited: int = 0
    inherited: int = 0
    named_source: int = 0
    uncited: int = 0


@dataclass(frozen=True)
class DocumentOverview:
    """A document in a list: what is known of it, its size, and how its sentences are backed."""

    document: DocumentView
    passages: int
    support: SupportCounts


@dataclass(frozen=True)
class CoverageReport:
    """What the documents cover: every condition of the vocabulary with its number of passages (0: known and not
    covered), every document, and how the sentences are backed."""

    conditions: tuple[CoveredCondition, ...]
    documents: tuple[DocumentOverview, ...]
    support: SupportCounts
    index: IndexInfo


@dataclass(frozen=True)
class SupportedSentence:
    """A sentence that rests on a work: by a mark of its own (`cited`) or carried on (`inherited`)."""

    document: str
    sentence: str
    start: int
    end: int
    text: str
    status: SupportStatus


@dataclass(frozen=True)
class PlacedNote:
    """A reviewer's note that uses a work, with the sentence it is on."""

    document: str
    sentence: str
    text: str
    note: Note


@dataclass(frozen=True)
class ReferenceUses:
    """A work with everything in the documents that rests on it, and the notes that use it."""

    reference: Reference
    sentences: tuple[SupportedSentence, ...]
    notes: tuple[PlacedNote, ...]
