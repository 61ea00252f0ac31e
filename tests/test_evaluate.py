"""Measuring answers: what counts as right, what a floor does, when a change is more than chance."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.editing.calibration import calibration_of
from qa.editing.collections import evaluate_collection
from qa.editing.evaluate import evaluate_questions, load_judgments
from qa.editing.measures import Report, below_floors, chance_of, compare_runs, measure_ranking
from qa.editing.scorecard import as_lines
from qa.engine import Service
from qa.errors import CorpusError
from qa.models import Judgment
from qa.settings import Settings
from testkit.corpora import SHIPPED, shipped

# --- an editor's questions -----------------------------------------------------------------------


def service(**chosen: Any) -> Service:
    return Service(Settings(corpus=SHIPPED, **chosen), shipped())


CRAVING = Judgment("What about craving in cocaine use disorder?", sentences=("Craving scores were",), kind="lay")
OTHER_PLACE = Judgment("How did craving scores change?", sentences=("Ketamine may also help manage",), kind="lay")
NOT_HERE = Judgment("What is the capital of Mongolia?", kind="off topic")


def test_what_counts_as_right() -> None:
    """The right passage, the wrong one, and an abstention; each with its count."""
    report = evaluate_questions([CRAVING, OTHER_PLACE, NOT_HERE], service(answer_from=0))
    assert report.values["answered"] == {CRAVING.question: 1.0, OTHER_PLACE.question: 1.0}
    assert report.values["first"] == {CRAVING.question: 1.0, OTHER_PLACE.question: 0.0}
    assert report.values["marked"] == {CRAVING.question: 1.0, OTHER_PLACE.question: 0.0}
    assert report.values["not answered"] == {NOT_HERE.question: 1.0}
    assert report.values["answers right"] == report.values["answered right"] == report.values["first"]
    assert report.values["P@1"] == report.values["first"]
    counts = {"answerable": 2, "first": 1, "in three": 1, "marked": 1, "answered": 2, "not abstained": 2}
    assert report.kinds["lay"] == counts | {"answered right": 1, "answers right": 1}
    assert report.kinds["off topic"] == {"unanswerable": 1, "not answered": 1}
    assert report.outcomes["answered"] == {"right": 1, "wrong": 1, "answerable": 2}
    assert report.outcomes["abstained: off_topic"] == {"right": 1, "unanswerable": 1}
    lines = list(as_lines(report))
    assert (
        "first           0.5000  of 2     of the questions with an answer: the first passage contains an answering "
        "sentence" in lines
    )
    head, *rows = lines[lines.index("") + 1 : lines.index("", lines.index("") + 1)]
    assert head.split() == ["kind", "answerable", "first", "marked", "answered", "unanswerable", "not", "answered"]
    assert {len(row) for row in rows} == {len(head)}, "the counts are aligned with their column heads"
    assert rows[0].split() == ["lay", "2", "1", "1", "2", "-", "-"]


def test_wrong_results_are_listed_with_the_words_that_were_not_found() -> None:
    right = Judgment("What dose was given to people with alcohol use disorder?", sentences=("A 2022 Phase 2",))
    refused = Judgment("Do marmots yodel?", sentences=("Craving scores were",))
    not_here = Judgment("What did the cocaine trial find on craving?")
    other_sentence = Judgment("Cocaine: relapse", sentences=("There is no FDA-approved",))
    asked = [CRAVING, right, OTHER_PLACE, NOT_HERE, refused, not_here, other_sentence]
    report = evaluate_questions(asked, service(answer_from=0))
    assert [(each.question, each.what) for each in report.wrong] == [
        (OTHER_PLACE.question, "wrong passage first"),
        (refused.question, "abstained (off_topic)"),
        (not_here.question, "answered, but has no answer"),
        (other_sentence.question, "wrong sentence marked"),
    ]
    assert report.wrong[1].missing == ("marmots", "yodel")
    assert str(report.wrong[1]).endswith("Do marmots yodel?  [not found: marmots, yodel]")


def test_a_wrong_abstention_counts_as_nothing_found() -> None:
    refused = Judgment(NOT_HERE.question, sentences=("Craving scores were",))
    report = evaluate_questions([refused], service())
    names = ("answered", "first", "in three", "marked", "not abstained", "nDCG@10", "R@10", "P@1")
    assert {name: report.mean(name) for name in names} == dict.fromkeys(names, 0.0)
    assert report.outcomes == {"abstained: off_topic": {"wrong": 1, "answerable": 1}}


def test_a_threshold_is_a_setting() -> None:
    """No confidence is higher than 1, and every one is above 0."""
    assert evaluate_questions([CRAVING], service(answer_from=1)).mean("answered") == 0
    assert evaluate_questions([CRAVING], service(answer_from=0)).mean("answered") == 1


CALIBRATED = [
    # (pairs of confidence and whether right, error, why)
    ([(0.0, False)] * 5 + [(1.0, True)] * 5, 0.0, "always sure and right"),
    ([(1.0, False)] * 10, 1.0, "always sure and wrong"),
    ([(0.5, True), (0.5, False)] * 10, 0.0, "right as often as said"),
    ([(0.8, True), (0.8, False)] * 10, 0.3, "right less often than said"),
]


@pytest.mark.parametrize(("questions", "error", "why"), CALIBRATED)
def test_calibration_compares_confidence_with_how_often_it_was_right(
    questions: list[tuple[float, bool]], error: float, why: str
) -> None:
    found = calibration_of(questions)
    assert found is not None
    assert found.error == pytest.approx(error), why
    assert sum(each.questions for each in found.bins) == len(questions)


def test_few_questions_have_no_calibration() -> None:
    assert calibration_of([(0.5, True)] * 4) is None


def test_a_judgment_must_quote_the_documents() -> None:
    with pytest.raises(CorpusError, match="no sentence begins with"):
        evaluate_questions([Judgment("Is it blue?", sentences=("The sky is",))], service())


def test_a_missing_file_of_questions_comes_with_advice(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r'questions\.jsonl: does not exist.*"sentences":'):
        load_judgments(tmp_path / "questions.jsonl")


def test_reading_judgments(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"question": "Is it blue?", "sentences": ["The sky"]}\n\n{"question": "Why?"}\n')
    assert [judgment.question for judgment in load_judgments(file)] == ["Is it blue?", "Why?"]
    file.write_text('{"question": "Is it blue?"}\n{"questoin": "Why?"}\n')
    with pytest.raises(CorpusError, match=r"mine\.jsonl:2"):
        load_judgments(file)


# --- collections in BEIR's layout ----------------------------------------------------------------


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    def write(name: str, *rows: dict[str, str]) -> None:
        (tmp_path / name).write_bytes(b"\n".join(map(orjson.dumps, rows)))

    write(
        "corpus.jsonl",
        {"_id": "d1", "title": "Craving", "text": "Craving fell after one infusion."},
        {"_id": "d2", "title": "", "text": "Withdrawal was easier."},
        {"_id": "d3", "text": "Nothing of it."},
    )
    write(
        "queries.jsonl",
        {"_id": "q1", "text": "craving"},
        {"_id": "q2", "text": "zebrafish"},
        {"_id": "q3", "text": "x"},
    )
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n")
    return tmp_path


def test_a_collection(collection: Path) -> None:
    """Only judged questions count; a question without results counts as 0."""
    report = evaluate_collection(collection, Settings())
    ranking = ("nDCG@10", "R@10", "P@1")
    names = (*ranking, *(f"answers:{name}" for name in ranking), "answered")
    assert report.values == {name: {"q1": 1.0, "q2": 0.0} for name in names}


def test_what_users_get_of_a_collection(collection: Path) -> None:
    """A passage that ranks first but for an off-topic question counts for ranking alone."""
    asked = {"_id": "q1", "text": "zebrafish xylophones quagmire marmots aardvarks platypus withdrawal"}
    (collection / "queries.jsonl").write_bytes(orjson.dumps(asked))
    (collection / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    values = evaluate_collection(collection, Settings()).values
    assert (values["P@1"], values["answers:P@1"], values["answered"]) == ({"q1": 1.0}, {"q1": 0.0}, {"q1": 0.0})


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "corpus.jsonl").unlink(), "corpus.jsonl"),
        (lambda folder: (folder / "qrels" / "test.tsv").unlink(), "0 matching files"),
        (lambda folder: (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\n"), "2 matching files"),
    ],
)
def test_a_folder_that_is_not_a_collection(collection: Path, spoil: Callable[[Path], object], message: str) -> None:
    spoil(collection)
    with pytest.raises(CorpusError, match=message):
        evaluate_collection(collection, Settings())


def test_a_split_is_chosen_by_name(collection: Path) -> None:
    (collection / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    assert evaluate_collection(collection, Settings(), "dev").values["P@1"] == {"q1": 0.0}


def test_standard_measures() -> None:
    """Computed by hand: a passage of grade 2 in second place, one of grade 1 not found."""
    values = measure_ranking({"q": {"a": 2, "b": 1}}, {"q": ["x", "a"]})
    assert values["nDCG@10"]["q"] == pytest.approx((2 / 1.58496) / (2 + 1 / 1.58496), abs=1e-4)
    assert values["R@10"]["q"] == 0.5
    assert values["P@1"]["q"] == 0


# --- floors and comparison -----------------------------------------------------------------------


def test_floors() -> None:
    report = Report({"first": {"a": 1.0, "b": 0.0}})
    assert below_floors(report, {"first": 0.5}) == []
    assert below_floors(report, {"first": 0.51}) == ["first: 0.5000 is below 0.51"]
    assert below_floors(report, {"frist": 0.1}) == ["frist: no such measure; known are first"]  # a typo must not pass


def test_runs_are_compared_on_shared_questions() -> None:
    (row,) = compare_runs(
        {"first": {"a": 0.0, "b": 1.0, "old": 1.0}, "gone": {}},
        {"first": {"a": 1.0, "b": 1.0, "new": 0.0}, "added": {"a": 1.0}},
    )
    assert (row.measure, row.questions, row.before, row.now) == ("first", 2, 0.5, 1.0)
    assert compare_runs({"first": {"a": 0.0}}, {"first": {"b": 0.0}}) == []


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        ([0.0] * 50, 1, 1),  # no change
        ([], 1, 1),
        ([1.0, -1.0] * 20, 0.5, 1),  # as much up as down
        ([1.0] * 3, 0.2, 0.3),  # three of three: 2 of 8 ways to sign them are as extreme
        ([1.0] * 20, 0, 0.001),  # twenty of twenty
        ([-0.1] * 20, 0, 0.001),  # small, for the worse, and all the same way
    ],
)
def test_p_value(changes: list[float], low: float, high: float) -> None:
    assert low <= chance_of(changes) <= high


@given(st.lists(st.floats(-1, 1), max_size=12))
def test_p_value_is_two_sided(changes: list[float]) -> None:
    assert chance_of(changes, 50) == chance_of([-change for change in changes], 50)
