"""Questions that ask for a number, and sentences that give one of that kind."""

from __future__ import annotations

import pytest

from qa.understanding.numbers import NumberKind, asked_number, gives_number, lacks_quantity

ASKED: list[tuple[str, NumberKind | None]] = [
    ("What dose of ketamine was given?", "dose"),
    ("what does a session cost", "cost"),
    ("How much does it cost?", "cost"),
    ("how long do the lights stay on", "time"),
    ("For how many weeks should the diary be kept?", "time"),
    ("At what age are hives split?", "time"),
    ("What proportion of riders wore a helmet?", "share"),
    ("How many streets were counted?", "number"),
    ("When should I open the windows?", None),  # answered by a condition as often as by a time
    ("Does it work?", None),
]


@pytest.mark.parametrize(("question", "kind"), ASKED)
def test_the_kind_of_number_a_question_asks_for(question: str, kind: NumberKind | None) -> None:
    assert asked_number(question) == kind


GIVEN: list[tuple[NumberKind, str, bool]] = [
    ("cost", "Kerbs cost 40 euros a metre.", True),
    ("cost", "Kerbs cost more than paint in 2019.", False),
    ("time", "The lamps were dimmed for two to three hours.", True),
    ("time", "Check the traps daily.", True),
    ("time", "The lamps are 40 metres apart.", False),
    ("dose", "They received 0.8 mg/kg.", True),
    ("dose", "They received three infusions.", False),
    ("share", "One rider in four wore a helmet.", True),
    ("number", "Twelve streets were counted.", True),
    ("number", "Streets were counted often, by someone else.", False),  # "ten" and "one" within other words
]


@pytest.mark.parametrize(("kind", "sentence", "given"), GIVEN)
def test_sentences_that_give_a_number_of_a_kind(kind: NumberKind, sentence: str, given: bool) -> None:
    assert gives_number(sentence, kind) is given


def test_a_number_of_the_question_is_not_its_answer() -> None:
    question = "How many of the 14 streets had kerbs?"
    assert not gives_number("Kerbs were built on the 14 streets.", "number", question)
    assert gives_number("Kerbs were built on 9 of the 14 streets.", "number", question)


@pytest.mark.parametrize(
    ("passage", "question", "lacks"),
    [
        ("Five fewer were dead at six months.", "How many fewer were dead at six months?", False),  # as written
        ("Five fewer were dead at six months.", "How many fewer were dead after 6 months?", False),  # digits
        ("Five fewer were dead at six months.", "How many fewer were dead at five years?", True),  # another unit
        ("Fewer bites in the first year and in the second.", "How many bites in the fifth year?", True),  # an ordinal
        ("It was given for 4 to 6 weeks.", "Is it given for 4 weeks?", False),  # a range has one unit for both
        ("Of 1,160 people, 9 left.", "What did the 1160 people do?", False),  # with and without a comma
        ("A 40-min infusion.", "Is an infusion of forty minutes enough?", False),  # words above twelve are not read
        ("A 40-min infusion.", "Is an infusion of 40 minutes enough?", False),  # short for minutes
        ("Dogs of 28 owners obeyed.", "Which of 28 dogs obeyed?", False),  # other nouns than units of time may differ
        ("Two groups were compared.", "Which one was better?", False),  # "one" is mostly a pronoun
    ],
)
def test_a_number_that_a_passage_lacks(passage: str, question: str, lacks: bool) -> None:
    assert lacks_quantity(passage, question) is lacks
