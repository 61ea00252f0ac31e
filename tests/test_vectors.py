"""How close passages are to a question by their vectors, compared with the plain formula."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.encoder.vectors import quantize
from qa.indexes import vectors
from qa.indexes.vectors import PassageVectors, VectorTables

WIDTH = 8
LIMIT = 3

counts = st.lists(st.integers(0, 3), min_size=1, max_size=9)  # sentences of each passage


def random_vectors(number: int, seed: int) -> np.ndarray:
    made = np.random.default_rng(seed).normal(size=(number, WIDTH)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


class Case:
    """Passages with so many sentences each, with random vectors; every second passage is tagged "even"."""

    def __init__(self, sentences: list[int]) -> None:
        self.ids = [f"p{place}" for place in range(len(sentences))]
        self.ends = np.cumsum([0, *sentences])
        self.passages, self.sentences = random_vectors(len(sentences), 1), random_vectors(sum(sentences), 2)
        self.question = random_vectors(1, 3)[0]
        tables = VectorTables("", quantize(self.passages), quantize(self.sentences), self.ends)
        self.vectors = PassageVectors(tables, lambda text: self.question, self.ids, self.ids.index, self.has_tag)

    def has_tag(self, conditions: Collection[str]) -> np.ndarray:
        return np.array(["even" in conditions and place % 2 == 0 for place in range(len(self.ids))])

    def cosines(self, place: int) -> tuple[float, list[float]]:
        within = slice(self.ends[place], self.ends[place + 1])
        return float(self.passages[place] @ self.question), list(self.sentences[within] @ self.question)

    def score(self, id: str) -> float:
        passage, sentences = self.cosines(self.ids.index(id))
        return passage + max(sentences, default=passage)


@given(counts)
def test_closeness_is_the_cosine_of_the_passage_and_of_each_sentence(sentences: list[int]) -> None:
    case = Case(sentences)
    backwards = case.ids[::-1]
    for id, close in zip(backwards, case.vectors.closeness(case.question, backwards), strict=True):
        passage, each = case.cosines(case.ids.index(id))
        assert close.passage == pytest.approx(passage, abs=0.02)
        assert close.sentences == pytest.approx(each, abs=0.02)
        assert close.best == max(close.sentences, default=close.passage)
        closest = sorted(close.sentences, reverse=True)[:2] or [close.passage]
        assert close.closest_two == pytest.approx(sum(closest) / len(closest))


@given(counts, st.booleans())
def test_nearest_are_the_closest_of_all_or_of_those_tagged(sentences: list[int], filtered: bool) -> None:
    case = Case(sentences)
    found = case.vectors.nearest(case.question, LIMIT, {"even"} if filtered else None)
    possible = case.ids[::2] if filtered else case.ids
    assert len(found) == min(LIMIT, len(possible))
    scores = sorted(map(case.score, possible), reverse=True)[:LIMIT]
    assert [case.score(id) for id in found] == pytest.approx(scores, abs=0.05)
    assert case.vectors.nearest(case.question, LIMIT, ()) == []


def test_above_the_limit_passages_are_compared_only_with_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    few = Case([2, 0, 1])
    expected = few.vectors.closeness(few.question, few.ids)
    monkeypatch.setattr(vectors, "MOST_COMPARED", 2)
    many = Case([2, 0, 1])
    assert few.vectors.compares_all
    assert not many.vectors.compares_all
    assert many.vectors.nearest(many.question, LIMIT) == []
    assert many.vectors.closeness(many.question, many.ids) == expected


def test_a_question_without_words_is_close_to_nothing() -> None:
    case = Case([1, 2])
    nothing = np.zeros(WIDTH, np.float32)
    assert case.vectors.nearest(nothing, LIMIT) == []
    assert [close.best for close in case.vectors.closeness(nothing, case.ids)] == [0, 0]
