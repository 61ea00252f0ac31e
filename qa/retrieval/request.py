"""Build the search request for a question: its words, conditions, treatments and aspects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qa.models import AskedCondition, AskedIntervention
from qa.retrieval.coverage import PRESENT_FROM
from qa.text.analysis import Token, read_words, term_of
from qa.understanding.context import IndexContext
from qa.understanding.expansion import in_terms
from qa.understanding.parse import Message, Question


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search for.

    `ids` are the tags of the conditions asked about, `interventions` the terms that name each treatment.
    `condition_terms` are the words that name a condition, by tag. Words that name a condition or treatment
    (`entity_terms`) or an aspect (`aspect_terms`) do not count as words in coverage. `aspects` maps each aspect asked
    about to its kind. `counted` maps an aspect to the words for what is counted; a sentence shows the aspect only if it
    contains one of them.
    """

    question: Question
    ids: Sequence[str]
    interventions: Sequence[frozenset[str]]
    condition_terms: Mapping[str, frozenset[str]]
    entity_terms: frozenset[str]
    aspect_terms: Mapping[str, frozenset[str]]
    aspects: Mapping[str, str]
    counted: Mapping[str, frozenset[str]]


def terms_between(tokens: Iterable[Token], start: int, end: int) -> frozenset[str]:
    """The terms of the tokens that start in `start:end`."""
    return frozenset(token.term for token in tokens if start <= token.start < end)


# What is counted: "how many bad head days". Not the noun after a preposition: "how many people with ulcers".
NOT_COUNTED = (
    "people|children|staff|per|percent|pence|less|of|in|on|at|to|with|by|for|from|and|or|who|that|is|are|was|were|does|do|did|"
    "has|have|had|get|got|can|will|would|should"
)
UNITS = "mg|mcg|g|kg|ml|l|km|m|cm|mm|db|kwh|mph|kcal"
COUNTED = re.compile(
    rf"\bhow many (?:(?!(?:{NOT_COUNTED})\b)[\w-]+ ){{0,3}}?(?!(?:{NOT_COUNTED})\b)(\w+s|women|men|{UNITS})\b",
    re.IGNORECASE,
)
TIMES = frozenset(map(term_of, ("second", "minute", "hour", "day", "week", "month", "year")))


def build_request(
    question: Question,
    message: Message,
    conditions: Sequence[AskedCondition],
    interventions: Sequence[AskedIntervention],
    context: IndexContext,
) -> SearchRequest:
    """The search request for a question and the conditions and treatments that it asks about."""
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
    entities = [terms_between(question.tokens, mention.start, mention.end) for mention in question.mentions]
    named = frozenset().union(*entities)
    counted = counted_terms(question, message, context)
    return SearchRequest(question, ids, names, given, named, cues, kinds, counted)


def counted_terms(question: Question, message: Message, context: IndexContext) -> dict[str, frozenset[str]]:
    """The words for what a question counts ("how many hours of training"), by the aspect that asks for the count.

    These are the term and its substitutes; for a unit of time all units, because a duration may be stated in another
    one.
    """
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
    """Terms for people in general (data/people.txt)."""
    return frozenset(map(term_of, read_words("people.txt")))


def descendants(id: str, context: IndexContext) -> frozenset[str]:
    """The narrower conditions of an id; none for the id of a treatment."""
    return context.vocabulary.descendants(id) if id in context.vocabulary.conditions else frozenset()
