"""Decide whether the passages found answer a question, are only the closest, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering import reasons
from qa.answering.confidence import confidence_of, is_off_topic
from qa.models import Abstention, AnswerStatus, AskedAspect
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage, is_on_treatment
from qa.understanding.context import IndexContext, names_of
from qa.understanding.interventions import MARK
from qa.understanding.parse import Question


@dataclass(frozen=True, slots=True)
class SubAnswer:
    """How a question was interpreted, the passages found for it, best first, and what comes of it.

    `confidence` is the probability, from 0 to 1, that the first passage answers; 0 if there is an `abstention`.
    """

    request: SearchRequest
    aspects: tuple[AskedAspect, ...]
    found: tuple[ScoredPassage, ...]
    status: AnswerStatus
    confidence: float
    abstention: Abstention | None

    @property
    def question(self) -> Question:
        return self.request.question


def decide(
    request: SearchRequest, found: Sequence[ScoredPassage], answer_from: float, context: IndexContext
) -> SubAnswer:
    """Whether the passages found answer a question (its confidence is at least `answer_from`), are only the closest, or
    whether to abstain."""
    aspects = asked_aspects(request, found, context)
    confidence = confidence_of(request, found, context)
    abstention = reason_to_abstain(request, found, context) or reason_of_topic(request, found, context)
    status: AnswerStatus = "answered" if confidence >= answer_from else "closest"
    if abstention:
        return SubAnswer(request, aspects, tuple(found), "abstained", 0.0, abstention)
    return SubAnswer(request, aspects, tuple(found), status, confidence, None)


def asked_aspects(
    request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext
) -> tuple[AskedAspect, ...]:
    """The aspects that a question asks about, each once, and whether one of the passages shows it."""
    question, entries = request.question, context.lexicon.aspects.entries
    cues = {cue.id: question.written(cue).strip() for cue in reversed(question.cues)}
    return tuple(
        AskedAspect(id, entries[id].label, asked_as, shown=any(each.evidence.shows(id) for each in found))
        for id, asked_as in reversed(cues.items())
    )


def reason_to_abstain(
    request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext
) -> Abstention | None:
    """The reason for abstaining that is certain from what a question names, if any."""
    question, conditions = request.question, request.topics.conditions
    if not (question.tokens or question.context_tokens or request.aspects or conditions):
        return reasons.no_searchable_words()
    if conditions and not any(condition.covered for condition in conditions):
        names = (name for each in conditions for name in names_of(each.id, context.vocabulary))
        return reasons.condition_not_covered(
            conditions, context.covered, mentioned=any(map(context.may_mention, names))
        )
    others = uncovered_illnesses(question)
    if others and len(others) == len(question.illnesses) and not names_a_condition(question):
        return reasons.illness_not_covered(others, context.covered, mentioned=any(map(context.may_mention, others)))
    treatments = [each for each in request.topics.interventions if each.label not in context.subject]
    named = any(context.is_mentioned(each.names) for each in treatments)
    if treatments and not (named and any(is_on_treatment(each, request) for each in found)):
        mentioned = any(context.may_mention(name) for each in treatments for name in (*each.names, each.asked_as))
        return reasons.intervention_not_covered(treatments, conditions, context.subject, mentioned=mentioned)
    if question.works and not found:
        return reasons.work_not_found(list(map(question.written, question.works)), conditions)
    return None


def reason_of_topic(request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext) -> Abstention | None:
    """The reason for abstaining when nothing in the documents is close to a question."""
    if not is_off_topic(request, found, context):
        return None
    missing = found[0].coverage.missing if found else request.question.tokens
    telling = [token for token in missing if token.term not in context.lexicon.generic]
    return reasons.off_topic(telling, request.question.searched)


def names_a_condition(question: Question) -> bool:
    """Whether the question itself, not the rest of the message, names a condition of the owner's vocabulary."""
    return any(not mention.id.startswith(MARK) and question.is_inside(mention) for mention in question.mentions)


def uncovered_illnesses(question: Question) -> list[str]:
    """The illnesses named in the question that no passage mentions under any of their names."""
    return [question.written(illness) for illness in question.illnesses if not illness.names]
