"""Present what was decided: the Answer that the page, the JSON and the terminal output are all rendered from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa.answering import reasons
from qa.answering.decision import SubAnswer, uncovered_illnesses
from qa.answering.hits import HitMaker
from qa.answering.options import Options
from qa.models import Abstention, Answer, Interpretation
from qa.retrieval.scoring import ScoredPassage
from qa.text.language import language_names
from qa.understanding.context import IndexContext
from qa.understanding.parse import Message
from qa.views.documents import index_info
from qa.views.hits import show_documents, show_references

MOST_NEAREST = 3  # passages shown with an abstention, labelled as not an answer


def present(message: Message, sub_answers: Sequence[SubAnswer], options: Options, context: IndexContext) -> Answer:
    """The answer to a message: the passages of its answered questions, or the reason why none is answered."""
    answered = [n for n, each in enumerate(sub_answers) if not each.abstention and not message.language]
    abstention = None if answered else reason_for(message, sub_answers[0], context)
    shown = in_turns(sub_answers, answered, options.limit) if answered else nearest_passages(sub_answers[0])
    makers = [HitMaker(s.request, context, marked=bool(answered), explain=options.explain) for s in sub_answers]
    hits = tuple(makers[number].hit(found, rank) for rank, (number, found) in enumerate(shown, 1))
    missing = () if abstention else unique(word for s in sub_answers for word in missing_of(s, options.partial_below))
    return Answer(
        question=message.text,
        status="abstained" if abstention else "partial" if missing else "answered",
        interpretation=interpret(message, sub_answers),
        answers=() if abstention else hits,
        missing=missing,
        abstention=replace(abstention, nearest=hits) if abstention else None,
        references=show_references(hits, context.index),
        documents=show_documents(hits, context.index),
        conditions=context.covered,
        notices=context.notices.matching(message.text),
        index=index_info(context.index),
    )


def reason_for(message: Message, first: SubAnswer, context: IndexContext) -> Abstention | None:
    """Why no question of a message is answered: its language, or the reason for the first question."""
    if message.language:
        return reasons.language_not_covered(message.language, language_names(context.lexicon.languages))
    return first.abstention


Numbered = tuple[int, ScoredPassage]  # the number of a question of the message, and a passage for it


def in_turns(sub_answers: Sequence[SubAnswer], answered: Sequence[int], limit: int) -> list[Numbered]:
    """The best passage of each answered question, then the second best of each, and so on, without duplicates."""
    interleaved = (
        (number, found)
        for row in zip_longest(*(sub_answers[number].found for number in answered))
        for number, found in zip(answered, row, strict=True)
        if found is not None
    )
    once: dict[str, Numbered] = {}
    for number, found in interleaved:
        once.setdefault(found.passage.id, (number, found))
    return list(once.values())[:limit]


def nearest_passages(first: SubAnswer) -> list[Numbered]:
    """The passages shown with an abstention: for the first question, each on a condition, treatment or word of it.

    An off-topic question gets none.
    """
    named = bool(first.request.topics.conditions or first.request.topics.interventions)
    return [(0, found) for found in first.found if named or found.coverage.share > 0][:MOST_NEAREST]


def missing_of(sub_answer: SubAnswer, partial_below: float) -> Iterator[str]:
    """The names and words of a question that its answer does not cover.

    Ordinary words are included only when coverage is below `partial_below`.
    """
    topics, question = sub_answer.request.topics, sub_answer.question
    yield from (condition.asked_as or condition.label for condition in topics.conditions if not condition.covered)
    yield from uncovered_illnesses(question)
    yield from (treatment.asked_as for treatment in topics.interventions if not treatment.covered)
    if sub_answer.abstention:
        yield from sub_answer.abstention.missing
    elif sub_answer.found[0].coverage.share < partial_below:
        named = [illness for illness in question.illnesses if not illness.names]
        for token in sub_answer.found[0].coverage.missing:
            if not any(illness.start <= token.start < illness.end for illness in named):
                yield question.written(token)


def interpret(message: Message, sub_answers: Sequence[SubAnswer]) -> Interpretation:
    """How the questions of a message were understood, in their order."""
    requests = [each.request for each in sub_answers]
    return Interpretation(
        terms=unique(question.written(token) for question in message.questions for token in question.tokens),
        conditions=tuple({c.id: c for request in requests for c in request.topics.conditions}.values()),
        corrections=message.corrections,
        interventions=tuple({i.label: i for request in requests for i in request.topics.interventions}.values()),
        aspects=tuple({a.id: a for sub_answer in sub_answers for a in sub_answer.aspects}.values()),
        language=message.language,
        questions=tuple(question.written(question.span).strip() for question in message.questions),
    )


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """The words in order, each once."""
    return tuple(dict.fromkeys(words))
