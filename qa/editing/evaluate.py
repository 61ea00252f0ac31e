"""Measure the answers to the questions in a `questions.jsonl`, asked as a visitor would ask them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from qa.corpus.faults import Faults
from qa.corpus.formats import read_json_lines
from qa.editing.calibration import calibration_of
from qa.editing.measures import CUTOFF, Report, Values, WrongResult, measure_ranking
from qa.engine import Service
from qa.errors import CorpusError
from qa.models import Answer, Document, Judgment

SHOWN = 3  # passages of an answer that are shown by default

NO_QUESTIONS = (
    "does not exist, so there is nothing to measure. Write one question per line with the first words of each sentence "
    'that answers it, e.g. {"question": "Do lanes help?", "sentences": ["Lanes halved"]} (no sentences if it should be '
    "refused), or name another file."
)


def load_judgments(file: Path) -> list[Judgment]:
    """Read a `questions.jsonl`. Raises CorpusError with the line number of the first invalid entry."""
    if not file.is_file():
        raise CorpusError(str(file), NO_QUESTIONS)
    faults = Faults()
    entries = read_json_lines(file.name, file.read_bytes(), faults)
    faults.raise_all()
    return [entry.read_as(Judgment) for entry in entries]


def evaluate_questions(judgments: Iterable[Judgment], service: Service) -> Report:
    """Ask every question and measure the results. A question without answering sentences should not be answered.

    The measures are explained where they are printed (`scorecard.MEANING`). For the ranking measures an abstention
    counts as 0.
    """
    service = for_measuring(service)
    values: Values = defaultdict(dict)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    judged: dict[str, dict[str, int]] = {}
    found: dict[str, list[str]] = {}
    wrong: list[WrongResult] = []
    sure: list[tuple[float, bool]] = []
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
            wrong.append(WrongResult(asked, what, result.missing))
        right = outcome.get("first") == 1
        sure.append((result.confidence, right))
        name = f"abstained: {result.abstention.reason}" if result.abstention else result.status
        outcomes[name]["right" if right or (result.abstention and not sentences) else "wrong"] += 1
        outcomes[name]["answerable" if sentences else "unanswerable"] += 1
        if sentences:
            judged[asked] = dict.fromkeys(sentences.values(), 1)
            found[asked] = [hit.id for hit in result.answers]
    return Report({**values, **measure_ranking(judged, found)}, kinds, outcomes, wrong, calibration_of(sure))


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
    answered = result.status == "answered"
    right = [hit.id in sentences.values() for hit in result.answers[:SHOWN]]
    first = right[:1] == [True]
    about_answered = {"answers right": float(first)} if answered else {}
    if not sentences:
        return {"not answered": float(not answered), **about_answered}
    if answered:
        about_answered["answered right"] = float(first)
    marked = first and any(s.answers and s.id in sentences for s in result.answers[0].sentences)
    return {
        "first": float(first),
        "in three": float(any(right)),
        "marked": float(marked),
        "answered": float(answered),
        "not abstained": float(result.status != "abstained"),
        **about_answered,
    }


def describe_fault(outcome: Mapping[str, float], result: Answer) -> str:
    """Describe what is wrong with an answer; empty if it is right."""
    if outcome.get("not answered") == 0:
        return "answered, but has no answer"
    if result.abstention:
        return f"abstained ({result.abstention.reason})" if "answered" in outcome else ""
    if outcome.get("first") == 0:
        return "wrong passage first"
    return "wrong sentence marked" if outcome.get("marked") == 0 else ""
