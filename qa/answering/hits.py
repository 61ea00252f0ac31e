"""Turn a scored passage into a hit and mark its answering sentences."""

from __future__ import annotations

from functools import partial

from qa.answering.sub_answers import SubAnswer
from qa.indexes import OpenIndex
from qa.models import Hit
from qa.retrieval.answer_sentences import SentenceWords, pick_sentences
from qa.retrieval.evidence import is_relevant
from qa.retrieval.search import ScoredPassage
from qa.retrieval.weights import ASPECT_GAIN
from qa.text.analysis import Token, analyze
from qa.text.background import background
from qa.understanding.context import IndexContext
from qa.understanding.named_works import is_supported
from qa.views.hits import show_hit

ASPECT_TERM = "aspect {}"  # an aspect as an extra term; the blank keeps it apart from real terms


def to_hit(
    found: ScoredPassage,
    place: int,
    sub_answer: SubAnswer,
    context: IndexContext,
    index: OpenIndex,
    *,
    marked: bool,
    explain: bool,
) -> Hit:
    """A scored passage as a hit; its answering sentences are marked if `marked`."""
    question, request = sub_answer.question, sub_answer.request
    distinguishing = {token.term for token in question.tokens}.difference(
        context.lexicon.generic, request.entity_terms, *request.aspect_terms.values()
    )
    return show_hit(
        found.passage,
        index,
        context.vocabulary,
        rank=place,
        score=found.score,
        why=found.why if explain else (),
        asked=sub_answer.request.ids,
        question={token.term for token in question.tokens},
        substitutes=[
            (term, each.term) for term, each in sorted(found.evidence.substitutes.items()) if term in distinguishing
        ],
        answering=answering_sentences(found, sub_answer, context, index) if marked else [],
    )


def answering_sentences(
    found: ScoredPassage, sub_answer: SubAnswer, context: IndexContext, index: OpenIndex
) -> list[int]:
    """The indices of the answering sentences of a passage.

    Only sentences relevant to the conditions asked about, and supported by a work that the question names, are
    considered. They are scored by their words and the aspects they show; the first is returned when none scores. An
    aspect is treated as an extra term of the sentences that show it, and a question term as a term of the sentences
    that contain a substitute for it.
    """
    passage, question, aspects = found.passage, sub_answer.question, context.lexicon.aspects
    relevant = [
        number
        for number, sentence in enumerate(passage.sentences)
        if is_relevant({tag.id for tag in sentence.conditions}, sub_answer.request.ids, context.vocabulary)
        and is_supported(sentence, question.works)
    ]
    terms = index.terms(passage.id)
    substitutes = {term: frozenset({each.term}) for term, each in found.evidence.substitutes.items()}
    alternatives = {**substitutes, **question.alike}
    sentences = []
    for number in relevant:
        start, end = (passage.sentences[number].start - passage.start, passage.sentences[number].end - passage.start)
        tokens = terms.within(start, end)
        text = passage.text[start:end]
        order = f" {' '.join(token.term for token in tokens)} "
        more = [term for term, others in alternatives.items() if any(f" {other} " in order for other in others)]
        more += map(ASPECT_TERM.format, sorted(aspects.shown(text)))
        sentences.append(SentenceWords(text, (*tokens, *(as_token(term) for term in more))))
    asked = {ASPECT_TERM.format(cue.id): ASPECT_GAIN[aspects.entries[cue.id].kind] for cue in question.cues}
    weight = partial(background().weight, statistics=index.statistics)
    picked = pick_sentences(
        [*distinguishing_words(sub_answer, context), *map(as_token, asked)],
        sentences,
        terms.given,
        lambda term: asked[term] if term in asked else weight(term),
        asks_number=question.asks_number,
        asks_effect=question.asks_effect,
    )
    return [relevant[n] for n in picked] or relevant[:1]


def distinguishing_words(sub_answer: SubAnswer, context: IndexContext) -> list[Token]:
    """The words of a question that distinguish one sentence of a passage from another.

    The names of the condition are left out, because all of these sentences are relevant to it, whatever they call it. A
    state of the condition is included: "withdrawal" under a heading on opioids.
    """
    question = sub_answer.question
    given = frozenset().union(*sub_answer.request.condition_terms.values())
    states = [m.id for m in question.mentions if context.tagged_as.get(m.id, m.id) != m.id]
    labels = [token for id in states for token in analyze(context.vocabulary.label(id))]
    distinguishing = [token for token in question.tokens if token.term not in given] + labels
    return distinguishing or list(question.tokens)


def as_token(term: str) -> Token:
    return Token(term, term, 0, 0)
