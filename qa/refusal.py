"""When a question is refused, and why: a reason code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

from qa.models import Abstention, AskedCondition, CoveredCondition


def no_searchable_words() -> Abstention:
    """Nothing is left of the question after the words of asking."""
    return Abstention(
        "no_searchable_words", "The question has no words to search for. Name what you want to know about."
    )


def condition_not_covered(asked: Sequence[AskedCondition], covered: Sequence[CoveredCondition]) -> Abstention:
    """Every condition asked about is known, and no passage is about any of them."""
    what = listed([condition.label for condition in asked], "or")
    message = f"The documents say nothing about this condition: {what}."
    if covered:
        message += f" They cover: {listed([condition.label for condition in covered], 'and')}."
    return Abstention(
        "condition_not_covered",
        message,
        conditions=tuple(condition.id for condition in asked),
    )


def not_enough_found(missing: Sequence[str]) -> Abstention:
    """No passage speaks to enough of the question."""
    message = "No passage speaks to enough of the question."
    if missing:
        message += f" Not found: {listed(missing, 'and')}."
    return Abstention("not_enough_of_the_question_found", message, missing=tuple(missing))


def listed(items: Sequence[str], joint: str) -> str:
    """ "a", "a and b", "a, b and c"."""
    head, last = items[:-1], items[-1]
    return f"{', '.join(head)} {joint} {last}" if head else last
