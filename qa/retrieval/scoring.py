"""Score passages by words, meaning and evidence, best first, with their coverage of the question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from qa.models import Contribution, ContributionKind, Passage
from qa.retrieval.answer_sentences import answering_sentences, best_score, wanted_in
from qa.retrieval.coverage import Coverage
from qa.retrieval.definitions import defines
from qa.retrieval.evidence import Evidence, GatheredEvidence, rarest_idf
from qa.retrieval.features import Flags, Scores, word_scores
from qa.retrieval.fitted import fitted
from qa.retrieval.question_coverage import cover_question
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
    """A relevant passage with its evidence, its score and its coverage of the question. `explain` lists what the score
    is the sum of. `behind`: it is disputed, and another one that answers as well is put before it."""

    evidence: Evidence
    score: float
    coverage: Coverage
    explain: Callable[[], Sequence[Contribution]]
    behind: bool = False

    @property
    def passage(self) -> Passage:
        return self.evidence.passage

    @property
    def why(self) -> tuple[Contribution, ...]:
        """The contributions to the score."""
        return tuple(self.explain())


def score_passages(evidence: GatheredEvidence, request: SearchRequest, context: IndexContext) -> list[ScoredPassage]:
    """The passages that are relevant to a request, best first.

    When none of the conditions asked about is covered, they are about broader conditions: near, but not an answer.
    Passages that name no treatment asked about are left out, unless all are such.
    """
    question, statistics = request.question, request.statistics
    shares = term_shares(question, context)
    weights = weigh([*question.tokens, *question.context_tokens], question.sentences, statistics, shares)
    by_words = word_scores(evidence.words, weights, statistics.average_length)
    gained = gains(evidence, request, shares, statistics)
    total = by_words + sum_of_gains(gained, len(by_words))
    named = [evidence.has_one_of(names) for names in request.names]
    covered = cover_question(evidence, named, request, context)

    def explain(row: int, share: float) -> Iterator[Contribution]:
        yield from contribute(evidence.words.terms_of(row), weights, statistics.average_length)
        for gain in gained:
            if gain.rows[row]:
                yield Contribution(gain.term_of(row), gain.kind, float(gain.values[row]))
        yield Contribution("", "coverage", WEIGHTS.evidence_gain * share)

    found: list[ScoredPassage] = []
    # The most relevant first; of equals, those with the higher score by words, and then in the order of the candidates.
    for row in np.lexsort((-by_words, -total))[: WEIGHTS.most_results].tolist():
        coverage = covered(row)
        score = float(total[row]) + WEIGHTS.evidence_gain * coverage.share
        why = partial(lambda *given: [*explain(*given)], row, coverage.share)
        found.append(ScoredPassage(evidence.of(row), score, coverage, why))
    on_treatment = [each for each in found if is_on_treatment(each, request)]
    return undisputed_first(sorted(on_treatment or found, key=lambda each: -each.score), request, context)


def is_on_treatment(found: ScoredPassage, request: SearchRequest) -> bool:
    """Whether a passage is about a treatment asked about, if any: findings on one treatment are no answer for
    another."""
    return not request.names or any(
        found.evidence.gathered.has_one_of(names)[found.evidence.row] for names in request.names
    )


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
    score = instead.score - BEHIND
    loss = Contribution("", "disputed", score - first.score)
    put_behind = replace(first, score=score, explain=lambda: (*first.why, loss), behind=True)
    return sorted([put_behind, *others], key=lambda each: -each.score)


def is_disputed(found: ScoredPassage, request: SearchRequest, context: IndexContext) -> bool:
    """Whether the sentences that answer are contradicted by a reviewer's note or supported by retracted works only."""
    disputed = context.index.manifest.knowledge.disputed
    sentences = found.passage.sentences if disputed else ()
    if disputed.isdisjoint(sentence.id for sentence in sentences):
        return False
    marked = answering_sentences(found.evidence, wanted_in(request, context), context.lexicon.aspects)
    return bool(marked) and all(sentences[number].id in disputed for number in marked)


def term_shares(question: Question, context: IndexContext) -> dict[str, float]:
    """The factors of the message's terms in ranking, where they are less than 1."""
    asked = {token.term for token in question.tokens}
    outside = {token.term: WEIGHTS.part for token in question.context_tokens if token.term not in asked}
    return outside | {term: WEIGHTS.part for term in asked if term in context.lexicon.generic}


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
        vectors = evidence.index.vectors
        compared = "all" if vectors and vectors.compares_all else "candidates"
        found.append(Gain("meaning", compared, fitted().passage_gain * passages, every))
        found.append(Gain("sentence", compared, fitted().sentence_gain * closest_two, every))
    if request.defined:
        found.append(
            constant("definition", request.defined, WEIGHTS.evidence_gain, defining(evidence, request.defined))
        )
    if request.ids:
        tagged = [next((id for id in request.ids if each.get(id) == "exact"), "") for each in evidence.relations]
        values = np.full(number, WEIGHTS.evidence_gain)
        found.append(Gain("condition", tagged, values, np.array([bool(id) for id in tagged])))
    gained = {aspect: WEIGHTS.aspect_gain(kind) for aspect, kind in request.aspects.items()}
    best_shown = evidence.sentences.best_shown(gained)
    for place, aspect in enumerate(evidence.sentences.aspects):
        if gained[aspect]:
            found.append(constant("aspect", aspect, gained[aspect], best_shown >> place & 1 > 0))
    for term, (others, chosen) in sorted(evidence.substitutes.items()):
        factor = WEIGHTS.part * shares.get(term, 1.0)
        values = np.array([0.0, *(factor * rarest_idf(other, statistics) for other in others)])
        found.append(Gain("alike", term, values[chosen], chosen > 0))
    return found


def constant(kind: ContributionKind, term: str, value: float, rows: Flags) -> Gain:
    """The same gain for all these rows."""
    return Gain(kind, term, np.full(len(rows), value), rows)


def defining(evidence: GatheredEvidence, defined: str) -> Flags:
    """Which candidates have a relevant sentence that says what something is. Only those are decoded in which a sentence
    begins with its name."""
    found = np.zeros(len(evidence.candidates), bool)
    for row, before in evidence.words.begins(in_terms(defined)):
        marks = evidence.candidates.sentences.of(row) if not found[row] else []
        numbers = [n for n in evidence.sentences.relevant(row) if marks and marks[n].first == before]
        passage = evidence.index.passage(evidence.candidates.ids[row]) if numbers else None
        if passage:
            spans = [
                (passage.sentences[n].start - passage.start, passage.sentences[n].end - passage.start) for n in numbers
            ]
            found[row] = any(defines(passage.text[start:end], defined) for start, end in spans)
    return found
