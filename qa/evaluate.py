"""How good the answers are: judgments in, measures out, each with the count that it rests on.

Two kinds of judgments. An editor's `questions.jsonl` is asked of the published corpus as a person would ask it. A
folder in BEIR's layout (corpus.jsonl, queries.jsonl, qrels/*.tsv) measures search and ranking alone.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ir_measures
import orjson
from ir_measures import P, R, nDCG

from qa.analysis import analyze
from qa.answer import answer
from qa.corpus.formats import read_lines
from qa.coverage import PARTIAL_BELOW, REFUSE_BELOW
from qa.errors import CorpusError
from qa.indexes import Index, OpenIndex, open_index
from qa.models import Answer, Catalogue, Document, Hit, Judgment, Passage, Provenance, Sentence, Site
from qa.ranking import Candidate, rank
from qa.sentences import split_sentences

NO_QUESTIONS = (
    "is not there, so there is nothing to measure. Write one question a line with the beginning of each sentence that "
    'answers it, as in {"question": "Do lanes help?", "sentences": ["Lanes halved"]} (no sentences: it should be '
    "refused), or name another file."
)
MEASURES = (nDCG @ 10, R @ 10, P @ 1)
SHOWN = 10  # answers asked for: what the measures look at
CANDIDATES = 100

Values = dict[str, dict[str, float]]  # measure -> question -> value
Judged = Mapping[str, Mapping[str, int]]  # question -> passage -> grade


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that went wrong: what came of it, and the words of it that were not found."""

    question: str
    what: str
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.what}: {self.question}" + f"  [not found: {', '.join(self.missing)}]" * bool(self.missing)


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured: a value for each measure and question, counts by kind of question and of refusal, and the
    questions that went wrong."""

    values: Values
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    wrong: Sequence[Wrong] = ()

    def mean(self, measure: str) -> float:
        values = self.values[measure].values()
        return sum(values) / len(values)


# --- an editor's questions -----------------------------------------------------------------------


def read_judgments(file: Path) -> list[Judgment]:
    """The lines of a `questions.jsonl`. Raises CorpusError for the first that is none, with its line."""
    if not file.is_file():
        raise CorpusError(str(file), NO_QUESTIONS)
    return [entry.read_as(Judgment) for entry in read_lines(file.name, file.read_bytes())]


def evaluate_questions(
    judgments: Iterable[Judgment],
    index: OpenIndex,
    *,
    refuse_below: float = REFUSE_BELOW,
    partial_below: float = PARTIAL_BELOW,
) -> Report:
    """Ask every question. A question with no answering sentences is one that should be refused.

    `answered`: not refused, of those that have an answer; `first`: and the first passage holds an answering sentence;
    `marked`: and one is marked in it; `refused`: of those that have no answer. Search measures count a refusal as 0.
    """
    values: Values = defaultdict(dict)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    judged: dict[str, dict[str, int]] = {}
    found: dict[str, list[str]] = {}
    wrong: list[Wrong] = []
    for judgment in judgments:
        asked = judgment.question
        result = answer(asked, index, limit=SHOWN, refuse_below=refuse_below, partial_below=partial_below)
        sentences = answering_sentences(judgment, index.catalogue)
        outcome = outcome_of(result, sentences)
        for measure, value in outcome.items():
            values[measure][asked] = value
            kinds[judgment.kind or "any"][measure] += int(value)
        kinds[judgment.kind or "any"]["answerable" if sentences else "unanswerable"] += 1
        if what := what_is_wrong(outcome, result):
            wrong.append(Wrong(asked, what, result.abstention.missing if result.abstention else result.missing))
        if result.abstention:
            reasons[result.abstention.reason]["wrongly" if sentences else "rightly"] += 1
        if sentences:
            judged[asked] = dict.fromkeys(sentences.values(), 1)
            found[asked] = [hit.id for hit in result.answers]
    return Report({**values, **measure_ranking(judged, found)}, kinds, reasons, wrong)


def answering_sentences(judgment: Judgment, catalogue: Catalogue) -> dict[str, str]:
    """The ids of the sentences that answer, each with the passage it stands in.

    Raises CorpusError when a sentence is quoted that is not in the documents.
    """
    found: dict[str, str] = {}
    for beginning in judgment.sentences:
        places = dict(sentences_that_begin(beginning, judgment.document, catalogue))
        if not places:
            message = f"no sentence begins with {beginning!r}, which is to answer {judgment.question!r}."
            raise CorpusError("questions", message + " Quote it again from the document.")
        found |= places
    return found


def sentences_that_begin(words: str, document: str | None, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for each in catalogue.documents:
        if document in (None, each.id):
            for passage in each.passages:
                yield from ((s.id, passage.id) for s in passage.sentences if each.text.startswith(words, s.start))


def outcome_of(result: Answer, sentences: Mapping[str, str]) -> dict[str, float]:
    """What one answer is worth, by the sentences that answer."""
    refused = result.status == "abstained"
    if not sentences:
        return {"refused": float(refused)}
    first: Hit | None = None if refused else result.answers[0]
    return {
        "answered": float(not refused),
        "first": float(first is not None and first.id in sentences.values()),
        "marked": float(first is not None and any(s.answers and s.id in sentences for s in first.sentences)),
    }


def what_is_wrong(outcome: Mapping[str, float], result: Answer) -> str:
    """In words; nothing where nothing is."""
    if outcome.get("refused") == 0:
        return "answered, though nothing answers it"
    if result.abstention:
        return f"refused ({result.abstention.reason})" if "answered" in outcome else ""
    if outcome.get("first") == 0:
        return "another passage first"
    return "another sentence marked" if outcome.get("marked") == 0 else ""


# --- collections in BEIR's layout ----------------------------------------------------------------


def evaluate_collection(folder: Path, split: str | None = None) -> Report:
    """Search and rank every judged question of a collection. `split` names a file of `qrels`, by default the only one.

    Raises CorpusError for a folder that is not in this layout.
    """
    questions, judged = read_questions(folder, split)
    index = open_index("memory:", read_collection(folder))
    found = {id: search(questions[id], index) for id in judged}
    return Report(measure_ranking(judged, found))


def search(question: str, index: Index) -> list[str]:
    """The passages for a question, both stages, best first."""
    tokens = analyze(question)
    matches = index.search([token.term for token in tokens], CANDIDATES)
    candidates = [Candidate(match.passage, index.terms(match.passage)) for match in matches]
    ranked = rank(tokens, 1, candidates, index.statistics)
    return [each.id for each in ranked[:SHOWN]]


def read_collection(folder: Path) -> Catalogue:
    """The entries of a collection, each as a document of one passage."""
    documents = tuple(as_document(row) for row in read_rows(folder / "corpus.jsonl"))
    return Catalogue("", documents, (), (), (), (), Site("", "", "", ""))


def as_document(row: Mapping[str, Any]) -> Document:
    """An entry as a document of one passage, in the sentences that an answer is made of."""
    id, text = str(row["_id"]), str(row["text"])
    spans = enumerate(split_sentences(text, 0, len(text)))
    sentences = tuple(Sentence(f"{id}-{n}", span.start, span.end, "claim", 0, 0) for n, span in spans)
    passage = Passage(id, id, 0, len(text), text, (), sentences)
    return Document(id, "", "", Provenance(row.get("title") or ""), text, (), (), sentences, (), (), (passage,))


def read_questions(folder: Path, split: str | None) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """The questions by id, and for those that are judged the grades of passages."""
    files = sorted((folder / "qrels").glob(f"{split or '*'}.tsv"))
    if len(files) != 1:
        raise CorpusError(str(folder), f"has {len(files)} fitting files in qrels. Name one of them.")
    questions = {str(row["_id"]): str(row["text"]) for row in read_rows(folder / "queries.jsonl")}
    judged: dict[str, dict[str, int]] = defaultdict(dict)
    for line in files[0].read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, grade = line.split("\t")
        judged[question][passage] = int(grade)
    return questions, judged


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        raise CorpusError(str(path), "is not there. A collection has corpus.jsonl, queries.jsonl and qrels/*.tsv.")
    with path.open("rb") as lines:
        yield from (orjson.loads(line) for line in lines if line.strip())


# --- measures ------------------------------------------------------------------------------------


def measure_ranking(judged: Judged, found: Mapping[str, Sequence[str]]) -> Values:
    """nDCG@10, R@10 and P@1 for each judged question; 0 where nothing was found."""
    run = {
        question: {passage: float(-place) for place, passage in enumerate(passages)}
        for question, passages in found.items()
    }
    values: Values = {str(measure): dict.fromkeys(judged, 0.0) for measure in MEASURES} if judged else {}
    for each in ir_measures.iter_calc(MEASURES, {q: dict(grades) for q, grades in judged.items()}, run):
        values[str(each.measure)][each.query_id] = each.value
    return values


@dataclass(frozen=True, slots=True)
class Comparison:
    """A measure before and now, over the questions that both runs have; `p` says how often chance alone would change
    it as much."""

    measure: str
    questions: int
    before: float
    now: float
    p: float

    def __str__(self) -> str:
        return f"{self.measure:12} {self.before:.4f} -> {self.now:.4f}  p {self.p:.4f}  of {self.questions}"


def save_run(report: Report, file: Path) -> None:
    """Keep the values, to compare a later run with."""
    file.write_bytes(orjson.dumps(report.values))


def read_run(file: Path) -> Values:
    """The values of a run that was saved. Raises CorpusError for a file that holds none."""
    try:
        values = orjson.loads(file.read_bytes())
        return {name: {q: float(value) for q, value in each.items()} for name, each in values.items()}
    except (ValueError, TypeError, AttributeError):
        raise CorpusError(str(file), "is no saved run. Give a file that qa evaluate --save has written.") from None


def compare(before: Values, now: Values) -> list[Comparison]:
    """Every measure that both have."""
    return [compare_measure(name, before[name], now[name]) for name in now if before.get(name, {}).keys() & now[name]]


def compare_measure(name: str, before: Mapping[str, float], now: Mapping[str, float]) -> Comparison:
    both = [question for question in now if question in before]
    changes = [now[question] - before[question] for question in both]
    old, new = (sum(values[question] for question in both) / len(both) for values in (before, now))
    return Comparison(name, len(both), old, new, chance_of(changes))


def chance_of(changes: Sequence[float], rounds: int = 4000) -> float:
    """Paired randomisation test, two-sided: how often changes of random sign add up to as much as these do."""
    changed = [abs(change) for change in changes if change]
    observed = abs(sum(changes)) - 1e-12
    draw = random.Random(0)
    as_much = 0
    for _ in range(rounds):
        signs = draw.getrandbits(len(changed)) if changed else 0
        total = sum(change if signs >> place & 1 else -change for place, change in enumerate(changed))
        as_much += abs(total) >= observed
    return (as_much + 1) / (rounds + 1)


def below_floors(report: Report, floors: Mapping[str, float]) -> list[str]:
    """One line for each floor that is not reached, or that no measure has."""
    lines = []
    for name, floor in floors.items():
        if name not in report.values:
            lines.append(f"{name}: was not measured; there are {', '.join(report.values)}")
        elif report.mean(name) < floor:
            lines.append(f"{name}: {report.mean(name):.4f} is below {floor}")
    return lines
