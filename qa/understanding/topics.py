"""The conditions and treatments that a question asks about, and whether the documents cover them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.errors import UnknownCondition
from qa.models import AskedCondition, AskedIntervention, Intervention
from qa.understanding.context import IndexContext
from qa.understanding.interventions import MARK
from qa.understanding.parse import Question

# A name after this is mentioned only to exclude it: "instead of methadone".
EXCLUDED = re.compile(r"\b(?:instead of|rather than|not) (?:the |any )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topics:
    """The conditions and treatments that a question asks about."""

    conditions: tuple[AskedCondition, ...]
    interventions: tuple[AskedIntervention, ...]


def asked_topics(question: Question, chosen: Sequence[str], context: IndexContext) -> Topics:
    """What a question is about; `chosen` are ids of conditions. Raises UnknownCondition."""
    return Topics(asked_conditions(question, chosen, context), asked_interventions(question, context))


def asked_conditions(question: Question, chosen: Sequence[str], context: IndexContext) -> tuple[AskedCondition, ...]:
    """The conditions asked about, each once, and whether the documents cover them.

    These are the conditions chosen by the user and those named in the question, or else in the rest of its message. A
    broader condition is dropped when a narrower one is named too ("addiction to alcohol" is about alcohol).

    Raises UnknownCondition for a chosen id that is not in the vocabulary.
    """
    vocabulary = context.vocabulary
    if not all(id in vocabulary.conditions for id in chosen):
        raise UnknownCondition(list(vocabulary.conditions))
    mentions = [mention for mention in question.mentions if not mention.id.startswith(MARK)]
    named = {m.id: question.written(m) for m in list(filter(question.is_inside, mentions)) or mentions}
    wider = {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    return tuple(
        AskedCondition(
            id, vocabulary.label(id), named.get(id), id in context.tagged_as, vocabulary.conditions[id].everyday
        )
        for id in dict.fromkeys((*chosen, *(id for id in named if id not in wider)))
    )


def asked_interventions(question: Question, context: IndexContext) -> tuple[AskedIntervention, ...]:
    """The treatments that the question names, and whether the documents mention them."""
    found: dict[str, AskedIntervention] = {}
    for mention in filter(question.is_inside, question.mentions):
        if mention.id.startswith(MARK) and not EXCLUDED.search(question.searched[: mention.start]):
            treatment = context.treatments[mention.id]
            found[mention.id] = asked_intervention(treatment, question.written(mention), context)
    for token in question.tokens:
        written = question.written(token)
        if context.lexicon.is_drug(written) and not any(m.start <= token.start < m.end for m in question.mentions):
            found[token.term] = AskedIntervention(written, written, context.is_mentioned((written,)), (written,))
    return tuple(found.values())


def asked_intervention(treatment: Intervention, written: str, context: IndexContext) -> AskedIntervention:
    """A treatment with its names.

    If no document mentions it, the broader kinds it belongs to are searched for as well, but it is still not covered.
    """
    names, covered = treatment.names, context.is_mentioned(treatment.names)
    return AskedIntervention(names[0], written, covered, names if covered else (*names, *treatment.kinds))
