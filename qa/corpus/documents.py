"""Read the documents listed in documents.toml, as bytes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from qa.corpus.bibliography import read_bibliography
from qa.corpus.entries import ID_PATTERN, Entry, check_date, quoted, require_unique
from qa.corpus.folder import document_names, documents_folder, printable_path, read_file, read_in_documents
from qa.corpus.formats import read_tables
from qa.corpus.works import Works
from qa.errors import CorpusError
from qa.models import Provenance

DOCUMENTS = "documents.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Provenance):
    """An entry of documents.toml. `id` defaults to the file name without its suffix. A title or language that is not
    given is taken from the file when it is read."""

    title: str = ""
    language: str = ""
    file: str
    id: str | None = None
    bibliography: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A document's bytes as received. `path` is relative to the corpus folder, `line` is the line of its entry in
    documents.toml. `bibliographies` are the paths of its bibliography files with the works read from each."""

    id: str
    path: str
    data: bytes
    provenance: Provenance
    line: int
    bibliographies: tuple[tuple[str, Works], ...] = ()


def read_documents(folder: Path) -> tuple[CorpusFile, ...]:
    data = read_file(folder, DOCUMENTS)
    entries = read_tables(DOCUMENTS, data, "document") if data is not None else []
    listings = [(entry, entry.read_as(Listing, date_from=None)) for entry in entries]
    read: dict[str, Works] = {}
    files = [read_listed(folder, entry, listing, read) for entry, listing in listings]
    require_unique(listings, "file", lambda listing: PurePosixPath(listing.file).as_posix())
    require_unique(
        [(entry, file) for (entry, _), file in zip(listings, files, strict=True)], "id", lambda file: file.id
    )
    listed = {path for file in files for path in (file.path, *(name for name, _ in file.bibliographies))}
    for name in document_names(folder):
        if name not in listed:
            raise not_listed(name, documents_folder(folder))
    if not files:
        raise CorpusError(DOCUMENTS, "lists no documents. Add entries, or delete the file to have all documents read.")
    return tuple(files)


def not_listed(name: str, place: str) -> CorpusError:
    path = printable_path(name)
    lines = f"[[document]] and, below it, file = {quoted(path.removeprefix(place))}"
    return CorpusError(path, f"is not listed in {DOCUMENTS}. Add {lines} there, or move the file out of the folder.")


def read_listed(folder: Path, entry: Entry, listing: Listing, read: dict[str, Works]) -> CorpusFile:
    """Read a document and its bibliographies. `read` caches bibliographies, which several documents may share."""
    path, data = read_in_documents(folder, entry, listing.file, "file")
    inner = PurePosixPath(listing.file)
    id = listing.id or inner.stem
    if not ID_PATTERN.fullmatch(id):
        advice = 'Add an id with only letters, digits, ".", "_" and "-", for example id = "my-document"'
        raise entry.fault(f"{quoted(id)} is not a valid document id. {advice}.", "id" if listing.id else "file")
    check_date(entry, listing.date)
    provenance = Provenance(**{field.name: getattr(listing, field.name) for field in fields(Provenance)})
    listed = [read_in_documents(folder, entry, name, "bibliography") for name in listing.bibliography]
    for source, content in listed:
        if source not in read:
            read[source] = read_bibliography(source, content)
    bibliographies = tuple((source, read[source]) for source, _ in listed)
    return CorpusFile(id, path, data, provenance, entry.line_of(None) or 1, bibliographies)
