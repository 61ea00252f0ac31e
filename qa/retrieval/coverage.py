"""Coverage: how much of a question a passage covers, and which of its words it lacks.

Coverage is the share of the question's weight that the passage contains; rarer words weigh more. The exact form of a
word counts more than another form, and pairs and title words count as in ranking: on other medical questions this
refuses .75 where mere presence refused .72, on those of another page .922 against .895 (docs/benchmarks.md).

In a small corpus, document frequency does not show how rare a word is: the words of its subject are in every passage.
Its counts are therefore added to those of a background corpus: 75,778 passages of 1,998 open-access trial articles,
none of which is in a test set.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import PassageTerms, Statistics, Token
from qa.text.background import background, is_subject


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of a question that a passage covers (0 to 1) and the words of the question that it lacks.

    `plain` is the share without the bonus for pairs and title words.
    """

    share: float
    missing: tuple[Token, ...]
    plain: float


@dataclass(frozen=True, slots=True)
class Allowances:
    """What coverage allows for besides the words that question and passage share.

    `generic` words weigh little where they are missing and are not reported, unless the question has no others.
    `substitutes` are terms that the passage has in other words. `extra` lists what is asked for besides words, as pairs
    of weight and share found. `missing_factor` scales the weight of missing words.
    """

    generic: Collection[str] = frozenset()
    substitutes: Collection[str] = frozenset()
    extra: Sequence[tuple[float, float]] = ()
    missing_factor: float = 1.0


NOTHING = Allowances()


def cover(
    question: Sequence[Token], passage: PassageTerms, statistics: Statistics, allowing: Allowances = NOTHING
) -> Coverage:
    """The coverage of a question by a passage. `question` holds its content words in order.

    A question with neither words nor `extra` has coverage 1. A term found in half of all passages is the subject of the
    documents and distinguishes nothing, so its weight is capped at `Weights.subject`.
    """
    asked, extra = first_of_each(question), allowing.extra
    own = {token.term for token in question if token.form in passage.forms}
    shares = {term: WEIGHTS.substitute_share if term in allowing.substitutes else 0.0 for term in asked}
    shares |= {term: WEIGHTS.other_form for term in asked if term in passage.counts}
    shares |= dict.fromkeys(own, 1.0)
    light = allowing.generic if extra or any(term not in allowing.generic for term in asked) else ()
    factors = {term: WEIGHTS.generic_missing if term in light else allowing.missing_factor for term in asked}
    weights = {term: term_weight(term, statistics) for term in asked}
    found = sum(weights[term] * share for term, share in shares.items()) + sum(w * share for w, share in extra)
    lacking = sum(weights[term] * (1 - share) * factors[term] for term, share in shares.items())
    lacking += sum(weight * (1 - share) for weight, share in extra)
    pairs = sum((weights[a] + weights[b]) / 2 for a, b in pairwise(asked) if f" {a} {b} " in passage.order)
    titled = sum(weights[term] for term in asked if term in passage.title)
    missing = tuple(asked[term] for term, share in shares.items() if not share and term not in light)
    if not found + lacking:
        return Coverage(1.0, missing, 1.0)
    share = found / (found + lacking)
    bonus = (WEIGHTS.pair_gain * pairs + WEIGHTS.title_gain * titled) / (found + lacking)
    return Coverage(share + (1 - share) * min(1.0, bonus), missing, share)


def term_weight(term: str, statistics: Statistics) -> float:
    """The weight of a term: its idf over corpus and background, up to the maximum for its kind."""
    subject = is_subject(statistics.frequency(term), statistics.passages)
    return min(WEIGHTS.subject if subject else WEIGHTS.heaviest, background().weight(term, statistics))


def first_of_each(tokens: Sequence[Token]) -> dict[str, Token]:
    """The distinct terms, in order, each with the first token that has it."""
    found: dict[str, Token] = {}
    for token in tokens:
        found.setdefault(token.term, token)
    return found
