"""Search: retrieve candidates and score them by words and evidence, best first, with their coverage."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.indexes import OpenIndex
from qa.models import Contribution, Passage
from qa.retrieval.coverage import Coverage, cover
from qa.retrieval.evidence import Evidence, any_in, gather_evidence, rarest_idf
from qa.retrieval.ranking import Candidate, rank
from qa.retrieval.request import SearchRequest, terms_between
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
    WORK_WEIGHT,
)
from qa.text.analysis import PassageTerms, analyze
from qa.text.background import background
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question

# A passage with nearly all of a question answers it, even without a known name of the treatment or aspect.
NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A relevant passage with the contributions to its score, its evidence and its coverage of the question."""

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
    """The passages relevant to a request, best first.

    When none of the conditions asked about is covered, they are about broader conditions: near, but not an answer.
    """
    question = request.question
    shares = term_shares(question, context)
    words = [*question.tokens, *question.context_tokens]
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
    """The passages on the conditions asked about that share a word with the question; if it names a work, the passages
    that the work supports, whatever their words.

    If there is room, passages follow that contain a name of the conditions or evidence for an aspect asked about.
    """
    question, vocabulary = request.question, context.vocabulary
    # The condition's label is searched too: no passage says "booze", but some say "alcohol use disorder".
    labels = [token.term for id in request.ids for token in analyze(vocabulary.label(id))]
    unknown = [term for term in question.alike if not index.statistics.frequency(term)]
    others = [other for term in unknown for other in question.alike[term] if " " not in other]
    related = {other for id in request.ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}
    words = [token.term for token in (*question.tokens, *question.context_tokens)]
    within = related if request.ids else None
    if question.works:
        return supported_passages(question, within, index)
    matches = index.search([*words, *labels, *others], MOST_CANDIDATES, within)
    if len(matches) < MOST_CANDIDATES:
        names = (
            name for id in sorted(related & vocabulary.conditions.keys()) for name in vocabulary.conditions[id].names
        )
        phrases = (phrase for id in request.aspects for phrase in context.lexicon.aspects.entries[id].evidence)
        more = [token.term for phrase in (*names, *phrases) for token in analyze(phrase)]
        matches += index.search(more, MOST_CANDIDATES, within)
    return (Candidate(id, index.terms(id)) for id in dict.fromkeys(match.passage for match in matches))


def supported_passages(question: Question, tags: Collection[str] | None, index: OpenIndex) -> Iterator[Candidate]:
    """The passages with one of the tags (None: all) and a sentence that a work named in the question supports."""
    for id in dict.fromkeys(id for work in question.works for id in work.passages):
        if tags is None or any(tag.id in tags for tag in index.passage(id).conditions):
            yield Candidate(id, index.terms(id))


def names_any(interventions: Sequence[frozenset[str]], terms: PassageTerms) -> bool:
    """Whether a passage names one of the treatments asked about, if any: findings on one are no answer for another."""
    return not interventions or any(any_in(names, terms) for names in interventions)


def term_shares(question: Question, context: IndexContext) -> dict[str, float]:
    """The factors of the message's terms in ranking, where they are less than 1."""
    asked = {token.term for token in question.tokens}
    outside = {token.term: CONTEXT_SHARE for token in question.context_tokens if token.term not in asked}
    return outside | {term: GENERIC_SHARE for term in asked if term in context.lexicon.generic}


def gains(
    evidence: Evidence, id: str, request: SearchRequest, shares: Mapping[str, float], index: OpenIndex
) -> Iterator[Contribution]:
    """The contributions besides words: condition, aspects of the best sentence, substitutes."""
    question = request.question
    if evidence.relations:
        nearest = max(evidence.relations, key=lambda condition: CONDITION_GAIN[evidence.relations[condition]])
        yield Contribution(nearest, "condition", CONDITION_GAIN[evidence.relations[nearest]])
    best = max(evidence.shown, key=lambda sentence: sum(ASPECT_GAIN[request.aspects[a]] for a in sentence), default=())
    yield from (Contribution(aspect, "aspect", ASPECT_GAIN[request.aspects[aspect]]) for aspect in sorted(best))
    for term in sorted(evidence.substitutes):
        share, other = evidence.substitutes[term]
        value = SUBSTITUTE_GAIN * share * shares.get(term, 1.0) * rarest_idf(other, index.statistics)
        yield Contribution(term, "alike" if other in question.alike.get(term, ()) else "related", value)


def cover_question(
    evidence: Evidence, id: str, request: SearchRequest, context: IndexContext, index: OpenIndex
) -> Coverage:
    """The coverage of a question by a passage: words, conditions, aspects and treatments together."""
    relations, kinds, terms = evidence.relations, request.aspects, index.terms(id)
    met = {aspect for aspect in kinds if evidence.shows(aspect)}
    weighed = {aspect for aspect, kind in kinds.items() if kind == "specific" or aspect in met}
    works = [terms_between(request.question.tokens, work.start, work.end) for work in request.question.works]
    excluded = request.entity_terms.union(*(request.aspect_terms[aspect] for aspect in weighed), *works)
    bound = any(relation != "ancestor" for relation in relations.values()) and any(kinds[a] != "general" for a in met)
    return cover(
        [token for token in request.question.tokens if token.term not in excluded],
        terms,
        index.statistics,
        background(),
        discounted=context.lexicon.generic,
        partial={term: SUBSTITUTE_SHARE * each.share for term, each in evidence.substitutes.items()},
        extra=[
            *((CONDITION_WEIGHT, RELATION_SHARE[relations[id]] if id in relations else 0.0) for id in request.ids),
            *((ASPECT_WEIGHT[kinds[aspect]], float(aspect in met)) for aspect in weighed),
            *((WORK_WEIGHT, 1.0) for _ in works),
            *((INTERVENTION_WEIGHT, float(any_in(names, terms))) for names in request.interventions),
        ],
        missing_factor=LACKING_SHARE if bound else 1.0,
    )
