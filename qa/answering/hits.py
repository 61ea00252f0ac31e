"""Turn scored passages into hits and mark their answering sentences."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.decision import SubAnswer
from qa.models import Hit
from qa.retrieval.answer_sentences import answering_sentences, wanted_in
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage
from qa.understanding.context import IndexContext
from qa.views.hits import RankedPassage, Viewpoint, show_hit


def to_hits(
    shown: Sequence[tuple[SubAnswer, ScoredPassage]], context: IndexContext, *, marked: bool, explain: bool
) -> list[Hit]:
    """Passages as hits, in this order; their answering sentences are marked if `marked`."""
    hits = []
    wanted = {key: wanted_in(each.request, context) for key, each in {id(each): each for each, _ in shown}.items()}
    for rank, (sub_answer, found) in enumerate(shown, 1):
        request = sub_answer.request
        terms = frozenset(token.term for token in request.question.tokens)
        ranked = RankedPassage(
            passage=found.passage,
            rank=rank,
            score=found.score,
            why=found.why if explain else (),
            substitutes=telling_substitutes(found, request, context),
            answering=answering_sentences(found.evidence, wanted[id(sub_answer)], request, context) if marked else (),
        )
        hits.append(show_hit(ranked, Viewpoint(context.index, context.vocabulary, request.ids, terms)))
    return hits


def telling_substitutes(found: ScoredPassage, request: SearchRequest, context: IndexContext) -> list[tuple[str, str]]:
    """The words of the passage that stand for words of the question, without generic words and names."""
    telling = request.other_terms(context.lexicon.generic)
    return [(term, each.term) for term, each in sorted(found.evidence.substitutes.items()) if term in telling]
