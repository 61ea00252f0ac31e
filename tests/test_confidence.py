"""What the fitted numbers promise: what is off topic among few and many passages, and what makes an answer surer."""

from __future__ import annotations

import pytest

from qa.answering.confidence import features_of, is_off_topic, match_of, meaning_margin, nearness, number_compared
from qa.answering.options import Options
from qa.indexes.vectors import Closeness
from qa.retrieval.candidates import find_candidates
from qa.retrieval.evidence import gather_evidence
from qa.retrieval.fitted import KINDS, PAGE, EvidenceKind, fitted
from qa.retrieval.request import SearchRequest, build_request
from qa.retrieval.scoring import ScoredPassage, score_passages
from qa.retrieval.weights import WEIGHTS
from qa.understanding.context import IndexContext, context_of
from qa.understanding.parse import read_message
from qa.understanding.topics import asked_topics
from testkit.corpora import encoder_of_tests, shipped


def found_with(question: str, closeness: list[Closeness]) -> tuple[SearchRequest, list[ScoredPassage], IndexContext]:
    """The best passages of the shipped corpus for a question by words, as if they were this close in meaning."""
    context = context_of(shipped())
    (asked,) = read_message(question, context.lexicon).questions
    request = build_request(asked, asked_topics(asked, (), context), context)
    evidence = gather_evidence(find_candidates(request, context), request, context)
    scored = score_passages(evidence, request, context)[: len(closeness)]
    for each, close in zip(scored, closeness, strict=True):
        object.__setattr__(each.evidence, "closeness", close)
    return request, scored, context


def test_among_more_passages_one_must_be_nearer() -> None:
    among = [fitted().far_among(passages) for passages in (1, PAGE, 2 * PAGE, 50 * PAGE)]
    assert among[0] == among[1] == fitted().far
    assert among[2] == pytest.approx(fitted().far + fitted().far_growth)
    assert among == sorted(among)
    assert among[-1] < 0.4, "questions with an answer are as near as that"


FAR, NEAR = Closeness(0.0, (0.0, 0.0)), Closeness(0.5, (0.5, 0.5))
TOPICS = [
    # (closeness of two passages, whether the question is off topic, why)
    ([FAR, FAR], True, "nothing is near"),
    ([FAR, NEAR], False, "a passage is near, even if it is not the first"),
    ([Closeness(0.02, (0.35, 0.0, 0.0)), FAR], True, "a single sentence is close to any question by chance"),
]


@pytest.mark.parametrize(("closeness", "off_topic", "why"), TOPICS)
def test_a_question_is_off_topic_if_no_passage_is_near(closeness: list[Closeness], off_topic: bool, why: str) -> None:
    request, found, context = found_with("Which studies compared the old station's bus with the plane?", closeness)
    assert is_off_topic(request, found, context) is off_topic, why


def test_what_names_a_covered_condition_is_on_topic_however_far() -> None:
    request, found, context = found_with("What helps with alcohol use disorder?", [FAR, FAR])
    assert not is_off_topic(request, found, context)


def test_without_vectors_as_many_passages_count_as_words_find() -> None:
    context = context_of(shipped())
    compared = WEIGHTS.most_candidates if encoder_of_tests() == "off" else context.index.manifest.passages
    assert number_compared(context) == compared


MARGINS = [
    ([NEAR], 1.0, "there is no other"),
    ([NEAR, NEAR], 0.0, "both are as close"),
    ([FAR, NEAR], 1.0, "whichever is first by the whole score"),
    ([Closeness(0.4, (0.4,)), Closeness(0.4, (0.25,))], 0.5, "half of what is counted"),
]


@pytest.mark.parametrize(("closeness", "margin", "why"), MARGINS)
def test_the_lead_in_meaning_is_that_of_the_closest_passage(
    closeness: list[Closeness], margin: float, why: str
) -> None:
    _, found, _ = found_with("Does ketamine reduce alcohol use?", closeness)
    assert meaning_margin(found) == pytest.approx(margin), why


def test_more_words_or_more_closeness_never_make_an_answer_less_sure() -> None:
    matches = []
    for question in ("Does ketamine reduce zebra xylophones?", "Does ketamine reduce alcohol use?"):
        for cosine in (0.0, 0.3, 0.6, 0.9):
            _, (found,), _ = found_with(question, [Closeness(cosine, (cosine,))])
            matches.append(match_of(found))
    few, many = matches[:4], matches[4:]
    assert few == sorted(few)
    assert many == sorted(many)
    assert all(less <= more for less, more in zip(few, many, strict=True))
    assert few[-1] >= 0.9, "meaning makes up for words"


def test_nearness_is_between_the_passage_and_its_two_closest_sentences() -> None:
    _, found, _ = found_with("Does ketamine reduce alcohol use?", [Closeness(0.2, (0.1, 0.6, 0.4)), FAR])
    assert nearness(found) == pytest.approx(0.35)


def test_every_feature_that_has_a_weight_is_made() -> None:
    request, found, context = found_with("Does ketamine reduce alcohol use?", [NEAR])
    made = set(features_of(request, found, context))
    assert all(set(fitted().confidence[kind].weights) <= made for kind in KINDS)


NUMBERS = [
    # (question, whether the first passage's sentences give no such number, why)
    ("What dose of ketamine was given in the alcohol trial?", False, "0.8 mg/kg"),
    ("What does ketamine treatment cost?", True, "no sum of money"),
    ("How many adults with alcohol use disorder were in the 2022 trial?", False, "96 adults"),
    ("Does ketamine reduce alcohol use?", False, "asks for no number"),
]


@pytest.mark.parametrize(("question", "missing", "why"), NUMBERS)
def test_a_number_that_is_asked_for_makes_less_sure_only_where_it_is_not_given(
    question: str, missing: bool, why: str
) -> None:
    request, found, context = found_with(question, [NEAR])
    assert features_of(request, found, context)["number_not_given"] == missing, why


def test_each_state_has_a_threshold_of_its_own_which_a_setting_overrides() -> None:
    kind: EvidenceKind = "words" if encoder_of_tests() == "off" else "meaning"
    assert Options().threshold(shipped()) == fitted().answer_from[kind]
    assert Options(answer_from=0.5).threshold(shipped()) == 0.5
    assert set(fitted().answer_from) == set(KINDS)
