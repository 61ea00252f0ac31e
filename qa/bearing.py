"""Which passages bear on what was asked, best first, and how much of the question each speaks to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from qa.analysis import analyze
from qa.conditions import Vocabulary
from qa.coverage import Coverage, background, cover, words_of_asking
from qa.errors import UnknownCondition
from qa.indexes import OpenIndex
from qa.knowledge import Knowledge
from qa.models import AskedCondition, Passage
from qa.questions import Question
from qa.ranking import Candidate, rank

CANDIDATES = 100  # of the first stage: with 100, all final first tens were the same as without a limit

# What a passage gains for the condition asked about, by the nearest of its tags, in the units of the second stage
# (a word that one passage of seven has is worth about 1.2): enough to put exact tags before general ones when the
# words are level, too little to bury the one general passage that speaks to the question.
GAIN = {"exact": 1.0, "descendant": 0.8, "ancestor": 0.0}


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that bears on what was asked, with its score and how much of the question it speaks to."""

    passage: Passage
    score: float
    coverage: Coverage


def asked_conditions(asked: Question, chosen: Sequence[str], known: Knowledge) -> list[AskedCondition]:
    """The conditions that the question names and those chosen by hand, each once, and whether they are covered.

    A general condition named beside a narrower one adds nothing ("addiction to alcohol" asks about alcohol). Raises
    UnknownCondition for a chosen id that the vocabulary does not have.
    """
    vocabulary = known.vocabulary
    if not all(id in vocabulary.conditions for id in chosen):
        raise UnknownCondition(list(vocabulary.conditions))
    named = {mention.id: asked.searched[mention.start : mention.end] for mention in asked.mentions}
    wider = {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    return [
        AskedCondition(id, vocabulary.label(id), named.get(id), covered=id in known.tagged_as)
        for id in dict.fromkeys((*chosen, *(id for id in named if id not in wider)))
    ]


def tags_wanted(wanted: Sequence[AskedCondition], known: Knowledge) -> list[str]:
    """The ids under which passages on the conditions asked about are tagged; those asked about where none is."""
    covered = [known.tagged_as[condition.id] for condition in wanted if condition.covered]
    return list(dict.fromkeys(covered)) or [condition.id for condition in wanted]


def find_bearing(asked: Question, ids: Sequence[str], known: Knowledge, index: OpenIndex) -> list[Found]:
    """The passages that bear on the conditions with these ids, best first; all passages when there are none.

    Where none of them is covered these are passages on a wider one: near, but not an answer.
    """
    vocabulary = known.vocabulary
    # The label's words stand in for the asker's: "booze" is in no passage, "alcohol use disorder" is.
    labels = [token for id in ids for token in analyze(vocabulary.label(id))]
    related = {other for id in ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}
    matches = index.search([token.term for token in (*asked.tokens, *labels)], CANDIDATES, related if ids else None)
    candidates = [Candidate(match.passage, index.terms(match.passage)) for match in matches]
    ranked = rank(asked.tokens, asked.sentences, candidates, index.statistics)
    found = [weigh(index.passage(each.id), each.score, asked, ids, known, index) for each in ranked]
    return sorted(found, key=lambda each: -each.score)


def weigh(
    passage: Passage, score: float, asked: Question, ids: Sequence[str], known: Knowledge, index: OpenIndex
) -> Found:
    """A candidate with what it gains for the conditions asked about, and its coverage of the question."""
    tags = {tag.id for tag in passage.conditions}
    relations = {id: relation for id in ids if (relation := known.vocabulary.bears_on(tags, id))}
    coverage = cover(
        asked.tokens,
        index.terms(passage.id).counts,
        index.statistics,
        background(),
        given=named_by_condition(asked, relations.keys(), known),  # its tag speaks to them
        discounted=words_of_asking(),
    )
    return Found(passage, score + max((GAIN[relation] for relation in relations.values()), default=0.0), coverage)


def named_by_condition(asked: Question, ids: Collection[str], known: Knowledge) -> frozenset[str]:
    """The terms by which the question names one of the conditions with these ids, or a wider one."""
    spans = [
        (mention.start, mention.end)
        for mention in asked.mentions
        if known.tagged_as.get(mention.id) in ids or not known.vocabulary.descendants(mention.id).isdisjoint(ids)
    ]
    return frozenset(t.term for t in asked.tokens if any(start <= t.start < end for start, end in spans))


def bears(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether something with these tags bears on one of the conditions; on anything when none is asked about."""
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)
