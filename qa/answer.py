"""Question to Answer, top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from qa import refusal
from qa.analysis import Token
from qa.bearing import Found, asked_conditions, bears, find_bearing, named_by_condition, tags_wanted
from qa.coverage import PARTIAL_BELOW, REFUSE_BELOW, background, words_of_asking
from qa.highlight import SentenceWords, pick_sentences
from qa.indexes import OpenIndex
from qa.knowledge import Knowledge, knowledge_of
from qa.models import Abstention, Answer, AskedCondition, Hit, Interpretation, Passage
from qa.notices import call_up
from qa.questions import Question, parse_question
from qa.showing import index_info, show_documents, show_hit, show_references

NEAREST = 3  # passages offered beside a refusal, labelled as no answer


def answer(
    question: str,
    index: OpenIndex,
    *,
    conditions: Sequence[str] = (),
    limit: int = 5,
    refuse_below: float = REFUSE_BELOW,
    partial_below: float = PARTIAL_BELOW,
) -> Answer:
    """What the documents of the index say to the question, word for word, or why they do not answer it.

    `conditions` are ids chosen by hand; they do what naming one in the question does. Raises QuestionError for a
    question that cannot be taken, UnknownCondition for an id that the vocabulary does not have.
    """
    known = knowledge_of(index)
    asked = parse_question(question, known.vocabulary, known.correct)
    wanted = asked_conditions(asked, conditions, known)
    ids = tags_wanted(wanted, known)
    found = find_bearing(asked, ids, known, index)
    abstention = reason_to_refuse(asked, wanted, found, refuse_below, known)
    shown = found[:NEAREST] if abstention else keep_supported(found, refuse_below)[:limit]
    hits = [show(each, place, asked, ids, known, index, abstention) for place, each in enumerate(shown, start=1)]
    missing = [] if abstention else missing_words(asked, found[0], wanted, partial_below)
    return compose(asked, wanted, hits, missing, abstention, known, index)


def reason_to_refuse(
    asked: Question, wanted: Sequence[AskedCondition], found: Sequence[Found], refuse_below: float, known: Knowledge
) -> Abstention | None:
    """Why there is no answer, or None when there is one."""
    if not wanted and all(token.term in words_of_asking() for token in asked.tokens):
        return refusal.no_searchable_words()
    if wanted and not any(condition.covered for condition in wanted):
        return refusal.condition_not_covered(wanted, known.covered)
    if not found or found[0].coverage.share < refuse_below:
        missing = found[0].coverage.missing if found else asked.tokens
        return refusal.not_enough_found(as_written(asked, missing))
    return None


def keep_supported(found: Sequence[Found], refuse_below: float) -> list[Found]:
    """Only passages that would be an answer by themselves."""
    return [each for each in found if each.coverage.share >= refuse_below]


def missing_words(asked: Question, first: Found, wanted: Sequence[AskedCondition], partial_below: float) -> list[str]:
    """What the first passage does not speak to, when that is much: words of the question, and conditions."""
    uncovered = [condition.asked_as or condition.label for condition in wanted if not condition.covered]
    words = as_written(asked, first.coverage.missing) if first.coverage.share < partial_below else []
    return [*uncovered, *(word for word in words if word not in uncovered)]


def as_written(asked: Question, tokens: Sequence[Token]) -> list[str]:
    """Words as the question has them, each once."""
    return list(dict.fromkeys(asked.searched[token.start : token.end] for token in tokens))


def show(
    found: Found,
    place: int,
    asked: Question,
    ids: Sequence[str],
    known: Knowledge,
    index: OpenIndex,
    abstention: Abstention | None,
) -> Hit:
    """A passage as a hit, with the sentences that answer marked; none where it is only near."""
    return show_hit(
        found.passage,
        index,
        known.vocabulary,
        rank=place,
        score=found.score,
        asked=ids,
        question={token.term for token in asked.tokens},
        answering=[] if abstention else answering_sentences(found.passage, asked, ids, known, index),
    )


def answering_sentences(
    passage: Passage, asked: Question, ids: Sequence[str], known: Knowledge, index: OpenIndex
) -> list[int]:
    """The indices of the sentences that answer: among those that bear on the conditions asked about, by their words;
    the first of them when the question has no word but the condition itself."""
    bearing = [
        number
        for number, sentence in enumerate(passage.sentences)
        if bears({tag.id for tag in sentence.conditions}, ids, known.vocabulary)
    ]
    terms = index.terms(passage.id)
    spans = [(passage.sentences[n].start - passage.start, passage.sentences[n].end - passage.start) for n in bearing]
    # What names the condition tells these sentences not apart: all of them bear on it, in whatever words.
    told_apart = [token for token in asked.tokens if token.term not in named_by_condition(asked, ids, known)]
    picked = pick_sentences(
        told_apart or asked.tokens,
        [SentenceWords(passage.text[start:end], terms.within(start, end)) for start, end in spans],
        terms.given,
        partial(background().weight, statistics=index.statistics),
        asks_number=asked.asks_number,
        asks_effect=asked.asks_effect,
    )
    return [bearing[n] for n in picked] or bearing[:1]


def compose(
    asked: Question,
    wanted: Sequence[AskedCondition],
    hits: Sequence[Hit],
    missing: Sequence[str],
    abstention: Abstention | None,
    known: Knowledge,
    index: OpenIndex,
) -> Answer:
    """Everything that is said, from which page, JSON and terminal are made."""
    catalogue = index.catalogue
    return Answer(
        question=asked.text,
        status="abstained" if abstention else "partial" if missing else "answered",
        interpretation=Interpretation(tuple(as_written(asked, asked.tokens)), tuple(wanted), asked.corrections),
        answers=() if abstention else tuple(hits),
        missing=tuple(missing),
        abstention=replace(abstention, nearest=tuple(hits)) if abstention else None,
        references=show_references(hits, index),
        documents=show_documents(hits, index),
        conditions=known.covered,
        notices=call_up(catalogue.notices, asked.text, known.vocabulary),
        index=index_info(index),
    )
