"""Present what was decided: the Answer that the page, the JSON and the terminal output are all rendered from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from qa.answering import reasons
from qa.answering.decision import SubAnswer, uncovered_illnesses
from qa.answering.hits import HitMaker
from qa.answering.options import Options
from qa.models import Abstention, Answer, AnswerStatus, AskedQuestion, Interpretation
from qa.models.answer import MOST_SHOWN
from qa.retrieval.scoring import ScoredPassage
from qa.text.analysis import analyze
from qa.text.language import language_names
from qa.understanding.context import IndexContext
from qa.understanding.parse import Message
from qa.views.documents import index_info
from qa.views.glossary import glossary_of, texts_shown
from qa.views.hits import show_documents, show_references

MOST_NEAREST = 3  # passages shown with an abstention, labelled as not an answer
RANKS: dict[AnswerStatus, int] = {"answered": 2, "closest": 1, "abstained": 0}


def present(message: Message, sub_answers: Sequence[SubAnswer], options: Options, context: IndexContext) -> Answer:
    """The answer to a message: what comes of its best-answered question, with the passages of all questions with the
    same outcome."""
    best = max(sub_answers, key=lambda each: (RANKS[each.status], each.confidence))
    status = "abstained" if message.language else best.status
    abstention = reason_for(message, sub_answers[0], context) if status == "abstained" else None
    alike = [number for number, each in enumerate(sub_answers) if each.status == status]
    every = nearest_passages(sub_answers[0], abstention) if abstention else in_turns(sub_answers, alike)
    shown, further = (every, []) if abstention else (every[: options.limit], every[options.limit :])
    makers = [HitMaker(each.request, context, explain=options.explain) for each in sub_answers]
    hits = tuple(
        makers[number].hit(found, rank, marked=not abstention and found is sub_answers[number].found[0])
        for rank, (number, found) in enumerate(shown, 1)
    )
    return Answer(
        question=message.text,
        status=status,
        confidence=0.0 if abstention else rounded(best.confidence),
        interpretation=interpret(message, sub_answers),
        answers=() if abstention else hits,
        missing=() if message.language else unique(word for each in sub_answers for word in missing_of(each)),
        abstention=replace(abstention, nearest=hits) if abstention else None,
        references=show_references(hits, context.index),
        documents=show_documents(hits, context.index),
        conditions=context.covered,
        notices=context.notices.matching(message.text),
        index=index_info(context.index),
        more=len(further),
        more_disputed=sum(has_disputed(each, context) for _, each in further),
        glossary=glossary_of(context.index).occurring(texts_shown(hits)),
    )


def rounded(confidence: float) -> float:
    """The confidence as shown: more digits would say nothing."""
    return round(confidence, 3)


def reason_for(message: Message, first: SubAnswer, context: IndexContext) -> Abstention | None:
    """Why no question of a message is answered: its language, or the reason for the first question."""
    if message.language:
        return reasons.language_not_covered(message.language, language_names(context.lexicon.languages))
    return first.abstention


Numbered = tuple[int, ScoredPassage]  # the number of a question of the message, and a passage for it


def in_turns(sub_answers: Sequence[SubAnswer], chosen: Sequence[int]) -> list[Numbered]:
    """The best passage of each chosen question, then the second best of each, and so on, without duplicates: as many
    as can be shown."""
    interleaved = (
        (number, found)
        for row in zip_longest(*(sub_answers[number].found for number in chosen))
        for number, found in zip(chosen, row, strict=True)
        if found is not None
    )
    once: dict[str, Numbered] = {}
    for number, found in interleaved:
        once.setdefault(found.evidence.id, (number, found))
    return list(once.values())[:MOST_SHOWN]


def has_disputed(found: ScoredPassage, context: IndexContext) -> bool:
    disputed = context.index.manifest.knowledge.disputed
    return bool(disputed) and any(sentence.id in disputed for sentence in found.passage.sentences)


def nearest_passages(first: SubAnswer, abstention: Abstention) -> list[Numbered]:
    """The passages shown with an abstention: for the first question, each on a condition, treatment or word of it.

    An off-topic question, and one in another language, gets none.
    """
    if abstention.reason in {"off_topic", "no_searchable_words", "language_not_covered"}:
        return []
    named = bool(first.request.topics.conditions or first.request.topics.interventions)
    return [(0, found) for found in first.found if named or found.coverage.share > 0][:MOST_NEAREST]


def missing_of(sub_answer: SubAnswer) -> Iterator[str]:
    """The names and words of a question that its first passage does not have."""
    topics, question = sub_answer.request.topics, sub_answer.question
    yield from (condition.asked_as or condition.label for condition in topics.conditions if not condition.covered)
    yield from uncovered_illnesses(question)
    yield from (treatment.asked_as for treatment in topics.interventions if not treatment.covered)
    kinds = sub_answer.request.aspects
    yield from (
        a.asked_as for a in sub_answer.aspects if kinds[a.id] == "specific" and not a.shown and analyze(a.asked_as)
    )
    named = [illness for illness in question.illnesses if not illness.names]
    missing = sub_answer.found[0].coverage.missing if sub_answer.found else question.tokens
    for token in missing:
        if not any(illness.start <= token.start < illness.end for illness in named):
            yield question.written(token)


def interpret(message: Message, sub_answers: Sequence[SubAnswer]) -> Interpretation:
    """How the questions of a message were understood, in their order, and what came of each."""
    requests = [each.request for each in sub_answers]
    return Interpretation(
        terms=unique(question.written(token) for question in message.questions for token in question.tokens),
        conditions=tuple({c.id: c for request in requests for c in request.topics.conditions}.values()),
        corrections=message.corrections,
        interventions=tuple({i.label: i for request in requests for i in request.topics.interventions}.values()),
        aspects=tuple({a.id: a for sub_answer in sub_answers for a in sub_answer.aspects}.values()),
        language=message.language,
        questions=tuple(asked_question(each, message) for each in sub_answers),
    )


def asked_question(sub_answer: SubAnswer, message: Message) -> AskedQuestion:
    text = sub_answer.question.written(sub_answer.question.span).strip()
    if message.language:
        return AskedQuestion(text, "abstained", 0.0)
    return AskedQuestion(text, sub_answer.status, rounded(sub_answer.confidence))


def unique(words: Iterable[str]) -> tuple[str, ...]:
    """The words in order, each once."""
    return tuple(dict.fromkeys(words))
