"""Question to Answer, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from qa.answering import reasons
from qa.answering.compose import compose, missing_words
from qa.answering.hits import show
from qa.answering.sub_answers import Reply, reply_to
from qa.indexes import OpenIndex
from qa.models import Abstention, Answer
from qa.retrieval.coverage import PARTIAL_BELOW, REFUSE_BELOW
from qa.retrieval.search import Found
from qa.text.language import language_names
from qa.understanding.context import Knowledge, knowledge_of, taken_as_written
from qa.understanding.parse import Message, read_message

NEAREST = 3  # passages offered beside a refusal, labelled as no answer


def answer(
    question: str,
    index: OpenIndex,
    *,
    conditions: Sequence[str] = (),
    limit: int = 5,
    refuse_below: float = REFUSE_BELOW,
    partial_below: float = PARTIAL_BELOW,
    as_written: bool = False,
    explain: bool = False,
) -> Answer:
    """What the documents of the index say to the question, word for word, or why they do not answer it.

    `conditions` are ids chosen by hand; they do what naming one in the question does. `as_written`: the words
    are searched for as they stand, nothing is corrected or understood. `explain`: each hit says what its score is the
    sum of. Raises QuestionError for a
    question that cannot be taken, UnknownCondition for an id that the vocabulary does not have.
    """
    known = taken_as_written(knowledge_of(index)) if as_written else knowledge_of(index)
    message = read_message(question, known.words)
    replies = [reply_to(each, message, conditions, refuse_below, known, index) for each in message.questions]
    answered = [reply for reply in replies if not reply.abstention and not message.language]
    abstention = None if answered else reason_for(message, replies, known)
    shown = one_by_one(answered, limit) if answered else nearest(replies[0])
    hits = [
        show(found, place, reply, known, index, marked=bool(answered), explain=explain)
        for place, (reply, found) in enumerate(shown, 1)
    ]
    missing = [] if abstention else missing_words(replies, message, partial_below)
    return compose(message, replies, hits, missing, abstention, known, index)


def reason_for(message: Message, replies: Sequence[Reply], known: Knowledge) -> Abstention | None:
    """Why none of the questions of a message is answered: the language, or what the first of them is refused for."""
    if message.language:
        return reasons.language_not_covered(message.language, language_names(known.words.languages))
    return replies[0].abstention


def one_by_one(replies: Sequence[Reply], limit: int) -> list[tuple[Reply, Found]]:
    """The best passage of each question, then the second best of each, …; each passage once."""
    in_turn = (
        (reply, found)
        for row in zip_longest(*(reply.found for reply in replies))
        for reply, found in zip(replies, row, strict=True)
        if found is not None
    )
    once: dict[str, tuple[Reply, Found]] = {}
    for reply, found in in_turn:
        once.setdefault(found.passage.id, (reply, found))
    return list(once.values())[:limit]


def nearest(reply: Reply) -> list[tuple[Reply, Found]]:
    """The best passages that speak to a condition, a treatment or a word of the question: none to one of football."""
    named = bool(reply.conditions or reply.interventions)
    return [(reply, found) for found in reply.found if named or found.coverage.share > 0][:NEAREST]
