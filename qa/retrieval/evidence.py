"""Evidence: what a passage has beside the words of a question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.models import Passage
from qa.retrieval.answer_sentences import DIGIT
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import THING_SHARE
from qa.text.analysis import PassageTerms, Statistics
from qa.understanding.context import IndexContext
from qa.understanding.expansion import stands_in
from qa.understanding.parse import Question


class Substitute(NamedTuple):
    """The term that a passage has for one of the question's, and what it counts for: 1 where a list has the two as the
    same, less where they only stand near one another."""

    share: float
    term: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage has beside the words of a question: how its tags stand to the conditions asked about, which
    aspects asked about its sentences show, sentence by sentence, which terms it has in other words only, and which
    name the works that it rests on."""

    relations: Mapping[str, str]
    shown: tuple[frozenset[str], ...]
    substitutes: Mapping[str, Substitute]
    cited: frozenset[str]

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown)


def gather_evidence(passage: Passage, request: SearchRequest, context: IndexContext, index: OpenIndex) -> Evidence:
    terms = index.terms(passage.id)
    tags = {tag.id for tag in passage.conditions}
    return Evidence(
        {id: relation for id in request.ids if (relation := context.vocabulary.bears_on(tags, id))},
        shown_aspects(passage, terms, request, context),
        find_substitutes(request.question, terms, index.statistics),
        context.cited(passage),
    )


def find_substitutes(question: Question, terms: PassageTerms, statistics: Statistics) -> dict[str, Substitute]:
    """For the terms of a question that a passage lacks the nearest that it has, the rarest of equals: of their groups,
    or by nearness."""
    found: dict[str, Substitute] = {}
    for term in dict.fromkeys(token.term for token in question.tokens):
        if term not in terms.counts:
            near = dict.fromkeys(question.alike.get(term, ()), 1.0) or question.related.get(term, {})
            if present := [Substitute(share, other) for other, share in near.items() if stands_in(other, terms)]:
                found[term] = max(present, key=lambda each: (each.share, rarest_idf(each.term, statistics), each.term))
    return found


def shown_aspects(
    passage: Passage, terms: PassageTerms, request: SearchRequest, context: IndexContext
) -> tuple[frozenset[str], ...]:
    """For each sentence the aspects asked about that it shows; none where it bears on another condition, and those that
    are bound only where it, the one before it and the headings are about the thing asked about. In the row of a table
    the words of the table's head and headings count as its own: its numbers are of what these name."""
    asked = frozenset(request.aspects)
    if not asked:
        return ()
    aspects = context.lexicon.aspects
    above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
    heading = frozenset[str]().union(*map(aspects.shown, above))
    frame = terms.given if passage.head else frozenset[str]()
    shown: list[frozenset[str]] = []
    before: frozenset[str] = frozenset()
    for s in passage.sentences:
        start, end = s.start - passage.start, s.end - passage.start
        words = frame.union(token.term for token in terms.within(start, end))
        here = frozenset[str]()
        if is_relevant({tag.id for tag in s.conditions}, request.ids, context.vocabulary):
            here = asked & (aspects.shown(passage.text[start:end]) | heading)
            if passage.head and DIGIT.search(passage.text, start, end):
                here |= request.counted.keys()
            here = frozenset(a for a in here if a not in request.counted or not words.isdisjoint(request.counted[a]))
            if here and not is_about(words | before | terms.given, request.things):
                here = frozenset(a for a in here if not aspects.entries[a].bound)
        shown.append(here)
        before = words
    return tuple(shown)


def is_about(words: Collection[str], things: Mapping[frozenset[str], float]) -> bool:
    """Whether words have most of what names the things asked about."""
    held = sum(weight for alike, weight in things.items() if not alike.isdisjoint(words))
    return held >= THING_SHARE * sum(things.values())


def any_in(names: Iterable[str], terms: PassageTerms) -> bool:
    return any(stands_in(name, terms) for name in names)


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """A phrase weighs what its rarest word does."""
    return max(map(statistics.idf, phrase.split()))


def is_relevant(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether something with these tags bears on one of the conditions; on anything when none is asked about."""
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)
