"""Views: passages as the page, the API and the terminal show them. Without slots, as in `answer.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from qa.models.document import Block, TableHead
from qa.models.source import SupportStatus, Unresolved
from qa.models.verdicts import NoteView, Verdict
from qa.models.vocabulary import Basis

WordKind = Literal["bm25", "exact", "pair", "title", "alike", "condition", "aspect", "coverage"]
MeaningKind = Literal["meaning", "sentence"]


ContributionKind = WordKind | MeaningKind | Literal["definition", "disputed"]


class Contribution(NamedTuple):
    """One part of a passage's score: what was matched (`term`), how (`kind`), and the points it adds (`value`).

    Kinds: `bm25`; `exact`: same word form; `pair`: two adjacent terms, separated by a space; `title`; `alike`: a
    synonym occurs; `condition` and `aspect`: `term` is the id;
    `coverage`: the share of the question that the passage covers; `meaning`: how close the passage is to the question,
    and `sentence` its two closest sentences: `term` is what was compared with the question, "all" passages or only the
    "candidates" that share words with it (above 5,000); `definition`: it says what `term` is, which is asked;
    `disputed`: its answering sentence is contradicted by a reviewer's note or supported by retracted works only.
    """

    term: str
    kind: ContributionKind
    value: float


@dataclass(frozen=True)
class Highlight:
    """A match in the passage: a word of the question or an equivalent ("pouch" for "bag"). Offsets are into the text
    of the hit; `term` is the term of the question."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class CitationView:
    """A citation within a hit; offsets are into the text of the hit."""

    id: str
    start: int
    end: int
    text: str
    references: tuple[str, ...]
    unresolved: tuple[Unresolved, ...] = ()


@dataclass(frozen=True)
class Antecedent:
    """The earlier sentence that support comes from, quoted as it may be outside the hit; `plain`: without markup;
    `url`: its place in the page of the document."""

    reference: str
    sentence: str
    text: str
    rule: str
    cue: str
    steps: int
    plain: str = ""
    url: str = ""


@dataclass(frozen=True)
class NamedSource:
    """A source that is mentioned without a reference, quoted verbatim."""

    text: str
    kind: str


@dataclass(frozen=True)
class SupportView:
    """The sources that the document gives for a sentence, with everything needed to show them."""

    status: SupportStatus
    references: tuple[str, ...] = ()
    inherited: tuple[Antecedent, ...] = ()
    named_sources: tuple[NamedSource, ...] = ()


@dataclass(frozen=True)
class ConditionView:
    """A condition tag of a passage or sentence. `general` marks a broader condition than the one asked about."""

    id: str
    label: str
    basis: Basis
    general: bool = False


@dataclass(frozen=True)
class HitSentence:
    """A sentence of a hit, from `start` to `end` of its text; `page`: where it begins; `text`: word for word, and
    `plain` without markup; `url`: its place in the page of the document. `verdicts` are most serious first; without
    any, nobody has checked it. `relevant`: of the sentences of its passage, it is the most relevant to the question, or
    one of two."""

    id: str
    start: int
    end: int
    answers: bool
    support: SupportView
    conditions: tuple[ConditionView, ...] = ()
    notes: tuple[NoteView, ...] = ()
    page: int | None = None
    plain: str = ""
    verdicts: tuple[Verdict, ...] = ()
    text: str = ""
    url: str = ""
    relevant: bool = False


@dataclass(frozen=True)
class Hit:
    """A passage, verbatim, with its rank, score, location and support.

    `start`, `end` and the offsets in `head` are into the document's text; all other offsets are into `text`. `general`
    is true if the passage is about a broader condition than the one asked about. `head` is the header row of its table,
    to be shown above its rows. `pages` are its first and last page, if the format has pages. `blocks` say how it looks:
    its paragraphs, items or rows, and what is markup. `why` breaks the score down into its parts, if requested. `url`
    is the place of its first answering sentence, or else its first sentence, in the page of the document.
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
    pages: tuple[int, int] | None = None
    blocks: tuple[Block, ...] = ()
    url: str = ""
