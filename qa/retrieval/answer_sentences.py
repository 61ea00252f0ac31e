"""Pick the sentences of a passage that answer a question: by weighted word overlap, closeness and further cues."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from qa.retrieval.definitions import defines
from qa.retrieval.evidence import Evidence, labels_of_states
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import Token, analyze, in_terms
from qa.text.background import background
from qa.understanding.aspects import Aspects
from qa.understanding.context import IndexContext

# Kept short: "%", "reduced" and "more" occur in every second sentence of such articles; adding them undid the gain.
SIGN_OF_RESULT = re.compile(r"\bp\s*[<=>≤]|\b(?:significan\w*|higher|lower)\b", re.IGNORECASE)
START = attrgetter("start")
ASPECT_TERM = "aspect {}"  # an aspect as an extra term; the blank keeps it apart from real terms


class SentenceWords(NamedTuple):
    """The text of a sentence and its content words; its closeness to the question (a cosine; 0 without an encoder),
    whether it says what something is, if that is asked, and whether it is disputed."""

    text: str
    tokens: Sequence[Token]
    closeness: float = 0.0
    defines: bool = False
    disputed: bool = False


@dataclass(frozen=True)
class Wanted:
    """What an answering sentence should contain: the words of a question, in order, the weight of each term, and a
    result or a definition if one is asked for. `alike` maps terms to what may stand for them. `disputed` are
    the ids of disputed sentences of any passage."""

    words: Sequence[Token]
    weights: Mapping[str, float]
    asks_effect: bool = False
    alike: Mapping[str, Collection[str]] = field(default_factory=dict)
    defined: str | None = None
    disputed: Collection[str] = ()

    @cached_property
    def shares(self) -> Mapping[str, float]:
        """The share of each term in the weight of all."""
        weights = {token.term: self.weights[token.term] for token in self.words}
        total = sum(weights.values()) or 1.0
        return {term: value / total for term, value in weights.items()}

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], float]:
        """The shares of terms that follow one another."""
        shares = self.shares
        return {(a.term, b.term): (shares[a.term] + shares[b.term]) / 2 for a, b in pairwise(self.words)}


def wanted_in(request: SearchRequest, context: IndexContext) -> Wanted:
    """What a sentence that answers a request should contain; an aspect asked about counts as one more term."""
    question, entries = request.question, context.lexicon.aspects.entries
    asked = {ASPECT_TERM.format(id): WEIGHTS.aspect_gain(entries[id].kind) for id in request.aspects}
    words = [*distinguishing_words(request, context), *map(as_token, asked)]
    weights = {each.term: background().weight(each.term, request.statistics) for each in words} | asked
    disputed = context.index.manifest.knowledge.disputed
    return Wanted(words, weights, question.asks_effect, question.alike, request.defined, disputed)


def distinguishing_words(request: SearchRequest, context: IndexContext) -> list[Token]:
    """The words of a question that distinguish one sentence of a passage from another.

    The names of the condition are left out, because all of these sentences are relevant to it, whatever they call it. A
    state of the condition is included: "withdrawal" under a heading on opioids.
    """
    question = request.question
    labels = [token for label in labels_of_states(question, context) for token in analyze(label)]
    distinguishing = [token for token in question.tokens if token.term not in request.condition_terms] + labels
    return distinguishing or list(question.tokens)


def answering_sentences(evidence: Evidence, wanted: Wanted, aspects: Aspects) -> list[int]:
    """The positions of the answering sentences of a passage, of those that are relevant; the first of these when none
    scores."""
    picked = pick_sentences(wanted, contents_of_sentences(evidence, wanted, aspects), evidence.given)
    return [evidence.relevant[n] for n in picked] or list(evidence.relevant[:1])


def best_score(evidence: Evidence, wanted: Wanted, aspects: Aspects) -> float:
    """The score of the sentence of a passage that answers best, disputed or not."""
    sentences = contents_of_sentences(evidence, wanted, aspects)
    return max(score_sentences(wanted, sentences, evidence.given), default=0.0)


def contents_of_sentences(evidence: Evidence, wanted: Wanted, aspects: Aspects) -> list[SentenceWords]:
    """What the relevant sentences of a passage contain.

    An aspect is treated as an extra term of the sentences that show it, and a question term as a term of the sentences
    that contain a substitute for it.
    """
    passage, words = evidence.passage, evidence.tokens
    asked = frozenset(evidence.gathered.sentences.aspects)
    marks = evidence.gathered.candidates.sentences.of(evidence.row) if asked else []
    has = {token.term for token in words}
    every = {**{term: {other} for term, other in evidence.substitutes.items()}, **wanted.alike}
    possible = ((term, [each for each in others if has.issuperset(each.split())]) for term, others in every.items())
    alternatives = {term: others for term, others in possible if others}
    named = in_terms(wanted.defined or "").partition(" ")[0]
    sentences = []
    for number in evidence.relevant:
        start, end = (passage.sentences[number].start - passage.start, passage.sentences[number].end - passage.start)
        tokens = words[bisect_left(words, start, key=START) : bisect_left(words, end, key=START)]
        text = passage.text[start:end]
        order = f" {' '.join([token.term for token in tokens])} "
        more = [term for term, others in alternatives.items() if any(f" {other} " in order for other in others)]
        if asked and asked & marks[number].aspects:  # those of the heading count for all sentences alike
            more += map(ASPECT_TERM.format, sorted(aspects.shown(text)))
        sentences.append(
            SentenceWords(
                text,
                (*tokens, *map(as_token, more)),
                closeness=evidence.closeness.sentences[number] if evidence.closeness else 0.0,
                defines=bool(wanted.defined) and f" {named} " in order and defines(text, wanted.defined or ""),
                disputed=passage.sentences[number].id in wanted.disputed,
            )
        )
    return sentences


def as_token(term: str) -> Token:
    return Token(term, term, 0, 0)


def pick_sentences(wanted: Wanted, sentences: Sequence[SentenceWords], given: Collection[str]) -> tuple[int, ...]:
    """The indices of the one or two answering sentences, in text order. `given` are the terms of title and headings.

    Disputed sentences only if no other answers as well. Returns no index when no sentence shares a word with the
    question or shows the result that it asks for.
    """
    scores = score_sentences(wanted, sentences, given)
    undisputed = [0.0 if each.disputed else score for each, score in zip(sentences, scores, strict=True)]
    if max(undisputed, default=0.0) >= WEIGHTS.as_well * max(scores, default=0.0):
        scores = undisputed
    best = sorted(range(len(scores)), key=lambda i: -scores[i])[:2]
    return tuple(sorted(i for i in best if scores[i] > 0 and scores[i] >= WEIGHTS.close * scores[best[0]]))


def score_sentences(wanted: Wanted, sentences: Sequence[SentenceWords], given: Collection[str]) -> list[float]:
    """The score of each sentence, about 0 to 2: the share of the question's weight that it contains, its closeness, and
    cues."""
    shares, pairs = wanted.shares, wanted.pairs
    own = [(term, share, share * (WEIGHTS.part if term in given else 1)) for term, share in shares.items()]
    scores: list[float] = []
    before: Collection[str] = ()
    for text, tokens, closeness, is_definition, _ in sentences:
        terms = [token.term for token in tokens]
        present, adjacent = frozenset(terms), frozenset(pairwise(terms))
        score = sum([gain for term, _, gain in own if term in present])
        score += WEIGHTS.part * sum([share for term, share, _ in own if term in before and term not in present])
        score += WEIGHTS.part * sum([share for pair, share in pairs.items() if pair in adjacent])
        if wanted.asks_effect:
            score += WEIGHTS.result_gain * bool(SIGN_OF_RESULT.search(text))
        score += WEIGHTS.sentence_closeness * max(0.0, closeness) + WEIGHTS.evidence_gain * is_definition
        scores.append(score)
        before = present
    return scores
