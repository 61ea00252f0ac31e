"""One question of a message to its passages, or to the reason why there are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa import refusal
from qa.analysis import read_words, term_of
from qa.bearing import NEARLY_ALL, Found, Sought, find_bearing, terms_between
from qa.coverage import STANDS, background, words_of_asking
from qa.errors import UnknownCondition
from qa.indexes import OpenIndex
from qa.interventions import MARK
from qa.knowledge import Knowledge, names_of
from qa.models import Abstention, AskedAspect, AskedCondition, AskedIntervention, Intervention
from qa.questions import Message, Question
from qa.synonyms import in_terms

# What a count is of: "how many bad head days"; nothing behind another thing: "how many people with ulcers".
OTHERWISE = (
    "people|children|staff|per|percent|pence|less|of|in|on|at|to|with|by|for|from|and|or|who|that|is|are|was|were|does|do|did|"
    "has|have|had|get|got|can|will|would|should"
)
UNITS = "mg|mcg|g|kg|ml|l|km|m|cm|mm|db|kwh|mph|kcal"
COUNTED = re.compile(
    rf"\bhow many (?:(?!(?:{OTHERWISE})\b)[\w-]+ ){{0,3}}?(?!(?:{OTHERWISE})\b)(\w+s|women|men|{UNITS})\b",
    re.IGNORECASE,
)
TIMES = frozenset(map(term_of, ("second", "minute", "hour", "day", "week", "month", "year")))
MANY = 6  # words beside an aspect by which a question is after more than that
FEWEST = 2  # words of asking that a passage must have, where a question has no others
# "does it help or is it harmful": what is asked between two things is answered by either of them.
OR = re.compile(r"(?<!\d )\bor\b(?! (?:so|not|more|less|fewer|\d))", re.IGNORECASE)
SET_ASIDE = re.compile(r"\b(?:instead of|rather than|not) (?:the |any )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question was understood to ask and the passages that would each be an answer by themselves, or, with
    `abstention`, those that are near and do not answer."""

    sought: Sought
    conditions: tuple[AskedCondition, ...]
    interventions: tuple[AskedIntervention, ...]
    aspects: tuple[AskedAspect, ...]
    found: tuple[Found, ...]
    abstention: Abstention | None

    @property
    def question(self) -> Question:
        return self.sought.question


def reply_to(
    question: Question, message: Message, chosen: Sequence[str], refuse_below: float, known: Knowledge, index: OpenIndex
) -> Reply:
    conditions = asked_conditions(question, message, chosen, known)
    interventions = asked_interventions(question, message, known)
    sought = seek(question, message, conditions, interventions, known, index)
    found = find_bearing(sought, message.sentences, known, index)
    aspects = asked_aspects(question, message, found, known)
    abstention = reason_to_refuse(sought, message, conditions, interventions, aspects, found, refuse_below, known)
    answering = found if abstention else [each for each in found if each.coverage.share >= refuse_below]
    return Reply(sought, conditions, interventions, aspects, tuple(answering), abstention)


def asked_conditions(
    question: Question, message: Message, chosen: Sequence[str], known: Knowledge
) -> tuple[AskedCondition, ...]:
    """The conditions that the question names (or else its message) and those chosen by hand, each once, and whether
    they are covered.

    A general condition named beside a narrower one adds nothing ("addiction to alcohol" asks about alcohol). Raises
    UnknownCondition for a chosen id that the vocabulary does not have.
    """
    vocabulary = known.vocabulary
    if not all(id in vocabulary.conditions for id in chosen):
        raise UnknownCondition(list(vocabulary.conditions))
    mentions = [mention for mention in question.mentions if not mention.id.startswith(MARK)]
    own = [m for m in mentions if question.span.start <= m.start < question.span.end]
    named = {m.id: message.searched[m.start : m.end] for m in own or mentions}
    wider = {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    return tuple(
        AskedCondition(id, vocabulary.label(id), named.get(id), covered=id in known.tagged_as)
        for id in dict.fromkeys((*chosen, *(id for id in named if id not in wider)))
    )


def asked_interventions(question: Question, message: Message, known: Knowledge) -> tuple[AskedIntervention, ...]:
    """The interventions that the question names, and whether the documents speak of them."""
    start, end = question.span
    found: dict[str, AskedIntervention] = {}
    for mention in question.mentions:
        if mention.id.startswith(MARK) and start <= mention.start < end and not set_aside(mention.start, message):
            written = message.searched[mention.start : mention.end]
            found[mention.id] = asked_intervention(known.treatments[mention.id], written, known)
    spans = [(m.start, m.end) for m in question.mentions]
    for token in question.tokens:
        written = message.searched[token.start : token.end]
        if known.words.is_drug(written) and not any(a <= token.start < b for a, b in spans):
            found[token.term] = AskedIntervention(written, written, known.speaks_of((written,)), (written,))
    return tuple(found.values())


def asked_intervention(treatment: Intervention, written: str, known: Knowledge) -> AskedIntervention:
    """A treatment by its names; where no document has one of these, also by what it is one of, though that does not
    cover it."""
    names, covered = treatment.names, known.speaks_of(treatment.names)
    return AskedIntervention(names[0], written, covered, names if covered else (*names, *treatment.kinds))


def set_aside(start: int, message: Message) -> bool:
    """Whether something is named only as what is not asked about: "instead of methadone"."""
    return bool(SET_ASIDE.search(message.searched[:start]))


def asked_aspects(
    question: Question, message: Message, found: Sequence[Found], known: Knowledge
) -> tuple[AskedAspect, ...]:
    cues = {cue.id: message.searched[cue.start : cue.end].strip() for cue in reversed(question.cues)}
    entries = known.words.aspects.entries
    return tuple(
        AskedAspect(id, entries[id].label, asked_as, shown=any(each.evidence.shows(id) for each in found))
        for id, asked_as in reversed(cues.items())
    )


def seek(
    question: Question,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    known: Knowledge,
    index: OpenIndex,
) -> Sought:
    """What passages are looked for. Words that name a condition or ask for an aspect are not looked for as words."""
    ids = list(dict.fromkeys(known.tagged_as[c.id] for c in conditions if c.covered)) or [c.id for c in conditions]
    given: dict[str, frozenset[str]] = {}
    for mention in question.mentions:
        for id in ids:
            if known.tagged_as.get(mention.id) == id or id in descendants(mention.id, known):
                terms = terms_between(question.tokens, mention.start, mention.end)
                given[id] = given.get(id, frozenset()) | terms
    cues: dict[str, frozenset[str]] = {}
    for cue in question.cues:
        terms = frozenset[str]() if cue.named else terms_between(question.tokens, cue.start, cue.end)
        cues[cue.id] = cues.get(cue.id, frozenset()) | terms
    names = [frozenset(map(in_terms, each.names)) for each in interventions if each.label not in known.subject]
    kinds = {cue.id: known.words.aspects.entries[cue.id].kind for cue in question.cues}
    apart = [terms_between(question.tokens, mention.start, mention.end) for mention in question.mentions]
    named = frozenset().union(*apart)
    bound = any(known.words.aspects.entries[cue.id].bound for cue in question.cues)
    things = things_asked_about(question, named, known, index) if bound else {}
    counted = counted_things(question, message, known)
    return Sought(question, ids, names, given, named, cues, kinds, things, counted)


def counted_things(question: Question, message: Message, known: Knowledge) -> dict[str, frozenset[str]]:
    """For an aspect asked about by a count the words for what is counted ("how many hours of training"): its term and
    those that stand for it; for a length of time all units, because one is told in another."""
    for cue in question.cues:
        if match := COUNTED.match(message.searched, cue.start):
            term = term_of(match[1])
            if term in TIMES:
                return {cue.id: TIMES}
            if term and term not in known.words.idle and term not in people():
                near = (other for other, share in question.related.get(term, {}).items() if share >= STANDS)
                return {cue.id: frozenset({term, *question.alike.get(term, ()), *near})}
    return {}


@cache
def people() -> frozenset[str]:
    return frozenset(map(term_of, read_words("people.txt")))


def things_asked_about(
    question: Question, named: frozenset[str], known: Knowledge, index: OpenIndex
) -> dict[frozenset[str], float]:
    """The words of a question by which a passage tells that a number is of the thing asked about: all that the
    documents have, but names, cues, words of asking, and the subject of the documents."""
    cued = (terms_between(question.tokens, cue.start, cue.end) for cue in question.cues)
    out = named.union(known.words.idle, known.words.subject, *cued)
    things: dict[frozenset[str], float] = {}
    for term in sorted({token.term for token in question.tokens if len(token.term) > 1} - out):
        words = frozenset(word for word in (term, *question.alike.get(term, ())) if index.statistics.frequency(word))
        if words:
            things[words] = background().weight(term, index.statistics)
    return things


def says_too_little(sought: Sought, found: Sequence[Found]) -> bool:
    """Whether a question has words of asking alone, and no passage has FEWEST of them."""
    question = sought.question
    terms = {token.term for token in (*question.tokens, *question.told)}
    if terms - words_of_asking():
        return False
    return not found or len(terms - {token.term for token in found[0].coverage.missing}) < FEWEST


def names_a_condition(question: Question) -> bool:
    """Whether the question itself names a condition of the owner's vocabulary."""
    return any(
        not m.id.startswith(MARK) and question.span.start <= m.start < question.span.end for m in question.mentions
    )


def illnesses_not_spoken_of(question: Question, message: Message) -> list[str]:
    """Illnesses that the question names and no passage does, by whatever name."""
    return [message.searched[i.start : i.end] for i in question.illnesses if not i.names]


def descendants(id: str, known: Knowledge) -> frozenset[str]:
    return known.vocabulary.descendants(id) if id in known.vocabulary.conditions else frozenset()


def aspects_not_shown(
    sought: Sought, message: Message, aspects: Sequence[AskedAspect], found: Sequence[Found], known: Knowledge
) -> list[AskedAspect]:
    """The specific aspects that a question is after and that no passage on it shows. It is after none where it has many
    other words ("effect of 10 mg of A on B, compared with C" asks for no dose), where a passage has nearly all of it,
    and between two things offered."""
    question, entries = sought.question, known.words.aspects.entries
    others = {token.term for token in question.tokens}.difference(known.words.idle, sought.apart, *sought.cued.values())
    nearly_all = any(each.coverage.plain >= NEARLY_ALL for each in found)
    offered = OR.search(message.searched, question.span.start, question.span.end)
    if len(others) >= MANY or nearly_all or offered:
        return []
    return [aspect for aspect in aspects if entries[aspect.id].kind == "specific" and not aspect.shown]


def reason_to_refuse(
    sought: Sought,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    aspects: Sequence[AskedAspect],
    found: Sequence[Found],
    refuse_below: float,
    known: Knowledge,
) -> Abstention | None:
    """Why there is no answer, or None when there is one."""
    question = sought.question
    if not conditions and not aspects and says_too_little(sought, found):
        return refusal.no_searchable_words()
    if conditions and not any(condition.covered for condition in conditions):
        mentioned = any(known.may_mention(name) for each in conditions for name in names_of(each.id, known.vocabulary))
        return refusal.condition_not_covered(conditions, known.covered, mentioned=mentioned)
    others = illnesses_not_spoken_of(question, message)
    if others and len(others) == len(question.illnesses) and not names_a_condition(question):
        return refusal.illness_not_covered(others, known.covered, mentioned=any(map(known.may_mention, others)))
    treatments = [each for each in interventions if each.label not in known.subject]
    if treatments and not (found and any(known.speaks_of(each.names) for each in treatments)):
        mentioned = any(known.may_mention(name) for each in treatments for name in (*each.names, each.asked_as))
        return refusal.intervention_not_covered(treatments, conditions, known.subject, mentioned=mentioned)
    best = max((each.coverage.share for each in found), default=0.0)
    if absent := aspects_not_shown(sought, message, aspects, found, known):
        return refusal.aspect_not_covered(absent, conditions)
    if not found or best < refuse_below:
        missing = found[0].coverage.missing if found else question.tokens
        return refusal.not_enough_found([t for t in missing if t.term not in known.words.idle], message.searched)
    return None
