"""Whether the passages found answer a question, or the reason why not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering import reasons
from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention
from qa.retrieval.request import Sought
from qa.retrieval.search import NEARLY_ALL, Found
from qa.text.background import words_of_asking
from qa.understanding.context import Knowledge, names_of
from qa.understanding.interventions import MARK
from qa.understanding.parse import Message, Question

MANY = 6  # words beside an aspect by which a question is after more than that
FEWEST = 2  # words of asking that a passage must have, where a question has no others
# "does it help or is it harmful": what is asked between two things is answered by either of them.
OR = re.compile(r"(?<!\d )\bor\b(?! (?:so|not|more|less|fewer|\d))", re.IGNORECASE)


def says_too_little(sought: Sought, found: Sequence[Found]) -> bool:
    """Whether a question has words of asking alone, and no passage has FEWEST of them."""
    question = sought.question
    terms = {token.term for token in (*question.tokens, *question.told)}
    if terms - words_of_asking():
        return False
    return not found or len(terms - {token.term for token in found[0].coverage.missing}) < FEWEST


def names_a_condition(question: Question) -> bool:
    """Whether the question itself names a condition of the owner's vocabulary."""
    return any(
        not m.id.startswith(MARK) and question.span.start <= m.start < question.span.end for m in question.mentions
    )


def illnesses_not_spoken_of(question: Question, message: Message) -> list[str]:
    """Illnesses that the question names and no passage does, by whatever name."""
    return [message.searched[i.start : i.end] for i in question.illnesses if not i.names]


def aspects_not_shown(
    sought: Sought, message: Message, aspects: Sequence[AskedAspect], found: Sequence[Found], known: Knowledge
) -> list[AskedAspect]:
    """The specific aspects that a question is after and that no passage on it shows. It is after none where it has many
    other words ("effect of 10 mg of A on B, compared with C" asks for no dose), where a passage has nearly all of it,
    and between two things offered."""
    question, entries = sought.question, known.words.aspects.entries
    others = {token.term for token in question.tokens}.difference(known.words.idle, sought.apart, *sought.cued.values())
    nearly_all = any(each.coverage.plain >= NEARLY_ALL for each in found)
    offered = OR.search(message.searched, question.span.start, question.span.end)
    if len(others) >= MANY or nearly_all or offered:
        return []
    return [aspect for aspect in aspects if entries[aspect.id].kind == "specific" and not aspect.shown]


def reason_to_refuse(
    sought: Sought,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    aspects: Sequence[AskedAspect],
    found: Sequence[Found],
    refuse_below: float,
    known: Knowledge,
) -> Abstention | None:
    """Why there is no answer, or None when there is one."""
    question = sought.question
    if not conditions and not aspects and says_too_little(sought, found):
        return reasons.no_searchable_words()
    if conditions and not any(condition.covered for condition in conditions):
        mentioned = any(known.may_mention(name) for each in conditions for name in names_of(each.id, known.vocabulary))
        return reasons.condition_not_covered(conditions, known.covered, mentioned=mentioned)
    others = illnesses_not_spoken_of(question, message)
    if others and len(others) == len(question.illnesses) and not names_a_condition(question):
        return reasons.illness_not_covered(others, known.covered, mentioned=any(map(known.may_mention, others)))
    treatments = [each for each in interventions if each.label not in known.subject]
    if treatments and not (found and any(known.speaks_of(each.names) for each in treatments)):
        mentioned = any(known.may_mention(name) for each in treatments for name in (*each.names, each.asked_as))
        return reasons.intervention_not_covered(treatments, conditions, known.subject, mentioned=mentioned)
    best = max((each.coverage.share for each in found), default=0.0)
    if absent := aspects_not_shown(sought, message, aspects, found, known):
        return reasons.aspect_not_covered(absent, conditions)
    if not found or best < refuse_below:
        missing = found[0].coverage.missing if found else question.tokens
        return reasons.not_enough_found([t for t in missing if t.term not in known.words.idle], message.searched)
    return None
