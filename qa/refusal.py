"""When a question is refused, and why: a reason code for programs and a sentence for people.

The sentence says what was asked, what the documents do cover, and a way on.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention, CoveredCondition


def no_searchable_words() -> Abstention:
    """Nothing is left of the question after the words of asking."""
    return Abstention(
        "no_searchable_words", "The question has no words to search for. Name what you want to know about."
    )


def language_not_covered(asked: str, covered: Sequence[str]) -> Abstention:
    """The question is in a language that no document is in."""
    message = (
        f"The question seems to be in {asked}. The documents are in {listed(covered, 'and')}; ask in that language."
    )
    return Abstention("language_not_covered", message)


def condition_not_covered(
    asked: Sequence[str], covered: Sequence[CoveredCondition], ids: Sequence[str] = ()
) -> Abstention:
    """No passage is about any of the conditions asked about. `ids` are theirs where the vocabulary has them."""
    message = f"The documents say nothing about this condition: {listed(asked, 'or')}."
    if covered:
        message += f" They cover: {listed([condition.label for condition in covered], 'and')}."
    return Abstention("condition_not_covered", message, missing=tuple(asked), conditions=tuple(ids))


def intervention_not_covered(
    asked: Sequence[AskedIntervention], conditions: Sequence[AskedCondition], subject: Sequence[str]
) -> Abstention:
    """A treatment is asked about that the documents do not speak of, or not for the condition asked about."""
    named = [each.asked_as for each in asked]
    message = f"The documents say nothing about {listed(named, 'or')}{on(conditions)}."
    message += f" They are about {listed(subject, 'and')}." if subject else " Below is what is nearest to the question."
    return Abstention("intervention_not_covered", message, missing=tuple(named))


def aspect_not_covered(asked: Sequence[AskedAspect], conditions: Sequence[AskedCondition]) -> Abstention:
    """Something is asked about the subject that no passage on it speaks to."""
    what = listed([f"{aspect.label.lower()} (“{aspect.asked_as}”)" for aspect in asked], "or")
    message = f"The documents say nothing of this{on(conditions)}: {what}. Below is what they do say about the subject."
    return Abstention("aspect_not_covered", message, missing=tuple(aspect.asked_as for aspect in asked))


def not_enough_found(missing: Sequence[str]) -> Abstention:
    """No passage speaks to enough of the question."""
    message = "No passage speaks to enough of the question."
    if missing:
        message += f" Not found: {listed(missing, 'and')}."
    return Abstention("not_enough_of_the_question_found", message, missing=tuple(missing))


def on(conditions: Sequence[AskedCondition]) -> str:
    covered = [condition.label for condition in conditions if condition.covered]
    return f" for {listed(covered, 'and')}" if covered else ""


def listed(items: Sequence[str], joint: str) -> str:
    """ "a", "a and b", "a, b and c"."""
    head, last = items[:-1], items[-1]
    return f"{', '.join(head)} {joint} {last}" if head else last
