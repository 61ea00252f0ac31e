"""Answer a question from an index: the whole pipeline, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from qa.answering import reasons
from qa.answering.compose import compose, missing_words
from qa.answering.hits import to_hit
from qa.answering.sub_answers import SubAnswer, answer_question
from qa.indexes import OpenIndex
from qa.models import Abstention, Answer
from qa.retrieval.coverage import PARTIAL_BELOW, REFUSE_BELOW
from qa.retrieval.search import ScoredPassage
from qa.text.language import language_names
from qa.understanding.context import IndexContext, context_of, literal_context
from qa.understanding.parse import Message, read_message

MOST_NEAREST = 3  # passages shown with an abstention, labelled as not an answer


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
    """Answer a question with verbatim passages of the indexed documents, or say why they do not answer it.

    `conditions` are ids chosen by the user; choosing one has the same effect as naming it in the question. At most
    `limit` hits are returned. A question is refused when the best coverage is below `refuse_below`; words not covered
    are reported when it is below `partial_below` (both 0 to 1). `as_written` searches for the words exactly as typed,
    without correction or interpretation. `explain` lists the contributions that make up each hit's score.

    Raises QuestionError for an invalid question and UnknownCondition for an id that is not in the vocabulary.
    """
    context = literal_context(context_of(index)) if as_written else context_of(index)
    message = read_message(question, context.lexicon)
    sub_answers = [
        answer_question(each, message, conditions, refuse_below, context, index) for each in message.questions
    ]
    answered = [sub_answer for sub_answer in sub_answers if not sub_answer.abstention and not message.language]
    abstention = None if answered else reason_for(message, sub_answers, context)
    shown = in_turns(answered, limit) if answered else nearest_passages(sub_answers[0])
    hits = [
        to_hit(found, place, sub_answer, context, index, marked=bool(answered), explain=explain)
        for place, (sub_answer, found) in enumerate(shown, 1)
    ]
    missing = [] if abstention else missing_words(sub_answers, message, partial_below)
    return compose(message, sub_answers, hits, missing, abstention, context, index)


def reason_for(message: Message, sub_answers: Sequence[SubAnswer], context: IndexContext) -> Abstention | None:
    """Why no question of a message is answered: its language, or the reason for the first question."""
    if message.language:
        return reasons.language_not_covered(message.language, language_names(context.lexicon.languages))
    return sub_answers[0].abstention


def in_turns(sub_answers: Sequence[SubAnswer], limit: int) -> list[tuple[SubAnswer, ScoredPassage]]:
    """The best passage of each question, then the second best of each, and so on, without duplicates."""
    interleaved = (
        (sub_answer, found)
        for row in zip_longest(*(sub_answer.found for sub_answer in sub_answers))
        for sub_answer, found in zip(sub_answers, row, strict=True)
        if found is not None
    )
    once: dict[str, tuple[SubAnswer, ScoredPassage]] = {}
    for sub_answer, found in interleaved:
        once.setdefault(found.passage.id, (sub_answer, found))
    return list(once.values())[:limit]


def nearest_passages(sub_answer: SubAnswer) -> list[tuple[SubAnswer, ScoredPassage]]:
    """The passages shown with an abstention: each on a condition, treatment or word of the question.

    An off-topic question gets none.
    """
    named = bool(sub_answer.conditions or sub_answer.interventions)
    return [(sub_answer, found) for found in sub_answer.found if named or found.coverage.share > 0][:MOST_NEAREST]
