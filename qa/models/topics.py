"""What the documents have on one condition. Without slots, as in `answer.py`."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.listing import CoveredCondition, DocumentView
from qa.models.verdicts import Verdict


@dataclass(frozen=True)
class PassageOnTopic:
    """A passage, word for word (`text`) and without markup (`plain`), the headings above it, and the verdicts on its
    sentences, most serious first. `url` is its place in the page of its document."""

    id: str
    heading_path: tuple[str, ...]
    text: str
    plain: str
    url: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class DocumentOnTopic:
    """A document with its passages on a condition, in reading order."""

    document: DocumentView
    passages: tuple[PassageOnTopic, ...]


@dataclass(frozen=True)
class Topic:
    """All that the documents have on one condition, and on narrower ones.

    `documents` are those of one page (`page`, from 1), with their passages; `total` is the number of all documents,
    `condition.passages` that of all passages. `narrower` are the conditions below this one that are covered,
    `references` is the number of works that its sentences rely on, `questions` are those of the owner's answered
    questions that are about it.
    """

    condition: CoveredCondition
    narrower: tuple[CoveredCondition, ...]
    total: int
    page: int
    documents: tuple[DocumentOnTopic, ...]
    references: int
    questions: tuple[str, ...]
