"""Build the search request for a question: its words, conditions, treatments and aspects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from qa.retrieval.definitions import asked_definition
from qa.text.analysis import Statistics, in_terms
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
    `defined` is what the question asks to be defined, if it does. `statistics` look up each term once.
    """

    question: Question
    topics: Topics
    ids: Sequence[str]
    names: Sequence[frozenset[str]]
    condition_terms: frozenset[str]
    entity_terms: frozenset[str]
    aspect_terms: Mapping[str, frozenset[str]]
    aspects: Mapping[str, str]
    statistics: Statistics
    defined: str | None = None

    def other_terms(self, generic: Collection[str]) -> set[str]:
        """The terms of the question that are not generic and name neither a condition, a treatment nor an aspect."""
        every = {token.term for token in self.question.tokens}
        return every.difference(generic, self.entity_terms, *self.aspect_terms.values())


def build_request(question: Question, topics: Topics, context: IndexContext) -> SearchRequest:
    """The search request for a question and what it is about."""
    conditions, interventions = topics.conditions, topics.interventions
    ids = list(dict.fromkeys(context.tagged_as[c.id] for c in conditions if c.covered)) or [c.id for c in conditions]
    aspect_terms: dict[str, frozenset[str]] = {}
    for cue in question.cues:
        aspect_terms[cue.id] = aspect_terms.get(cue.id, frozenset()) | question.terms_of(cue)
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
        statistics=context.index.statistics.remembering(),
        defined=asked_definition(question.written(question.span)),
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
