"""The passages that may answer a request, before they are scored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.encoder.vectors import Floats
from qa.indexes import OpenIndex
from qa.indexes.candidates import CandidatePassages
from qa.indexes.derived import once_per_index
from qa.indexes.vectors import Closeness, Vectors, halfway
from qa.retrieval.request import SearchRequest
from qa.retrieval.weights import WEIGHTS
from qa.text.analysis import analyze
from qa.understanding.aspects import Aspects
from qa.understanding.context import IndexContext
from qa.understanding.parse import Question

KEPT_NAMED = 1 << 8  # combinations of conditions and aspects, of which it is kept which passages name them


class FoundPassages(NamedTuple):
    """The candidates for a request and, with an encoder, how close each is to the question."""

    candidates: CandidatePassages
    closeness: Sequence[Closeness] | None


def find_candidates(request: SearchRequest, context: IndexContext) -> FoundPassages:
    """The passages on the conditions asked about that share a word with the question, then those closest to it in
    meaning; if it names a work, the passages that the work supports, whatever their words.

    If there is room, passages follow that contain a name of the conditions or evidence for an aspect asked about.
    """
    index, vectors = context.index, context.index.vectors
    within = related_conditions(request.ids, context.vocabulary) if request.ids else None
    asked = asked_vector(request.question, vectors) if vectors else None
    if request.question.works:
        found = index.gather([*supported_passages(request, within, context)])
    else:
        near = vectors.nearest(asked, WEIGHTS.most_near, within) if vectors and asked is not None else ()
        found = matching_words(request, within, near, context)
    return FoundPassages(found, vectors.closeness(asked, found.ids) if vectors and asked is not None else None)


def asked_vector(question: Question, vectors: Vectors) -> Floats:
    """The vector of a question; halfway to that of its message, if the rest of the message leads up to it."""
    asked = vectors.encode(question.written(question.span))
    leads_up = question.alone and question.context_tokens
    return halfway(asked, vectors.encode(question.searched)) if leads_up else asked


def matching_words(
    request: SearchRequest, within: Collection[str] | None, near: Sequence[str], context: IndexContext
) -> CandidatePassages:
    """The passages that share words with a question, then those near to it in meaning."""
    question, index, limit = request.question, context.index, WEIGHTS.most_candidates
    # The condition's label is searched too: no passage says "booze", but some say "alcohol use disorder".
    labels = terms_of_owner(tuple(context.vocabulary.label(id) for id in request.ids))
    unknown = (term for term in question.alike if not request.statistics.frequency(term))
    others = (other for term in unknown for other in question.alike[term] if " " not in other)
    words = [token.term for token in (*question.tokens, *question.context_tokens)]
    found = index.candidates([*words, *labels, *others], limit, within, also=near)
    asked = Asked(tuple(request.ids), tuple(request.aspects))
    if found.matched == limit or asked == NOTHING_NAMED:
        return found
    more = named_passages(index, context.vocabulary, context.lexicon.aspects)(asked)
    return index.gather(list(dict.fromkeys([*found.ids[: found.matched], *more, *found.ids]))) if more else found


def related_conditions(ids: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """Some conditions with all broader and narrower ones."""
    return {other for id in ids for other in (id, *vocabulary.descendants(id), *vocabulary.ancestors(id))}


class Asked(NamedTuple):
    """The ids of the conditions and of the aspects that a question asks about."""

    conditions: tuple[str, ...]
    aspects: tuple[str, ...]


NOTHING_NAMED = Asked((), ())


@once_per_index
def named_passages(index: OpenIndex, vocabulary: Vocabulary, aspects: Aspects) -> Callable[[Asked], Sequence[str]]:
    """What finds, for what is asked about, the ids of the best passages with a name of its conditions or evidence for
    its aspects. They are the same for all questions, so the last ones are kept."""

    def find(asked: Asked) -> Sequence[str]:
        within = related_conditions(asked.conditions, vocabulary) if asked.conditions else None
        names = [*names_and_evidence(asked.aspects, within or (), vocabulary, aspects)]
        return [*index.candidates(names, WEIGHTS.most_candidates, within).ids]

    return lru_cache(KEPT_NAMED)(find)


def names_and_evidence(
    asked: Iterable[str], conditions: Collection[str], vocabulary: Vocabulary, aspects: Aspects
) -> Iterator[str]:
    """The terms of the names of some conditions and of the phrases that are evidence for the aspects asked about."""
    known = vocabulary.conditions
    for id in sorted(known.keys() & conditions):
        yield from terms_of_owner(known[id].names)
    for id in asked:
        yield from terms_of_owner(aspects.entries[id].evidence)


def supported_passages(request: SearchRequest, tags: Collection[str] | None, context: IndexContext) -> Iterator[str]:
    """The passages with one of the tags (None: all) and a sentence that a work named in the question supports."""
    for id in dict.fromkeys(id for work in request.question.works for id in work.passages):
        if tags is None or any(tag.id in tags for tag in context.index.passage(id).conditions):
            yield id


# Caches phrases of vocabularies only: words of a question must not be kept in memory.
@lru_cache(1 << 12)
def terms_of_owner(phrases: Sequence[str]) -> tuple[str, ...]:
    """The distinct terms of names or phrases of the owner's or the package's vocabularies."""
    return tuple(dict.fromkeys(token.term for phrase in phrases for token in analyze(phrase)))
