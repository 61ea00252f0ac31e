"""One question of a message: its passages, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.decision import reason_to_refuse
from qa.indexes import OpenIndex
from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention
from qa.retrieval.request import Sought, seek
from qa.retrieval.search import Found, find_bearing
from qa.understanding.context import Knowledge
from qa.understanding.parse import Message, Question
from qa.understanding.topics import asked_conditions, asked_interventions


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question was understood to ask and the passages that would each be an answer by themselves, or, with
    `abstention`, those that are near and do not answer."""

    sought: Sought
    conditions: tuple[AskedCondition, ...]
    interventions: tuple[AskedIntervention, ...]
    aspects: tuple[AskedAspect, ...]
    found: tuple[Found, ...]
    abstention: Abstention | None

    @property
    def question(self) -> Question:
        return self.sought.question


def reply_to(
    question: Question, message: Message, chosen: Sequence[str], refuse_below: float, known: Knowledge, index: OpenIndex
) -> Reply:
    conditions = asked_conditions(question, message, chosen, known)
    interventions = asked_interventions(question, message, known)
    sought = seek(question, message, conditions, interventions, known, index)
    found = find_bearing(sought, message.sentences, known, index)
    aspects = asked_aspects(question, message, found, known)
    abstention = reason_to_refuse(sought, message, conditions, interventions, aspects, found, refuse_below, known)
    answering = found if abstention else [each for each in found if each.coverage.share >= refuse_below]
    return Reply(sought, conditions, interventions, aspects, tuple(answering), abstention)


def asked_aspects(
    question: Question, message: Message, found: Sequence[Found], known: Knowledge
) -> tuple[AskedAspect, ...]:
    cues = {cue.id: message.searched[cue.start : cue.end].strip() for cue in reversed(question.cues)}
    entries = known.words.aspects.entries
    return tuple(
        AskedAspect(id, entries[id].label, asked_as, shown=any(each.evidence.shows(id) for each in found))
        for id, asked_as in reversed(cues.items())
    )
