"""Evidence for passages other than the words that they share with the question."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from qa.indexes import OpenIndex
from qa.indexes.candidates import CandidatePassages
from qa.indexes.vectors import Closeness
from qa.models import Passage
from qa.retrieval.candidates import FoundPassages
from qa.retrieval.features import Counts, Flags, WordFeatures
from qa.retrieval.request import SearchRequest
from qa.retrieval.sentences import CandidateSentences
from qa.text.analysis import PassageTerms, Statistics, Token, analyze, in_terms, spans_of_words
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question


class Substitutes(NamedTuple):
    """What candidates have instead of a question term: for each, the number of one of `others`, from 1; 0 for none."""

    others: Sequence[str]
    chosen: Counts


@dataclass(frozen=True, slots=True)
class GatheredEvidence:
    """What all candidates have for a question: a row for each candidate.

    `words` are those of its terms that the question asks for. `relations` maps each condition asked about to the
    relation of the passage's nearest tag. `shown` are the aspects asked about that its relevant sentences show.
    `substitutes` maps the question terms that some passages have only in other words to these. `closeness` is how close
    it is in meaning, if there is an encoder.
    """

    candidates: CandidatePassages
    words: WordFeatures
    relations: Sequence[Mapping[str, str]]
    sentences: CandidateSentences
    shown: Counts
    substitutes: Mapping[str, Substitutes]
    closeness: Sequence[Closeness] | None
    index: OpenIndex

    def __len__(self) -> int:
        return len(self.candidates)

    def has_one_of(self, names: Collection[str]) -> Flags:
        """Whether each candidate contains one of several names, each given as terms."""
        possible = [self.words.has(name) for name in names if name and self.words.may_have(name)]
        return np.any(possible, axis=0) if possible else np.zeros(len(self), bool)

    def of(self, row: int) -> Evidence:
        """The evidence of one candidate."""
        return Evidence(self, row, self.candidates.ids[row], self.closeness[row] if self.closeness else None)


@dataclass(frozen=True)
class Evidence:
    """What one candidate has for a question, worked out when it is asked for; see `GatheredEvidence`."""

    gathered: GatheredEvidence
    row: int
    id: str
    closeness: Closeness | None

    @cached_property
    def passage(self) -> Passage:
        """The passage, decoded only when it is asked for."""
        return self.gathered.index.passage(self.id)

    @cached_property
    def terms(self) -> PassageTerms:
        """Those of its terms that the question asks for."""
        return self.gathered.words.terms_of(self.row)

    @cached_property
    def given(self) -> Collection[str]:
        """Those of them that are in title and headings."""
        return self.gathered.words.given_of(self.row)

    @cached_property
    def tokens(self) -> Sequence[Token]:
        """Those of the words of its text, with gaps between them."""
        return self.gathered.words.tokens_of(self.row, spans_of_words(self.passage.text))

    @cached_property
    def relevant(self) -> Sequence[int]:
        """The positions of the sentences that may answer."""
        return self.gathered.sentences.relevant(self.row)

    @property
    def substitutes(self) -> dict[str, str]:
        """The question terms that it has in other words only, with these."""
        chosen = (
            (term, others[at[self.row] - 1]) for term, (others, at) in self.gathered.substitutes.items() if at[self.row]
        )
        return dict(chosen)

    def shows(self, aspect: str) -> bool:
        """Whether a relevant sentence shows an aspect asked about."""
        return aspect in self.gathered.sentences.named(int(self.gathered.shown[self.row]))


def gather_evidence(found: FoundPassages, request: SearchRequest, context: IndexContext) -> GatheredEvidence:
    """The evidence that the candidates have for a search request."""
    candidates, vocabulary, index = found.candidates, context.vocabulary, context.index
    words = WordFeatures(candidates, terms_asked_for(request, context))

    @lru_cache(None)
    def relations(tags: frozenset[str]) -> dict[str, str]:
        return {id: relation for id in request.ids if (relation := vocabulary.relation_of(tags, id))}

    sentences = CandidateSentences(candidates, request, relations, index)
    return GatheredEvidence(
        candidates,
        words,
        [relations(tags) for tags in candidates.conditions] if request.ids else [{}] * len(candidates),
        sentences,
        sentences.shown(),
        find_substitutes(request.question, words, request.statistics),
        found.closeness,
        index,
    )


def terms_asked_for(request: SearchRequest, context: IndexContext) -> Iterator[str]:
    """The terms that a question asks for: its own, those that may stand for them, and those of names."""
    question = request.question
    yield from (token.term for token in (*question.tokens, *question.context_tokens))
    phrases = [other for others in question.alike.values() for other in others]
    phrases += [name for names in request.names for name in names]
    for phrase in (*phrases, in_terms(request.defined or "")):
        yield from phrase.split()
    yield from (token.term for label in labels_of_states(question, context) for token in analyze(label))


def labels_of_states(question: Question, context: IndexContext) -> list[str]:
    """The labels of the states of a condition that a question names: "withdrawal" under a heading on opioids."""
    states = [m.id for m in question.mentions if context.tagged_as.get(m.id, m.id) != m.id]
    return [context.vocabulary.label(id) for id in states]


def find_substitutes(question: Question, words: WordFeatures, statistics: Statistics) -> dict[str, Substitutes]:
    """For each question term that candidates lack, the rarest of the substitutes that each contains."""
    found: dict[str, Substitutes] = {}
    for term in dict.fromkeys(token.term for token in question.tokens if token.term in question.alike):
        lacking = ~words.has(term)
        others = [each for each in question.alike[term] if words.may_have(each)] if lacking.any() else []
        chosen = np.zeros(len(words), np.int64)
        others.sort(key=lambda other: (rarest_idf(other, statistics), other))
        for number, other in enumerate(others, 1):  # the rarest last, which counts
            chosen[lacking & words.has(other)] = number
        if chosen.any():
            found[term] = Substitutes(others, chosen)
    return found


def rarest_idf(phrase: str, statistics: Statistics) -> float:
    """The idf of the rarest word of a phrase."""
    return max(map(statistics.idf, phrase.split()))
