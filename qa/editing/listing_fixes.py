"""What can be corrected in documents.toml without knowing more than the files say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from qa.cache import Cache
from qa.corpus import look_at_corpus
from qa.corpus.bibliography import PARSERS
from qa.corpus.documents import DOCUMENTS, CorpusFile, names_listed
from qa.corpus.entries import ID_PATTERN, Entry
from qa.corpus.folder import document_names, documents_folder, read_file, sorted_out
from qa.corpus.formats import decode, read_tables
from qa.corpus.found import ListsBeside, free_id
from qa.corpus.named_lists import names_lists
from qa.editing.listing import entry_of, in_toml, left_out_entry
from qa.editing.toml_text import TomlText
from qa.errors import CorpusError
from qa.indexing.provenance import complete
from qa.indexing.readings import read_file_once
from qa.messages import say
from qa.models import Provenance


@dataclass(slots=True)
class EditedListing:
    """documents.toml while it is corrected: its entries, the edits, entries to add, and what was corrected."""

    folder: Path
    entries: list[Entry]
    edits: TomlText
    kept: Cache | None
    place: str
    added: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def remaining(self) -> Iterator[tuple[int, dict[str, Any], str]]:
        """The entries that are kept and name a file: number, values, name of the file."""
        for number, entry in enumerate(self.entries):
            if number not in self.gone and isinstance(name := entry.value.get("file"), str) and "\0" not in name:
                yield number, entry.value, name

    def listed(self) -> set[str]:
        """The paths of all files that entries name."""
        kept = (entry for number, entry in enumerate(self.entries) if number not in self.gone)
        return {f"{self.place}{PurePosixPath(name).as_posix()}" for entry in kept for name in names_listed(entry)}


def corrected_listing(folder: Path, data: bytes, kept: Cache | None) -> tuple[str, list[str]]:
    """The text of documents.toml with what can be corrected, and what was. Raises CorpusError if it cannot be read."""
    text, entries = decode(DOCUMENTS, data), read_tables(DOCUMENTS, data, "document")
    listing = EditedListing(folder, entries, TomlText(text, "document"), kept, documents_folder(folder))
    if len(listing.edits.chunks) < len(entries):
        return text, []  # written as one list, which cannot be edited by lines
    drop_what_is_gone(listing)
    give_ids(listing)
    complete_entries(listing)
    add_documents(listing)
    if not listing.said:
        return text, []
    parts = [listing.edits.text(), *listing.added]
    return "\n\n".join(part.rstrip() for part in parts) + "\n", listing.said


def drop_what_is_gone(listing: EditedListing) -> None:
    """Turn the entries of files that are not there into comments, and entries that are there twice."""
    seen: list[dict[str, Any]] = []
    gone = []
    for number, value, name in listing.remaining():
        try:
            missing = read_file(listing.folder, f"{listing.place}{name}") is None
        except CorpusError:
            continue
        if missing or value in seen:
            gone.append((number, say("fix.gone" if missing else "fix.twice"), name))
        seen.append(value)
    if len(gone) == len(listing.entries) and not document_names(listing.folder):
        return  # nothing would be left to publish: its owner must see to that
    for number, reason, name in gone:
        listing.edits.comment_out(number, reason)
        listing.gone.add(number)
        listing.said.append(say("fix.commented", file=name, reason=reason))


def give_ids(listing: EditedListing) -> None:
    """Give an id to each document whose file name is none, or is that of another one."""
    rows = [row for row in listing.remaining() if not row[1].get("left_out")]
    listing.ids = {value["id"] for _, value, _ in rows if isinstance(value.get("id"), str)}
    for number, value, name in rows:
        if "id" in value:
            continue
        stem = PurePosixPath(name).stem
        id = stem if ID_PATTERN.fullmatch(stem) and stem not in listing.ids else free_id(name, listing.ids)
        if id != stem:
            listing.edits.insert(number, [f"id = {in_toml(id)}"])
            listing.said.append(say("fix.id", file=name, id=id))
        listing.ids.add(id)


def complete_entries(listing: EditedListing) -> None:
    """Write title, language and date where an entry lacks them and the file has them."""
    for number, value, name in listing.remaining():
        wanted = [key for key in ("title", "language", "date") if key not in value]
        about = known_of(listing, name) if wanted and not value.get("left_out") else None
        if about is None:
            continue
        known = {
            "title": about.title if about.title != PurePosixPath(name).stem else "",
            "language": about.language,
            "date": about.date if about.date_from == "file" else "",  # not that of when it was last saved
        }
        lines = {key: f"{key} = {in_toml(text)}" for key in wanted if (text := known[key])}
        if lines:
            listing.edits.insert(number, list(lines.values()))
            listing.said.append(say("fix.completed", file=name, lines="; ".join(lines.values())))


def add_documents(listing: EditedListing) -> None:
    """Add entries for documents that have none, and lists of works to the documents that they are beside."""
    place, listed = listing.place, listing.listed()
    listed |= {path for file in look_at_corpus(listing.folder).files for path, _ in file.bibliographies}
    names, _ = sorted_out(listing.folder, document_names(listing.folder))
    lists = [name for name in names if PurePosixPath(name).suffix.lower() in PARSERS]
    documents = [name for name in names if name not in lists]
    free = [name for name in lists if name not in listed]
    own = {name for name in documents if names_lists(name, read_file(listing.folder, name) or b"")}
    lists_beside = ListsBeside(documents, free)
    beside = {name: None if name in own else next(iter(lists_beside.lists_of(name)), None) for name in documents}
    for name in [name for name in documents if name not in listed]:
        add_entry(listing, name, beside[name])
    for number, value, name in listing.remaining():
        works = beside.get(f"{place}{name}")
        if works and not (value.get("bibliography") or value.get("left_out")):
            listing.edits.insert(number, [f"bibliography = [{in_toml(works.removeprefix(place))}]"])
            listing.said.append(say("fix.list", file=name, list=works.removeprefix(place)))
    for name in [name for name in free if name not in beside.values()]:
        listing.added.append(left_out_entry(name.removeprefix(place), say("fix.no_document")))
        listing.said.append(say("fix.left_out", file=name.removeprefix(place)))


def add_entry(listing: EditedListing, path: str, works: str | None) -> None:
    """Add an entry for a file that is not listed; one that says it is left out, if it cannot be read."""
    name = path.removeprefix(listing.place)
    about = known_of(listing, name)
    if about is None:
        listing.added.append(left_out_entry(name, say("fix.unread")))
        listing.said.append(say("fix.unreadable", file=name))
    else:
        id = free_id(path, listing.ids)
        listing.ids.add(id)
        listing.added.append(entry_of(id, path, about, listing.place, [works] if works else []))
        listing.said.append(say("fix.added", file=name))


def known_of(listing: EditedListing, name: str) -> Provenance | None:
    """What the file says about itself, or None if it cannot be read."""
    path, nothing = f"{listing.place}{name}", Provenance("", language="")
    try:
        data = read_file(listing.folder, path)
        if data is None:
            return None
        return complete(nothing, path, read_file_once(CorpusFile("", path, data, nothing, 1), listing.kept))
    except CorpusError:
        return None
    except Exception:  # a bug in a reader, which the check reports
        return None
