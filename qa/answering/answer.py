"""Answer a question from an index: the whole way of a question, step by step."""

from __future__ import annotations

from qa.answering.compose import present
from qa.answering.decision import SubAnswer, decide
from qa.answering.options import DEFAULT, Options
from qa.indexes import OpenIndex
from qa.models import Answer
from qa.retrieval.candidates import find_candidates
from qa.retrieval.evidence import gather_evidence
from qa.retrieval.request import build_request
from qa.retrieval.scoring import score_passages
from qa.text.once import reading_once
from qa.understanding.context import IndexContext, context_of, literal_context
from qa.understanding.parse import Question, read_message
from qa.understanding.topics import asked_topics


def answer(question: str, index: OpenIndex, options: Options = DEFAULT) -> Answer:
    """Answer a question with verbatim passages of the indexed documents, or say why they do not answer it.

    Raises QuestionError for an invalid question and UnknownCondition for an id that is not in the vocabulary.
    """
    context = literal_context(context_of(index)) if options.as_written else context_of(index)
    return answer_in(context, question, options)


def answer_in(context: IndexContext, question: str, options: Options = DEFAULT) -> Answer:
    """The same with a given context, for measuring what a part of it is worth."""
    with reading_once(context.index.term_of):
        message = read_message(question, context.lexicon)
        sub_answers = [answer_question(each, options, context) for each in message.questions]
        return present(message, sub_answers, options, context)


def answer_question(question: Question, options: Options, context: IndexContext) -> SubAnswer:
    """Answer a single question of a message: its passages, and whether they answer it."""
    topics = asked_topics(question, options.conditions, context)
    request = build_request(question, topics, context)
    candidates = find_candidates(request, context)
    evidence = gather_evidence(candidates, request, context)
    found = score_passages(evidence, request, context)
    return decide(request, found, options.threshold(context.index), context)
