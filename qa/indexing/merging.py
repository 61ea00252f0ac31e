"""Put documents that were annotated each for itself together, so that each work has one id in the whole corpus."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from qa.citations.matching import fold_field
from qa.citations.reference_ids import ReferenceIds
from qa.citations.reference_index import ReferenceIndex
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.errors import OurFault, ReadingError, SameWork
from qa.indexing.duplicates import Seen, SeenWorks
from qa.models import CSL, Citation, Document, Provenance, Reference, Sentence, Support, Unresolved

Rename = Callable[[str], str]
IDENTIFIERS = ("DOI", "PMID")


@dataclass(frozen=True, slots=True)
class AnnotatedDocument:
    """A document and the works that it cites or lists, by id, annotated without regard to other documents.

    `new` are the ids that are neither the owner's nor those of a bibliography.
    """

    document: Document
    works: Mapping[str, Reference]
    new: frozenset[str]


class DocumentHead(NamedTuple):
    """What is needed of an annotated document to put all together: what is known of it, its works with the ids that
    are `new`, and what it is known again by (None where that is not needed)."""

    provenance: Provenance
    works: Mapping[str, Reference]
    new: frozenset[str]
    seen: Seen | None


class Merger:
    """The works of all documents so far. Documents are added in the order of the corpus."""

    def __init__(self, works: Iterable[Reference]) -> None:
        self.known = ReferenceIndex(works)

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(self.known.works.values())

    def add(self, works: Mapping[str, Reference], new: frozenset[str]) -> dict[str, str]:
        """Add the works of the next document, of which these are new; return the ids that others have in the corpus.

        A new work that an earlier document has keeps the id it has there, and the fields of both; any other gets an id
        that no work has yet. Works with the same title and DOI or PubMed number are one, also within a document; a key
        that bibliographies use for several works is the id of the first.
        """
        ids = ReferenceIds(self.known, given=works.keys() - new)
        here: dict[str, Reference] = {}
        identified: dict[tuple[str, str], Reference] = {}
        renamed: dict[str, str] = {}
        for id, work in works.items():
            if same := self.find_same_work(work, identified):
                placed = replace(work if work.raw else same, id=same.id, csl=work.csl | same.csl)
            elif id in new:
                placed = with_id_in_corpus(work, ids)
            else:
                placed = self.with_key_of_one_work(work, ids)
            here[placed.id] = placed
            identified |= dict.fromkeys(identifiers_of(work), placed)
            if placed.id != id:
                renamed[id] = placed.id
        for work in here.values():
            self.known.add(work)
        return renamed

    def find_same_work(self, work: Reference, here: Mapping[tuple[str, str], Reference]) -> Reference | None:
        """The work of the same document (`here`, by identifier) or of another with an identifier and the title of this
        one."""
        keys = identifiers_of(work)
        found = [here[key] for key in keys if key in here]
        found += [self.known.works[id] for key in keys for id in self.known.by_identifier.get(key, ())]
        return next((other for other in found if "title" in other.csl and agree(other.csl, work.csl)), None)

    def with_key_of_one_work(self, work: Reference, ids: ReferenceIds) -> Reference:
        """A work of a bibliography with its key as id, or with another id if an earlier work has that."""
        known = self.known.works.get(work.id)
        if known is None or agree(known.csl, work.csl):
            return work
        id = ids.unused_id(work.id)
        return replace(work, id=id, csl=work.csl | {"id": id}, key=work.id)


class DocumentsTogether:
    """The documents that make up a corpus: those that can be read, and of the same work in several files the best one.

    With `stop_at_first`, the first that cannot be read raises ReadingError; else it is `skipped`. `words_of` gives the
    words of a file that was read before.
    """

    def __init__(self, corpus: Corpus, words_of: Callable[[str], Sequence[str]], stop_at_first: bool) -> None:
        self._works, self._stop = Merger(corpus.references), stop_at_first
        self._seen = None if corpus.listed else SeenWorks(words_of)
        self.skipped: list[ReadingError] = []

    @property
    def references(self) -> tuple[Reference, ...]:
        return self._works.references

    def add(self, file: CorpusFile, read: DocumentHead | ReadingError) -> dict[str, str] | None:
        """Add the next document, best formats first, and return which of its works have another id in the corpus; None
        if it is skipped."""
        if isinstance(read, ReadingError):
            if self._stop and not isinstance(read, OurFault):
                raise read
            self.skipped.append(read)
            return None
        if self._seen and read.seen and (same := self._seen.find_same(read.seen)):
            self.skipped.append(SameWork(file.path, same))
            return None
        return self._works.add(read.works, read.new)


def identifiers_of(work: Reference) -> list[tuple[str, str]]:
    """The identifiers by which a work with a title is known again. Without the title they are not enough: one may be a
    mistake, and the chapters of a book may have that of the book."""
    return [(kind, str(work.csl[kind]).lower()) for kind in IDENTIFIERS if kind in work.csl and "title" in work.csl]


def agree(first: CSL, second: CSL) -> bool:
    """Whether the titles of two works are the same, or one begins with the other, or one has none."""
    here, there = sorted((fold_field(csl.get("title", "")) for csl in (first, second)), key=len)
    return there.startswith(here)


def with_id_in_corpus(work: Reference, ids: ReferenceIds) -> Reference:
    csl = {field: value for field, value in work.csl.items() if field != "id"}
    known = ids.assign(csl, work.raw or "", 0)
    return replace(work, id=known.id, csl=known.csl)


# --- other ids ---------------------------------------------------------------------------------


def with_renamed_works(document: Document, renamed: Mapping[str, str]) -> Document:
    """The document with other ids of works."""
    if not renamed:
        return document

    def rename(id: str) -> str:
        return renamed.get(id, id)

    sentences = {sentence.id: sentence_with(sentence, rename) for sentence in document.sentences}
    return replace(
        document,
        sentences=tuple(sentences.values()),
        citations=tuple(citation_with(citation, rename) for citation in document.citations),
        references=tuple(dict.fromkeys(map(rename, document.references))),
        entries=tuple(replace(entry, reference=rename(entry.reference)) for entry in document.entries),
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
