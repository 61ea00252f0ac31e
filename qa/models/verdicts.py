"""What a reader must know of a sentence: reviewers' notes on it, and what has become of the works that support it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.catalogue import Note, NoteStatus
from qa.models.source import Retraction

# Most serious first.
VerdictLevel = Literal["retracted", "concern", "disputed", "partly", "unchecked", "agrees"]


@dataclass(frozen=True)
class Verdict:
    """What stands at the head of a sentence: a `word` for its `level` ("Disputed"), and a `line` that gives the reason.

    A verdict of a reviewer has the number of its note among those of the sentence (`note`, from 0), and `date` is when
    the source was checked. One on a work that was retracted, or about which its publisher has published an expression
    of concern, has the address of the publisher's `notice`, if known, and its `date`. `reference` is the work
    concerned; with neither `note` nor `reference`, it is the document itself.
    """

    level: VerdictLevel
    word: str
    line: str
    date: str | None = None
    note: int | None = None
    reference: str | None = None
    notice: str | None = None


@dataclass(frozen=True)
class NoteView:
    """A reviewer's note on a sentence; `bears_on_question` is true when the question contains one of its words. `short`
    is the reviewer's summary of it in one line, empty if there is none."""

    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    bears_on_question: bool = False
    short: str = ""


@dataclass(frozen=True)
class SentenceVerdicts:
    """The verdicts on a sentence of a document, most serious first, and the reviewers' notes on it. `number` counts
    these sentences in reading order, from 1; `start` and `end` are offsets in the document."""

    number: int
    sentence: str
    start: int
    end: int
    verdicts: tuple[Verdict, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class DocumentVerdicts:
    """What is known of a document and of the works it cites: what its publisher has published about it, the sentences
    with a verdict, in reading order, and how many of its statements have none (`unreviewed`)."""

    document: str
    retraction: Retraction | None
    sentences: tuple[SentenceVerdicts, ...]
    unreviewed: int = 0
