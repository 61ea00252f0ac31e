"""How sure an answer is: features of a question and of the passages found, and the probability fitted to them.

Each feature can be explained in a sentence. Their weights (data/relevance.toml) are fitted to the questions of many
pages (`python -m benchmarks.fit`); a third of these have no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.retrieval.fitted import EvidenceKind, fitted
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage

WORD_KINDS = frozenset({"bm25", "exact", "pair", "title", "alike", "condition", "aspect", "coverage"})
MARGIN_COUNTED = 6.0  # points of score; a larger lead of the first passage says nothing more
MISSING_COUNTED = 4  # missing words counted


def confidence_of(request: SearchRequest, found: Sequence[ScoredPassage], unshown: int) -> float:
    """The probability that the first passage answers. `unshown` is the number of specific aspects that are asked about
    and that no passage shows."""
    if not found:
        return 0.0
    features = features_of(request, found) | {"aspect_missing": float(unshown > 0)}
    return fitted().confidence[evidence_kind(found)].probability(features)


def is_off_topic(request: SearchRequest, found: Sequence[ScoredPassage]) -> bool:
    """Whether no passage is close to the question, none has much of it, and it names nothing that is covered."""
    if not found or names_covered(request):
        return not found
    words = max(each.coverage.share for each in found)
    if evidence_kind(found) == "meaning":
        return closest(found) < fitted().far and words < fitted().few
    return words < fitted().fewest


def names_covered(request: SearchRequest) -> bool:
    """Whether a question names a condition or treatment that the documents cover."""
    topics = request.topics
    return any(each.covered for each in topics.conditions) or any(each.covered for each in topics.interventions)


def closest(found: Sequence[ScoredPassage]) -> float:
    """The highest cosine of a passage or a sentence."""
    return max(max(closeness_of(each), passage_closeness(each)) for each in found)


def evidence_kind(found: Sequence[ScoredPassage]) -> EvidenceKind:
    return "meaning" if found[0].evidence.closeness else "words"


def features_of(request: SearchRequest, found: Sequence[ScoredPassage]) -> dict[str, float]:
    """What may make an answer surer or less sure; names as in relevance.toml.

    `words`: the share of the question that the first passage has; `closeness`: the cosine of its closest sentence;
    `both`: their product; `agreement`: it is also first by words alone and by meaning alone; `margin`: its lead over
    the second; `missing_words`, `missing_numbers`: what it lacks; `condition`: a condition asked about is covered;
    `treatment_missing`: one named is not in the documents; `asks_number`; `in_message`: the question is part of a
    longer message.
    """
    first, question, topics = found[0], request.question, request.topics
    closeness = closeness_of(first)
    # One that was only put behind for being disputed is no rival: it says the same.
    rival = next((each for each in found[1:] if all(part.kind != "disputed" for part in each.why)), None)
    lead = first.score - rival.score if rival else MARGIN_COUNTED
    numbers = [token for token in question.tokens if token.form[0].isdigit()]
    return {
        "words": first.coverage.share,
        "closeness": closeness,
        "both": closeness * first.coverage.share,
        "agreement": float(is_first_by_both(found)),
        "margin": min(MARGIN_COUNTED, max(0.0, lead)) / MARGIN_COUNTED,
        "missing_words": float(min(MISSING_COUNTED, len(first.coverage.missing))),
        "missing_numbers": float(any(token.form not in first.evidence.terms.forms for token in numbers)),
        "condition": float(any(condition.covered for condition in topics.conditions)),
        "treatment_missing": float(any(not treatment.covered for treatment in topics.interventions)),
        "asks_number": float(question.asks_number),
        "in_message": float(question.sentences > 1),
    }


def closeness_of(found: ScoredPassage) -> float:
    return max(0.0, found.evidence.closeness.best) if found.evidence.closeness else 0.0


def passage_closeness(found: ScoredPassage) -> float:
    return found.evidence.closeness.passage if found.evidence.closeness else 0.0


def is_first_by_both(found: Sequence[ScoredPassage]) -> bool:
    """Whether the first passage is also first by words alone and by meaning alone."""
    by_words = max(found, key=words_score)
    by_meaning = max(found, key=lambda each: closeness_of(each) + passage_closeness(each))
    return by_words is found[0] is by_meaning and words_score(by_words) > 0


def words_score(found: ScoredPassage) -> float:
    return sum(each.value for each in found.why if each.kind in WORD_KINDS)
