"""The reasons for not answering, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence

from qa.messages import listed, say
from qa.models import Abstention, AskedCondition, AskedIntervention, CoveredCondition
from qa.text.analysis import Token


def no_searchable_words() -> Abstention:
    """Only generic words such as "what" or "study" are left of the question."""
    return Abstention("no_searchable_words", say("abstention.no_searchable_words"))


def language_not_covered(asked: str, covered: Sequence[str]) -> Abstention:
    """The question is in a language that no document is in."""
    message = say("abstention.language", asked=asked, covered=listed(covered, "and"))
    return Abstention("language_not_covered", message)


def condition_not_covered(
    asked: Sequence[AskedCondition], covered: Sequence[CoveredCondition], *, mentioned: bool
) -> Abstention:
    """No passage is about any condition in the question. `mentioned`: the documents may name one all the same."""
    message = nothing_on([in_both_words(each) for each in asked], mentioned) + what_is_covered(covered)
    ids = tuple(condition.id for condition in asked)
    return Abstention("condition_not_covered", message, conditions=ids)


def illness_not_covered(asked: Sequence[str], covered: Sequence[CoveredCondition], *, mentioned: bool) -> Abstention:
    """No passage names any illness in the question; none of them is in the owner's vocabulary."""
    message = nothing_on([in_quotes(each) for each in asked], mentioned) + what_is_covered(covered)
    return Abstention("condition_not_covered", message)


def intervention_not_covered(
    asked: Sequence[AskedIntervention],
    conditions: Sequence[AskedCondition],
    topics: Sequence[str],
    *,
    mentioned: bool,
) -> Abstention:
    """The documents do not mention the treatment in the question, or not for the condition in it."""
    named = [each.asked_as for each in asked]
    message = nothing_on([in_quotes(each) for each in named], mentioned, conditions)
    message += f" {say('abstention.about', topics=listed(topics, 'and'))}" if topics else ""
    return Abstention("intervention_not_covered", message)


def off_topic(missing: Sequence[Token], text: str) -> Abstention:
    """Nothing in the documents is close to the question. `missing` are the words of `text` that the best passage
    lacks."""
    message = say("abstention.off_topic")
    if missing:
        phrases = [in_quotes(each) for each in neighbours(missing, text)]
        message += f" {say('abstention.missing', words=listed(phrases, 'and'))}"
    return Abstention("off_topic", message)


def work_not_found(named: Sequence[str], conditions: Sequence[AskedCondition]) -> Abstention:
    """No passage, or none on the condition asked about, is supported by a work that the question names."""
    return Abstention("work_not_found", nothing_on([in_quotes(each) for each in named], True, conditions))


def neighbours(tokens: Sequence[Token], text: str) -> list[str]:
    """The tokens as they are written in the text, joined where only spaces or hyphens separate them: "jet lag"."""
    spans: list[tuple[int, int]] = []
    for token in sorted(tokens, key=lambda token: token.start):
        if spans and not text[spans[-1][1] : token.start].strip(" -"):
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    return list(dict.fromkeys(text[start:end] for start, end in spans))


def nothing_on(names: Sequence[str], mentioned: bool, conditions: Sequence[AskedCondition] = ()) -> str:
    """That no passage was found. That the documents do not mention something is said only when it is certain."""
    if not mentioned:
        return say("abstention.not_mentioned", names=listed(names, "or"))
    if covered := [condition.label for condition in conditions if condition.covered]:
        return say("abstention.nothing_found_for", names=listed(names, "or"), conditions=listed(covered, "and"))
    return say("abstention.nothing_found", names=listed(names, "or"))


def what_is_covered(covered: Sequence[CoveredCondition]) -> str:
    labels = [each.label for each in covered]
    return f" {say('abstention.covered', conditions=listed(labels, 'and'))}" if labels else ""


def in_both_words(asked: AskedCondition) -> str:
    """The asker's word followed by the owner's label in brackets, or just the label where they are the same."""
    label = asked.label
    if asked.asked_as is None or asked.asked_as.casefold() == asked.label.casefold():
        return label
    return say("abstention.both_words", asked=asked.asked_as, label=label)


def in_quotes(words: str) -> str:
    return say("abstention.quoted", asked=words)
