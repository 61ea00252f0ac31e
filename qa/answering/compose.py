"""Assemble the Answer from the hits, or from the reason for abstaining."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answering.decision import uncovered_illnesses
from qa.answering.sub_answers import SubAnswer
from qa.indexes import OpenIndex
from qa.models import Abstention, Answer, Hit, Interpretation
from qa.text.analysis import Token
from qa.understanding.context import IndexContext
from qa.understanding.parse import Message
from qa.views.documents import index_info
from qa.views.hits import show_documents, show_references


def missing_words(sub_answers: Sequence[SubAnswer], message: Message, partial_below: float) -> list[str]:
    """The names and words of a message that the answers do not cover, without duplicates.

    Ordinary words are included only for a question whose coverage is below `partial_below`.
    """
    return list(
        dict.fromkeys(word for sub_answer in sub_answers for word in missing_of(sub_answer, message, partial_below))
    )


def missing_of(sub_answer: SubAnswer, message: Message, partial_below: float) -> Iterator[str]:
    yield from (condition.asked_as or condition.label for condition in sub_answer.conditions if not condition.covered)
    yield from uncovered_illnesses(sub_answer.question, message)
    yield from (treatment.asked_as for treatment in sub_answer.interventions if not treatment.covered)
    if sub_answer.abstention:
        yield from sub_answer.abstention.missing
    elif sub_answer.found[0].coverage.share < partial_below:
        named = [illness for illness in sub_answer.question.illnesses if not illness.names]
        missing = sub_answer.found[0].coverage.missing
        yield from words_as_asked(message, [t for t in missing if not any(i.start <= t.start < i.end for i in named)])


def words_as_asked(message: Message, tokens: Sequence[Token]) -> list[str]:
    """The words as they appear in the question, without duplicates."""
    return list(dict.fromkeys(message.searched[token.start : token.end] for token in tokens))


def compose(
    message: Message,
    sub_answers: Sequence[SubAnswer],
    hits: Sequence[Hit],
    missing: Sequence[str],
    abstention: Abstention | None,
    context: IndexContext,
    index: OpenIndex,
) -> Answer:
    """The Answer that the page, the JSON and the terminal output are all rendered from."""
    return Answer(
        question=message.text,
        status="abstained" if abstention else "partial" if missing else "answered",
        interpretation=interpret(message, sub_answers),
        answers=() if abstention else tuple(hits),
        missing=tuple(missing),
        abstention=replace(abstention, nearest=tuple(hits)) if abstention else None,
        references=show_references(hits, index),
        documents=show_documents(hits, index),
        conditions=context.covered,
        notices=context.notices.matching(message.text),
        index=index_info(index),
    )


def interpret(message: Message, sub_answers: Sequence[SubAnswer]) -> Interpretation:
    tokens = [token for sub_answer in sub_answers for token in sub_answer.question.tokens]
    return Interpretation(
        terms=tuple(words_as_asked(message, tokens)),
        conditions=tuple({c.id: c for sub_answer in sub_answers for c in sub_answer.conditions}.values()),
        corrections=message.corrections,
        interventions=tuple({i.label: i for sub_answer in sub_answers for i in sub_answer.interventions}.values()),
        aspects=tuple({a.id: a for sub_answer in sub_answers for a in sub_answer.aspects}.values()),
        language=message.language,
        questions=tuple(message.searched[each.span.start : each.span.end].strip() for each in message.questions),
    )
