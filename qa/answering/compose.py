"""Everything that is said, put together as an Answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.decision import illnesses_not_spoken_of
from qa.answering.notices import call_up
from qa.answering.sub_answers import Reply
from qa.indexes import OpenIndex
from qa.models import Abstention, Answer, Hit, Interpretation
from qa.text.analysis import Token
from qa.understanding.context import Knowledge
from qa.understanding.parse import Message
from qa.views.documents import index_info
from qa.views.hits import show_documents, show_references


def missing_words(replies: Sequence[Reply], message: Message, partial_below: float) -> list[str]:
    """What the answers do not speak to, when that is much: conditions, and words of questions."""
    return list(dict.fromkeys(word for reply in replies for word in missing_of(reply, message, partial_below)))


def missing_of(reply: Reply, message: Message, partial_below: float) -> Iterator[str]:
    yield from (condition.asked_as or condition.label for condition in reply.conditions if not condition.covered)
    yield from illnesses_not_spoken_of(reply.question, message)
    yield from (treatment.asked_as for treatment in reply.interventions if not treatment.covered)
    if reply.abstention:
        yield from reply.abstention.missing
    elif reply.found[0].coverage.share < partial_below:
        named = [illness for illness in reply.question.illnesses if not illness.names]
        missing = reply.found[0].coverage.missing
        yield from as_written(message, [t for t in missing if not any(i.start <= t.start < i.end for i in named)])


def as_written(message: Message, tokens: Sequence[Token]) -> list[str]:
    """Words as the question has them, each once."""
    return list(dict.fromkeys(message.searched[token.start : token.end] for token in tokens))


def compose(
    message: Message,
    replies: Sequence[Reply],
    hits: Sequence[Hit],
    missing: Sequence[str],
    abstention: Abstention | None,
    known: Knowledge,
    index: OpenIndex,
) -> Answer:
    """Everything that is said, from which page, JSON and terminal are made."""
    return Answer(
        question=message.text,
        status="abstained" if abstention else "partial" if missing else "answered",
        interpretation=interpret(message, replies),
        answers=() if abstention else tuple(hits),
        missing=tuple(missing),
        abstention=replace(abstention, nearest=tuple(hits)) if abstention else None,
        references=show_references(hits, index),
        documents=show_documents(hits, index),
        conditions=known.covered,
        notices=call_up(index.catalogue.notices, message.text, known.noticed),
        index=index_info(index),
    )


def interpret(message: Message, replies: Sequence[Reply]) -> Interpretation:
    tokens = [token for reply in replies for token in reply.question.tokens]
    return Interpretation(
        terms=tuple(as_written(message, tokens)),
        conditions=tuple({c.id: c for reply in replies for c in reply.conditions}.values()),
        corrections=message.corrections,
        interventions=tuple({i.label: i for reply in replies for i in reply.interventions}.values()),
        aspects=tuple({a.id: a for reply in replies for a in reply.aspects}.values()),
        language=message.language,
        questions=tuple(message.searched[each.span.start : each.span.end].strip() for each in message.questions),
    )
