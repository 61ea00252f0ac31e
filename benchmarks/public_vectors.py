"""Vectors for a public set: of all passages; above MOST_COMPARED, where vectors only re-rank what words found, of the
candidates for a sample of the questions, which gives the same answers at a fraction of the cost."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from benchmarks.features import encoder, kept
from benchmarks.public_sets import DATA
from qa.editing.collections import read_collection
from qa.encoder.vectors import Floats
from qa.indexes import IN_MEMORY, OpenIndex, open_index
from qa.indexes.stored import StoredIndex
from qa.indexes.vectors import MOST_COMPARED, Closeness, PassageVectors
from qa.indexing.publish import publish_content
from qa.indexing.vectors import make_vectors, no_progress, open_with_vectors, texts_of
from qa.retrieval.candidates import find_candidates
from qa.retrieval.request import build_request
from qa.understanding.context import context_of
from qa.understanding.parse import read_message
from qa.understanding.topics import asked_topics


class Recorder:
    """Remembers the passages that vectors are asked for; implements `Vectors`."""

    encoder, languages, compares_all = "", (), False

    def __init__(self) -> None:
        self.seen: dict[str, None] = {}

    def encode(self, question: str) -> Floats:
        return np.zeros(1, np.float32)

    def nearest(self, question: Floats, limit: int, conditions: Collection[str] | None = None) -> list[str]:
        return []

    def closeness(self, question: Floats, passages: Sequence[str]) -> list[Closeness]:
        self.seen |= dict.fromkeys(passages)
        return [Closeness(0.0, ()) for _ in passages]


def public_index(name: str, questions: Sequence[str], candidates: Collection[str], *, meaning: bool) -> OpenIndex:
    """The public set as published, without vectors or with them (`meaning`): at least those of what `answer` finds for
    these questions, and of these candidates."""
    content = read_collection(DATA / "retrieval" / name)
    version = publish_content(content, IN_MEMORY, kept())
    shipped = encoder() if meaning else None
    if shipped is None or len(content.documents) <= MOST_COMPARED:
        return open_with_vectors(IN_MEMORY, version, kept(), shipped)
    index = open_index(IN_MEMORY, version, kept())
    assert isinstance(index, StoredIndex)
    recorder = Recorder()
    index.vectors = recorder
    context = context_of(index)
    for message in (read_message(question, context.lexicon) for question in questions):
        for each in message.questions:
            find_candidates(build_request(each, asked_topics(each, (), context), context), context)
    wanted = {*recorder.seen, *candidates}
    documents = [document for document in content.documents if document.id in wanted]
    ids = [document.id for document in documents]
    tables = make_vectors([texts for each in documents for texts in texts_of(each)], shipped, kept(), no_progress)
    places = {id: place for place, id in enumerate(ids)}
    untagged = np.zeros(len(ids), bool)
    vectors = PassageVectors(tables, shipped.encode_question, ids, places.__getitem__, lambda _: untagged)
    vectors.compares_all = False
    index.vectors, index.encoder = vectors, "on"
    return index
