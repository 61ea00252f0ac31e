"""Coverage: how much of a question a passage covers, and which of its words it lacks.

Coverage is the share of the question's weight that the passage contains; rarer words weigh more, and the exact form of
a word counts more than another form.

In a small corpus, document frequency does not show how rare a word is: the words of its subject are in every passage.
Its counts are therefore added to those of a background corpus: 75,778 passages of 1,998 open-access trial articles,
none of which is in a test set.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Protocol

import numpy as np

from qa.retrieval.features import Counts, Flags, Scores, weighted
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms, Statistics, Token
from qa.text.background import background, is_subject


class PassageWords(Protocol):
    """The words of some passages; see `WordFeatures`."""

    def __len__(self) -> int: ...

    def count_terms(self, terms: Sequence[str]) -> Counts: ...

    def count_forms(self, forms: Sequence[str]) -> Counts: ...


class OnePassage:
    """The words of one passage; implements `PassageWords`."""

    def __init__(self, terms: PassageTerms) -> None:
        self._terms = terms

    def __len__(self) -> int:
        return 1

    def count_terms(self, terms: Sequence[str]) -> Counts:
        return np.array([[self._terms.counts[term] for term in terms]], np.int64)

    def count_forms(self, forms: Sequence[str]) -> Counts:
        return np.array([[self._terms.forms[form] for form in forms]], np.int64)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of a question that a passage covers (0 to 1) and the words of the question that it lacks."""

    share: float
    missing: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class CoverageOfPassages:
    """The same for several passages; `lacks` has a column for each of `words`."""

    shares: Sequence[float]
    words: Sequence[Token]
    lacks: Sequence[Sequence[bool]]

    def of(self, passage: int) -> Coverage:
        return Coverage(self.shares[passage], tuple(compress(self.words, self.lacks[passage])))


@dataclass(frozen=True, slots=True)
class Allowances:
    """What coverage allows for besides the words that question and passage share.

    `generic` words weigh little where they are missing and are not reported, unless the question has no others.
    `substitutes` says for some terms which passages have them in other words. `extra` lists what is asked for besides
    words, as pairs of weight and share found by each passage.
    """

    generic: Collection[str] = frozenset()
    substitutes: Mapping[str, Flags] = field(default_factory=dict)
    extra: Sequence[tuple[float, Scores | float]] = ()


NOTHING = Allowances()


def cover(
    question: Sequence[Token], passage: PassageTerms, statistics: Statistics, allowing: Allowances = NOTHING
) -> Coverage:
    """The coverage of a question by a passage."""
    return cover_passages(question, OnePassage(passage), statistics, allowing).of(0)


def cover_passages(
    question: Sequence[Token], passages: PassageWords, statistics: Statistics, allowing: Allowances = NOTHING
) -> CoverageOfPassages:
    """The coverage of a question by each of some passages. `question` holds its content words in order.

    A question with neither words nor `extra` has coverage 1. A term found in half of all passages is the subject of the
    documents and distinguishes nothing, so its weight is capped at `Weights.named`.
    """
    asked = first_of_each(question)
    terms, extra = [*asked], allowing.extra
    weights = np.array([term_weight(term, statistics) for term in terms])
    present = shares_present(question, terms, passages, allowing.substitutes)
    light = np.array([term in allowing.generic for term in terms], bool)
    light &= bool(extra) or not light.all()
    factors = np.where(light, WEIGHTS.part, 1.0)
    found = weighted(present, weights) + sum(weight * share for weight, share in extra)
    lacking = weighted((1 - present) * factors, weights) + sum(weight * (1 - share) for weight, share in extra)
    total = found + lacking
    shares = np.where(total > 0, found / np.where(total > 0, total, 1.0), 1.0)
    lacks = (present == 0) & ~light
    return CoverageOfPassages(shares.tolist(), [*asked.values()], lacks.tolist())


def shares_present(
    question: Sequence[Token], terms: Sequence[str], passages: PassageWords, substitutes: Mapping[str, Flags]
) -> Scores:
    """Which share of each term each passage has: all in the question's own form or in other words, less in another
    form."""
    none = np.zeros(len(passages), bool)
    replaced = np.array([substitutes.get(term, none) for term in terms], bool).reshape(len(terms), len(passages)).T
    shares = np.where(replaced, 1.0, 0.0)
    shares = np.where(passages.count_terms(terms) > 0, WEIGHTS.part, shares)
    columns = {term: column for column, term in enumerate(terms)}
    own = passages.count_forms([token.form for token in question]) > 0
    for number, token in enumerate(question):
        shares[own[:, number], columns[token.term]] = 1.0
    return shares


def term_weight(term: str, statistics: Statistics) -> float:
    """The weight of a term: its idf over corpus and background, at most `Weights.named` if it is the subject."""
    weight = background().weight(term, statistics)
    return min(WEIGHTS.named, weight) if is_subject(statistics.frequency(term), statistics.passages) else weight


def first_of_each(tokens: Sequence[Token]) -> dict[str, Token]:
    """The distinct terms, in order, each with the first token that has it."""
    found: dict[str, Token] = {}
    for token in tokens:
        found.setdefault(token.term, token)
    return found
