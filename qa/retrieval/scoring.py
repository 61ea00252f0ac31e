"""Score passages by words, meaning and evidence, best first, with their coverage of the question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.models import Contribution, Passage
from qa.retrieval.answer_sentences import answering_sentences, wanted_in
from qa.retrieval.coverage import Allowances, Coverage, cover
from qa.retrieval.definitions import defines
from qa.retrieval.evidence import Evidence, rarest_idf
from qa.retrieval.fitted import fitted
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
    Passages that name no treatment asked about are left out, unless all are such.
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
    found: list[ScoredPassage] = []
    for _, ranked, gained in sorted(scored, key=lambda row: -row[0])[: WEIGHTS.most_results]:
        here = of[ranked.id]
        coverage = cover_question(here, request, context)
        covered = Contribution("", "coverage", WEIGHTS.coverage_gain * coverage.share)
        found.append(ScoredPassage(here, (*ranked.contributions, *gained, covered), coverage))
    on_treatment = [each for each in found if is_on_treatment(each, request)]
    return undisputed_first(sorted(on_treatment or found, key=lambda each: -each.score), request, context)


def is_on_treatment(found: ScoredPassage, request: SearchRequest) -> bool:
    """Whether a passage is about a treatment asked about, if any: findings on one treatment are no answer for another.
    One with nearly all of the question is."""
    named = not request.names or any(map(found.evidence.names_one_of, request.names))
    return named or found.coverage.plain >= WEIGHTS.nearly_all


def undisputed_first(
    found: Sequence[ScoredPassage], request: SearchRequest, context: IndexContext
) -> list[ScoredPassage]:
    """The passages in their order, except that a first one whose answering sentence is disputed comes second if another
    answers as well: has nearly the same score and is not disputed."""
    if not found or not is_disputed(found[0], request, context):
        return list(found)
    first, *others = found
    least = min(WEIGHTS.as_well * first.score, first.score - WEIGHTS.as_close)
    near = [each for each in others if each.score >= least]
    instead = next((each for each in near if not is_disputed(each, request, context)), None)
    if instead is None:
        return list(found)
    loss = Contribution("", "disputed", instead.score - first.score - WEIGHTS.behind)
    return sorted([replace(first, why=(*first.why, loss)), *others], key=lambda each: -each.score)


def is_disputed(found: ScoredPassage, request: SearchRequest, context: IndexContext) -> bool:
    """Whether the sentences that answer are contradicted by a reviewer's note or supported by retracted works only."""
    disputed, sentences = context.index.manifest.knowledge.disputed, found.passage.sentences
    if disputed.isdisjoint(sentence.id for sentence in sentences):
        return False
    marked = answering_sentences(found.evidence, wanted_in(request, context), context.lexicon.aspects)
    return bool(marked) and all(sentences[number].id in disputed for number in marked)


def term_shares(question: Question, context: IndexContext) -> dict[str, float]:
    """The factors of the message's terms in ranking, where they are less than 1."""
    asked = {token.term for token in question.tokens}
    outside = {token.term: WEIGHTS.context_share for token in question.context_tokens if token.term not in asked}
    return outside | {term: WEIGHTS.generic_share for term in asked if term in context.lexicon.generic}


def gains(
    evidence: Evidence, request: SearchRequest, shares: Mapping[str, float], statistics: Statistics
) -> Iterator[Contribution]:
    """The contributions besides words: closeness, condition, aspects of the best sentence, substitutes, definition."""
    if evidence.closeness:
        yield Contribution("", "meaning", fitted().passage_gain * evidence.closeness.passage)
        yield Contribution("", "sentence", fitted().sentence_gain * evidence.closeness.best)
    if request.defined and any(defines(text, request.defined) for text in evidence.relevant_texts()):
        yield Contribution(request.defined, "definition", WEIGHTS.definition_gain)
    if evidence.relations:
        gain, relations = WEIGHTS.condition_gain, evidence.relations
        nearest = max(relations, key=lambda condition: gain[relations[condition]])
        yield Contribution(nearest, "condition", gain[relations[nearest]])
    gained = {aspect: WEIGHTS.aspect_gain[kind] for aspect, kind in request.aspects.items()}
    best = max(evidence.shown.values(), key=lambda shown: sum(gained[aspect] for aspect in shown), default=())
    yield from (Contribution(aspect, "aspect", gained[aspect]) for aspect in sorted(best))
    for term in sorted(evidence.substitutes):
        value = WEIGHTS.substitute_gain * shares.get(term, 1.0) * rarest_idf(evidence.substitutes[term], statistics)
        yield Contribution(term, "alike", value)


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
        substitutes=evidence.substitutes.keys(),
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
