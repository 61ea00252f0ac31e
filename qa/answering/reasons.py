"""The reasons why there is no answer, each with its sentence."""

from __future__ import annotations

from collections.abc import Sequence

from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention, CoveredCondition
from qa.text.analysis import Token, analyze


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
    asked: Sequence[AskedCondition], covered: Sequence[CoveredCondition], *, mentioned: bool
) -> Abstention:
    """No passage is about any of the conditions asked about. `mentioned`: the documents may name one all the same."""
    message = nothing_on([in_both_words(each) for each in asked], mentioned) + what_is_covered(covered)
    ids = tuple(condition.id for condition in asked)
    return Abstention("condition_not_covered", message, missing=tuple(c.label for c in asked), conditions=ids)


def illness_not_covered(asked: Sequence[str], covered: Sequence[CoveredCondition], *, mentioned: bool) -> Abstention:
    """No passage names any of the illnesses asked about, which the owner's vocabulary has not."""
    message = nothing_on([in_quotes(each) for each in asked], mentioned) + what_is_covered(covered)
    return Abstention("condition_not_covered", message, missing=tuple(asked))


def intervention_not_covered(
    asked: Sequence[AskedIntervention],
    conditions: Sequence[AskedCondition],
    subject: Sequence[str],
    *,
    mentioned: bool,
) -> Abstention:
    """A treatment is asked about that the documents do not speak of, or not for the condition asked about."""
    named = [each.asked_as for each in asked]
    message = nothing_on([in_quotes(each) for each in named], mentioned, on(conditions))
    message += f" The documents are about {listed(subject, 'and')}." if subject else ""
    return Abstention("intervention_not_covered", message, missing=tuple(named))


def aspect_not_covered(asked: Sequence[AskedAspect], conditions: Sequence[AskedCondition]) -> Abstention:
    """Something is asked about the subject that no passage on it speaks to."""
    telling = [aspect for aspect in asked if analyze(aspect.asked_as)] or asked
    message = nothing_on([in_both_words(each, lower=True) for each in telling], True, on(conditions))
    return Abstention("aspect_not_covered", message, missing=tuple(aspect.asked_as for aspect in telling))


def not_enough_found(missing: Sequence[Token], text: str) -> Abstention:
    """No passage speaks to enough of the question. `missing` are the words of `text` that the best passage has not."""
    message = "No passage covers enough of your question."
    if missing:
        phrases = [in_quotes(each) for each in neighbours(missing, text)]
        message += f" Not found in the best one: {listed(phrases, 'and')}."
    words = tuple(dict.fromkeys(text[token.start : token.end] for token in missing))
    return Abstention("not_enough_of_the_question_found", message, missing=words)


def neighbours(tokens: Sequence[Token], text: str) -> list[str]:
    """Words of a text as it has them, those in one piece between which nothing but a blank or a hyphen stands."""
    spans: list[tuple[int, int]] = []
    for token in sorted(tokens, key=lambda token: token.start):
        if spans and not text[spans[-1][1] : token.start].strip(" -"):
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    return list(dict.fromkeys(text[start:end] for start, end in spans))


def nothing_on(names: Sequence[str], mentioned: bool, whereby: str = "") -> str:
    """That nothing was found; that nothing is there only when that is certain, whatever else was asked."""
    if mentioned:
        return f"No passage was found on {listed(names, 'or')}{whereby}."
    return f"The documents do not mention {listed(names, 'or')}."


def what_is_covered(covered: Sequence[CoveredCondition]) -> str:
    return f" The documents cover: {listed([each.label for each in covered], 'and')}." if covered else ""


def in_both_words(asked: AskedCondition | AskedAspect, *, lower: bool = False) -> str:
    """By the asker's words and the owner's, when they differ."""
    label = asked.label.lower() if lower else asked.label
    same = asked.asked_as is None or asked.asked_as.casefold() == asked.label.casefold()
    return label if same else f"{in_quotes(str(asked.asked_as))} ({label})"


def in_quotes(words: str) -> str:
    return f"“{words}”"


def on(conditions: Sequence[AskedCondition]) -> str:
    covered = [condition.label for condition in conditions if condition.covered]
    return f" for {listed(covered, 'and')}" if covered else ""


def listed(items: Sequence[str], joint: str) -> str:
    """ "a", "a and b", "a, b and c"."""
    head, last = items[:-1], items[-1]
    return f"{', '.join(head)} {joint} {last}" if head else last
