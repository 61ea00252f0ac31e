"""Picking the answering sentences of a passage."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.answer_sentences import SentenceWords, Wanted, pick_sentences
from qa.text.analysis import analyze


def picked(question: str, sentences: Sequence[str], heading: str = "", effect: bool = False) -> list[int]:
    words = [SentenceWords(text, analyze(text)) for text in sentences]
    given = {token.term for token in analyze(heading)}
    asked = analyze(question)
    weights = {token.term: 1.0 for token in asked}
    wanted = Wanted(asked, weights, effect)
    return list(pick_sentences(wanted, words, given))


@pytest.mark.parametrize(
    ("question", "sentences", "heading", "answering"),
    [
        ("Was craving lower?", ["A trial was done.", "Craving was lower.", "No drug is approved."], "", [1]),
        # the sentence before says what "it" refers to
        (
            "Does ketamine reduce craving?",
            ["Ketamine was given.", "It did reduce craving.", "Craving is hard."],
            "",
            [1],
        ),
        # a word already in the heading counts for less
        ("cocaine craving", ["Cocaine is used.", "Craving fell."], "Cocaine use disorder", [1]),
        # adjacent words rather than separate ones
        ("relapse risk", ["The risk was of a relapse.", "The relapse risk fell."], "", [1]),
        # two with equal scores, in text order; never three
        ("craving", ["Craving fell.", "None.", "Craving rose.", "Craving."], "", [0, 2]),
        # no word of the question: no sentence answers
        ("cost", ["Craving fell.", "None."], "", []),
        ("", ["Craving fell."], "", []),
        ("craving", [], "", []),
    ],
)
def test_picked_sentences(question: str, sentences: list[str], heading: str, answering: list[int]) -> None:
    assert picked(question, sentences, heading) == answering


def test_cues_break_ties() -> None:
    relapse = ["Relapse was looked at.", "Relapse was significantly lower (p < .01), and lower again.", "None."]
    assert picked("relapse", relapse, effect=True) == [1]
    assert picked("cost", relapse, effect=True) == [1]  # the only evidence when no word is shared


SENTENCES = st.lists(
    st.lists(st.sampled_from(["craving", "relapse", "fell", "12", "significantly", "placebo", "the"]), max_size=5).map(
        " ".join
    ),
    max_size=5,
)


@given(st.lists(st.sampled_from(["craving", "relapse", "placebo", "dose"]), max_size=4), SENTENCES, st.booleans())
def test_properties_of_picking(question: list[str], sentences: list[str], asks: bool) -> None:
    """At most two, in order; none only if no sentence shares a word with the question or shows what it asks for."""
    chosen = picked(" ".join(question), sentences, effect=asks)
    assert len(chosen) <= 2
    assert chosen == sorted(set(chosen))
    terms = {token.term for token in analyze(" ".join(question))}
    sharing = [n for n, text in enumerate(sentences) if terms & {token.term for token in analyze(text)}]
    shows = asks and "significantly" in " ".join(sentences)
    assert bool(chosen) == (bool(sharing) or shows)


DISPUTED = [
    # (sentences, of which the first is disputed; the one that is marked; why)
    (["Lanes cut injuries by a third.", "Lanes cut injuries by a tenth."], 1, "the other answers as well"),
    (["Lanes cut injuries by a third.", "The lanes are blue."], 0, "the other is clearly worse"),
    (["Lanes cut injuries by a third.", "Trees were planted."], 0, "the other does not answer"),
]


@pytest.mark.parametrize(("sentences", "marked", "why"), DISPUTED)
def test_a_disputed_sentence_is_marked_only_if_no_other_answers_as_well(
    sentences: list[str], marked: int, why: str
) -> None:
    words = [SentenceWords(text, analyze(text), disputed=not n) for n, text in enumerate(sentences)]
    asked = analyze("do lanes cut injuries")
    assert pick_sentences(Wanted(asked, {token.term: 1.0 for token in asked}), words, ()) == (marked,), why
