"""The sentence of a passage that answers: by the share of the question's weight that it holds, and four cues."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.text.analysis import Token

# Shares of the question's weight. Measured with the gold passage given (benchmarks/retrieval.py): the weighted overlap
# alone finds a gold sentence for .75 of both sets, with the cues for .79 (evidence-inference) and .77 (covidqa).
# A position within the passage, sentence length and the sentence after were tried and gave nothing.
GIVEN = 0.65  # a word that title or heading gives already says less about one sentence than another
BEFORE = 0.5  # a word found only in the sentence before: what "it" and "they" stand for
PAIR = 0.3  # two words that follow one another in question and sentence
NUMBER = 0.1  # a digit, when a number is asked for: level on these two sets, one more right of 78 TREC questions
RESULT = 0.03  # a sign of a finding, when an effect is asked for: .793 to .804 on evidence-inference; 0.1 loses there
SIGNS_COUNTED = 3

# Few signs: "%", "reduced" and "more" stand in every second sentence of such articles and lost what these gain.
SIGN_OF_RESULT = re.compile(r"\bp\s*[<=>≤]|\b(?:significan\w*|higher|lower)\b", re.IGNORECASE)
DIGIT = re.compile(r"\d")

CLOSE = 0.95  # a second sentence is marked too when it reaches this share of the first one's score

Weight = Callable[[str], float]


class SentenceWords(NamedTuple):
    """A sentence as written and its content words."""

    text: str
    tokens: Sequence[Token]


def pick_sentences(
    question: Sequence[Token],
    sentences: Sequence[SentenceWords],
    given: Collection[str],
    weight: Weight,
    *,
    asks_number: bool = False,
    asks_effect: bool = False,
) -> tuple[int, ...]:
    """The indices of the one or two sentences that answer, in the order of the text; none when no
    sentence shares a word with the question or shows what it asks for.

    `given` are the terms of title and headings; `weight` says what a term weighs.
    """
    scores = score_sentences(question, sentences, given, weight, asks_number=asks_number, asks_effect=asks_effect)
    best = sorted(range(len(scores)), key=lambda i: -scores[i])[:2]
    return tuple(sorted(i for i in best if scores[i] > 0 and scores[i] >= CLOSE * scores[best[0]]))


def score_sentences(
    question: Sequence[Token],
    sentences: Sequence[SentenceWords],
    given: Collection[str],
    weight: Weight,
    *,
    asks_number: bool = False,
    asks_effect: bool = False,
) -> list[float]:
    """What each sentence holds of the question, about 0 to 2."""
    weights = {token.term: weight(token.term) for token in question}
    total = sum(weights.values()) or 1.0
    shares = {term: value / total for term, value in weights.items()}
    pairs = {(a.term, b.term): (shares[a.term] + shares[b.term]) / 2 for a, b in pairwise(question)}
    scores: list[float] = []
    before: Collection[str] = ()
    for text, tokens in sentences:
        terms = [token.term for token in tokens]
        present, adjacent = frozenset(terms), frozenset(pairwise(terms))
        score = sum(share * (GIVEN if term in given else 1) for term, share in shares.items() if term in present)
        score += BEFORE * sum(share for term, share in shares.items() if term in before and term not in present)
        score += PAIR * sum(share for pair, share in pairs.items() if pair in adjacent)
        score += NUMBER * (asks_number and bool(DIGIT.search(text)))
        score += RESULT * (asks_effect and min(SIGNS_COUNTED, len(SIGN_OF_RESULT.findall(text))))
        scores.append(score)
        before = present
    return scores
