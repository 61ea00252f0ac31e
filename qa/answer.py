"""Question to Answer, top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from qa import refusal
from qa.analysis import Token, analyze
from qa.bearing import SHOWN, Found, bears
from qa.coverage import PARTIAL_BELOW, REFUSE_BELOW, background
from qa.highlight import SentenceWords, pick_sentences
from qa.indexes import OpenIndex
from qa.knowledge import Knowledge, knowledge_of, taken_as_written
from qa.languages import language_names
from qa.models import Abstention, Answer, Hit, Interpretation
from qa.notices import call_up
from qa.questions import Message, read_message
from qa.replies import Reply, illnesses_not_spoken_of, reply_to
from qa.showing import index_info, show_documents, show_hit, show_references

ASPECT = "aspect {}"  # how an aspect is written where it is compared as one more term: no term has a blank
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
        return refusal.language_not_covered(message.language, language_names(known.words.languages))
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
