"""Read the documents listed in documents.toml, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath

from qa.corpus.entries import ID_PATTERN, Entry, Known, check_date, quoted, require_unique
from qa.corpus.faults import Faults
from qa.corpus.folder import document_names, documents_folder, printable_path, read_file, read_in_documents, sorted_out
from qa.corpus.formats import read_tables
from qa.corpus.named_lists import Shelf
from qa.corpus.works import Works
from qa.errors import CorpusError
from qa.models import Provenance

DOCUMENTS = "documents.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Provenance):
    """An entry of documents.toml. `id` defaults to the file name without its suffix. A title or language that is not
    given is taken from the file when it is read. A file that is `left_out` is not read."""

    title: str = ""
    language: str = ""
    file: str
    id: str | None = None
    bibliography: tuple[str, ...] = ()
    left_out: bool = False


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


def read_documents(folder: Path, faults: Faults) -> tuple[tuple[CorpusFile, ...], Known, tuple[CorpusError, ...]]:
    """The documents listed; the ids of all, also of those whose entry or file has a fault; and what was left out: files
    that are not listed and are no documents, and lists of works that front matter names in vain."""
    data = read_file(folder, DOCUMENTS) or b""
    entries = read_tables(DOCUMENTS, data, "document")
    listings: list[tuple[Entry, Listing]] = []
    files: list[tuple[Entry, CorpusFile]] = []
    shelf = Shelf(folder)
    for entry in entries:
        with faults.collected():
            listings.append((entry, entry.read_as(Listing, date_from=None, retraction=None)))
            if not listings[-1][1].left_out:
                files.append((entry, read_listed(folder, *listings[-1], shelf)))
    with faults.collected():
        require_unique(listings, "file", lambda listing: PurePosixPath(listing.file).as_posix())
    with faults.collected():
        require_unique(files, "id", lambda file: file.id)
    place = documents_folder(folder)
    listed = {f"{place}{PurePosixPath(name).as_posix()}" for entry in entries for name in names_listed(entry)}
    listed |= shelf.read.keys()
    unlisted, no_documents = sorted_out(folder, (name for name in document_names(folder) if name not in listed))
    faults += [not_listed(name, place) for name in unlisted]
    if all(entry.value.get("left_out") for entry in entries):
        advice = "Add entries, or delete the file to have all documents read"
        raise CorpusError(DOCUMENTS, f"lists no documents. {advice}.")
    return tuple(file for _, file in files), known_ids(entries), (*no_documents, *shelf.faults)


def names_listed(entry: Entry) -> Iterator[str]:
    """The files that an entry names, also if it has a fault."""
    beside = entry.value.get("bibliography")
    for name in (entry.value.get("file"), *(beside if isinstance(beside, list) else ())):
        if isinstance(name, str) and "\0" not in name:
            yield name


def known_ids(entries: Iterable[Entry]) -> Known:
    """The ids of all documents listed; None if an entry does not tell its own."""
    read = [entry.value for entry in entries if not entry.value.get("left_out")]
    given = [(value.get("id"), value.get("file")) for value in read]
    if not all(isinstance(id or file, str) for id, file in given):
        return None
    return {str(id) if id else PurePosixPath(str(file)).stem for id, file in given}


def not_listed(name: str, place: str) -> CorpusError:
    path = printable_path(name)
    lines = f"[[document]] and, below it, file = {quoted(path.removeprefix(place))}"
    return CorpusError(path, f"is not listed in {DOCUMENTS}. Add {lines} there, or move the file out of the folder.")


def read_listed(folder: Path, entry: Entry, listing: Listing, shelf: Shelf) -> CorpusFile:
    """Read a document and its bibliographies, which several documents may share: those of its entry, else those
    that its front matter names."""
    path, data = read_in_documents(folder, entry, listing.file, "file")
    inner = PurePosixPath(listing.file)
    id = listing.id or inner.stem
    if not ID_PATTERN.fullmatch(id):
        advice = 'Add an id with only letters, digits, ".", "_" and "-", for example id = "my-document"'
        raise entry.fault(f"{quoted(id)} is not a valid document id. {advice}.", "id" if listing.id else "file")
    check_date(entry, listing.date)
    provenance = Provenance(**{field.name: getattr(listing, field.name) for field in fields(Provenance)})
    paths = [read_in_documents(folder, entry, name, "bibliography")[0] for name in listing.bibliography]
    before = len(shelf.faults)
    bibliographies = shelf.take(paths or shelf.named(path, data))
    if paths and len(shelf.faults) > before:
        raise shelf.faults.pop()
    return CorpusFile(id, path, data, provenance, entry.line_of(None) or 1, bibliographies)
