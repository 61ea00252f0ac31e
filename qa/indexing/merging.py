"""Put documents that were annotated each for itself together, so that each work has one id in the whole corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from qa.citations.reference_ids import ReferenceIds
from qa.citations.reference_index import ReferenceIndex
from qa.models import Citation, Document, Reference, Sentence, Support, Unresolved

Rename = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document and the works that it cites or lists, by id, annotated without regard to other documents.

    `new` are the ids that are neither the owner's nor those of a bibliography.
    """

    document: Document
    works: Mapping[str, Reference]
    new: frozenset[str]


class Merger:
    """The works of all documents so far. Documents are added in the order of the corpus."""

    def __init__(self, works: Iterable[Reference]) -> None:
        self.known = ReferenceIndex(works)

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(self.known.works.values())

    def add(self, annotated: AnnotatedDocument) -> Document:
        """The document with the ids that its works have in the corpus.

        A new work that an earlier document has keeps the id it has there, and the fields of both; any other gets an id
        that no work has yet.
        """
        ids = ReferenceIds(self.known, given=annotated.works.keys() - annotated.new)
        renamed = {}
        works = []
        for id, work in annotated.works.items():
            works.append(with_id_in_corpus(work, ids) if id in annotated.new else work)
            if works[-1].id != id:
                renamed[id] = works[-1].id
        for work in works:
            self.known.add(work)
        return with_renamed_works(annotated.document, lambda id: renamed.get(id, id)) if renamed else annotated.document


def with_id_in_corpus(work: Reference, ids: ReferenceIds) -> Reference:
    csl = {field: value for field, value in work.csl.items() if field != "id"}
    known = ids.assign(csl, work.raw or "", 0)
    return replace(work, id=known.id, csl=known.csl)


# --- other ids ---------------------------------------------------------------------------------


def with_renamed_works(document: Document, rename: Rename) -> Document:
    sentences = {sentence.id: sentence_with(sentence, rename) for sentence in document.sentences}
    return replace(
        document,
        sentences=tuple(sentences.values()),
        citations=tuple(citation_with(citation, rename) for citation in document.citations),
        references=tuple(map(rename, document.references)),
        passages=tuple(
            replace(passage, sentences=tuple(sentences[sentence.id] for sentence in passage.sentences))
            for passage in document.passages
        ),
    )


def citation_with(citation: Citation, rename: Rename) -> Citation:
    if not citation.references and not citation.unresolved:
        return citation
    return replace(
        citation,
        references=tuple(map(rename, citation.references)),
        unresolved=tuple(Unresolved(each.text, tuple(map(rename, each.candidates))) for each in citation.unresolved),
    )


def sentence_with(sentence: Sentence, rename: Rename) -> Sentence:
    support = sentence.support
    if not (support.references or support.inherited or support.named_sources):
        return sentence
    return replace(sentence, support=support_with(support, rename))


def support_with(support: Support, rename: Rename) -> Support:
    return replace(
        support,
        references=tuple(map(rename, support.references)),
        inherited=tuple(replace(each, reference=rename(each.reference)) for each in support.inherited),
        named_sources=tuple(
            replace(each, references=tuple(map(rename, each.references))) if each.references else each
            for each in support.named_sources
        ),
    )
