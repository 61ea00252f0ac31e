"""What is stored of a corpus folder. One document at a time is in memory: each is annotated and kept (QA_CACHE), all
are put together, and then each is prepared for the index and kept again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from qa.cache import Cache
from qa.corpus import Corpus
from qa.corpus.documents import CorpusFile
from qa.errors import CorpusError, ReadingError, ReadingStopped
from qa.indexes.stored_documents import VersionContent
from qa.indexing.binding import bind_note, notes_on
from qa.indexing.content import version_content
from qa.indexing.duplicates import words_in_passages
from qa.indexing.ingest import DocumentReader, catalogue_of, raise_if_nothing_is_left
from qa.indexing.kept_documents import KeptDocuments, digest_of
from qa.indexing.merging import DocumentsTogether, with_renamed_works
from qa.indexing.preparing import PreparedDocument, Preparer, document_in, packed_document
from qa.indexing.processes import fitting_processes, in_processes
from qa.indexing.progress import tell_watcher
from qa.indexing.retractions import look_up_all, with_retraction, with_states
from qa.log import LOG
from qa.models import Note, Provenance, Reference
from qa.understanding.knowledge import is_retracted

STEPS = 2  # each document is read first, then prepared


class PlacedDocument(NamedTuple):
    """A document with what it depends on others for: its file; what is known of it; the ids of its works, of which
    some were `renamed` in the corpus, and some are retracted; the notes on it."""

    file: CorpusFile
    provenance: Provenance
    works: tuple[str, ...]
    renamed: Mapping[str, str]
    retracted: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def content_of_corpus(
    corpus: Corpus, kept: Cache, *, skip_broken: bool = False, processes: int | None = None
) -> tuple[VersionContent, tuple[CorpusError, ...]]:
    """What is stored of a corpus, and the errors of what was skipped. Raises as `annotate`."""
    reader = DocumentReader(corpus, kept)
    files = {file.path: file for file in corpus.files}
    together = DocumentsTogether(
        corpus,
        lambda path: words_in_passages(reader.annotated(files[path]).document),
        corpus.listed and not skip_broken,
    )
    placed: dict[str, PlacedDocument] = {}
    for file, head in reader.each(reader.head, processes, STEPS):
        renamed = together.add(file, head)
        if renamed is not None and not isinstance(head, ReadingError):
            works = tuple(renamed.get(id, id) for id in head.works)
            placed[file.id] = PlacedDocument(file, head.provenance, works, renamed)
    skipped = (*corpus.left_out, *together.skipped)
    raise_if_nothing_is_left(placed, skipped)
    references = together.references
    if corpus.retractions:
        placed, references = placed_after_looking_up(corpus.retractions, placed, references)
    written = notes_on(corpus, placed)
    notes = tuple(bind_note(note, [reader.annotated(placed[note.document].file).document]) for note in written)
    retracted = {each.id for each in references if is_retracted(each.csl)}
    in_order = [
        placed[file.id]._replace(
            retracted=tuple(sorted(retracted.intersection(placed[file.id].works))),
            notes=tuple(note for note in notes if note.document == file.id),
        )
        for file in corpus.files
        if file.id in placed
    ]
    documents = CorpusDocuments(corpus, in_order, reader, kept)
    return version_content(catalogue_of(corpus, references, notes), lambda: documents.each(processes)), skipped


def placed_after_looking_up(
    retractions: Path, placed: Mapping[str, PlacedDocument], references: Sequence[Reference]
) -> tuple[dict[str, PlacedDocument], tuple[Reference, ...]]:
    """Documents, by id, and works with what has become of them. Raises CorpusError if the list cannot be read."""
    found = look_up_all(retractions, {id: each.provenance for id, each in placed.items()}, references)
    known = {id: each._replace(provenance=with_retraction(id, each.provenance, found)) for id, each in placed.items()}
    return known, tuple(with_states(references, found))


class CorpusDocuments:
    """The documents of a corpus in order, each prepared once and then kept."""

    def __init__(self, corpus: Corpus, placed: Sequence[PlacedDocument], reader: DocumentReader, kept: Cache) -> None:
        self._placed, self._reader, self._kept = placed, reader, kept
        self._documents = KeptDocuments(corpus, kept)
        self._lists = digest_of((corpus.aspects, corpus.interventions))
        self._prepare = Preparer(corpus.conditions, corpus.aspects, corpus.interventions)
        self._are_kept = False

    def each(self, processes: int | None) -> Iterator[PreparedDocument]:
        """Each document: the first time in several processes; then they are kept, and reading them needs only one."""

        def prepared(number: int) -> bytes | Exception:
            try:
                return self._prepared(self._placed[number])
            except Exception as error:  # to be raised in the process that waits for it
                return error

        def stopped(number: int) -> Exception:
            return ReadingStopped(self._placed[number].file.path)

        sizes = [len(each.file.data) for each in self._placed]
        number = 1 if self._are_kept else processes or fitting_processes(sizes)
        with closing(in_processes(prepared, stopped, len(self._placed), number)) as results:
            for done, result in enumerate(results, 1):
                if isinstance(result, Exception):
                    raise result
                if not self._are_kept:
                    tell_watcher((len(self._placed) + done) // STEPS, len(self._placed))
                yield document_in(memoryview(result))
        self._are_kept = True

    def _prepared(self, placed: PlacedDocument) -> bytes:
        """A document prepared, as bytes."""
        key = self._key(placed)
        if (found := self._kept.find(key)) is not None:
            return bytes(found)
        document = with_renamed_works(self._reader.annotated(placed.file).document, placed.renamed)
        document = replace(document, provenance=placed.provenance)
        prepared = packed_document(self._prepare(document, placed.notes, placed.retracted))
        try:
            self._kept.store(key, [prepared], lasting=False)
        except OSError as error:
            LOG.warning("document not kept", file=placed.file.path, fault=str(error))
        return prepared

    def _key(self, placed: PlacedDocument) -> str:
        parts = self._lists, self._documents.key(placed.file), *placed[1:]
        return f"prepared-{digest_of(parts)[:32]}"
