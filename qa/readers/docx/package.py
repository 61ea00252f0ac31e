"""The parts of a Word document: a zip archive of XML, read within limits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from qa.errors import ReadingError
from qa.readers.archive import Archive
from qa.readers.xml import Element, attribute, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}
SAVE_AGAIN = "Open it in a word processor and save it again."


class PartRelation(NamedTuple):
    """A relation of a part: its kind, and the path of the part it leads to."""

    kind: str
    path: str


class Package:
    """The parts of a document by path. `name` appears in messages. Raises ReadingError."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.archive = Archive(data, name, "Word document", SAVE_AGAIN)

    def xml(self, path: str) -> Element | None:
        """The root of a part, or None if there is no such part."""
        data = self.archive.read(path)
        if data is None:
            return None
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
