"""The interpretation of a question and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.models.catalogue import Notice
from qa.models.listing import CoveredCondition, DocumentView, GlossaryTerm, IndexInfo
from qa.models.source import CSL
from qa.models.views import Hit

MOST_SHOWN = 20  # passages with an answer, at most, whatever the limit
AnswerStatus = Literal["answered", "closest", "abstained"]
AbstentionReason = Literal[
    "no_searchable_words",
    "language_not_covered",
    "condition_not_covered",
    "intervention_not_covered",
    "work_not_found",
    "off_topic",
]


# No slots: orjson serialises an answer with three passages in 7 µs without them and in 25 µs with them.


@dataclass(frozen=True)
class AskedCondition:
    """A condition found in the question or selected by the user; `asked_as` is the wording in the question,
    `everyday` what the owner says that patients call it, or empty."""

    id: str
    label: str
    asked_as: str | None
    covered: bool
    everyday: str = ""


@dataclass(frozen=True)
class AskedIntervention:
    """A treatment that the question names, by any of its `names`; `covered` when the documents mention it."""

    label: str
    asked_as: str
    covered: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedAspect:
    """What a question asks about its subject; `shown` when a relevant passage addresses it."""

    id: str
    label: str
    asked_as: str
    shown: bool


@dataclass(frozen=True)
class Correction:
    """A word that is not in the corpus, and the closest one that is and was searched for instead."""

    written: str
    read_as: str


@dataclass(frozen=True)
class AskedQuestion:
    """A part of the message that asks something, and what came of it. `confidence` is the probability, from 0 to 1,
    that the first passage found for it answers it; 0 when `abstained`."""

    text: str
    status: AnswerStatus
    confidence: float


@dataclass(frozen=True)
class Interpretation:
    """How a question was interpreted; always shown. `terms` are the content words searched for, `questions` the parts
    of the message that ask something, `language` is the apparent language when it is not one of the documents'."""

    terms: tuple[str, ...]
    conditions: tuple[AskedCondition, ...] = ()
    corrections: tuple[Correction, ...] = ()
    interventions: tuple[AskedIntervention, ...] = ()
    aspects: tuple[AskedAspect, ...] = ()
    questions: tuple[AskedQuestion, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class Abstention:
    """Why there is no answer: `reason` is a code for programs, `message` says it to people, beginning with `headline`,
    the reason in one sentence. `conditions` are the ids of those asked about that are not covered, and `nearest` the
    closest passages, which do not answer the question; none when the question is off topic."""

    reason: AbstentionReason
    message: str
    conditions: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()
    headline: str = ""


@dataclass(frozen=True)
class Answer:
    """A question and its answer. The web page, the JSON and the terminal output are all rendered from this.

    `status` is `answered` when `confidence`, the probability from 0 to 1 that the first hit answers the question, is
    high enough (QA_ANSWER_FROM); `closest` when it is not: the documents may not answer it, and `answers` are the
    passages closest to it; or `abstained`: then `answers` is empty and `abstention` gives the reason. If the message
    has several questions, the best-answered one decides. `missing` are the words and names of the question that the
    first hit does not have. `glossary` are the terms of the owner's glossary that occur in the passages shown.
    `suggestions` are questions that are answered, closest first, for when this one is not; none with an urgent notice.
    `more` is how many passages a larger limit would add (up to 20 in all), `more_disputed` how many of them have a
    disputed sentence.
    """

    question: str
    status: AnswerStatus
    confidence: float
    interpretation: Interpretation
    answers: tuple[Hit, ...]
    missing: tuple[str, ...]
    abstention: Abstention | None
    references: tuple[CSL, ...]
    documents: tuple[DocumentView, ...]
    conditions: tuple[CoveredCondition, ...]
    notices: tuple[Notice, ...]
    index: IndexInfo
    glossary: tuple[GlossaryTerm, ...] = ()
    suggestions: tuple[str, ...] = ()
    more: int = 0
    more_disputed: int = 0
    api_version: Literal["1"] = "1"
    generated_text: Literal[False] = False
    offset_unit: Literal["unicode_code_point"] = "unicode_code_point"
