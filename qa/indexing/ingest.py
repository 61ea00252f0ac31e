"""Annotate the documents of a corpus: from bytes to a catalogue that can be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

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
from qa.corpus.editorial import WrittenNote
from qa.corpus.embedded import with_normal_works
from qa.errors import CorpusError, OurFault, ReadingError, ReadingStopped, SameWork
from qa.indexing.duplicates import SeenWorks, best_first
from qa.indexing.kept_documents import KeptDocuments
from qa.indexing.merging import AnnotatedDocument, Merger
from qa.indexing.passages import place_sentences, split_passages
from qa.indexing.placement import entry_in_file, in_file, listed_entries, sentence_in_file
from qa.indexing.processes import fitting_processes, in_processes
from qa.indexing.progress import tell_watcher
from qa.indexing.provenance import complete
from qa.indexing.readings import read_file_once
from qa.indexing.retractions import LookedUp, look_up_all, with_retractions, with_states
from qa.indexing.sections import divide
from qa.models import Catalogue, Document, Judgment, Note, Reference, Span
from qa.models.addresses import document_url
from qa.readers.plain import Plain


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
    broken = [fault for fault in annotated.skipped if isinstance(fault, ReadingError)]
    if broken and not annotated.documents:
        raise broken[0]
    return annotated


def annotate_each(
    corpus: Corpus, *, stop_at_first: bool = False, processes: int | None = None, kept: Cache | None = None
) -> Annotated:
    """The same, without an error if no document can be read. Raises ReadingError only with `stop_at_first`."""
    files = corpus.files if corpus.listed else best_first(corpus.files)
    documents: list[Document] = []
    skipped: list[ReadingError] = []
    works, seen = Merger(corpus.references), SeenWorks()
    for number, (file, read) in enumerate(zip(files, read_all(files, corpus, processes, kept), strict=True), 1):
        tell_watcher(number, len(files))
        if isinstance(read, ReadingError):
            if stop_at_first and not isinstance(read, OurFault):
                raise read
            skipped.append(read)
        elif not corpus.listed and (same := seen.find_same(read.document)):
            skipped.append(SameWork(file.path, same.file))
        else:
            documents.append(works.add(read))
    places = {file.id: number for number, file in enumerate(corpus.files)}
    documents.sort(key=lambda document: places[document.id])
    annotated = Annotated(tuple(documents), works.references, (*corpus.left_out, *skipped))
    return after_looking_up(annotated, corpus.retractions) if corpus.retractions else annotated


def after_looking_up(annotated: Annotated, retractions: Path) -> Annotated:
    """The same with what has become of documents and works. Raises CorpusError if the list cannot be read."""
    found = look_up_all(retractions, annotated.documents, annotated.references)
    documents = tuple(with_retractions(annotated.documents, found))
    return replace(
        annotated, documents=documents, references=tuple(with_states(annotated.references, found)), looked_up=found
    )


def read_all(
    files: Sequence[CorpusFile], corpus: Corpus, processes: int | None, kept: Cache | None
) -> Iterator[AnnotatedDocument | ReadingError]:
    """Each document, annotated without regard to the others, or why it cannot be read."""
    vocabulary, owners = Vocabulary(corpus.conditions), ReferenceIndex(corpus.references)
    documents = KeptDocuments(corpus, kept) if kept else None

    def read(number: int) -> AnnotatedDocument | ReadingError:
        file = files[number]
        try:
            if documents is None:
                return annotate_document(file, vocabulary, owners)
            if found := documents.find(file):
                return found
            annotated = annotate_document(file, vocabulary, owners, kept)
            documents.store(file, annotated)
            return annotated
        except ReadingError as error:
            return error
        except Exception as error:  # an unexpected error must not affect other documents
            return OurFault(file.path, error)

    def stopped(number: int) -> ReadingError:
        return ReadingStopped(files[number].path)

    number = processes or fitting_processes([len(file.data) for file in files])
    with closing(in_processes(read, stopped, len(files), number)) as results:
        yield from results


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
    examples = tuple(judgment.question for judgment in corpus.judgments if judgment.example)
    return Catalogue(
        version="",
        documents=annotated.documents,
        references=annotated.references,
        conditions=corpus.conditions,
        notes=tuple(bind_note(note, annotated.documents) for note in notes_of(corpus, annotated)),
        notices=corpus.notices,
        site=corpus.site,
        examples=examples,
        answerable=examples or tuple(each.question for each in corpus.judgments if each.sentences),
        aspects=corpus.aspects,
        interventions=corpus.interventions,
        synonyms=corpus.synonyms,
        glossary=corpus.glossary,
    )


def notes_of(corpus: Corpus, annotated: Annotated) -> list[WrittenNote]:
    """The notes on documents that were not skipped."""
    ids = {document.id for document in annotated.documents}
    return [note for note in corpus.notes if note.document in ids]


def bind_note(note: WrittenNote, documents: Sequence[Document]) -> Note:
    """The note with the span of its sentence. Raises CorpusError unless the sentence occurs exactly once."""
    document = next(document for document in documents if document.id == note.document)
    spans = [s for s in document.sentences if document.text[s.start : s.end] == note.sentence]
    if len(spans) != 1:
        found = "is not in the document word for word" if not spans else f"occurs {len(spans)} times in the document"
        remedy = "Copy it again from the document" if not spans else "Reword the document so that it is unique"
        raise CorpusError(note.file, f"the sentence of this note {found}. {remedy}.", line=note.line)
    return Note(
        note.document,
        spans[0].start,
        spans[0].end,
        note.status,
        note.text,
        note.date,
        note.reference,
        note.words,
        " ".join(note.short.split()),
    )


def bind_judgment(judgment: Judgment, documents: Sequence[Document]) -> tuple[Span, ...]:
    """The spans of the answering sentences. Raises CorpusError unless each is found exactly once."""
    wanted = [d for d in documents if judgment.document in (None, d.id)]
    return tuple(find_sentence(beginning, judgment, wanted) for beginning in judgment.sentences)


def find_sentence(beginning: str, judgment: Judgment, documents: Iterable[Document]) -> Span:
    spans = [Span(s.start, s.end) for d in documents for s in d.sentences if d.text.startswith(beginning, s.start)]
    if len(spans) != 1:
        found = "no sentence begins" if not spans else f"{len(spans)} sentences begin"
        message = (
            f"{found} with {beginning!r}, the expected answer to {judgment.question!r}. "
            "Copy it again from the document."
        )
        raise CorpusError("questions.jsonl", message)
    return spans[0]
