"""Score passages by words and evidence, best first, with their coverage of the question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.models import Contribution, Passage
from qa.retrieval.coverage import Allowances, Coverage, cover
from qa.retrieval.evidence import Evidence, rarest_idf
from qa.retrieval.ranking import Candidate, rank
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import Statistics
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A relevant passage with its evidence, the contributions to its score, and its coverage of the question."""

    evidence: Evidence
    why: tuple[Contribution, ...]
    coverage: Coverage

    @property
    def passage(self) -> Passage:
        return self.evidence.passage

    @property
    def score(self) -> float:
        return sum(each.value for each in self.why)


def score_passages(evidence: Iterable[Evidence], request: SearchRequest, context: IndexContext) -> list[ScoredPassage]:
    """The passages that are relevant to a request, best first.

    When none of the conditions asked about is covered, they are about broader conditions: near, but not an answer.
    """
    question, statistics = request.question, context.index.statistics
    of = {each.passage.id: each for each in evidence}
    shares = term_shares(question, context)
    words = [*question.tokens, *question.context_tokens]
    candidates = [Candidate(id, each.terms) for id, each in of.items()]
    scored = []
    for ranked in rank(words, question.sentences, candidates, statistics, shares):
        gained = tuple(gains(of[ranked.id], request, shares, statistics))
        scored.append((ranked.score + sum(each.value for each in gained), ranked, gained))
    found = []
    for _, ranked, gained in sorted(scored, key=lambda row: -row[0])[: WEIGHTS.most_results]:
        here = of[ranked.id]
        coverage = cover_question(here, request, context)
        # Findings on one treatment are no answer for another.
        if coverage.plain >= WEIGHTS.nearly_all or not request.names or any(map(here.names_one_of, request.names)):
            covered = Contribution("", "coverage", WEIGHTS.coverage_gain * coverage.share)
            found.append(ScoredPassage(here, (*ranked.contributions, *gained, covered), coverage))
    return sorted(found, key=lambda each: -each.score)


def term_shares(question: Question, context: IndexContext) -> dict[str, float]:
    """The factors of the message's terms in ranking, where they are less than 1."""
    asked = {token.term for token in question.tokens}
    outside = {token.term: WEIGHTS.context_share for token in question.context_tokens if token.term not in asked}
    return outside | {term: WEIGHTS.generic_share for term in asked if term in context.lexicon.generic}


def gains(
    evidence: Evidence, request: SearchRequest, shares: Mapping[str, float], statistics: Statistics
) -> Iterator[Contribution]:
    """The contributions besides words: condition, aspects of the best sentence, substitutes."""
    if evidence.relations:
        gain, relations = WEIGHTS.condition_gain, evidence.relations
        nearest = max(relations, key=lambda condition: gain[relations[condition]])
        yield Contribution(nearest, "condition", gain[relations[nearest]])
    gained = {aspect: WEIGHTS.aspect_gain[kind] for aspect, kind in request.aspects.items()}
    best = max(evidence.shown.values(), key=lambda shown: sum(gained[aspect] for aspect in shown), default=())
    yield from (Contribution(aspect, "aspect", gained[aspect]) for aspect in sorted(best))
    for term in sorted(evidence.substitutes):
        share, other = evidence.substitutes[term]
        value = WEIGHTS.substitute_gain * share * shares.get(term, 1.0) * rarest_idf(other, statistics)
        yield Contribution(term, "alike" if other in request.question.alike.get(term, ()) else "related", value)


def cover_question(evidence: Evidence, request: SearchRequest, context: IndexContext) -> Coverage:
    """The coverage of a question by a passage: words, conditions, aspects and treatments together."""
    relations, kinds = evidence.relations, request.aspects
    met = {aspect for aspect in kinds if evidence.shows(aspect)}
    weighed = {aspect for aspect, kind in kinds.items() if kind == "specific" or aspect in met}
    works = [request.question.terms_of(work) for work in request.question.works]
    excluded = request.entity_terms.union(*(request.aspect_terms[aspect] for aspect in weighed), *works)
    on_both = any(relation != "ancestor" for relation in relations.values()) and any(kinds[a] != "general" for a in met)
    allowances = Allowances(
        generic=context.lexicon.generic,
        substitutes={term: WEIGHTS.substitute_share * each.share for term, each in evidence.substitutes.items()},
        extra=(
            *(
                (WEIGHTS.condition_weight, WEIGHTS.relation_share[relations[id]] if id in relations else 0.0)
                for id in request.ids
            ),
            *((WEIGHTS.aspect_weight[kinds[aspect]], float(aspect in met)) for aspect in weighed),
            *((WEIGHTS.work_weight, 1.0) for _ in works),
            *((WEIGHTS.intervention_weight, float(evidence.names_one_of(names))) for names in request.names),
        ),
        missing_factor=WEIGHTS.lacking_share if on_both else 1.0,
    )
    words = [token for token in request.question.tokens if token.term not in excluded]
    return cover(words, evidence.terms, context.index.statistics, allowances)
