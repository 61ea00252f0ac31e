"""How sure an answer is: features of a question and of the passages found, and the probability fitted to them.

Each feature can be explained in a sentence. Their weights (data/relevance.toml) are fitted to the questions of many
pages (`python -m benchmarks.fit`); a third of these have no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.retrieval.coverage import first_of_each, term_weight
from qa.retrieval.fitted import EvidenceKind, fitted
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage
from qa.retrieval.weights import WEIGHTS
from qa.understanding.context import IndexContext

WORD_KINDS = frozenset({"bm25", "exact", "pair", "title", "alike", "condition", "aspect", "coverage"})
MARGIN_COUNTED = 6.0  # points of score; a larger lead of the first passage says nothing more
MEANING_MARGIN_COUNTED = 0.3  # the same for the sum of two cosines


def confidence_of(request: SearchRequest, found: Sequence[ScoredPassage], unshown: int, context: IndexContext) -> float:
    """The probability that the first passage answers. `unshown` is the number of specific aspects that are asked about
    and that no passage shows."""
    if not found:
        return 0.0
    features = features_of(request, found, context) | {"aspect_missing": float(unshown > 0)}
    return fitted().confidence[evidence_kind(found)].probability(features)


def is_off_topic(request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext) -> bool:
    """Whether no passage is near to the question, none has much of it, and it names nothing that is covered."""
    if not found or names_covered(request):
        return not found
    words = max(each.coverage.share for each in found)
    if evidence_kind(found) == "meaning":
        return nearness(found) < fitted().far_among(number_compared(context)) and words < fitted().few
    return words < fitted().fewest


def names_covered(request: SearchRequest) -> bool:
    """Whether a question names a condition or treatment that the documents cover."""
    topics = request.topics
    return any(each.covered for each in topics.conditions) or any(each.covered for each in topics.interventions)


def nearness(found: Sequence[ScoredPassage]) -> float:
    """The highest mean of the cosines of a passage and of its two closest sentences; -1 without vectors. A single
    sentence can be close to any question by chance."""
    close = (each.evidence.closeness for each in found)
    return max(((each.passage + each.closest_two) / 2 for each in close if each), default=-1.0)


def number_compared(context: IndexContext) -> int:
    """The number of passages whose vectors a question is compared with."""
    vectors = context.index.vectors
    return context.index.manifest.passages if vectors and vectors.compares_all else WEIGHTS.most_candidates


def evidence_kind(found: Sequence[ScoredPassage]) -> EvidenceKind:
    return "meaning" if found[0].evidence.closeness else "words"


def features_of(request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext) -> dict[str, float]:
    """What may make an answer surer or less sure; names as in relevance.toml.

    `words`: the share of the question that the first passage has; `in_sentence`: that one of its sentences has;
    `closeness`: the cosine of its closest sentence; `both`: words times closeness; `agreement`: it is also first by
    words alone and by meaning alone; `margin`: its lead over the second; `meaning_margin`: the lead of the closest
    passage over the next, by meaning alone; `heaviest_missing`, `missing_numbers`: what it lacks; `condition`: a
    condition asked about is covered; `treatment_missing`: one named is not in the documents; `asks_number`;
    `in_message`: the question is part of a longer message.
    """
    first, question, topics = found[0], request.question, request.topics
    closeness, weights = closeness_of(first), weights_of_words(request, context)
    # One that was only put behind for being disputed is no rival: it says the same.
    rival = next((each for each in found[1:] if all(part.kind != "disputed" for part in each.why)), None)
    lead = first.score - rival.score if rival else MARGIN_COUNTED
    numbers = [token for token in question.tokens if token.form[0].isdigit()]
    evidence = first.evidence
    lacking = [term for term in weights if term not in evidence.terms.counts and term not in evidence.substitutes]
    return {
        "words": first.coverage.share,
        "in_sentence": share_in_sentence(first, weights) if evidence.closeness else 0.0,
        "closeness": closeness,
        "both": closeness * first.coverage.share,
        "agreement": float(is_first_by_both(found)),
        "margin": min(MARGIN_COUNTED, max(0.0, lead)) / MARGIN_COUNTED,
        "meaning_margin": meaning_margin(found),
        "heaviest_missing": max((weights[term] for term in lacking), default=0.0) / WEIGHTS.heaviest,
        "missing_numbers": float(any(token.form not in evidence.terms.forms for token in numbers)),
        "condition": float(any(condition.covered for condition in topics.conditions)),
        "treatment_missing": float(any(not treatment.covered for treatment in topics.interventions)),
        "asks_number": float(question.asks_number),
        "in_message": float(question.sentences > 1),
    }


def weights_of_words(request: SearchRequest, context: IndexContext) -> dict[str, float]:
    """The weight of each distinct word of a question, as in coverage; generic words weigh little."""
    statistics, generic = context.index.statistics, context.lexicon.generic
    return {
        term: term_weight(term, statistics) * (WEIGHTS.generic_missing if term in generic else 1.0)
        for term in first_of_each(request.question.tokens)
    }


def share_in_sentence(found: ScoredPassage, weights: Mapping[str, float]) -> float:
    """The largest share of a question's words, by weight, that one sentence of a passage has."""
    passage, terms = found.passage, found.evidence.all_terms
    total = sum(weights.values())
    shares = [
        sum(weights.get(term, 0.0) for term in {token.term for token in terms.within(start, end)})
        for start, end in ((each.start - passage.start, each.end - passage.start) for each in passage.sentences)
    ]
    return max(shares, default=0.0) / total if total else 0.0


def meaning_margin(found: Sequence[ScoredPassage]) -> float:
    """The lead of the closest passage over the next, by meaning alone; 0 to 1."""
    best, second, *_ = sorted((*map(by_meaning, found), -1.0, -1.0), reverse=True)
    return min(MEANING_MARGIN_COUNTED, best - second) / MEANING_MARGIN_COUNTED


def by_meaning(found: ScoredPassage) -> float:
    return closeness_of(found) + passage_closeness(found)


def closeness_of(found: ScoredPassage) -> float:
    return max(0.0, found.evidence.closeness.best) if found.evidence.closeness else 0.0


def passage_closeness(found: ScoredPassage) -> float:
    return found.evidence.closeness.passage if found.evidence.closeness else 0.0


def is_first_by_both(found: Sequence[ScoredPassage]) -> bool:
    """Whether the first passage is also first by words alone and by meaning alone."""
    first_by_words = max(found, key=words_score)
    return first_by_words is found[0] is max(found, key=by_meaning) and words_score(first_by_words) > 0


def words_score(found: ScoredPassage) -> float:
    return sum(each.value for each in found.why if each.kind in WORD_KINDS)
