"""Everything that an index stores of a version, from its catalogue and its documents, which come one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from zlib import decompress

import orjson

from qa.indexes.stored_documents import VersionContent
from qa.indexing.preparing import PreparedDocument, Preparer
from qa.models import Catalogue, Document, DocumentOverview, Manifest, Reference, Retraction
from qa.understanding.document_facts import DocumentFacts, knowledge_of_documents
from qa.understanding.knowledge import is_retracted

UNSOUND = ("retracted", "expression of concern")
DOCUMENTS_FOLLOW = b'"documents":['  # after it, the documents of a catalogue as JSON would follow
PreparedDocuments = Callable[[], Iterable[PreparedDocument]]  # in order, each time anew


def content_of_version(content: Catalogue) -> VersionContent:
    """Everything that is stored of a catalogue with its documents."""
    preparer = Preparer(content.conditions, content.aspects, content.interventions)
    retracted = {each.id for each in content.references if is_retracted(each.csl)}

    def prepared(document: Document) -> PreparedDocument:
        return preparer(document, [note for note in content.notes if note.document == document.id], retracted)

    documents = list(map(prepared, content.documents))
    return version_content(content, lambda: documents)


def version_content(content: Catalogue, documents: PreparedDocuments) -> VersionContent:
    """Everything that is stored of a catalogue with these documents; those that it has itself are not looked at."""
    digest, facts = sha256(), DocumentFacts()
    overviews: list[DocumentOverview] = []
    words = passages = 0
    before, _, after = orjson.dumps(replace(content, documents=()), default=list).partition(DOCUMENTS_FOLLOW)
    digest.update(before + DOCUMENTS_FOLLOW)
    for stored, of_document in documents():
        digest.update((b"," if overviews else b"") + decompress(stored.record))
        facts.add(of_document)
        overviews.append(stored.overview)
        words += int(stored.passages.lengths.sum())
        passages += len(stored.passages.lengths)
    digest.update(after)
    manifest = Manifest(
        version=content.version or digest.hexdigest()[:16],
        passages=passages,
        documents=tuple(overviews),
        conditions=content.conditions,
        notices=content.notices,
        site=content.site,
        knowledge=knowledge_of_documents(facts, passages, content),
        examples=content.examples,
        answerable=content.answerable,
        aspects=content.aspects,
        interventions=content.interventions,
        synonyms=content.synonyms,
        glossary=content.glossary,
        published=datetime.now(UTC).date().isoformat(),
        languages=tuple(sorted({each.document.language for each in overviews})),
        retractions=unsound_works(content.references),
    )
    return VersionContent(
        manifest, content.references, content.notes, words, lambda: (each.stored for each in documents())
    )


def unsound_works(references: Iterable[Reference]) -> dict[str, Retraction]:
    """The works, by id, that were retracted or that their publisher has expressed a concern about."""
    said = {each.id: (each.csl.get("custom") or {}).get("retraction") or {} for each in references}
    unsound = {id: each for id, each in said.items() if each.get("status") in UNSOUND}
    return {id: Retraction(**{**each, "reasons": tuple(each.get("reasons", ()))}) for id, each in unsound.items()}


def digest_of_content(content: Catalogue) -> str:
    """The name of the version with this content."""
    return sha256(orjson.dumps(content, default=list)).hexdigest()[:16]
