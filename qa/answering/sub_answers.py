"""Answer a single question of a message: its passages, or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answering.decision import reason_to_refuse
from qa.indexes import OpenIndex
from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention
from qa.retrieval.request import SearchRequest, build_request
from qa.retrieval.search import ScoredPassage, search_passages
from qa.understanding.context import IndexContext
from qa.understanding.parse import Message, Question
from qa.understanding.topics import asked_conditions, asked_interventions

# Where one passage covers enough of a question, others are shown that cover a little less than enough. On half of the
# claims of scifact this lists more right passages (nDCG@10 .688 to .700); on the question sets one more comes first.
BESIDE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class SubAnswer:
    """How a question was interpreted and the passages found for it.

    Each passage is an answer by itself, unless there is an `abstention`: then the passages are only the nearest ones.
    """

    request: SearchRequest
    conditions: tuple[AskedCondition, ...]
    interventions: tuple[AskedIntervention, ...]
    aspects: tuple[AskedAspect, ...]
    found: tuple[ScoredPassage, ...]
    abstention: Abstention | None

    @property
    def question(self) -> Question:
        return self.request.question


def answer_question(
    question: Question,
    message: Message,
    chosen: Sequence[str],
    refuse_below: float,
    context: IndexContext,
    index: OpenIndex,
) -> SubAnswer:
    """Search for a question and decide whether the passages found answer it. `chosen` are condition ids."""
    conditions = asked_conditions(question, message, chosen, context)
    interventions = asked_interventions(question, message, context)
    request = build_request(question, message, conditions, interventions, context)
    found = search_passages(request, message.sentences, context, index)
    aspects = asked_aspects(question, message, found, context)
    abstention = reason_to_refuse(request, message, conditions, interventions, aspects, found, refuse_below, context)
    if abstention:
        absent = [each.asked_as for each in interventions if not each.covered]
        abstention = replace(abstention, missing=tuple(dict.fromkeys((*absent, *abstention.missing))))
    shown_from = 0.0 if abstention else BESIDE_SHARE * refuse_below
    answering = [each for each in found if each.coverage.share >= shown_from]
    return SubAnswer(request, conditions, interventions, aspects, tuple(answering), abstention)


def asked_aspects(
    question: Question, message: Message, found: Sequence[ScoredPassage], context: IndexContext
) -> tuple[AskedAspect, ...]:
    """The aspects that a question asks about, each once, and whether one of the passages shows it."""
    cues = {cue.id: message.searched[cue.start : cue.end].strip() for cue in reversed(question.cues)}
    entries = context.lexicon.aspects.entries
    return tuple(
        AskedAspect(id, entries[id].label, asked_as, shown=any(each.evidence.shows(id) for each in found))
        for id, asked_as in reversed(cues.items())
    )
