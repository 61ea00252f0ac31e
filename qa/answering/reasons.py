"""The reasons for not answering, each with a sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qa.messages import listed, say
from qa.models import Abstention, AbstentionReason, AskedCondition, AskedIntervention, CoveredCondition
from qa.text.analysis import Token


def no_searchable_words() -> Abstention:
    """Only generic words such as "what" or "study" are left of the question."""
    return because("no_searchable_words", say("abstention.no_searchable_words"))


def language_not_covered(asked: str, covered: Sequence[str]) -> Abstention:
    """The question is in a language that no document is in."""
    message = say("abstention.language", asked=asked, covered=listed(covered, "and"))
    return because("language_not_covered", message)


def condition_not_covered(
    asked: Sequence[AskedCondition], covered: Sequence[CoveredCondition], *, mentioned: bool
) -> Abstention:
    """No passage is about any condition in the question. `mentioned`: the documents may name one all the same."""
    headline = nothing_on([in_both_words(each) for each in asked], mentioned)
    found = because("condition_not_covered", headline, what_is_covered(covered))
    return replace(found, conditions=tuple(condition.id for condition in asked))


def illness_not_covered(asked: Sequence[str], covered: Sequence[CoveredCondition], *, mentioned: bool) -> Abstention:
    """No passage names any illness in the question; none of them is in the owner's vocabulary."""
    headline = nothing_on([in_quotes(each) for each in asked], mentioned)
    return because("condition_not_covered", headline, what_is_covered(covered))


def intervention_not_covered(
    asked: Sequence[AskedIntervention],
    conditions: Sequence[AskedCondition],
    topics: Sequence[str],
    *,
    mentioned: bool,
) -> Abstention:
    """The documents do not mention the treatment in the question, or not for the condition in it."""
    named = [each.asked_as for each in asked]
    headline = nothing_on([in_quotes(each) for each in named], mentioned, conditions)
    more = say("abstention.about", topics=listed(topics, "and")) if topics else ""
    return because("intervention_not_covered", headline, more)


def off_topic(missing: Sequence[Token], text: str) -> Abstention:
    """Nothing in the documents is close to the question. `missing` are the words of `text` that the best passage
    lacks."""
    phrases = [in_quotes(each) for each in neighbours(missing, text)]
    more = say("abstention.missing", words=listed(phrases, "and")) if phrases else ""
    return because("off_topic", say("abstention.off_topic"), more)


def work_not_found(named: Sequence[str], conditions: Sequence[AskedCondition]) -> Abstention:
    """No passage, or none on the condition asked about, is supported by a work that the question names."""
    return because("work_not_found", nothing_on([in_quotes(each) for each in named], True, conditions))


def because(reason: AbstentionReason, headline: str, more: str = "") -> Abstention:
    return Abstention(reason, f"{headline} {more}".strip(), headline=headline)


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
    names = [each.everyday or each.label for each in covered]
    return say("abstention.covered", conditions=listed(names, "and")) if names else ""


def in_both_words(asked: AskedCondition) -> str:
    """The asker's word followed by the owner's everyday word in brackets, or the label if there is none; once where
    they are the same."""
    label = asked.everyday or asked.label
    if asked.asked_as is None or asked.asked_as.casefold() == label.casefold():
        return label
    return say("abstention.both_words", asked=asked.asked_as, label=label)


def in_quotes(words: str) -> str:
    return say("abstention.quoted", asked=words)
