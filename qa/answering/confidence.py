"""How sure an answer is: features of a question and of the passages found, and the probability fitted to them.

Each feature can be explained in a sentence. Their weights (data/relevance.toml) are fitted to the questions of many
pages (`python -m benchmarks.fit`); a third of these have no answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.models import Passage
from qa.retrieval.answer_sentences import answering_sentences, wanted_in
from qa.retrieval.fitted import EvidenceKind, fitted
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage
from qa.retrieval.weights import WEIGHTS
from qa.understanding.context import IndexContext
from qa.understanding.numbers import gives_number, lacks_quantity

MARGIN_COUNTED = 6.0  # points of score; a larger lead of the first passage says nothing more
MEANING_MARGIN_COUNTED = 0.3  # the same for the sum of two cosines


def confidence_of(request: SearchRequest, found: Sequence[ScoredPassage], context: IndexContext) -> float:
    """The probability that the first passage answers."""
    if not found:
        return 0.0
    return fitted().confidence[evidence_kind(found)].probability(features_of(request, found, context))


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

    `words`: the share of the question that the first passage has; `match`: the same by words or by meaning; `margin`:
    its lead over the second; `meaning_margin`: the lead of the closest passage over the next, by meaning alone;
    `missing_numbers`: it lacks a number, or has it with another unit of time; `condition`: a condition asked about is
    covered; `aspect_missing`: a specific aspect is asked about that no passage shows; `number_not_given`: a number,
    time, dose, share or cost is asked for, and the sentences that answer give none; `in_message`: the question is part
    of a longer message.
    """
    first, question = found[0], request.question
    # One that was only put behind for being disputed is no rival: it says the same.
    rival = next((each for each in found[1:] if not each.behind), None)
    lead = first.score - rival.score if rival else MARGIN_COUNTED
    return {
        "words": first.coverage.share,
        "match": match_of(first),
        "margin": min(MARGIN_COUNTED, max(0.0, lead)) / MARGIN_COUNTED,
        "meaning_margin": meaning_margin(found),
        "missing_numbers": float(lacks_quantity(text_with_headings(first.passage), question.written(question.span))),
        "condition": float(any(condition.covered for condition in request.topics.conditions)),
        "aspect_missing": float(is_aspect_missing(request, found)),
        "number_not_given": float(is_number_missing(first, request, context)),
        "in_message": float(question.sentences > 1),
    }


def is_aspect_missing(request: SearchRequest, found: Sequence[ScoredPassage]) -> bool:
    """Whether a specific aspect is asked about that no relevant passage shows."""
    specific = (id for id, kind in request.aspects.items() if kind == "specific")
    return any(not any(each.evidence.shows(id) for each in found) for id in specific)


def text_with_headings(passage: Passage) -> str:
    """A passage's text after its headings and its table's header row."""
    head = (passage.head.text,) if passage.head else ()
    return "\n".join((*passage.path, *head, passage.text))


def is_number_missing(first: ScoredPassage, request: SearchRequest, context: IndexContext) -> bool:
    """Whether a number is asked for and the sentences that answer give none of that kind."""
    question = request.question
    if question.number is None:
        return False
    asked, passage = question.written(question.span), first.passage
    marked = answering_sentences(first.evidence, wanted_in(request, context), context.lexicon.aspects)
    return not any(gives_number(passage.sentence_text(number), question.number, asked) for number in marked)


def match_of(found: ScoredPassage) -> float:
    """How much of a question a passage has by its words or by its closest sentence's meaning, 0 to 1: what one of the
    two lacks, the other makes up for. So an everyday wording counts like the passage's own, and more of either never
    makes an answer less sure."""
    return 1 - (1 - found.coverage.share) * (1 - closeness_of(found))


def meaning_margin(found: Sequence[ScoredPassage]) -> float:
    """The lead of the closest passage over the next, by meaning alone; 0 to 1."""
    cosines = (closeness_of(each) + passage_closeness(each) for each in found)
    best, second, *_ = sorted((*cosines, -1.0, -1.0), reverse=True)
    return min(MEANING_MARGIN_COUNTED, best - second) / MEANING_MARGIN_COUNTED


def closeness_of(found: ScoredPassage) -> float:
    return max(0.0, found.evidence.closeness.best) if found.evidence.closeness else 0.0


def passage_closeness(found: ScoredPassage) -> float:
    return found.evidence.closeness.passage if found.evidence.closeness else 0.0
