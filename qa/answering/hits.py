"""A passage as a hit, with the sentences that answer marked."""

from __future__ import annotations

from functools import partial

from qa.answering.sub_answers import Reply
from qa.indexes import OpenIndex
from qa.models import Hit
from qa.retrieval.answer_sentences import SentenceWords, pick_sentences
from qa.retrieval.evidence import bears
from qa.retrieval.search import Found
from qa.retrieval.weights import SHOWN
from qa.text.analysis import Token, analyze
from qa.text.background import background
from qa.understanding.context import Knowledge
from qa.views.hits import show_hit

ASPECT = "aspect {}"  # how an aspect is written where it is compared as one more term: no term has a blank


def show(
    found: Found, place: int, reply: Reply, known: Knowledge, index: OpenIndex, *, marked: bool, explain: bool
) -> Hit:
    """A passage as a hit, with the sentences that answer marked; none where it is only near."""
    question, sought = reply.question, reply.sought
    tells = {token.term for token in question.tokens}.difference(known.words.idle, sought.apart, *sought.cued.values())
    return show_hit(
        found.passage,
        index,
        known.vocabulary,
        rank=place,
        score=found.score,
        why=found.why if explain else (),
        asked=reply.sought.ids,
        question={token.term for token in question.tokens},
        instead=[(term, each.term) for term, each in sorted(found.evidence.instead.items()) if term in tells],
        answering=answering_sentences(found, reply, known, index) if marked else [],
    )


def answering_sentences(found: Found, reply: Reply, known: Knowledge, index: OpenIndex) -> list[int]:
    """The indices of the sentences that answer: among those that bear on the conditions asked about, by their words
    and by the aspects they show; the first of them when the question has no word but the condition itself.

    An aspect is compared as one more term, which a sentence has that shows it; so is a word found in another one, or in
    one near it.
    """
    passage, question, aspects = found.passage, reply.question, known.words.aspects
    bearing = [
        number
        for number, sentence in enumerate(passage.sentences)
        if bears({tag.id for tag in sentence.conditions}, reply.sought.ids, known.vocabulary)
    ]
    terms = index.terms(passage.id)
    instead = {term: frozenset({each.term}) for term, each in found.evidence.instead.items()}
    elsewhere = {**instead, **question.alike}
    sentences = []
    for number in bearing:
        start, end = (passage.sentences[number].start - passage.start, passage.sentences[number].end - passage.start)
        tokens = terms.within(start, end)
        text = passage.text[start:end]
        order = f" {' '.join(token.term for token in tokens)} "
        more = [term for term, others in elsewhere.items() if any(f" {other} " in order for other in others)]
        more += map(ASPECT.format, sorted(aspects.shown(text)))
        sentences.append(SentenceWords(text, (*tokens, *(as_token(term) for term in more))))
    asked = {ASPECT.format(cue.id): SHOWN[aspects.entries[cue.id].kind] for cue in question.cues}
    weight = partial(background().weight, statistics=index.statistics)
    picked = pick_sentences(
        [*words_that_tell(reply, known), *map(as_token, asked)],
        sentences,
        terms.given,
        lambda term: asked[term] if term in asked else weight(term),
        asks_number=question.asks_number,
        asks_effect=question.asks_effect,
    )
    return [bearing[n] for n in picked] or bearing[:1]


def words_that_tell(reply: Reply, known: Knowledge) -> list[Token]:
    """The words of a question that tell sentences apart. Not those that name the condition (all of these sentences bear
    on it, in whatever words), but a state of it: "withdrawal" under a heading on opioids."""
    question = reply.question
    given = frozenset().union(*reply.sought.given.values())
    states = [m.id for m in question.mentions if known.tagged_as.get(m.id, m.id) != m.id]
    labels = [token for id in states for token in analyze(known.vocabulary.label(id))]
    told_apart = [token for token in question.tokens if token.term not in given] + labels
    return told_apart or list(question.tokens)


def as_token(term: str) -> Token:
    return Token(term, term, 0, 0)
