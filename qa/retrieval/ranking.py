"""The second stage: scores candidates by what they share with the question, term by term.

The same wherever the passages are kept, because it needs a passage's own terms and the corpus-wide counts alone. A
score is exactly the sum of its contributions: 'why this passage' is no explanation after the fact. What each step is
worth on public sets, and what was tried and left out, stands in docs/benchmarks.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from qa.models import Contribution
from qa.text.analysis import PassageTerms, Statistics, Token

# Short passages want little saturation and little length correction; see indexes/memory.py.
K1, B = 0.9, 0.4
# Measured on evidence-inference, scifact, covidqa and cranfield together (development halves):
EXACT_GAIN = 0.4  # the question's own form of a word, beside its stem: +.009 to +.019 nDCG on three sets of four
PAIR_GAIN = 0.4  # two words that follow one another in question and passage: +.004 to +.020; where passages are single
# snippets 0.2 is safer (0.4 lost .012 on bioasq snippets)
TITLE_GAIN = 0.2  # a word of the document's title: +.098 on medquad together with EXACT, nothing lost elsewhere

WHOLE: Mapping[str, float] = {}


class Candidate(NamedTuple):
    id: str
    terms: PassageTerms


class Ranked(NamedTuple):
    """A candidate with its score, which is the sum of the contributions in their order."""

    id: str
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """A question, weighed: only words that the corpus knows."""

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
    """The candidates, best first; equals stay in the order given. `question` are its content words in order, `shares`
    what a term counts for where that is less than 1."""
    weights = weigh(question, sentences_in_question, statistics, shares)
    ranked = [score(candidate, weights, statistics.average_length) for candidate in candidates]
    return sorted(ranked, key=lambda each: -each.score)


def weigh(
    question: Sequence[Token],
    sentences_in_question: int,
    statistics: Statistics,
    shares: Mapping[str, float] = WHOLE,
) -> Weights:
    """What each word, form and pair of a question is worth.

    Each word counts once (+.044 nDCG on evidence-inference, whose questions repeat words); in a message of several
    sentences, where what is repeated is the topic, the square root of its number.
    """
    known = [token for token in question if statistics.frequency(token.term)]
    idf = {token.term: statistics.idf(token.term) * shares.get(token.term, 1.0) for token in known}
    times = Counter(token.term for token in known) if sentences_in_question > 1 else dict.fromkeys(idf, 1)
    return Weights(
        terms={term: sqrt(times[term]) * weight for term, weight in idf.items()},
        forms={(token.term, token.form): EXACT_GAIN * idf[token.term] for token in known},
        pairs={
            (a.term, b.term): PAIR_GAIN * (idf[a.term] + idf[b.term]) / 2
            for a, b in pairwise(known)
            if a.term != b.term
        },
        idf=idf,
    )


def score(candidate: Candidate, weights: Weights, average_length: float) -> Ranked:
    contributions = tuple(contribute(candidate.terms, weights, average_length))
    return Ranked(candidate.id, sum(each.value for each in contributions), contributions)


def contribute(passage: PassageTerms, weights: Weights, average_length: float) -> Iterator[Contribution]:
    """What the passage's terms add, kind by kind, each in the order of the question."""
    # Where no passage has a content word ("To be.") there is no mean length, and nothing to weigh.
    damping = K1 * (1 - B + B * passage.length / (average_length or 1))
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
            yield Contribution(term, "title", TITLE_GAIN * weight)
