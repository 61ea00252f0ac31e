"""Pick the sentences of a passage that answer a question, by weighted word overlap and four further cues."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.text.analysis import Token

# As shares of the question's weight. Measured within the gold passage (benchmarks/retrieval.py): weighted overlap alone
# finds a gold sentence for .75 of the questions of both sets, with the cues .79 (evidence-inference) and .77 (covidqa).
# Position within the passage, sentence length and the following sentence were tried without any gain.
GIVEN = 0.65  # a word already in the title or heading distinguishes less between sentences
BEFORE = 0.5  # a word found only in the preceding sentence: what "it" and "they" refer to
PAIR = 0.3  # two words adjacent in both question and sentence
NUMBER = 0.1  # a digit, when a number is asked for: no change on these two sets, one more right of 78 TREC questions
RESULT = 0.03  # a sign of a result, when an effect is asked for: .793 to .804 on evidence-inference; 0.1 is worse there
SIGNS_COUNTED = 3

# Kept short: "%", "reduced" and "more" occur in every second sentence of such articles; adding them undid the gain.
SIGN_OF_RESULT = re.compile(r"\bp\s*[<=>≤]|\b(?:significan\w*|higher|lower)\b", re.IGNORECASE)
DIGIT = re.compile(r"\d")

CLOSE = 0.95  # a second sentence is also marked when its score reaches this share of the best one

Weight = Callable[[str], float]


class SentenceWords(NamedTuple):
    """The text of a sentence and its content words."""

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
    """The indices of the one or two answering sentences, in text order.

    `given` are the terms of title and headings; `weight` returns the weight of a term. Returns no index when no
    sentence shares a word with the question or shows the number or result that it asks for.
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
    """The score of each sentence, about 0 to 2: the share of the question's weight that it contains, plus cues."""
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
