"""Build the search request for a question: its words, conditions, treatments and aspects."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import in_terms, read_words, term_of
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question
from qa.understanding.topics import Topics


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search for.

    `ids` are the tags of the conditions asked about, `names` the terms that name each treatment, without the treatments
    that the documents are about. `condition_terms` are the words that name
    a condition, `entity_terms` those that name a condition or treatment, and `aspect_terms` those that ask about an
    aspect; the latter two do not count as words in coverage. `aspects` maps each aspect asked about to its kind.
    `counted` maps an aspect to the words for what is counted; a sentence shows the aspect only if it contains one of
    them.
    """

    question: Question
    topics: Topics
    ids: Sequence[str]
    names: Sequence[frozenset[str]]
    condition_terms: frozenset[str]
    entity_terms: frozenset[str]
    aspect_terms: Mapping[str, frozenset[str]]
    aspects: Mapping[str, str]
    counted: Mapping[str, frozenset[str]]

    def other_terms(self, generic: Collection[str]) -> set[str]:
        """The terms of the question that are not generic and name neither a condition, a treatment nor an aspect."""
        every = {token.term for token in self.question.tokens}
        return every.difference(generic, self.entity_terms, *self.aspect_terms.values())


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


def build_request(question: Question, topics: Topics, context: IndexContext) -> SearchRequest:
    """The search request for a question and what it is about."""
    conditions, interventions = topics.conditions, topics.interventions
    ids = list(dict.fromkeys(context.tagged_as[c.id] for c in conditions if c.covered)) or [c.id for c in conditions]
    aspect_terms: dict[str, frozenset[str]] = {}
    for cue in question.cues:
        terms = frozenset[str]() if cue.named else question.terms_of(cue)
        aspect_terms[cue.id] = aspect_terms.get(cue.id, frozenset()) | terms
    entries = context.lexicon.aspects.entries
    return SearchRequest(
        question=question,
        topics=topics,
        ids=ids,
        names=[frozenset(map(in_terms, each.names)) for each in interventions if each.label not in context.subject],
        condition_terms=condition_terms(question, ids, context),
        entity_terms=frozenset[str]().union(*map(question.terms_of, question.mentions)),
        aspect_terms=aspect_terms,
        aspects={cue.id: entries[cue.id].kind for cue in question.cues},
        counted=counted_terms(question, context),
    )


def condition_terms(question: Question, ids: Sequence[str], context: IndexContext) -> frozenset[str]:
    """The words of a question that name one of the conditions or a broader one."""
    vocabulary = context.vocabulary
    named = (
        question.terms_of(mention)
        for mention in question.mentions
        if context.tagged_as.get(mention.id) in ids
        or (mention.id in vocabulary.conditions and not vocabulary.descendants(mention.id).isdisjoint(ids))
    )
    return frozenset[str]().union(*named)


def counted_terms(question: Question, context: IndexContext) -> dict[str, frozenset[str]]:
    """The words for what a question counts ("how many hours of training"), by the aspect that asks for the count.

    These are the term and its substitutes; for a unit of time all units, because a duration may be stated in another
    one.
    """
    for cue in question.cues:
        if match := COUNTED.match(question.searched, cue.start):
            term = term_of(match[1])
            if term in TIMES:
                return {cue.id: TIMES}
            if term and term not in context.lexicon.generic and term not in people():
                related, least = question.related.get(term, {}), WEIGHTS.present_from
                near = (other for other, share in related.items() if share >= least)
                return {cue.id: frozenset({term, *question.alike.get(term, ()), *near})}
    return {}


@cache
def people() -> frozenset[str]:
    """Terms for people in general (data/people.txt)."""
    return frozenset(map(term_of, read_words("people.txt")))
