"""What passages are searched for: the words, conditions, treatments and aspects of a question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qa.indexes import OpenIndex
from qa.models import AskedCondition, AskedIntervention
from qa.retrieval.coverage import PRESENT_FROM
from qa.text.analysis import Token, read_words, term_of
from qa.text.background import background
from qa.understanding.context import IndexContext
from qa.understanding.expansion import in_terms
from qa.understanding.parse import Message, Question


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What passages are looked for: the question, the tags of the conditions asked about, the terms that name its
    interventions. Words that name a condition (`condition_terms`, by its tag), an intervention (`entity_terms`) or an
    aspect (`aspect_terms`) are not looked for as words. `aspects` gives the kind of each aspect asked about, `things`
    are the words for what a number is asked of, each with others for it and its weight, `counted` gives the words of
    which a sentence that shows an aspect must have one itself: what is counted."""

    question: Question
    ids: Sequence[str]
    interventions: Sequence[frozenset[str]]
    condition_terms: Mapping[str, frozenset[str]]
    entity_terms: frozenset[str]
    aspect_terms: Mapping[str, frozenset[str]]
    aspects: Mapping[str, str]
    things: Mapping[frozenset[str], float]
    counted: Mapping[str, frozenset[str]]


def terms_between(tokens: Iterable[Token], start: int, end: int) -> frozenset[str]:
    return frozenset(token.term for token in tokens if start <= token.start < end)


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


def build_request(
    question: Question,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    context: IndexContext,
    index: OpenIndex,
) -> SearchRequest:
    """What passages are looked for. Words that name a condition or ask for an aspect are not looked for as words."""
    ids = list(dict.fromkeys(context.tagged_as[c.id] for c in conditions if c.covered)) or [c.id for c in conditions]
    given: dict[str, frozenset[str]] = {}
    for mention in question.mentions:
        for id in ids:
            if context.tagged_as.get(mention.id) == id or id in descendants(mention.id, context):
                terms = terms_between(question.tokens, mention.start, mention.end)
                given[id] = given.get(id, frozenset()) | terms
    cues: dict[str, frozenset[str]] = {}
    for cue in question.cues:
        terms = frozenset[str]() if cue.named else terms_between(question.tokens, cue.start, cue.end)
        cues[cue.id] = cues.get(cue.id, frozenset()) | terms
    names = [frozenset(map(in_terms, each.names)) for each in interventions if each.label not in context.subject]
    kinds = {cue.id: context.lexicon.aspects.entries[cue.id].kind for cue in question.cues}
    apart = [terms_between(question.tokens, mention.start, mention.end) for mention in question.mentions]
    named = frozenset().union(*apart)
    bound = any(context.lexicon.aspects.entries[cue.id].bound for cue in question.cues)
    things = things_asked_about(question, named, context, index) if bound else {}
    counted = counted_things(question, message, context)
    return SearchRequest(question, ids, names, given, named, cues, kinds, things, counted)


def counted_things(question: Question, message: Message, context: IndexContext) -> dict[str, frozenset[str]]:
    """For an aspect asked about by a count the words for what is counted ("how many hours of training"): its term and
    those that stand for it; for a length of time all units, because one is told in another."""
    for cue in question.cues:
        if match := COUNTED.match(message.searched, cue.start):
            term = term_of(match[1])
            if term in TIMES:
                return {cue.id: TIMES}
            if term and term not in context.lexicon.generic and term not in people():
                near = (other for other, share in question.related.get(term, {}).items() if share >= PRESENT_FROM)
                return {cue.id: frozenset({term, *question.alike.get(term, ()), *near})}
    return {}


@cache
def people() -> frozenset[str]:
    return frozenset(map(term_of, read_words("people.txt")))


def things_asked_about(
    question: Question, named: frozenset[str], context: IndexContext, index: OpenIndex
) -> dict[frozenset[str], float]:
    """The words of a question by which a passage tells that a number is of the thing asked about: all that the
    documents have, but names, cues, words of asking, and the subject of the documents."""
    cued = (terms_between(question.tokens, cue.start, cue.end) for cue in question.cues)
    out = named.union(context.lexicon.generic, context.lexicon.subject, *cued)
    things: dict[frozenset[str], float] = {}
    for term in sorted({token.term for token in question.tokens if len(token.term) > 1} - out):
        words = frozenset(word for word in (term, *question.alike.get(term, ())) if index.statistics.frequency(word))
        if words:
            things[words] = background().weight(term, index.statistics)
    return things


def descendants(id: str, context: IndexContext) -> frozenset[str]:
    return context.vocabulary.descendants(id) if id in context.vocabulary.conditions else frozenset()
