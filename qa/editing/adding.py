"""`qa add`: copy documents into the corpus folder and say what was read of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from qa.cache import Cache
from qa.corpus import look_at_corpus
from qa.corpus.bibliography import PARSERS, read_bibliography
from qa.corpus.documents import DOCUMENTS, CorpusFile
from qa.corpus.folder import IGNORED, document_names, documents_folder
from qa.corpus.found import free_id
from qa.editing.findings import LONGEST_QUOTE, summary_of
from qa.editing.listing import add_entries, entry_of
from qa.errors import CorpusError
from qa.indexing.ingest import annotate_each
from qa.messages import count, say
from qa.models import Document, Provenance


def add_file(source: Path, folder: Path, kept: Cache | None = None) -> Iterator[str]:
    """Copy a document or a list of works into the corpus folder, list it if documents are listed, and yield what was
    read. `kept` is where readings are kept. Raises CorpusError if it cannot be read or another file has its name; then
    nothing is written."""
    if not folder.is_dir():
        raise CorpusError(str(folder), say("init.no_folder"))
    data = source.read_bytes()
    place = documents_folder(folder)
    path = place + name_within(source, folder / place)
    there = folder / path
    if IGNORED.match(there.name):
        raise CorpusError(str(source), say("add.ignored"))
    if os.path.lexists(there) and there.read_bytes() != data:
        raise CorpusError(str(source), say("add.taken", path=path))
    if source.suffix.lower() in PARSERS:
        works = read_bibliography(str(source), data)
        read, entry = [count("add.works", len(works.references)), *map(str, works.left_out)], ""
    else:
        document = read_one(folder, path, data, kept)
        read, entry = list(report(document)), entry_of(document.id, path, document.provenance, place)
    yield say("add.there" if there.exists() else "add.copied", path=path)
    copy(data, there)
    for line in read:
        yield f"  {line}"
    yield from list_added(folder, path, entry)


def name_within(source: Path, documents: Path) -> str:
    """The name of the file in the folder of documents: where it is, if it is there already."""
    path, within = source.resolve(), documents.resolve()
    return path.relative_to(within).as_posix() if path.is_relative_to(within) else source.name


def read_one(folder: Path, path: str, data: bytes, kept: Cache | None) -> Document:
    """The document as it would be read in the corpus. Raises ReadingError."""
    corpus = look_at_corpus(folder)
    id = free_id(path, {file.id for file in corpus.files if file.path != path})
    file = CorpusFile(id, path, data, Provenance("", language=""), 1)
    annotated = annotate_each(replace(corpus, files=(file,), left_out=(), listed=True), kept=kept)
    if not annotated.documents:
        raise annotated.skipped[0]
    return annotated.documents[0]


def report(document: Document) -> Iterator[str]:
    """Yield what was read: a summary, the list of works, marks without a work, and what was dropped or guessed."""
    yield summary_of(document)
    entries = sum(block.kind == "reference" for block in document.blocks)
    yield count("add.entries", entries) if entries else say("add.no_list")
    unread = [citation.text for citation in document.citations if citation.unresolved]
    if unread:
        yield say("add.unresolved", marks=", ".join(unread)[:LONGEST_QUOTE])
    for trouble in document.trouble:
        yield trouble.message


def copy(data: bytes, there: Path) -> None:
    """Write the file, whole or not at all: a service that watches the folder never reads half of it."""
    if not there.exists():
        with NamedTemporaryFile(dir=there.parent, prefix=".", delete=False) as new:
            new.write(data)
        os.chmod(new.name, 0o644)
        os.link(new.name, there)  # unlike renaming, this never replaces a file
        os.unlink(new.name)


def list_added(folder: Path, path: str, entry: str) -> Iterator[str]:
    """Yield what to do next; in a corpus with documents.toml, add the entry of a document."""
    place = documents_folder(folder)
    if not os.path.lexists(folder / DOCUMENTS):
        yield say("add.next" if entry else "add.name_list")
    elif not entry:
        yield say("add.list_works", file=path.removeprefix(place))
    elif path in unlisted(folder):
        add_entries(folder, [entry])
        yield say("add.listed", file=DOCUMENTS)
    else:
        yield say("add.next")


def unlisted(folder: Path) -> set[str]:
    """The files of documents that documents.toml does not name."""
    faults = {fault.file for fault in look_at_corpus(folder).faults}
    return {name for name in document_names(folder) if name in faults}
