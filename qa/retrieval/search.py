"""Search: candidate passages, scored by words and evidence, best first, with their coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.indexes import OpenIndex
from qa.models import Contribution, Passage
from qa.retrieval.coverage import Coverage, cover
from qa.retrieval.evidence import Evidence, any_in, gather_evidence, rarest_idf
from qa.retrieval.ranking import Candidate, rank
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import (
    ASPECT_GAIN,
    ASPECT_WEIGHT,
    CONDITION_GAIN,
    CONDITION_WEIGHT,
    CONTEXT_SHARE,
    COVERAGE_GAIN,
    GENERIC_SHARE,
    INTERVENTION_WEIGHT,
    LACKING_SHARE,
    MOST_CANDIDATES,
    MOST_RESULTS,
    RELATION_SHARE,
    SUBSTITUTE_GAIN,
    SUBSTITUTE_SHARE,
)
from qa.text.analysis import PassageTerms, analyze
from qa.text.background import background
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question

# A passage that has nearly all of a question answers it, though it lacks a treatment or an aspect by its known names.
NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that bears on what was asked, with what its score is the sum of, what it has beside words, and how much
    of the question it speaks to."""

    passage: Passage
    why: tuple[Contribution, ...]
    evidence: Evidence
    coverage: Coverage

    @property
    def score(self) -> float:
        return sum(each.value for each in self.why)


def search_passages(
    request: SearchRequest, sentences: int, context: IndexContext, index: OpenIndex
) -> list[ScoredPassage]:
    """The passages that bear on what is sought, best first.

    Where no condition asked about is covered these are passages on a wider one: near, but not an answer.
    """
    question = request.question
    shares = weights_of_words(question, context)
    words = [*question.tokens, *question.told]
    scored = []
    for each in rank(words, sentences, candidates(request, context, index), index.statistics, shares):
        evidence = gather_evidence(index.passage(each.id), request, context, index)
        gained = tuple(gains(evidence, each.id, request, shares, index))
        scored.append((each.score + sum(g.value for g in gained), each, gained, evidence))
    found = []
    for _, each, gained, evidence in sorted(scored, key=lambda row: -row[0])[:MOST_RESULTS]:
        coverage = cover_question(evidence, each.id, request, context, index)
        if coverage.plain >= NEARLY_ALL or names_any(request.interventions, index.terms(each.id)):
            covered = Contribution("", "coverage", COVERAGE_GAIN * coverage.share)
            found.append(
                ScoredPassage(index.passage(each.id), (*each.contributions, *gained, covered), evidence, coverage)
            )
    return sorted(found, key=lambda each: -each.score)


def candidates(request: SearchRequest, context: IndexContext, index: OpenIndex) -> Iterator[Candidate]:
    """The passages on the conditions asked about that share a word with the question; where there is room, those that
    share one with the conditions' names or show an aspect asked about in words of their own."""
    question, vocabulary = request.question, context.vocabulary
    # The label's words stand in for the asker's: "booze" is in no passage, "alcohol use disorder" is.
    labels = [token.term for id in request.ids for token in analyze(vocabulary.label(id))]
    unknown = [term for term in question.alike if not index.statistics.frequency(term)]
    others = [other for term in unknown for other in question.alike[term] if " " not in other]
    related = {other for id in request.ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}
    words = [token.term for token in (*question.tokens, *question.told)]
    within = related if request.ids else None
    matches = index.search([*words, *labels, *others], MOST_CANDIDATES, within)
    if len(matches) < MOST_CANDIDATES:
        names = (
            name for id in sorted(related & vocabulary.conditions.keys()) for name in vocabulary.conditions[id].names
        )
        phrases = (phrase for id in request.aspects for phrase in context.lexicon.aspects.entries[id].evidence)
        more = [token.term for phrase in (*names, *phrases) for token in analyze(phrase)]
        matches += index.search(more, MOST_CANDIDATES, within)
    return (Candidate(id, index.terms(id)) for id in dict.fromkeys(match.passage for match in matches))


def names_any(interventions: Sequence[frozenset[str]], terms: PassageTerms) -> bool:
    """What is found with one treatment is no answer for another."""
    return not interventions or any(any_in(names, terms) for names in interventions)


def weights_of_words(question: Question, context: IndexContext) -> dict[str, float]:
    """What the terms of a message count for in ranking, where it is less than 1."""
    asked = {token.term for token in question.tokens}
    told = {token.term: CONTEXT_SHARE for token in question.told if token.term not in asked}
    return told | {term: GENERIC_SHARE for term in asked if term in context.lexicon.generic}


def gains(
    evidence: Evidence, id: str, request: SearchRequest, shares: Mapping[str, float], index: OpenIndex
) -> Iterator[Contribution]:
    """What a passage scores beside its words: for the condition, for the aspects of its best sentence, for words in
    other words, and for words that name what it cites."""
    question, terms, statistics = request.question, index.terms(id), index.statistics
    if evidence.relations:
        nearest = max(evidence.relations, key=lambda condition: CONDITION_GAIN[evidence.relations[condition]])
        yield Contribution(nearest, "condition", CONDITION_GAIN[evidence.relations[nearest]])
    best = max(evidence.shown, key=lambda sentence: sum(ASPECT_GAIN[request.aspects[a]] for a in sentence), default=())
    yield from (Contribution(aspect, "aspect", ASPECT_GAIN[request.aspects[aspect]]) for aspect in sorted(best))
    for term in sorted(evidence.substitutes):
        share, other = evidence.substitutes[term]
        value = SUBSTITUTE_GAIN * share * shares.get(term, 1.0) * rarest_idf(other, statistics)
        yield Contribution(term, "alike" if other in question.alike.get(term, ()) else "related", value)
    cited = {token.term for token in question.tokens} & evidence.cited - terms.counts.keys()
    yield from (Contribution(term, "cited", statistics.idf(term)) for term in sorted(cited))


def cover_question(
    evidence: Evidence, id: str, request: SearchRequest, context: IndexContext, index: OpenIndex
) -> Coverage:
    """How much of a question a passage speaks to: its words, conditions, aspects and treatments together."""
    relations, kinds, terms = evidence.relations, request.aspects, index.terms(id)
    met = {aspect for aspect in kinds if evidence.shows(aspect)}
    weighed = {aspect for aspect, kind in kinds.items() if kind == "specific" or aspect in met}
    apart = request.entity_terms.union(*(request.aspect_terms[aspect] for aspect in weighed))
    bound = any(relation != "ancestor" for relation in relations.values()) and any(kinds[a] != "general" for a in met)
    return cover(
        [token for token in request.question.tokens if token.term not in apart],
        terms,
        index.statistics,
        background(),
        given=evidence.cited,
        discounted=context.lexicon.generic,
        partly={term: SUBSTITUTE_SHARE * each.share for term, each in evidence.substitutes.items()},
        beside=[
            *((CONDITION_WEIGHT, RELATION_SHARE[relations[id]] if id in relations else 0.0) for id in request.ids),
            *((ASPECT_WEIGHT[kinds[aspect]], float(aspect in met)) for aspect in weighed),
            *((INTERVENTION_WEIGHT, float(any_in(names, terms))) for names in request.interventions),
        ],
        lack=LACKING_SHARE if bound else 1.0,
    )
