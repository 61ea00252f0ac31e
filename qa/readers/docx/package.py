"""The parts of a Word document: a zip archive of XML, read within limits."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from typing import NamedTuple

from qa.errors import ReadingError
from qa.readers.xml import Element, attribute, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}
MOST_PARTS = 5_000
LARGEST_PART = 60_000_000  # bytes
LARGEST_IN_ALL = 200_000_000  # bytes of XML
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
SAVE_AGAIN = "Open it in a word processor and save it again."


class PartRelation(NamedTuple):
    """A relation of a part: its kind, and the path of the part it leads to."""

    kind: str
    path: str


class Package:
    """The parts of a document by path. `name` appears in messages. Raises ReadingError."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.left = LARGEST_IN_ALL
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
        except DAMAGED:
            raise ReadingError(name, f"is no Word document, or is damaged. {SAVE_AGAIN}") from None
        entries = self.archive.infolist()
        if len(entries) > MOST_PARTS:
            raise ReadingError(name, f"has more than {MOST_PARTS} parts. {SAVE_AGAIN}")
        if sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels"))) > LARGEST_IN_ALL:
            raise self.too_large()
        self.entries = {entry.filename.lstrip("/"): entry for entry in entries}

    def too_large(self) -> ReadingError:
        return ReadingError(self.name, "is too large when unpacked. Split the document.")

    def xml(self, path: str) -> Element | None:
        """The root of a part, or None if there is no such part."""
        entry = self.entries.get(path)
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise ReadingError(self.name, "has a password. Save it without one.")
        limit = min(LARGEST_PART, self.left)
        try:
            with self.archive.open(entry) as part:
                data = part.read(limit + 1)  # the size that is declared may be false
        except (*DAMAGED, RuntimeError):
            raise ReadingError(self.name, f"is damaged. {SAVE_AGAIN}") from None
        if len(data) > limit:
            raise self.too_large()
        self.left -= len(data)
        for strict, usual in STRICT.items():
            data = data.replace(strict, usual) if strict in data else data
        try:
            root = parse_xml(data, self.name)
        except ReadingError as error:
            raise ReadingError(self.name, f"has a part that {error.message}") from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise ReadingError(self.name, f"has a part with a DTD, as no Word document has. {SAVE_AGAIN}")
        return root

    def relations(self, path: str) -> list[PartRelation]:
        """The relations of a part; those of the whole package for ""."""
        place = PurePosixPath(path)
        root = self.xml(str(place.parent / "_rels" / f"{place.name}.rels") if path else "_rels/.rels")
        return [
            PartRelation(attribute(each, "Type").rpartition("/")[2], path_from(place.parent, attribute(each, "Target")))
            for each in (root if root is not None else ())
            if attribute(each, "TargetMode") != "External"
        ]

    def related(self, path: str, kind: str) -> Iterator[Element]:
        """The roots of the parts to which a part is related in that way."""
        for relation in self.relations(path):
            if relation.kind == kind and (root := self.xml(relation.path)) is not None:
                yield root


def path_from(folder: PurePosixPath, target: str) -> str:
    """The path of a target, which may be relative to the folder."""
    parts: list[str] = [] if target.startswith("/") else [part for part in folder.parts if part != "."]
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def value(element: Element | None, *path: str) -> str | None:
    """The value of the element at that path of names; "true" if it has none, None if there is no such element."""
    found = element
    for name in path:
        found = None if found is None else found.find(W + name)
    if found is None:
        return None
    given: str = found.get(f"{W}val", "true")
    return given


def is_on(given: str | None) -> bool:
    return given is not None and given not in ("0", "false", "off", "none")


def letters_in(element: Element) -> int:
    """Letters and digits in the text of an element of a document."""
    return sum(sum(map(str.isalnum, text.text or "")) for text in element.iter(f"{W}t"))
