"""Evidence for a passage other than the words that it shares with the question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from qa.indexes import OpenIndex
from qa.indexes.candidates import CandidatePassages
from qa.indexes.vectors import Closeness
from qa.models import Passage
from qa.retrieval.candidates import FoundPassages
from qa.retrieval.features import WordFeatures
from qa.retrieval.request import SearchRequest
from qa.text.analysis import PassageTerms, Statistics, in_terms, occurs_in
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a passage has for a question.

    `terms` are those of its terms that the question asks for. `relations` maps each condition asked about to the
    relation of the passage's nearest tag. `relevant` are the positions of the sentences that may answer: on a condition
    asked about, if any, and supported by a work that the question names, if any. `shown` holds, for each sentence, the
    aspects asked about that it shows. `substitutes` maps the question terms that the passage has only in other words to
    these. `closeness` is how close it is in meaning, if there is an encoder.
    """

    id: str
    terms: PassageTerms
    relations: Mapping[str, str]
    relevant: Sequence[int]
    shown: Mapping[int, frozenset[str]]
    substitutes: Mapping[str, str]
    closeness: Closeness | None
    index: OpenIndex

    @property
    def passage(self) -> Passage:
        """The passage, decoded only when it is asked for."""
        return self.index.passage(self.id)

    @property
    def all_terms(self) -> PassageTerms:
        """All terms of the passage."""
        return self.index.terms(self.id)

    def shows(self, aspect: str) -> bool:
        return any(aspect in sentence for sentence in self.shown.values())

    def names_one_of(self, names: Collection[str]) -> bool:
        """Whether the passage contains one of several names, each given as terms."""
        return any(occurs_in(name, self.terms) for name in names)


@dataclass(frozen=True, slots=True)
class GatheredEvidence:
    """What all candidates have for a question: fields as of `Evidence`, with a row for each candidate."""

    candidates: CandidatePassages
    words: WordFeatures
    relations: Sequence[Mapping[str, str]]
    relevant: Callable[[int], Sequence[int]]
    shown: Sequence[Mapping[int, frozenset[str]]]
    substitutes: Sequence[Mapping[str, str]]
    closeness: Sequence[Closeness] | None
    index: OpenIndex

    def of(self, row: int) -> Evidence:
        """The evidence of one candidate."""
        return Evidence(
            self.candidates.ids[row],
            self.words.terms_of(row),
            self.relations[row],
            self.relevant(row),
            self.shown[row],
            self.substitutes[row],
            self.closeness[row] if self.closeness else None,
            self.index,
        )


def gather_evidence(found: FoundPassages, request: SearchRequest, context: IndexContext) -> GatheredEvidence:
    """The evidence that the candidates have for a search request."""
    candidates, vocabulary, question = found.candidates, context.vocabulary, request.question
    words = WordFeatures(candidates, terms_asked_for(request))

    @lru_cache(None)
    def relations(tags: frozenset[str]) -> dict[str, str]:
        return {id: relation for id in request.ids if (relation := vocabulary.relation_of(tags, id))}

    @lru_cache(None)
    def relevant(row: int) -> list[int]:
        return [
            number
            for number, mark in enumerate(candidates.marks(row))
            if (not request.ids or relations(mark.conditions))
            and (not question.works or is_supported(context.index.passage(candidates.ids[row]), number, question))
        ]

    def shown(row: int) -> dict[int, frozenset[str]]:
        marks = candidates.marks(row)
        return {number: asked & marks[number].aspects for number in relevant(row)}

    asked, rows = frozenset(request.aspects), range(len(candidates))
    return GatheredEvidence(
        candidates,
        words,
        [relations(tags) for tags in candidates.conditions],
        relevant,
        list(map(shown, rows)) if asked else [{}] * len(rows),
        find_substitutes(question, words, context.index.statistics.remembering()),
        found.closeness,
        context.index,
    )


def terms_asked_for(request: SearchRequest) -> Iterator[str]:
    """The terms that a question asks for: its own, those that may stand for them, and those of names."""
    question = request.question
    yield from (token.term for token in (*question.tokens, *question.context_tokens))
    phrases = [other for others in question.alike.values() for other in others]
    phrases += [name for names in request.names for name in names]
    for phrase in (*phrases, in_terms(request.defined or "")):
        yield from phrase.split()


def is_supported(passage: Passage, number: int, question: Question) -> bool:
    """Whether a work that the question names supports a sentence."""
    return any(passage.sentences[number].id in work.sentences for work in question.works)


def find_substitutes(question: Question, words: WordFeatures, statistics: Statistics) -> list[dict[str, str]]:
    """For each candidate, for each question term that it lacks, the rarest of the substitutes that it contains."""
    found: list[dict[str, str]] = [{} for _ in range(len(words.candidates))]
    for term in dict.fromkeys(token.term for token in question.tokens):
        lacking = words.count(term) == 0
        # the rarest last, which counts
        for other in sorted(question.alike.get(term, ()), key=lambda other: (rarest_idf(other, statistics), other)):
            for row in np.flatnonzero(lacking & words.has(other)).tolist():
                found[row][term] = other
    return found


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """The idf of the rarest word of a phrase."""
    return max(map(statistics.idf, phrase.split()))
