"""Measure ranking and answers on a test collection in BEIR layout (corpus.jsonl, queries.jsonl, qrels/*.tsv)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from qa.editing.evaluate import for_measuring
from qa.editing.measures import CUTOFF, Report, measure_ranking
from qa.engine import Service
from qa.errors import CorpusError
from qa.indexes import Index
from qa.indexes.ready import conditions_named, document_of
from qa.indexing.publish import open_content
from qa.indexing.ready import as_ready
from qa.models import Catalogue, Document, Site
from qa.retrieval.ranking import Candidate, rank
from qa.settings import Settings
from qa.text.analysis import analyze

CANDIDATES = 100
ANSWERS = "answers:"  # begins the names of the measures of whole answers


def evaluate_collection(folder: Path, settings: Settings, split: str | None = None) -> Report:
    """Measure ranking alone and what users get, for every judged question.

    `answered` is the share not refused; the measures that begin with ANSWERS are those of the passages in the
    answers, where a refused question counts 0. `split` names a file in `qrels`; optional if there is only one.

    Raises CorpusError if the folder is not in this layout.
    """
    questions, judged = read_questions(folder, split)
    service = for_measuring(Service(settings, open_content(read_collection(folder))))
    found = {id: search(questions[id], service.index) for id in judged}
    given = {id: [hit.id for hit in service.ask(questions[id]).answers] for id in judged}
    by_answer = {ANSWERS + name: values for name, values in measure_ranking(judged, given).items()}
    answered = {id: float(bool(passages)) for id, passages in given.items()}
    return Report({**measure_ranking(judged, found), **by_answer, "answered": answered})


def search(question: str, index: Index) -> list[str]:
    """Return the ids of the best passages for a question, after search and ranking, best first."""
    tokens = analyze(question)
    matches = index.candidates([token.term for token in tokens], CANDIDATES)
    candidates = [Candidate(id, index.terms(id)) for id in matches.ids]
    ranked = rank(tokens, 1, candidates, index.statistics)
    return [each.id for each in ranked[:CUTOFF]]


def read_collection(folder: Path) -> Catalogue:
    """Read the entries of a collection, each as a document with one passage."""
    documents = tuple(as_document(row) for row in read_rows(folder / "corpus.jsonl"))
    tags = conditions_named(tag.id for document in documents for each in document.passages for tag in each.conditions)
    return Catalogue("", documents, (), tags, (), (), Site("", "", "", ""))


def as_document(row: Mapping[str, Any]) -> Document:
    """Convert an entry to a document with one passage, split into sentences."""
    return document_of(str(row["_id"]), as_ready(row))


def read_questions(folder: Path, split: str | None) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Return the questions by id, and for each judged question the relevance grades of passages."""
    files = sorted((folder / "qrels").glob(f"{split or '*'}.tsv"))
    if len(files) != 1:
        raise CorpusError(str(folder), f"has {len(files)} matching files in qrels. Choose one with --split.")
    questions = {str(row["_id"]): str(row["text"]) for row in read_rows(folder / "queries.jsonl")}
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in files[0].read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, grade = line.split("\t")
        judged[question][passage] = int(grade)
    return questions, judged


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise CorpusError(str(path), "does not exist. A collection has corpus.jsonl, queries.jsonl and qrels/*.tsv.")
    with path.open("rb") as lines:
        yield from (orjson.loads(line) for line in lines if line.strip())
