"""Annotate the documents of a corpus: from bytes to a catalogue that can be published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from qa.cache import Cache
from qa.citations.attach import CitingText, attach_support
from qa.citations.lists import with_found_lists
from qa.citations.marks import find_citations
from qa.citations.namesakes import works_of_surnames
from qa.citations.reference_index import ReferenceIndex
from qa.citations.references import read_references
from qa.citations.sources import find_sources
from qa.conditions import Vocabulary
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.corpus.embedded import with_normal_works
from qa.errors import CorpusError, OurFault, ReadingError, ReadingStopped
from qa.indexing.binding import bind_note, notes_on
from qa.indexing.duplicates import best_first, seen_of, words_in_passages
from qa.indexing.kept_documents import KeptDocuments
from qa.indexing.merging import AnnotatedDocument, DocumentHead, DocumentsTogether, with_renamed_works
from qa.indexing.passages import place_sentences, split_passages
from qa.indexing.placement import entry_in_file, in_file, listed_entries, sentence_in_file
from qa.indexing.processes import fitting_processes, in_processes
from qa.indexing.progress import tell_watcher
from qa.indexing.provenance import complete
from qa.indexing.readings import read_file_once
from qa.indexing.retractions import LookedUp, look_up_all, with_retraction, with_states
from qa.indexing.sections import divide
from qa.models import Catalogue, Document, Note, Reference
from qa.models.addresses import document_url
from qa.readers.plain import Plain

ReadFromFile = TypeVar("ReadFromFile")


@dataclass(frozen=True, slots=True)
class Annotated:
    """The annotated documents of a corpus, and all references: the owner's and the documents' own.

    `skipped` are the errors of the works and documents that were skipped. `looked_up` is what the owner's list of
    retractions has of them, if there is one.
    """

    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    skipped: tuple[CorpusError, ...] = ()
    looked_up: LookedUp | None = None


def annotate(
    corpus: Corpus, *, skip_broken: bool = False, processes: int | None = None, kept: Cache | None = None
) -> Annotated:
    """Read and annotate every document of the corpus, in several processes if it is large (`processes`: how many).
    `kept` is where readings and annotated documents are kept: what has not changed is not read again.

    Raises ReadingError for the first document that cannot be read; with `skip_broken`, or if nobody has listed the
    documents, only if none is left. A document that fails because of a bug in this program is always skipped: its owner
    cannot fix that. Of documents that nobody has listed, the same work in several files is annotated once.
    """
    annotated = annotate_each(corpus, stop_at_first=corpus.listed and not skip_broken, processes=processes, kept=kept)
    raise_if_nothing_is_left(annotated.documents, annotated.skipped)
    return annotated


def raise_if_nothing_is_left(documents: Sized, skipped: Iterable[CorpusError]) -> None:
    """Raise the first error of a document that cannot be read if there are no others."""
    broken = [fault for fault in skipped if isinstance(fault, ReadingError)]
    if broken and not documents:
        raise broken[0]


def annotate_each(
    corpus: Corpus, *, stop_at_first: bool = False, processes: int | None = None, kept: Cache | None = None
) -> Annotated:
    """The same, without an error if no document can be read. Raises ReadingError only with `stop_at_first`."""
    reader = DocumentReader(corpus, kept)
    read_so_far: dict[str, Document] = {}
    together = DocumentsTogether(corpus, lambda file: words_in_passages(read_so_far[file]), stop_at_first)
    documents: list[Document] = []
    for file, read in reader.each(reader.annotated, processes):
        if isinstance(read, AnnotatedDocument):
            read_so_far[file.path] = read.document
        head = reader.head_of(read) if isinstance(read, AnnotatedDocument) else read
        renamed = together.add(file, head)
        if renamed is not None and isinstance(read, AnnotatedDocument):
            documents.append(with_renamed_works(read.document, renamed))
    places = {file.id: number for number, file in enumerate(corpus.files)}
    documents.sort(key=lambda document: places[document.id])
    annotated = Annotated(tuple(documents), together.references, (*corpus.left_out, *together.skipped))
    return after_looking_up(annotated, corpus.retractions) if corpus.retractions else annotated


def after_looking_up(annotated: Annotated, retractions: Path) -> Annotated:
    """The same with what has become of documents and works. Raises CorpusError if the list cannot be read."""
    own = {each.id: each.provenance for each in annotated.documents}
    found = look_up_all(retractions, own, annotated.references)
    documents = tuple(
        replace(each, provenance=with_retraction(each.id, each.provenance, found)) for each in annotated.documents
    )
    return replace(
        annotated, documents=documents, references=tuple(with_states(annotated.references, found)), looked_up=found
    )


class DocumentReader:
    """Annotates the documents of a corpus, each without regard to the others. What is kept is not read again."""

    def __init__(self, corpus: Corpus, kept: Cache | None) -> None:
        self._vocabulary, self._owners = Vocabulary(corpus.conditions), ReferenceIndex(corpus.references)
        self._cache, self.kept = kept, KeptDocuments(corpus, kept) if kept else None
        self._compares = not corpus.listed
        self.files = corpus.files if corpus.listed else best_first(corpus.files)

    def each(
        self, read: Callable[[CorpusFile], ReadFromFile], processes: int | None, steps: int = 1
    ) -> Iterator[tuple[CorpusFile, ReadFromFile | ReadingError]]:
        """What `read` gives for each file, or why that cannot be read, in several processes. Tells the watcher, of
        this as the first of so many steps."""

        def guarded(number: int) -> ReadFromFile | ReadingError:
            try:
                return read(self.files[number])
            except ReadingError as error:
                return error
            except Exception as error:  # an unexpected error must not affect other documents
                return OurFault(self.files[number].path, error)

        def stopped(number: int) -> ReadingError:
            return ReadingStopped(self.files[number].path)

        number = processes or fitting_processes([len(file.data) for file in self.files])
        with closing(in_processes(guarded, stopped, len(self.files), number)) as results:
            for done, pair in enumerate(zip(self.files, results, strict=True), 1):
                tell_watcher(done // steps, len(self.files))
                yield pair

    def annotated(self, file: CorpusFile) -> AnnotatedDocument:
        """The annotated document of a file. Raises ReadingError."""
        if self.kept and (found := self.kept.find(file)):
            return found
        annotated = annotate_document(file, self._vocabulary, self._owners, self._cache)
        if self.kept:
            self.kept.store(file, annotated.document, self.head_of(annotated))
        return annotated

    def head(self, file: CorpusFile) -> DocumentHead:
        """What is needed of the document of a file to put all together. Raises ReadingError."""
        found = self.kept.find_head(file) if self.kept else None
        if found and (found.seen or not self._compares):
            return found
        return self.head_of(self.annotated(file))

    def head_of(self, annotated: AnnotatedDocument) -> DocumentHead:
        document = annotated.document
        seen = seen_of(document) if self._compares else None
        return DocumentHead(document.provenance, annotated.works, annotated.new, seen)


def annotate_document(
    file: CorpusFile, vocabulary: Vocabulary, owners: ReferenceIndex, kept: Cache | None = None
) -> AnnotatedDocument:
    """Annotate one document. Its citations may point to its own references, to the works of its bibliographies and to
    those of the owner. A work that the owner has keeps its id there; ids of other works are new within the document.
    """
    plain = Plain(with_found_lists(with_normal_works(read_file_once(file, kept), file.path)))
    stored, reading = plain.file, plain.reading
    provenance = complete(file.provenance, file.path, stored)
    vocabulary = vocabulary.learn(reading.text)
    sections = divide(stored, vocabulary)
    own = read_references(reading, owners)
    beside = {work.id: work for _, works in file.bibliographies for work in works.references}
    listed = {r.id: r for r in (*owners.works.values(), *beside.values()) if not r.note_only} | own
    citations, cited = find_citations(reading, listed, owners)
    sentences = place_sentences(file.id, plain, sections, citations, vocabulary)
    sources = find_sources(reading.text, sentences, citations, cited)
    tables = {number for number, block in enumerate(reading.blocks) if block.kind == "table"}
    kind = provenance.kind or "summary"
    surnames = works_of_surnames(cited.values())
    citing = CitingText(reading.text, sections, sentences, kind, tables, vocabulary.ancestors, surnames)
    support = attach_support(citing, citations, sources)
    pointed_at = {id for citation in citations for id in citation.references}
    placed = [sentence_in_file(plain, *pair) for pair in zip(sentences, support, strict=True)]
    if stored.page_starts:
        placed = [replace(sentence, page=stored.page(sentence.start)) for sentence in placed]
    passages = split_passages(file.id, stored.text, stored.blocks, sections, placed)
    if stored.page_starts:
        passages = [replace(each, pages=stored.pages(each.start, each.end)) for each in passages]
    used = [id for id in cited if id in own or id in beside or id in pointed_at]
    document = Document(
        id=file.id,
        file=file.path,
        digest=sha256(file.data).hexdigest(),
        provenance=provenance,
        text=stored.text,
        blocks=stored.blocks,
        sections=tuple(sections),
        sentences=tuple(placed),
        citations=tuple(in_file(plain, citation) for citation in citations),
        references=tuple(used),
        passages=tuple(passages),
        url=document_url(file.id),
        page_starts=stored.page_starts,
        trouble=stored.trouble,
        extracted=stored.extracted,
        entries=tuple(listed_entries(plain, (own[id] for id in used if id in own))),
    )
    found_here = {id for id in used if id in own or id not in listed}
    works = {id: entry_in_file(plain, cited[id]) if id in found_here else cited[id] for id in used}
    return AnnotatedDocument(document, works, frozenset(found_here - owners.works.keys()))


def to_catalogue(corpus: Corpus, annotated: Annotated) -> Catalogue:
    """The catalogue to publish."""
    written = notes_on(corpus, {document.id for document in annotated.documents})
    notes = tuple(bind_note(note, annotated.documents) for note in written)
    return replace(catalogue_of(corpus, annotated.references, notes), documents=annotated.documents)


def catalogue_of(corpus: Corpus, references: tuple[Reference, ...], notes: tuple[Note, ...]) -> Catalogue:
    """The catalogue to publish, without the documents."""
    examples = tuple(judgment.question for judgment in corpus.judgments if judgment.example)
    return Catalogue(
        version="",
        documents=(),
        references=references,
        conditions=corpus.conditions,
        notes=notes,
        notices=corpus.notices,
        site=corpus.site,
        examples=examples,
        answerable=examples or tuple(each.question for each in corpus.judgments if each.sentences),
        aspects=corpus.aspects,
        interventions=corpus.interventions,
        synonyms=corpus.synonyms,
        glossary=corpus.glossary,
    )
