"""All that the documents have on one condition: passages, documents, works, and questions that are answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from qa.answering.suggestions import suggestible
from qa.conditions import Vocabulary
from qa.errors import NotFound
from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.indexes.quotations import plain_sentence
from qa.messages import say
from qa.models import Document, DocumentOnTopic, Passage, PassageOnTopic, Topic
from qa.understanding.context import IndexContext, context_of
from qa.understanding.covered import own_terms
from qa.views.lists import sheet_of
from qa.views.verdicts import document_verdicts, most_serious_first

MOST_QUESTIONS = 8
MOST_IMPLIED = 10_000  # passages that are looked at for a condition that only heading and word together name


class TopicPlaces(NamedTuple):
    """Where a condition is found: the ids of the documents and of the works. `passages` are the ids of the passages by
    document, None if they are those that are tagged with one of `tags`."""

    documents: tuple[str, ...]
    references: tuple[str, ...]
    tags: frozenset[str]
    passages: Mapping[str, Collection[str]] | None = None


def topic_of(index: OpenIndex, id: str, page: int, limit: int, answer_from: float | None = None) -> Topic:
    """Return what the documents have on a condition, `limit` documents a page. Raises NotFound."""
    known = {condition.id: condition for condition in index.manifest.knowledge.conditions}
    if id not in known:
        raise NotFound(say("not_found.condition"))
    places = places_of(index, id)
    first = (page - 1) * limit
    return Topic(
        condition=known[id],
        narrower=tuple(each for each in known.values() if each.parent == id and each.passages),
        total=len(places.documents),
        page=page,
        documents=tuple(document_on(index, each, places) for each in places.documents[first : first + limit]),
        references=len(places.references),
        questions=questions_about(index, id, answer_from),
    )


@once_per_index
def places_of(index: OpenIndex, id: str) -> TopicPlaces:
    context = context_of(index)
    if context.tagged_as.get(id, id) != id:
        return implied_places(context, id)
    tags = frozenset({id, *context.vocabulary.descendants(id)})
    return TopicPlaces(members(index, "documents", id), members(index, "references", id), tags)


def members(index: OpenIndex, name: str, id: str) -> tuple[str, ...]:
    """The ids of the entries of a list that are about a condition or a narrower one, in the order of the list."""
    sheet = sheet_of(index, "documents" if name == "documents" else "references")
    return tuple(sheet.ids[number] for number in sorted(sheet.members["condition"].get(id, ())))


def implied_places(context: IndexContext, id: str) -> TopicPlaces:
    """Where heading and word together name a condition, as in `understanding/covered.py`."""
    index, vocabulary, above = context.index, context.vocabulary, context.tagged_as[id]
    own = own_terms(vocabulary, id, above)
    tags = frozenset({above, *vocabulary.descendants(above)})
    found: dict[str, set[str]] = defaultdict(set)
    works: dict[str, None] = {}
    for each in index.candidates(sorted(own), MOST_IMPLIED, tags).ids:
        if own <= index.terms(each).counts.keys():
            passage = index.passage(each)
            found[passage.document].add(each)
            works |= dict.fromkeys(works_of_passage(passage))
    order = {each.document.id: place for place, each in enumerate(index.manifest.documents)}
    return TopicPlaces(tuple(sorted(found, key=order.__getitem__)), tuple(works), tags, found)


def works_of_passage(passage: Passage) -> Iterator[str]:
    for sentence in passage.sentences:
        yield from sentence.support.references
        yield from (each.reference for each in sentence.support.inherited)


def document_on(index: OpenIndex, id: str, places: TopicPlaces) -> DocumentOnTopic:
    document = index.document(id)
    verdicts = {each.sentence: each.verdicts for each in document_verdicts(document, index).sentences}
    on_topic = (passage for passage in document.passages if is_on_topic(passage, places))
    return DocumentOnTopic(
        index.overview(id).document,
        tuple(
            PassageOnTopic(
                passage.id,
                passage.path,
                passage.text,
                plain_passage(document, passage),
                passage.url,
                most_serious_first(v for sentence in passage.sentences for v in verdicts.get(sentence.id, ())),
            )
            for passage in on_topic
        ),
    )


def is_on_topic(passage: Passage, places: TopicPlaces) -> bool:
    if places.passages is not None:
        return passage.id in places.passages.get(passage.document, ())
    return any(tag.id in places.tags for tag in passage.conditions)


def plain_passage(document: Document, passage: Passage) -> str:
    """The sentences of a passage without markup; items and rows in lines of their own."""
    words, block = "", None
    for sentence in passage.sentences:
        between = (" " if sentence.block == block else "\n") if words else ""
        words += between + plain_sentence(document, sentence)
        block = sentence.block
    return words


@once_per_index
def questions_about(index: OpenIndex, id: str, answer_from: float | None) -> tuple[str, ...]:
    """The owner's questions that name a condition, or a narrower one, and are answered."""
    vocabulary: Vocabulary = context_of(index).vocabulary
    wanted = {id, *vocabulary.descendants(id)}
    is_answered = suggestible(index, answer_from).is_answered
    found: list[str] = []
    for question in index.manifest.answerable:
        named = {mention.id for mention in vocabulary.find(question, asking=True)}
        if len(found) < MOST_QUESTIONS and wanted & named and is_answered(question):
            found.append(question)
    return tuple(found)
