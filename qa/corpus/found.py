"""Find the documents of a corpus without documents.toml: every file is one, except lists of works.

What cannot be read is recorded and left out: nobody has said that it is meant to be a document.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from qa.corpus.bibliography import PARSERS
from qa.corpus.documents import CorpusFile
from qa.corpus.entries import ID_PATTERN
from qa.corpus.folder import document_names, documents_folder, printable_path, read_file, sorted_out
from qa.corpus.named_lists import Shelf
from qa.errors import CorpusError
from qa.models import Provenance

NO_DOCUMENT = (
    "has no document. Put your files into it (text, Markdown, Word, JATS …). README, LICENSE and hidden files are "
    "not read as documents."
)
OF_NO_DOCUMENT = (
    "is the list of works of no document. Give it the name of its document, name it in the document's front matter, or "
    "leave only one list in the folder."
)
NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST_ID = 100


def find_documents(folder: Path) -> tuple[tuple[CorpusFile, ...], tuple[CorpusError, ...]]:
    """All documents in the folder, sorted by name, each with the lists of works beside it; and what was left out.

    Raises CorpusError if there is no document.
    """
    names, no_documents = sorted_out(folder, document_names(folder))
    lists = [name for name in names if PurePosixPath(name).suffix.lower() in PARSERS]
    documents = [name for name in names if name not in lists]
    left_out: list[CorpusError] = [*no_documents]
    if not documents:
        raise CorpusError(documents_folder(folder) or str(folder), " ".join([NO_DOCUMENT, *map(str, no_documents)]))
    shelf = Shelf(folder)
    data: dict[str, bytes] = {}
    named: dict[str, list[str]] = {}
    for name in documents:
        try:
            data[name] = read_file(folder, name) or b""
        except CorpusError as error:
            left_out.append(error)
            continue
        named[name] = shelf.named(name, data[name])
    ids, beside = identify(documents), ListsBeside(documents, lists, named)
    files = [
        CorpusFile(
            ids[name], printable_path(name), read, Provenance("", language=""), 1, shelf.take(beside.lists_of(name))
        )
        for name, read in data.items()
    ]
    unused = [CorpusError(printable_path(name), OF_NO_DOCUMENT) for name in lists if name not in shelf.read]
    return tuple(files), (*left_out, *shelf.faults, *unused)


class ListsBeside:
    """The lists of works that belong to documents which name none. `named` are those that other documents name."""

    def __init__(
        self, documents: Iterable[str], lists: Iterable[str], named: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.named = named or {}
        self.stems: set[tuple[PurePosixPath, str]] = {
            (path.parent, path.stem) for path in map(PurePosixPath, documents)
        }
        self.here: dict[PurePosixPath, list[str]] = {}
        for name in lists:
            self.here.setdefault(PurePosixPath(name).parent, []).append(name)
        self.shared: dict[PurePosixPath, set[tuple[str, ...]]] = {}
        for name, paths in self.named.items():
            if paths:
                self.shared.setdefault(PurePosixPath(name).parent, set()).add(tuple(paths))

    def lists_of(self, document: str) -> Sequence[str]:
        """Those that it names; else, in its folder or the next one above that has any: the list of its name, the only
        list, if that has the name of no document, or those that all other documents name that name any."""
        if self.named.get(document):
            return self.named[document]
        path = PurePosixPath(document)
        for place in path.parents:
            here, shared = self.here.get(place, []), self.shared.get(place, set())
            same = [name for name in here if PurePosixPath(name).stem == path.stem]
            alone = here if len(here) == 1 and (place, PurePosixPath(here[0]).stem) not in self.stems else []
            together = next(iter(shared)) if len(shared) == 1 else ()
            if here or shared:
                return same[:1] or alone or together
        return []


def identify(documents: Sequence[str]) -> dict[str, str]:
    """An id for each document: its name without ending; with ending, if that does not tell it from another; with its
    folder, if that does not; and else with a number."""
    forms: tuple[Callable[[PurePosixPath], str], ...] = (
        lambda path: path.stem,
        lambda path: path.name,
        lambda path: "-".join(path.parts[-2:]),
        lambda path: "-".join(path.parts),
    )
    left, ids = list(documents), dict[str, str]()
    for form in forms:
        candidates = {name: as_id(form(PurePosixPath(name))) for name in left}
        times = Counter([*candidates.values(), *ids.values()])
        ids |= {name: id for name, id in candidates.items() if times[id] == 1}
        left = [name for name in left if name not in ids]
    for name in left:
        id = as_id(PurePosixPath(name).stem)[: LONGEST_ID - 10]
        number = next(n for n in range(2, len(documents) + 3) if f"{id}-{n}" not in ids.values())
        ids[name] = f"{id}-{number}"
    return ids


def free_id(path: str, taken: Collection[str]) -> str:
    """An id for a document beside others, whose ids are taken: as above."""
    stem = identify([path])[path]
    ids = (stem, as_id(PurePosixPath(path).name), *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
    return next(id for id in ids if id not in taken)


def as_id(name: str) -> str:
    """The name with only the characters of an id: "Größe (final)" becomes "Grosse-final"."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    id = NOT_IN_AN_ID.sub("-", plain).strip("-._")[:LONGEST_ID]
    return id if ID_PATTERN.fullmatch(id) else "document"
