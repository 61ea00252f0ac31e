"""How much of a question the candidates cover: its words, and what it asks for besides words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from qa.retrieval.coverage import Allowances, Coverage, CoverageOfPassages, cover_passages
from qa.retrieval.evidence import GatheredEvidence
from qa.retrieval.features import Flags, Scores
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import WEIGHTS
from qa.understanding.context import IndexContext


def cover_question(
    evidence: GatheredEvidence, named: Sequence[Flags], request: SearchRequest, context: IndexContext
) -> Callable[[int], Coverage]:
    """The coverage of a question by each candidate: words, conditions, aspects and treatments together. `named` says
    for each treatment asked about which candidates name it.

    Which words count as words depends on the aspects that a passage shows, so those that show the same are covered
    together.
    """
    covered: dict[int, CoverageOfPassages] = {}

    def of(row: int) -> Coverage:
        shown = int(evidence.shown[row])
        if shown not in covered:
            met = evidence.sentences.named(shown)
            weighed = [id for id, kind in request.aspects.items() if kind == "specific" or id in met]
            works = [request.question.terms_of(work) for work in request.question.works]
            excluded = request.entity_terms.union(*(request.aspect_terms[aspect] for aspect in weighed), *works)
            words = [token for token in request.question.tokens if token.term not in excluded]
            allowances = Allowances(
                generic=context.lexicon.generic,
                substitutes={term: chosen > 0 for term, (_, chosen) in evidence.substitutes.items()},
                extra=(
                    *conditions_found(evidence, request),
                    *((WEIGHTS.named, float(id in met)) for id in weighed),
                    *((WEIGHTS.named, 1.0) for _ in works),
                    *((WEIGHTS.named, has_name.astype(np.float64)) for has_name in named),
                ),
            )
            covered[shown] = cover_passages(words, evidence.words, request.statistics, allowances)
        return covered[shown].of(row)

    return of


def conditions_found(evidence: GatheredEvidence, request: SearchRequest) -> Iterator[tuple[float, Scores]]:
    """The weight of each condition asked about, and which candidates are on it, a narrower or a broader one."""
    for id in request.ids:
        yield WEIGHTS.named, np.array([float(id in each) for each in evidence.relations])
