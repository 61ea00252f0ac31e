"""Read files in the corpus folder. Links out of the folder are refused; every fault names its file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from typing import Generic, NamedTuple, TypeVar

from qa.corpus.entries import Entry, Known, did_you_mean, quoted
from qa.corpus.faults import Faults
from qa.corpus.formats import read_tables
from qa.errors import CorpusError, NotADocument
from qa.readers.kind import NO_DOCUMENTS, ending_of

T = TypeVar("T")

DOCUMENTS_FOLDER = "documents"
# Hidden files, editors' backups, what systems and word processors leave behind, and what is about a folder.
IGNORED = re.compile(
    r"\.|.*~$|#.*#$|~\$|(?:thumbs\.db|desktop\.ini|(?:readme|licen[cs]e|copying)(?:\.\w+)*)$", re.DOTALL | re.IGNORECASE
)
PAGE_ENDINGS = (".html", ".htm", ".xhtml")
NO_FILE = "is a pipe, a socket, a device or a link to nothing, and is not read. Replace it with a file, or remove it."
OF_A_PAGE = "_files"  # what a browser puts the pictures of a saved page into
# The owner's other files, which are no documents where these are not in a folder of their own.
OWNERS_FILES = frozenset(
    {
        "documents.toml", "references.json", "conditions.toml", "aspects.toml", "interventions.toml", "synonyms.toml",
        "notes.toml", "notices.toml", "glossary.toml", "questions.jsonl", "retractions.csv", "site.toml",
    }
)  # fmt: skip


def read_in_documents(folder: Path, entry: Entry, name: str, key: str) -> tuple[str, bytes]:
    """The path and bytes of a document or list of works that an entry names under `key`. Raises CorpusError."""
    inner = PurePosixPath(name)
    place = documents_folder(folder)
    if inner.is_absolute() or ".." in inner.parts or "\0" in name:
        where = place or "the corpus folder"
        raise entry.fault(f"{key} {quoted(name)} is outside {where}. Name a file in that folder.", key)
    path = f"{place}{inner.as_posix()}"
    try:
        data = read_file(folder, path)
    except CorpusError as error:
        raise entry.fault(f"{key} {quoted(name)} {error.message}", key) from None
    if data is None:
        near = did_you_mean(name, [name.removeprefix(place) for name in document_names(folder)])
        raise entry.fault(f"there is no file {quoted(path)}.{near} Correct the name, or add the file.", key)
    return path, data


def read_file(folder: Path, name: str) -> bytes | None:
    """The bytes of a file in the corpus folder, or None if there is none. Raises CorpusError, also for a link out of
    the folder."""
    with readable(name):
        path = find_file(folder, name)
        return path.read_bytes() if path else None


def find_file(folder: Path, name: str) -> Path | None:
    """A file in the corpus folder, or None if there is none. Raises CorpusError."""
    path = folder / name
    with readable(name):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(name, "links to a file outside the corpus folder. Replace the link with the file itself.")
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            raise CorpusError(name, "is not a file. Replace it with a file, or remove it.")
    return path


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Turn errors of the system into a CorpusError."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:  # no permission, a link to itself, a name too long
        reason = (error.strerror if isinstance(error, OSError) else None) or "invalid name"
        raise CorpusError(name, f"cannot be read ({reason}). Make it readable for the service.") from None


class ReadEntries(NamedTuple, Generic[T]):
    """The entries of a file that have no fault, each with its record, and the ids of all entries (`Known`)."""

    records: list[tuple[Entry, T]]
    ids: Known


def read_entries(folder: Path, file: str, table: str, kind: type[T], faults: Faults) -> ReadEntries[T]:
    """Read a TOML file of entries, as instances of `kind`. A file that is not there has none."""
    entries: list[Entry] | None = None
    with faults.collected():
        entries = read_tables(file, read_file(folder, file) or b"", table)
    if entries is None:
        return ReadEntries([], None)
    records = []
    for entry in entries:
        with faults.collected():
            records.append((entry, entry.read_as(kind)))
    ids = [entry.value.get("id") for entry in entries]
    return ReadEntries(records, None if None in ids else set(map(str, ids)))


def documents_folder(folder: Path) -> str:
    """The place of the documents within the corpus folder: "documents/" if there is such a folder, else "" for the
    corpus folder itself."""
    return f"{DOCUMENTS_FOLDER}/" if (folder / DOCUMENTS_FOLDER).is_dir() else ""


def document_names(folder: Path) -> list[str]:
    """The paths, relative to the corpus folder, of all files that may be documents or lists of works, sorted; also of
    pipes, sockets, devices and broken links, which `sorted_out` names.

    Left out are hidden files, backups, what a browser saves beside a page, README and LICENSE, and the owner's other
    files.
    """
    place = documents_folder(folder)
    inside = folder / place
    names = sorted(path.relative_to(inside) for path in inside.rglob("*") if not path.is_dir())
    pages = {str(name.with_suffix("")) + OF_A_PAGE for name in names if name.suffix.lower() in PAGE_ENDINGS}
    return [
        f"{place}{name.as_posix()}"
        for name in names
        if not any(IGNORED.match(part) for part in name.parts)
        and not any(str(parent) in pages for parent in name.parents)
        and (place or str(name) not in OWNERS_FILES)
    ]


def sorted_out(folder: Path, names: Iterable[str]) -> tuple[list[str], list[NotADocument]]:
    """The files that may be documents or lists of works, and what the others are, such as pictures."""
    good, others = [], []
    for name in names:
        if reason := NO_DOCUMENTS.get(ending_of(name)) if (folder / name).is_file() else NO_FILE:
            others.append(NotADocument(printable_path(name), reason))
        else:
            good.append(name)
    return good, others


def printable_path(name: str) -> str:
    """A path that can be stored and shown, also if its bytes are not UTF-8."""
    return os.fsencode(name).decode(errors="replace")


def digests_of_files(folder: Path) -> dict[str, str] | None:
    """The digests of all files in the folder, by name, without hidden ones beside documents/. None if they cannot all
    be read, or if there is a link, which may change without the folder."""
    found = {}
    try:
        for within, folders, names in os.walk(folder):
            top = Path(within) == folder
            folders[:] = sorted(name for name in folders if not (top and name.startswith(".")))
            wanted = sorted(name for name in names if not (top and name.startswith(".")))
            paths = [Path(within, name) for name in wanted]
            if any(os.path.islink(os.path.join(within, name)) for name in (*folders, *wanted)):
                return None
            if not all(path.is_file() for path in paths):
                return None
            for path in paths:
                with path.open("rb") as file:
                    name = os.fsencode(path.relative_to(folder)).decode(errors="backslashreplace")
                    found[name] = file_digest(file, sha256).hexdigest()
    except OSError:
        return None
    return found
