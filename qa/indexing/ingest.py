"""Annotate the documents of a corpus: from bytes to a catalogue that can be published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from qa.citations.attach import CitingText, attach_support
from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.citations.sources import find_sources
from qa.conditions import Vocabulary
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.corpus.editorial import WrittenNote
from qa.corpus.embedded import with_normal_works
from qa.errors import CorpusError, OurFault, ReadingError, SameWork
from qa.indexing.duplicates import SeenWorks, best_first
from qa.indexing.passages import place_sentences, split_passages
from qa.indexing.placement import entry_in_file, in_file, sentence_in_file
from qa.indexing.provenance import complete
from qa.indexing.sections import divide
from qa.models import Catalogue, Document, Judgment, Note, Reference, Span
from qa.readers import read_document
from qa.readers.plain import Plain


@dataclass(frozen=True, slots=True)
class Annotated:
    """The annotated documents of a corpus, and all references: the owner's and the documents' own.

    `skipped` are the errors of the works and documents that were skipped.
    """

    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    skipped: tuple[CorpusError, ...] = ()


def annotate(corpus: Corpus, *, skip_broken: bool = False) -> Annotated:
    """Read and annotate every document of the corpus.

    Raises ReadingError for the first document that cannot be read; with `skip_broken`, or if nobody has listed the
    documents, only if none is left. A document that fails because of a bug in this program is always skipped: its owner
    cannot fix that. Of documents that nobody has listed, the same work in several files is annotated once.
    """
    skip_broken = skip_broken or not corpus.listed
    vocabulary = Vocabulary(corpus.conditions)
    references = {reference.id: reference for reference in corpus.references}
    documents: list[Document] = []
    skipped: list[ReadingError] = []
    works = SeenWorks()
    for file in corpus.files if corpus.listed else best_first(corpus.files):
        try:
            document, brought = annotate_document(file, vocabulary, corpus.references, references)
        except ReadingError as error:
            if not skip_broken:
                raise
            skipped.append(error)
        except Exception as error:  # an unexpected error must not affect other documents
            skipped.append(OurFault(file.path, error))
        else:
            if not corpus.listed and (same := works.find_same(document)):
                skipped.append(SameWork(file.path, same.file))
                continue
            documents.append(document)
            references |= brought
    if skipped and not documents:
        raise skipped[0]
    places = {file.id: number for number, file in enumerate(corpus.files)}
    documents.sort(key=lambda document: places[document.id])
    return Annotated(tuple(documents), tuple(references.values()), (*corpus.left_out, *skipped))


def annotate_document(
    file: CorpusFile, vocabulary: Vocabulary, references: Iterable[Reference], known: Mapping[str, Reference]
) -> tuple[Document, dict[str, Reference]]:
    """Annotate one document, and return it with the references it cites or lists, by id.

    Citations may point to the document's own references and to the owner's `references`. `known` also holds those of
    other documents, so that each work has one id and no two works share one.
    """
    plain = Plain(with_normal_works(read_document(file.path, file.data), file.path))
    stored, reading = plain.file, plain.reading
    provenance = complete(file.provenance, file.path, stored)
    vocabulary = vocabulary.learn(reading.text)
    sections = divide(stored, vocabulary)
    own = read_references(reading, known)
    beside = {work.id: work for _, works in file.bibliographies for work in works.references}
    listed = {r.id: r for r in (*references, *beside.values()) if not r.note_only} | own
    citations, cited = find_citations(reading, listed, known)
    sentences = place_sentences(file.id, plain, sections, citations, vocabulary)
    sources = find_sources(reading.text, sentences, citations, cited)
    tables = {number for number, block in enumerate(reading.blocks) if block.kind == "table"}
    kind = provenance.kind or "summary"
    citing = CitingText(reading.text, sections, sentences, kind, tables, vocabulary.ancestors)
    support = attach_support(citing, citations, sources)
    pointed_at = {id for citation in citations for id in citation.references}
    supported = [replace(s, support=backing) for s, backing in zip(sentences, support, strict=True)]
    placed = [sentence_in_file(plain, sentence) for sentence in supported]
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
        passages=tuple(split_passages(file.id, stored.text, stored.blocks, sections, placed)),
        page_starts=stored.page_starts,
        trouble=stored.trouble,
        extracted=stored.extracted,
    )
    return document, {
        id: entry_in_file(plain, cited[id]) if id not in listed or id in own else cited[id] for id in used
    }


def to_catalogue(corpus: Corpus, annotated: Annotated) -> Catalogue:
    """The catalogue to publish."""
    return Catalogue(
        version="",
        documents=annotated.documents,
        references=annotated.references,
        conditions=corpus.conditions,
        notes=tuple(bind_note(note, annotated.documents) for note in notes_of(corpus, annotated)),
        notices=corpus.notices,
        site=corpus.site,
        examples=tuple(judgment.question for judgment in corpus.judgments if judgment.example),
        aspects=corpus.aspects,
        interventions=corpus.interventions,
        synonyms=corpus.synonyms,
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
        note.document, spans[0].start, spans[0].end, note.status, note.text, note.date, note.reference, note.words
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
