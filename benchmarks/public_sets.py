"""The public sets used to measure retrieval and refusal, from the folder named by QA_TEST_DATA."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from qa.editing.collections import read_questions, read_rows
from qa.text.analysis import PassageTerms, Statistics, passage_terms
from qa.text.background import background
from qa.text.spelling import correct
from qa.understanding.parse import correct_words
from testkit.postings import Postings

DATA = Path(os.environ.get("QA_TEST_DATA", ""))
SETS = ("evidence-inference-dev", "scifact", "covidqa-para", "cranfield")
MEDICAL = SETS[:3]


@dataclass
class Collection:
    """A public set: passages in order, questions, and the relevance of passages to each question."""

    ids: list[str]
    texts: list[str]
    passages: list[PassageTerms]
    postings: Postings
    questions: dict[str, str]
    judged: dict[str, dict[str, int]]
    starts: list[int | None]  # offset of each passage in its article, if the set gives it

    @cached_property
    def places(self) -> dict[str, int]:
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def words(self) -> dict[str, int]:
        return written_small(self.texts, self.passages)


@cache
def collection(name: str) -> Collection:
    if not DATA.name or not DATA.is_dir():
        sys.exit("QA_TEST_DATA is not a folder. Set it to the folder with the unpacked sets.")
    folder = DATA / "retrieval" / name
    rows = list(read_rows(folder / "corpus.jsonl"))
    passages = [passage_terms(row["text"], (), row.get("title") or "") for row in rows]
    questions, judged = read_questions(folder, None)
    return Collection(
        ids=[row["_id"] for row in rows],
        texts=[row["text"] for row in rows],
        passages=passages,
        postings=Postings(passages),
        questions={id: questions[id] for id in judged},
        judged=judged,
        starts=[row.get("metadata", {}).get("start") for row in rows],
    )


@cache
def off_topic() -> list[str]:
    """94 general-knowledge questions (TREC)."""
    return [row["question"] for row in read_rows(DATA / "qa" / "trecqa_train.jsonl")]


def written_small(texts: Iterable[str], passages: Iterable[PassageTerms]) -> dict[str, int]:
    """Count the words written in lower case, as in `Index.words`."""
    pairs = zip(texts, passages, strict=True)
    return Counter(token.form for text, passage in pairs for token in passage.tokens if text[token.start].islower())


def corrected(questions: dict[str, str], words: dict[str, int], statistics: Statistics) -> dict[str, str]:
    """Correct the spelling of questions as `answer()` does."""

    def knows(term: str) -> bool:
        return statistics.frequency(term) > 0 or background().knows(term)

    return {id: correct_words(text, lambda word: correct(word, words, knows))[0] for id, text in questions.items()}
