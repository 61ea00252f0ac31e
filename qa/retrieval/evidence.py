"""Evidence for a passage other than the words that it shares with the question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.models import Passage
from qa.retrieval.answer_sentences import DIGIT
from qa.retrieval.request import SearchRequest
from qa.text.analysis import PassageTerms, Statistics
from qa.understanding.context import IndexContext
from qa.understanding.expansion import occurs_in
from qa.understanding.named_works import is_supported
from qa.understanding.parse import Question


class Substitute(NamedTuple):
    """A term found in place of a question term.

    `share` is what it counts for: 1 for a synonym, less for a related word.
    """

    share: float
    term: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage has for a question besides its words.

    `relations` maps each condition asked about to the relation of the passage's nearest tag. `shown` holds, for each
    sentence, the aspects asked about that it shows. `substitutes` are the question terms that the passage has only in
    other words.
    """

    relations: Mapping[str, str]
    shown: tuple[frozenset[str], ...]
    substitutes: Mapping[str, Substitute]

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown)


def gather_evidence(passage: Passage, request: SearchRequest, context: IndexContext, index: OpenIndex) -> Evidence:
    """The evidence that a passage has for a search request."""
    terms = index.terms(passage.id)
    tags = {tag.id for tag in passage.conditions}
    return Evidence(
        {id: relation for id in request.ids if (relation := context.vocabulary.bears_on(tags, id))},
        shown_aspects(passage, terms, request, context),
        find_substitutes(request.question, terms, index.statistics),
    )


def find_substitutes(question: Question, terms: PassageTerms, statistics: Statistics) -> dict[str, Substitute]:
    """For each question term that a passage lacks, the best substitute that it contains, if any.

    Synonyms come before related words, then the larger share, then the rarer term.
    """
    found: dict[str, Substitute] = {}
    for term in dict.fromkeys(token.term for token in question.tokens):
        if term not in terms.counts:
            near = dict.fromkeys(question.alike.get(term, ()), 1.0) or question.related.get(term, {})
            if present := [Substitute(share, other) for other, share in near.items() if occurs_in(other, terms)]:
                found[term] = max(present, key=lambda each: (each.share, rarest_idf(each.term, statistics), each.term))
    return found


def shown_aspects(
    passage: Passage, terms: PassageTerms, request: SearchRequest, context: IndexContext
) -> tuple[frozenset[str], ...]:
    """For each sentence, the aspects asked about that it shows.

    A sentence about another condition shows none. In a table row the words of header row and headings count as the
    row's own, because they say what its numbers mean.
    """
    asked = frozenset(request.aspects)
    if not asked:
        return ()
    aspects = context.lexicon.aspects
    above = (*passage.path[-1:], *([passage.head.text] if passage.head else []))
    heading = frozenset[str]().union(*map(aspects.shown, above))
    frame = terms.given if passage.head else frozenset[str]()
    shown: list[frozenset[str]] = []
    for s in passage.sentences:
        start, end = s.start - passage.start, s.end - passage.start
        words = frame.union(token.term for token in terms.within(start, end))
        here = frozenset[str]()
        relevant = is_relevant({tag.id for tag in s.conditions}, request.ids, context.vocabulary)
        if relevant and is_supported(s, request.question.works):
            here = asked & (aspects.shown(passage.text[start:end]) | heading)
            if passage.head and DIGIT.search(passage.text, start, end):
                here |= request.counted.keys()
            here = frozenset(a for a in here if a not in request.counted or not words.isdisjoint(request.counted[a]))
        shown.append(here)
    return tuple(shown)


def any_in(names: Iterable[str], terms: PassageTerms) -> bool:
    """Whether a passage contains one of the names."""
    return any(occurs_in(name, terms) for name in names)


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """The idf of the rarest word of a phrase."""
    return max(map(statistics.idf, phrase.split()))


def is_relevant(tags: Collection[str], ids: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether these tags relate to one of the conditions asked about; always true when there are none."""
    return not ids or any(vocabulary.bears_on(tags, id) for id in ids)
