"""Measure the answers to the questions in a `questions.jsonl`, asked as a visitor would ask them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa.corpus.formats import read_json_lines
from qa.editing.measures import CUTOFF, Report, Values, WrongResult, measure_ranking
from qa.engine import Service
from qa.errors import CorpusError
from qa.models import Answer, Document, Hit, Judgment

NO_QUESTIONS = (
    "does not exist, so there is nothing to measure. Write one question per line with the first words of each sentence "
    'that answers it, e.g. {"question": "Do lanes help?", "sentences": ["Lanes halved"]} (no sentences if it should be '
    "refused), or name another file."
)


def load_judgments(file: Path) -> list[Judgment]:
    """Read a `questions.jsonl`. Raises CorpusError with the line number of the first invalid entry."""
    if not file.is_file():
        raise CorpusError(str(file), NO_QUESTIONS)
    return [entry.read_as(Judgment) for entry in read_json_lines(file.name, file.read_bytes())]


def evaluate_questions(judgments: Iterable[Judgment], service: Service) -> Report:
    """Ask every question and measure the results. A question without answering sentences should be refused.

    Of the questions with an answer: `answered` is the share not refused, `first` the share whose first passage contains
    an answering sentence, `marked` the share where such a sentence is also marked. Of the questions without an answer:
    `refused` is the share refused. For the ranking measures a refusal counts as 0.
    """
    service = for_measuring(service)
    values: Values = defaultdict(dict)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    judged: dict[str, dict[str, int]] = {}
    found: dict[str, list[str]] = {}
    wrong: list[WrongResult] = []
    documents = tuple(service.index.documents())
    for judgment in judgments:
        asked = judgment.question
        result = service.ask(asked)
        sentences = judged_sentences(judgment, documents)
        outcome = outcome_of(result, sentences)
        for measure, value in outcome.items():
            values[measure][asked] = value
            kinds[judgment.kind or "any"][measure] += int(value)
        kinds[judgment.kind or "any"]["answerable" if sentences else "unanswerable"] += 1
        if what := describe_fault(outcome, result):
            wrong.append(WrongResult(asked, what, result.abstention.missing if result.abstention else result.missing))
        if result.abstention:
            reasons[result.abstention.reason]["wrongly" if sentences else "rightly"] += 1
        if sentences:
            judged[asked] = dict.fromkeys(sentences.values(), 1)
            found[asked] = [hit.id for hit in result.answers]
    return Report({**values, **measure_ranking(judged, found)}, kinds, reasons, wrong)


def for_measuring(service: Service) -> Service:
    """Return the service with as many passages an answer as the ranking measures take, and without a log of
    questions."""
    return replace(service, settings=service.settings.model_copy(update={"results": CUTOFF, "log_questions": False}))


def judged_sentences(judgment: Judgment, documents: Sequence[Document]) -> dict[str, str]:
    """Return the ids of the answering sentences, each with the id of its passage.

    Raises CorpusError if a quoted sentence is not in the documents.
    """
    found: dict[str, str] = {}
    for beginning in judgment.sentences:
        places = dict(sentences_that_begin(beginning, judgment.document, documents))
        if not places:
            message = f"no sentence begins with {beginning!r}, given as the answer to {judgment.question!r}."
            raise CorpusError("questions", message + " Copy its first words from the document.")
        found |= places
    return found


def sentences_that_begin(words: str, document: str | None, documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    for each in documents:
        if document in (None, each.id):
            for passage in each.passages:
                yield from ((s.id, passage.id) for s in passage.sentences if each.text.startswith(words, s.start))


def outcome_of(result: Answer, sentences: Mapping[str, str]) -> dict[str, float]:
    """Return 1 or 0 for each measure that applies to an answer. `sentences` are the answering ones."""
    refused = result.status == "abstained"
    if not sentences:
        return {"refused": float(refused)}
    first: Hit | None = None if refused else result.answers[0]
    return {
        "answered": float(not refused),
        "first": float(first is not None and first.id in sentences.values()),
        "marked": float(first is not None and any(s.answers and s.id in sentences for s in first.sentences)),
    }


def describe_fault(outcome: Mapping[str, float], result: Answer) -> str:
    """Describe what is wrong with an answer; empty if it is right."""
    if outcome.get("refused") == 0:
        return "answered, but should be refused"
    if result.abstention:
        return f"refused ({result.abstention.reason})" if "answered" in outcome else ""
    if outcome.get("first") == 0:
        return "wrong passage first"
    return "wrong sentence marked" if outcome.get("marked") == 0 else ""
