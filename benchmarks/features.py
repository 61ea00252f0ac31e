"""Questions of many pages with the passages found for them: what benchmarks/fit.py fits and benchmarks/quality.py
measures."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qa.answering.decision import reason_to_abstain
from qa.cache import Cache, open_cache, temporary_cache
from qa.encoder import Encoder, open_encoder
from qa.indexes import IN_MEMORY, OpenIndex
from qa.indexing.publish import publish
from qa.indexing.vectors import open_with_vectors
from qa.retrieval.candidates import find_candidates
from qa.retrieval.evidence import gather_evidence
from qa.retrieval.request import SearchRequest, build_request
from qa.retrieval.scoring import ScoredPassage, score_passages
from qa.settings import read_settings
from qa.understanding.context import IndexContext, context_of
from qa.understanding.parse import read_message
from qa.understanding.topics import asked_topics
from testkit.corpora import LISTS, PAGES, SHIPPED, corpus_of_page
from testkit.other_pages import corpus_of, off_topic_questions, other_pages
from testkit.question_sets import QUESTIONS, begins, rows_of

FIRST_SETS = (
    *("first-tuning-0", "first-tuning-1", "first-tuning-2", "first-tuning-3", "first-tuning-4"),
    *("first-held-out-1", "first-held-out-2"),
)
OTHER_SUBJECTS = 24  # questions of other pages put to each page


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to a page: `part` says whether it is the page's own, another page's ("other") or off topic
    ("off-odd", "off-even"); `sentences` are the beginnings of those that answer it."""

    page: str
    group: str
    part: str
    kind: str
    question: str
    sentences: tuple[str, ...]

    @property
    def answerable(self) -> bool:
        return bool(self.sentences)


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a message: the request, the passages found, best first, whether each answers, and whether the
    reason for refusing it by what it names, if any."""

    request: SearchRequest
    found: tuple[ScoredPassage, ...]
    right: tuple[bool, ...]
    refused: str


@dataclass(frozen=True, slots=True)
class Row:
    """A question put to a page, and what was found for each of its parts."""

    asked: Asked
    context: IndexContext
    parts: tuple[Part, ...]
    foreign: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page as published, and what is asked about it: pairs of kind and question with the answers' beginnings."""

    name: str
    group: str
    index: OpenIndex
    own: tuple[Asked, ...]


@cache
def kept() -> Cache:
    folder = read_settings().cache
    return open_cache(folder) if folder else temporary_cache()


def uses_meaning() -> bool:
    """Whether QA_ENCODER names an encoder. Unlike a service, benchmarks use none unless told to."""
    return os.environ.get("QA_ENCODER", "off") != "off"


@cache
def encoder() -> Encoder | None:
    return open_encoder(os.environ.get("QA_ENCODER", "on"))


def opened(folder: Path, *, meaning: bool) -> OpenIndex:
    """The corpus folder as published, with vectors (`meaning`) or without."""
    version = publish(folder, IN_MEMORY, kept=kept())
    return open_with_vectors(IN_MEMORY, version, kept(), encoder() if meaning else None)


def known_pages(*, meaning: bool, lists: bool = False) -> Iterator[Page]:
    """The shipped corpus and the pages that others were developed on; `lists`: only those with an owner's lists."""
    if not lists:
        rows = [row for name in FIRST_SETS for row in rows_of(name)]
        yield Page("first", "first", opened(SHIPPED, meaning=meaning), asked_of("first", "first", rows, "sentences"))
    for name in sorted(path.name.removesuffix(".conditions.json") for path in PAGES.glob("*.conditions.json")):
        if lists and not (LISTS / name).is_dir():
            continue
        folder = corpus_of_page(name, Path(tempfile.mkdtemp()) / name, lists=lists)
        rows = [row for file in sorted(QUESTIONS.glob(f"{name}-*.jsonl")) for row in rows_of(file.stem)]
        yield Page(name, "known", opened(folder, meaning=meaning), asked_of(name, "known", rows, "sentences"))


def further_pages(*, meaning: bool, unseen: bool = False) -> Iterator[Page]:
    """The thirty other pages: those to fit on or those kept for the end."""
    for page in other_pages(unseen=unseen):
        folder = corpus_of([page], Path(tempfile.mkdtemp()) / page.name)
        group = "unseen" if unseen else "other"
        yield Page(
            page.name, group, opened(folder, meaning=meaning), asked_of(page.name, group, page.questions, "answers")
        )


def put_together() -> Page:
    """The further pages to fit on in one corpus, with their answerable questions and half of those off topic."""
    pages = other_pages(unseen=False)
    folder = corpus_of(pages, Path(tempfile.mkdtemp()) / "together")
    asked = [each for page in pages for each in asked_of("together", "together", page.questions, "answers")]
    off = [Asked("together", "together", "off-odd", "off", question, ()) for question in off_topic_questions()[::2]]
    own = tuple(each for each in asked if each.answerable)
    return Page("together", "together", opened(folder, meaning=True), (*own, *off))


def asked_of(page: str, group: str, rows: Sequence[Mapping[str, Any]], answers: str) -> tuple[Asked, ...]:
    return tuple(Asked(page, group, "own", row["kind"], row["question"], tuple(row[answers])) for row in rows)


def put_to(page: Page, every: Sequence[Asked]) -> Iterator[Asked]:
    """The page's own questions, some of other pages, and those off topic."""
    yield from page.own
    others = [each for each in every if each.page not in (page.name, "first")]
    for each in random.Random(page.name).sample(others, min(OTHER_SUBJECTS, len(others))):
        yield Asked(page.name, page.group, "other", "other", each.question, ())
    for number, question in enumerate(off_topic_questions(), 1):
        yield Asked(page.name, page.group, f"off-{'odd' if number % 2 else 'even'}", "off", question, ())


def ask(asked: Asked, index: OpenIndex) -> Row:
    """Ask a question as `answer` does, up to the decision."""
    context = context_of(index)
    message = read_message(asked.question, context.lexicon)
    parts = []
    for question in message.questions:
        request = build_request(question, asked_topics(question, (), context), context)
        candidates = find_candidates(request, context)
        found = score_passages(gather_evidence(candidates, request, context), request, context)
        right = tuple(any(begins(each.passage.text, start) for start in asked.sentences) for each in found)
        abstention = reason_to_abstain(request, found, context)
        parts.append(Part(request, tuple(found), right, abstention.reason if abstention else ""))
    return Row(asked, context, tuple(parts), message.language is not None)
