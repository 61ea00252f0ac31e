"""Turn scored passages into hits and mark their answering sentences."""

from __future__ import annotations

from qa.models import Hit
from qa.retrieval.answer_sentences import answering_sentences, wanted_in
from qa.retrieval.request import SearchRequest
from qa.retrieval.scoring import ScoredPassage
from qa.understanding.context import IndexContext
from qa.views.hits import RankedPassage, Viewpoint, show_hit


class HitMaker:
    """Makes the hits of one question; what they have in common is worked out once."""

    def __init__(self, request: SearchRequest, context: IndexContext, *, explain: bool) -> None:
        vocabulary, ids = context.vocabulary, request.ids
        broader = {ancestor for id in ids for ancestor in vocabulary.ancestors(id)}.difference(ids)
        self.view = Viewpoint(context.index, vocabulary, broader, {token.term for token in request.question.tokens})
        self.telling = request.other_terms(context.lexicon.generic)
        self.wanted = wanted_in(request, context)
        self.aspects = context.lexicon.aspects
        self.explain = explain

    def hit(self, found: ScoredPassage, rank: int, *, marked: bool) -> Hit:
        """A passage as a hit with its most relevant sentence, which answers if `marked`. What stands for a generic word
        or a name is not highlighted."""
        evidence = found.evidence
        substitutes = [pair for pair in sorted(evidence.substitutes.items()) if pair[0] in self.telling]
        ranked = RankedPassage(
            passage=found.passage,
            rank=rank,
            score=found.score,
            why=found.why if self.explain else (),
            substitutes=substitutes,
            relevant=answering_sentences(evidence, self.wanted, self.aspects),
            answers=marked,
            words=evidence.tokens,
        )
        return show_hit(ranked, self.view)
