"""The conditions and treatments that a question asks about, and whether they are covered."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.errors import UnknownCondition
from qa.models import AskedCondition, AskedIntervention, Intervention
from qa.understanding.context import IndexContext
from qa.understanding.interventions import MARK
from qa.understanding.parse import Message, Question

EXCLUDED = re.compile(r"\b(?:instead of|rather than|not) (?:the |any )?$", re.IGNORECASE)


def asked_conditions(
    question: Question, message: Message, chosen: Sequence[str], context: IndexContext
) -> tuple[AskedCondition, ...]:
    """The conditions that the question names (or else its message) and those chosen by hand, each once, and whether
    they are covered.

    A general condition named beside a narrower one adds nothing ("addiction to alcohol" asks about alcohol). Raises
    UnknownCondition for a chosen id that the vocabulary does not have.
    """
    vocabulary = context.vocabulary
    if not all(id in vocabulary.conditions for id in chosen):
        raise UnknownCondition(list(vocabulary.conditions))
    mentions = [mention for mention in question.mentions if not mention.id.startswith(MARK)]
    own = [m for m in mentions if question.span.start <= m.start < question.span.end]
    named = {m.id: message.searched[m.start : m.end] for m in own or mentions}
    wider = {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    return tuple(
        AskedCondition(id, vocabulary.label(id), named.get(id), covered=id in context.tagged_as)
        for id in dict.fromkeys((*chosen, *(id for id in named if id not in wider)))
    )


def asked_interventions(question: Question, message: Message, context: IndexContext) -> tuple[AskedIntervention, ...]:
    """The interventions that the question names, and whether the documents speak of them."""
    start, end = question.span
    found: dict[str, AskedIntervention] = {}
    for mention in question.mentions:
        if mention.id.startswith(MARK) and start <= mention.start < end and not is_excluded(mention.start, message):
            written = message.searched[mention.start : mention.end]
            found[mention.id] = asked_intervention(context.treatments[mention.id], written, context)
    spans = [(m.start, m.end) for m in question.mentions]
    for token in question.tokens:
        written = message.searched[token.start : token.end]
        if context.lexicon.is_drug(written) and not any(a <= token.start < b for a, b in spans):
            found[token.term] = AskedIntervention(written, written, context.speaks_of((written,)), (written,))
    return tuple(found.values())


def asked_intervention(treatment: Intervention, written: str, context: IndexContext) -> AskedIntervention:
    """A treatment by its names; where no document has one of these, also by what it is one of, though that does not
    cover it."""
    names, covered = treatment.names, context.speaks_of(treatment.names)
    return AskedIntervention(names[0], written, covered, names if covered else (*names, *treatment.kinds))


def is_excluded(start: int, message: Message) -> bool:
    """Whether something is named only as what is not asked about: "instead of methadone"."""
    return bool(EXCLUDED.search(message.searched[:start]))
