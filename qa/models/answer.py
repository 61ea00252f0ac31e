"""What was understood of a question, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.catalogue import Notice
from qa.models.source import CSL
from qa.models.views import CoveredCondition, DocumentView, Hit, IndexInfo

AnswerStatus = Literal["answered", "partial", "abstained"]


# Without slots: orjson writes these in 7 µs where it takes 25 µs with them (an answer of three passages).


@dataclass(frozen=True)
class AskedCondition:
    """A condition found in the question or chosen by hand; `asked_as` is how the question put it."""

    id: str
    label: str
    asked_as: str | None
    covered: bool


@dataclass(frozen=True)
class AskedIntervention:
    """A treatment that the question names, by any of its `names`; covered when the documents speak of it."""

    label: str
    asked_as: str
    covered: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedAspect:
    """What a question asks about its subject; shown when a passage that bears on the question speaks to it."""

    id: str
    label: str
    asked_as: str
    shown: bool


@dataclass(frozen=True)
class Correction:
    """A word that the corpus does not know, and the nearest one that it does and that was searched instead."""

    written: str
    read_as: str


@dataclass(frozen=True)
class Interpretation:
    """What was understood of a question, always shown. `terms` are the content words searched for, `questions` the
    parts of the message that ask, `language` is the one it seems to be written in when it is none of the documents'."""

    terms: tuple[str, ...]
    conditions: tuple[AskedCondition, ...] = ()
    corrections: tuple[Correction, ...] = ()
    interventions: tuple[AskedIntervention, ...] = ()
    aspects: tuple[AskedAspect, ...] = ()
    questions: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class Abstention:
    """Why there is no answer: a code for programs, a sentence for people, and what is near but not an answer."""

    reason: Literal[
        "no_searchable_words",
        "language_not_covered",
        "condition_not_covered",
        "intervention_not_covered",
        "aspect_not_covered",
        "not_enough_of_the_question_found",
    ]
    message: str
    missing: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was asked and what the documents say to it. Page, JSON and terminal are all rendered from this.

    `answers` is empty exactly when `status` is `abstained`; then `abstention` says why. `missing` are the words of
    the question that the first hit does not speak to (status `partial` when they weigh).
    """

    question: str
    status: AnswerStatus
    interpretation: Interpretation
    answers: tuple[Hit, ...]
    missing: tuple[str, ...]
    abstention: Abstention | None
    references: tuple[CSL, ...]
    documents: tuple[DocumentView, ...]
    conditions: tuple[CoveredCondition, ...]
    notices: tuple[Notice, ...]
    index: IndexInfo
    api_version: Literal["1"] = "1"
    generated_text: Literal[False] = False
    offset_unit: Literal["unicode_code_point"] = "unicode_code_point"
