"""Prepare documents for an index: what is stored of each, and what is gathered of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple
from zlib import compress, decompress

import orjson

from qa.indexes.layout import PackedSections, adapter_of, encode, pack
from qa.indexes.quotations import overview_of, quotations
from qa.indexes.stored_documents import StoredDocument, note_fragments, sentence_fragments
from qa.indexing.document_words import DocumentWords
from qa.indexing.kept_chunks import chunk_in, facts_in, sections_of_chunk, sections_of_facts
from qa.indexing.kept_documents import FAST
from qa.models import Aspect, Condition, Document, DocumentOverview, Intervention, Note
from qa.understanding.aspects import Aspects
from qa.understanding.document_facts import DocumentFacts, FactFinder
from qa.understanding.lexicon import merge_entries
from qa.understanding.shipped import aspects


class PreparedDocument(NamedTuple):
    """What is stored of a document, and what understanding questions needs of it."""

    stored: StoredDocument
    facts: DocumentFacts


class Preparer:
    """Prepares documents, with the owner's conditions, aspects and treatments."""

    def __init__(
        self, conditions: Sequence[Condition], own: Sequence[Aspect], treatments: Sequence[Intervention]
    ) -> None:
        self._words = DocumentWords(Aspects(merge_entries(aspects(), own)))
        self._facts = FactFinder(conditions, treatments)

    def __call__(self, document: Document, notes: Sequence[Note], retracted: Collection[str]) -> PreparedDocument:
        """Prepare a document on which there are these notes, and of whose works these are retracted."""
        chunk, terms = self._words(document, [compress(encode(each)) for each in quotations(document)])
        stored = StoredDocument(
            document.id,
            compress(encode(document)),
            overview_of(document),
            chunk,
            sentence_fragments(document),
            note_fragments(document, notes),
        )
        return PreparedDocument(stored, self._facts(document, notes, retracted, terms))


# --- as bytes ------------------------------------------------------------------------------------

LISTS = ("works", "called", "supported", "disputed")  # of `DocumentFacts`


def packed_document(prepared: PreparedDocument) -> bytes:
    stored, facts = prepared
    uses = [{work: part.decode() for work, part in of.items()} for of in (stored.sentences, stored.notes)]
    others = {name: getattr(facts, name) for name in LISTS}
    others |= {"tagged": list(facts.tagged.items()), "together": facts.together}
    sections = {
        "id": encode(stored.id),
        "document": stored.record,
        "overview": encode(stored.overview),
        "uses": compress(encode(uses), FAST),
        **sections_of_chunk(stored.passages),
        **sections_of_facts(facts.passages),
        "document_facts": encode(others),
    }
    return b"".join(pack(sections))


def document_in(data: memoryview) -> PreparedDocument:
    sections = PackedSections(data)
    uses = orjson.loads(decompress(sections.bytes("uses")))
    stored = StoredDocument(
        sections.json("id"),
        bytes(sections.bytes("document")),
        adapter_of(DocumentOverview).validate_json(bytes(sections.bytes("overview"))),
        chunk_in(sections),
        *({work: part.encode() for work, part in of.items()} for of in uses),
    )
    others = sections.json("document_facts")
    tagged = Counter({frozenset(tags): number for tags, number in others["tagged"]})
    lists = {name: others[name] for name in LISTS}
    return PreparedDocument(stored, DocumentFacts(facts_in(sections), tagged, Counter(others["together"]), **lists))
