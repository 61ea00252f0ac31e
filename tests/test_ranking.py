"""Second-stage ranking: its BM25 part is BM25, and a score is the sum of its contributions."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.indexes.memory import LuceneBM25
from qa.retrieval.ranking import Candidate, Ranked, rank
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms, Statistics, analyze, passage_terms

VOCABULARY = ["infusion", "infusions", "craving", "relapse", "placebo", "ketamine", "therapy", "days", "week", "dose"]
TEXT = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
PASSAGE = st.builds(passage_terms, TEXT, st.lists(TEXT, max_size=2), TEXT)


def counts_of(passages: list[PassageTerms]) -> Statistics:
    """The statistics that an index keeps, computed independently."""
    frequencies: dict[str, int] = {}
    for passage in passages:
        for term in passage.counts:
            frequencies[term] = frequencies.get(term, 0) + 1
    return Statistics(len(passages), sum(p.length for p in passages) / len(passages), frequencies)


def ranked(question: str, passages: list[PassageTerms], sentences: int = 1) -> list[Ranked]:
    candidates = [Candidate(str(number), passage) for number, passage in enumerate(passages)]
    return rank(analyze(question), sentences, candidates, counts_of(passages))


@given(TEXT, st.lists(PASSAGE, min_size=1, max_size=8).filter(lambda passages: any(p.length for p in passages)))
def test_the_bm25_part_equals_rank_bm25(question: str, passages: list[PassageTerms]) -> None:
    """Except for rank-bm25's constant factor k1 + 1, which does not affect the order."""
    k1, b = WEIGHTS.saturation, WEIGHTS.length_penalty
    bm25 = LuceneBM25([list(p.counts.elements()) for p in passages], k1=k1, b=b)
    expected = bm25.get_scores(list(dict.fromkeys(token.term for token in analyze(question)))) / (k1 + 1)
    for each in ranked(question, passages):
        part = sum(c.value for c in each.contributions if c.kind == "bm25")
        assert isclose(part, expected[int(each.id)], rel_tol=1e-9, abs_tol=1e-12)


def test_passages_without_content_words_score_zero() -> None:
    """A document may consist of a single letter."""
    assert [each.score for each in ranked("to be", [passage_terms("a"), passage_terms("to be")])] == [0, 0]


@given(TEXT, st.lists(PASSAGE, min_size=1, max_size=8).filter(lambda passages: any(p.length for p in passages)))
def test_a_score_is_the_exact_sum_of_its_contributions(question: str, passages: list[PassageTerms]) -> None:
    result = ranked(question, passages)
    assert sorted(each.id for each in result) == sorted(str(number) for number in range(len(passages)))
    for each in result:
        assert each.score == sum(c.value for c in each.contributions)
        assert all(c.value > 0 for c in each.contributions)
        assert bool(each.contributions) == bool(
            {t.term for t in analyze(question)} & passages[int(each.id)].counts.keys()
        )
    order = [(-each.score, int(each.id)) for each in result]
    assert order == sorted(order)  # ties keep their order


@pytest.mark.parametrize(
    ("question", "better", "worse", "kind"),
    [
        # the exact form, in addition to the stem
        ("infusions", "infusions were given", "infusion was given", "exact"),
        # two adjacent words, ignoring stop words
        ("relapse of craving", "relapse craving placebo", "relapse placebo craving", "pair"),
    ],
)
def test_exact_forms_and_pairs_raise_the_score(question: str, better: str, worse: str, kind: str) -> None:
    first, second = ranked(question, [passage_terms(worse), passage_terms(better)])
    assert first.id == "1"
    gained = {c.kind for c in first.contributions} - {c.kind for c in second.contributions}
    assert gained == {kind}


def test_a_title_word_raises_the_score() -> None:
    first, _ = ranked(
        "craving",
        [passage_terms("relapse", ("Craving",), "Placebo"), passage_terms("relapse", ("Placebo",), "Craving")],
    )
    assert first.id == "1"  # a heading counts as text, a title counts for more
    assert [c.kind for c in first.contributions] == ["bm25", "exact", "title"]


def test_repeated_words_count_once_but_by_square_root_in_a_long_message() -> None:
    passages = [passage_terms("craving"), passage_terms("relapse")]
    once = ranked("craving", passages)[0].score
    assert ranked("craving craving craving craving", passages)[0].score == once
    bm25 = ranked("craving", passages)[0].contributions[0].value
    assert (
        ranked("Craving! Craving. Craving? Craving.", passages, sentences=4)[0].contributions[0].value == sqrt(4) * bm25
    )


def test_a_pair_does_not_span_heading_and_text() -> None:
    (only,) = ranked("craving relapse", [passage_terms("relapse", ("craving",))])
    assert "pair" not in {c.kind for c in only.contributions}


def test_nothing_to_rank() -> None:
    assert rank(analyze("craving"), 1, [], Statistics(0, 0.0, {})) == []
