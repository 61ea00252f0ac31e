"""The question sets: questions with known answers, asked of the page they were written on."""

from __future__ import annotations

import html
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from qa.answering.answer import answer_in
from qa.cache import open_cache
from qa.encoder import open_encoder
from qa.indexes import OpenIndex
from qa.indexing.publish import publish
from qa.indexing.vectors import open_with_vectors
from qa.understanding.context import IndexContext, context_of
from testkit.corpora import SHIPPED, corpus_of_page, encoder_of_tests, shipped

QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "questions"
FOR_TUNING = (
    *("first-tuning-0", "first-tuning-1", "first-tuning-2", "first-tuning-3", "first-tuning-4"),
    *("clinical-guideline-tuning", "clinical-guideline-tuning-2", "wound-care-tuning"),
    *("public-health-brief-tuning", "public-health-brief-tuning-2", "not-medical-tuning", "not-medical-tuning-2"),
)
HELD_OUT = (
    *("first-held-out-1", "first-held-out-2", "clinical-guideline-held-out", "public-health-brief-held-out"),
    "not-medical-held-out",
)
# Written after all of the above had been read: a second round on the same pages, and pages that nobody had worked with.
SECOND_ROUND = ("clinical-guideline-held-out-2", "public-health-brief-held-out-2", "not-medical-held-out-2")
NEW_PAGES = ("sleep-apnoea-held-out", "hearing-loss-held-out", "school-phones-held-out", "cover-crops-held-out")
# First run after related words had been added: once with them, once without.
NEWEST_PAGES = ("heat-pumps-held-out", "gestational-diabetes-held-out")
# First run after numbers and prices had been tied to the thing asked about.
LATEST_PAGES = ("asthma-held-out", "breakfast-clubs-held-out")
# All that were run unseen once, and have been read since.
OPENED = (*HELD_OUT, *SECOND_ROUND, *NEW_PAGES, *NEWEST_PAGES, *LATEST_PAGES)


class Outcome(NamedTuple):
    """What came of a question: its kind; the status, with the reason if it is abstained; the confidence; whether the
    first passage answers it, one of the first three does, and an answering sentence is marked."""

    kind: str
    result: str
    confidence: float
    first: bool
    in_three: bool
    marked: bool

    @property
    def answered(self) -> bool:
        return self.result == "answered"

    @property
    def abstained(self) -> bool:
        return self.result.startswith("abstained")


Rows = list[tuple[dict[str, Any], Outcome]]


def index_for(name: str, lists: bool = False) -> OpenIndex:
    """The index of the page that a set was written for, with vectors if QA_ENCODER names an encoder (default: off)."""
    page = name.rsplit("-tuning", 1)[0].rsplit("-held-out", 1)[0]
    first = page.startswith("first")
    encoder = open_encoder(os.environ.get("QA_ENCODER", encoder_of_tests()))
    if first and not encoder:
        return shipped()
    folder = SHIPPED if first else corpus_of_page(page, Path(tempfile.mkdtemp()) / page, lists=lists)
    kept = open_cache(Path(os.environ["QA_CACHE"]) if os.environ.get("QA_CACHE") else None)
    return open_with_vectors("memory:", publish(folder, "memory:", kept=kept), kept, encoder)


def context_for(name: str, lists: bool = False) -> IndexContext:
    return context_of(index_for(name, lists))


def judge(row: dict[str, Any], index: OpenIndex) -> Outcome:
    return judge_in(context_of(index), row)


def judge_in(context: IndexContext, row: dict[str, Any]) -> Outcome:
    result = answer_in(context, row["question"])
    name = f"abstained: {result.abstention.reason}" if result.abstention else result.status
    right = [any(begins(hit.text, start) for start in row["sentences"]) for hit in result.answers]
    marked = [hit.text[s.start : s.end] for hit in result.answers[:1] for s in hit.sentences if s.answers]
    return Outcome(
        row["kind"],
        name,
        result.confidence,
        first=right[:1] == [True],
        in_three=any(right),
        marked=any(begins(each, start, at_start=True) for each in marked for start in row["sentences"]),
    )


def begins(text: str, start: str, *, at_start: bool = False) -> bool:
    """Whether a sentence that begins so is in a text, or at its start, whatever the markup."""
    place = squashed(text).find(squashed(start))
    return place == 0 if at_start else place >= 0


MARKUP = re.compile(r"<[^>]+>|\]\([^)]*\)")


def squashed(text: str) -> str:
    """Letters and digits of a text as it is read, so that markup and line breaks do not matter."""
    return re.sub(r"[^0-9a-z]", "", html.unescape(MARKUP.sub("", text)).lower())


def rows_of(name: str) -> Iterator[dict[str, Any]]:
    first = name.startswith("first-")
    for line in (SHIPPED / "questions.jsonl" if first else QUESTIONS / f"{name}.jsonl").read_bytes().splitlines():
        row = {"sentences": [], "batch": "", **orjson.loads(line)}
        if not first or row["batch"] == name.removeprefix("first-"):
            yield row


def run(name: str, *, lists: bool = False) -> Rows:
    """Each question of a set with its outcome."""
    index = index_for(name, lists)
    return [(row, judge(row, index)) for row in rows_of(name)]


def parts_of(rows: Rows) -> dict[str, list[bool]]:
    """For each measure, question by question, whether it holds."""
    answerable = [outcome for row, outcome in rows if row["sentences"]]
    others = [outcome for row, outcome in rows if not row["sentences"]]
    return {
        "first": [outcome.first for outcome in answerable],
        "in three": [outcome.in_three for outcome in answerable],
        "marked": [outcome.marked for outcome in answerable],
        "not abstained": [not outcome.abstained for outcome in answerable],
        "answered": [outcome.answered for outcome in answerable],
        "answered right": [outcome.first for outcome in answerable if outcome.answered],
        "not answered": [not outcome.answered for outcome in others],
    }


def measures(rows: Rows) -> dict[str, float]:
    return {name: sum(hits) / max(1, len(hits)) for name, hits in parts_of(rows).items()}
