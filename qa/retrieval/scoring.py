"""Score passages by words, meaning and evidence, best first, with their coverage of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from qa.models import Contribution, ContributionKind, Passage
from qa.retrieval.answer_sentences import answering_sentences, best_score, wanted_in
from qa.retrieval.coverage import Allowances, Coverage, cover
from qa.retrieval.definitions import defines
from qa.retrieval.evidence import Evidence, GatheredEvidence, rarest_idf
from qa.retrieval.features import Flags, Scores, word_scores
from qa.retrieval.fitted import fitted
from qa.retrieval.ranking import contribute, weigh
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import Statistics, in_terms
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question

NEXT = 2  # passages that may come before a disputed one: those shown with it
BEHIND = 0.01  # the score by which it then comes behind


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


def score_passages(evidence: GatheredEvidence, request: SearchRequest, context: IndexContext) -> list[ScoredPassage]:
    """The passages that are relevant to a request, best first.

    When none of the conditions asked about is covered, they are about broader conditions: near, but not an answer.
    Passages that name no treatment asked about are left out, unless all are such.
    """
    question, statistics = request.question, context.index.statistics.remembering()
    shares = term_shares(question, context)
    weights = weigh([*question.tokens, *question.context_tokens], question.sentences, statistics, shares)
    by_words = word_scores(evidence.words, weights, statistics.average_length)
    gained = gains(evidence, request, shares, statistics)
    total = by_words + sum_of_gains(gained, len(by_words))
    found: list[ScoredPassage] = []
    # The most relevant first; of equals, those with the higher score by words, and then in the order of the candidates.
    for row in np.lexsort((-by_words, -total))[: WEIGHTS.most_results].tolist():
        here = evidence.of(row)
        coverage = cover_question(here, request, context, statistics)
        why = (
            *contribute(here.terms, weights, statistics.average_length),
            *(Contribution(gain.term_of(row), gain.kind, float(gain.values[row])) for gain in gained if gain.rows[row]),
            Contribution("", "coverage", WEIGHTS.coverage_gain * coverage.share),
        )
        found.append(ScoredPassage(here, why, coverage))
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
    """The passages in their order, except that a first one whose answering sentence is disputed comes behind one of the
    next if a sentence of that one answers as well and is not disputed."""
    if not found or not is_disputed(found[0], request, context):
        return list(found)
    first, *others = found
    wanted, aspects = wanted_in(request, context), context.lexicon.aspects
    least = WEIGHTS.as_well * best_score(first.evidence, wanted, aspects)
    as_good = (each for each in others[:NEXT] if best_score(each.evidence, wanted, aspects) >= least)
    instead = next((each for each in as_good if not is_disputed(each, request, context)), None)
    if instead is None:
        return list(found)
    loss = Contribution("", "disputed", instead.score - first.score - BEHIND)
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


class Gain(NamedTuple):
    """A contribution besides words, to the candidates in `rows`; `term` is one for all of them, or one for each."""

    kind: ContributionKind
    term: str | Sequence[str]
    values: Scores
    rows: Flags

    def term_of(self, row: int) -> str:
        return self.term if isinstance(self.term, str) else self.term[row]


def sum_of_gains(gained: Iterable[Gain], rows: int) -> Scores:
    return sum((np.where(gain.rows, gain.values, 0.0) for gain in gained), np.zeros(rows))


def gains(
    evidence: GatheredEvidence, request: SearchRequest, shares: Mapping[str, float], statistics: Statistics
) -> list[Gain]:
    """The contributions besides words: closeness, definition, condition, aspects of the best sentence, substitutes."""
    number = len(evidence.candidates)
    every = np.ones(number, bool)
    found: list[Gain] = []
    if close := evidence.closeness:
        passages = np.array([each.passage for each in close])
        closest_two = np.array([each.closest_two for each in close])
        found.append(Gain("meaning", "", fitted().passage_gain * passages, every))
        found.append(Gain("sentence", "", fitted().sentence_gain * closest_two, every))
    if request.defined:
        found.append(
            constant("definition", request.defined, WEIGHTS.definition_gain, defining(evidence, request.defined))
        )
    if request.ids:
        nearest = [nearest_condition(relations) for relations in evidence.relations]
        of_rows = np.array([gain for _, gain in nearest])
        found.append(Gain("condition", [id for id, _ in nearest], of_rows, np.array([bool(id) for id, _ in nearest])))
    gained = {aspect: WEIGHTS.aspect_gain[kind] for aspect, kind in request.aspects.items()}
    best_shown = [
        max(shown.values(), key=lambda each: sum(gained[aspect] for aspect in each), default=frozenset[str]())
        for shown in evidence.shown
    ]
    for aspect in sorted(gained):
        found.append(constant("aspect", aspect, gained[aspect], np.array([aspect in each for each in best_shown])))
    for term in sorted({term for each in evidence.substitutes for term in each}):
        others = [each.get(term) for each in evidence.substitutes]
        factor = WEIGHTS.substitute_gain * shares.get(term, 1.0)
        values = np.array([factor * rarest_idf(other, statistics) if other else 0.0 for other in others])
        found.append(Gain("alike", term, values, np.array([other is not None for other in others])))
    return found


def constant(kind: ContributionKind, term: str, value: float, rows: Flags) -> Gain:
    """The same gain for all these rows."""
    return Gain(kind, term, np.full(len(rows), value), rows)


def nearest_condition(relations: Mapping[str, str]) -> tuple[str, float]:
    """The condition asked about that a passage is nearest to, and its gain."""
    gain = WEIGHTS.condition_gain
    nearest = max(relations, key=lambda condition: gain[relations[condition]], default="")
    return nearest, gain[relations[nearest]] if nearest else 0.0


def defining(evidence: GatheredEvidence, defined: str) -> Flags:
    """Which candidates have a relevant sentence that says what something is. Only those are decoded in which a sentence
    begins with its name."""
    found = np.zeros(len(evidence.candidates), bool)
    for row, before in evidence.words.begins(in_terms(defined)):
        marks = evidence.candidates.marks(row)
        numbers = [number for number in evidence.relevant(row) if marks[number].first == before]
        passage = evidence.index.passage(evidence.candidates.ids[row]) if numbers and not found[row] else None
        if passage:
            spans = [
                (passage.sentences[n].start - passage.start, passage.sentences[n].end - passage.start) for n in numbers
            ]
            found[row] = any(defines(passage.text[start:end], defined) for start, end in spans)
    return found


def cover_question(
    evidence: Evidence, request: SearchRequest, context: IndexContext, statistics: Statistics
) -> Coverage:
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
    return cover(words, evidence.terms, statistics, allowances)
