"""Decide whether the passages found answer a question, or why they do not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering import reasons
from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention
from qa.retrieval.request import SearchRequest
from qa.retrieval.search import NEARLY_ALL, ScoredPassage
from qa.text.background import generic_words
from qa.understanding.context import IndexContext, names_of
from qa.understanding.interventions import MARK
from qa.understanding.parse import Message, Question

MANY = 6  # words besides the aspect from which on a question asks about more than the aspect
FEWEST_WORDS = 2  # generic words that a passage must contain when the question has no others
# "does it help or is it harmful": a question that offers alternatives is answered by either of them.
OR = re.compile(r"(?<!\d )\bor\b(?! (?:so|not|more|less|fewer|\d))", re.IGNORECASE)


def has_too_few_words(request: SearchRequest, found: Sequence[ScoredPassage]) -> bool:
    """Whether a question consists of generic words only and no passage contains FEWEST_WORDS of them."""
    question = request.question
    terms = {token.term for token in (*question.tokens, *question.context_tokens)}
    if terms - generic_words():
        return False
    return not found or len(terms - {token.term for token in found[0].coverage.missing}) < FEWEST_WORDS


def names_a_condition(question: Question) -> bool:
    """Whether the question itself, not the rest of the message, names a condition of the owner's vocabulary."""
    return any(
        not m.id.startswith(MARK) and question.span.start <= m.start < question.span.end for m in question.mentions
    )


def uncovered_illnesses(question: Question, message: Message) -> list[str]:
    """The illnesses named in the question that no passage mentions under any of their names."""
    return [message.searched[i.start : i.end] for i in question.illnesses if not i.names]


def aspects_not_shown(
    request: SearchRequest,
    message: Message,
    aspects: Sequence[AskedAspect],
    found: Sequence[ScoredPassage],
    context: IndexContext,
) -> list[AskedAspect]:
    """The specific aspects asked about for which no relevant passage has evidence.

    Returns none when the question has many other words ("effect of 10 mg of A on B, compared with C" does not ask for a
    dose), when a passage has nearly all of them, or when the question offers alternatives.
    """
    question, entries = request.question, context.lexicon.aspects.entries
    others = {token.term for token in question.tokens}.difference(
        context.lexicon.generic, request.entity_terms, *request.aspect_terms.values()
    )
    nearly_all = any(each.coverage.plain >= NEARLY_ALL for each in found)
    offered = OR.search(message.searched, question.span.start, question.span.end)
    if len(others) >= MANY or nearly_all or offered:
        return []
    return [aspect for aspect in aspects if entries[aspect.id].kind == "specific" and not aspect.shown]


def reason_to_refuse(
    request: SearchRequest,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    aspects: Sequence[AskedAspect],
    found: Sequence[ScoredPassage],
    refuse_below: float,
    context: IndexContext,
) -> Abstention | None:
    """The reason for abstaining, or None when the question is answered."""
    question = request.question
    if not conditions and not aspects and has_too_few_words(request, found):
        return reasons.no_searchable_words()
    if conditions and not any(condition.covered for condition in conditions):
        mentioned = any(
            context.may_mention(name) for each in conditions for name in names_of(each.id, context.vocabulary)
        )
        return reasons.condition_not_covered(conditions, context.covered, mentioned=mentioned)
    others = uncovered_illnesses(question, message)
    if others and len(others) == len(question.illnesses) and not names_a_condition(question):
        return reasons.illness_not_covered(others, context.covered, mentioned=any(map(context.may_mention, others)))
    treatments = [each for each in interventions if each.label not in context.subject]
    if treatments and not (found and any(context.is_mentioned(each.names) for each in treatments)):
        mentioned = any(context.may_mention(name) for each in treatments for name in (*each.names, each.asked_as))
        return reasons.intervention_not_covered(treatments, conditions, context.subject, mentioned=mentioned)
    if question.works and not found:
        return reasons.work_not_found([message.searched[w.start : w.end] for w in question.works], conditions)
    best = max((each.coverage.share for each in found), default=0.0)
    if absent := aspects_not_shown(request, message, aspects, found, context):
        return reasons.aspect_not_covered(absent, conditions)
    if not found or best < refuse_below:
        missing = found[0].coverage.missing if found else question.tokens
        return reasons.not_enough_found([t for t in missing if t.term not in context.lexicon.generic], message.searched)
    return None
