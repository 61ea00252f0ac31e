"""Second-stage ranking: score candidates by the words that they share with the question, term by term.

It needs only a passage's own terms and corpus-wide counts, so it works the same for every index. A score is exactly the
sum of its contributions, so the explanation of a score is the score itself. What each step gains on public sets, and
what was tried and rejected, is in docs/benchmarks.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.indexes.vectors import Closeness
from qa.models import Contribution
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms, Statistics, Token

WHOLE: Mapping[str, float] = {}
Length = TypeVar("Length", float, NDArray[np.float64])


class Candidate(NamedTuple):
    """The id of a passage from the first stage, its terms and, with an encoder, how close it is to the question."""

    id: str
    terms: PassageTerms
    closeness: Closeness | None = None


class Ranked(NamedTuple):
    """A candidate with its score, the sum of its contributions in the order given."""

    id: str
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class TermWeights:
    """The weights of a question's terms, exact forms and adjacent pairs; words unknown to the corpus are left out."""

    terms: Mapping[str, float]
    forms: Mapping[tuple[str, str], float]
    pairs: Mapping[tuple[str, str], float]
    idf: Mapping[str, float]


def rank(
    question: Sequence[Token],
    sentences_in_question: int,
    candidates: Iterable[Candidate],
    statistics: Statistics,
    shares: Mapping[str, float] = WHOLE,
) -> list[Ranked]:
    """The candidates, best first; ties keep their order.

    `question` holds its content words in order; `shares` gives the factor of terms that count for less than 1.
    """
    weights = weigh(question, sentences_in_question, statistics, shares)
    ranked = [score(candidate, weights, statistics.average_length) for candidate in candidates]
    return sorted(ranked, key=lambda each: -each.score)


def weigh(
    question: Sequence[Token],
    sentences_in_question: int,
    statistics: Statistics,
    shares: Mapping[str, float] = WHOLE,
) -> TermWeights:
    """The weight of each term, exact form and adjacent pair of a question.

    Repeated words count once (+.044 nDCG on evidence-inference, whose questions repeat words). In a message of several
    sentences, where repetition indicates the topic, a word counts by the square root of its frequency.
    """
    known = [token for token in question if statistics.frequency(token.term)]
    idf = {token.term: statistics.idf(token.term) * shares.get(token.term, 1.0) for token in known}
    times = Counter(token.term for token in known) if sentences_in_question > 1 else dict.fromkeys(idf, 1)
    return TermWeights(
        terms={term: sqrt(times[term]) * weight for term, weight in idf.items()},
        forms={(token.term, token.form): WEIGHTS.part * idf[token.term] for token in known},
        pairs={
            (a.term, b.term): WEIGHTS.part * (idf[a.term] + idf[b.term]) / 2
            for a, b in pairwise(known)
            if a.term != b.term
        },
        idf=idf,
    )


def score(candidate: Candidate, weights: TermWeights, average_length: float) -> Ranked:
    """The score of one candidate, with its contributions."""
    contributions = tuple(contribute(candidate.terms, weights, average_length))
    return Ranked(candidate.id, sum(each.value for each in contributions), contributions)


def contribute(passage: PassageTerms, weights: TermWeights, average_length: float) -> Iterator[Contribution]:
    """The contributions of a passage's terms, kind by kind, each kind in question order."""
    damping = damping_of(passage.length, average_length)
    for term, weight in weights.terms.items():
        if n := passage.counts.get(term):
            yield Contribution(term, "bm25", weight * n / (n + damping))
    for (term, form), weight in weights.forms.items():
        if n := passage.forms.get(form):
            yield Contribution(term, "exact", weight * n / (n + damping))
    for (a, b), weight in weights.pairs.items():
        if f" {a} {b} " in passage.order:
            yield Contribution(f"{a} {b}", "pair", weight)
    for term, weight in weights.idf.items():
        if term in passage.title:
            yield Contribution(term, "title", WEIGHTS.title_gain * weight)


def damping_of(length: Length, average_length: float) -> Length:
    """What is added to the count of a term in BM25, for one length or for an array of them."""
    # The average length is 0 when no passage has a content word ("To be.").
    penalty = WEIGHTS.length_penalty
    return WEIGHTS.saturation * (1 - penalty + penalty * length / (average_length or 1))
