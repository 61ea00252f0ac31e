"""EPUB: a book of web pages in an archive, read in its order as one page, so that links between its files are citations
too."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import unquote

from lxml import etree

from qa.errors import ReadingError
from qa.models import Metadata, Reading, Trouble
from qa.readers.archive import Archive
from qa.readers.html import read_book
from qa.readers.html.metadata import ANY_DOI, iso_date
from qa.readers.html.page import elements, parse_page, remove_unseen
from qa.readers.xml import Element, attribute, drop_namespaces, flat, letters_of, parse_xml

LARGEST = 100_000_000  # bytes
PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
AGAIN = "Save or download the book again."
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CONTENTS = "Not in the text: the table of contents."


class Part(NamedTuple):
    """A file of the book: its path in the archive, and whether it is the table of contents."""

    path: str
    is_contents: bool


def read_epub(data: bytes, name: str) -> Reading:
    """Read a book; `name` appears in messages. Raises ReadingError."""
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. Split the book.")
    archive = Archive(data, name, "EPUB", AGAIN)
    path, package = find_package(archive)
    parts = list(in_order(package, path))
    refuse_protected(archive, parts)
    book = etree.Element("body")
    of_contents = 0
    for part in parts:
        content = archive.read(part.path)
        if content is None:
            raise ReadingError(name, f"lacks its part {posixpath.basename(part.path)[:40]}. {AGAIN}")
        page = parse_page(content, name)
        remove_unseen(page)
        if part.is_contents:
            of_contents += letters_of(page)
        else:
            book.append(with_own_ids(page, part.path))
    reading = read_book(book, metadata_of(package), name)
    trouble = (Trouble(CONTENTS, letters=of_contents),) if of_contents else ()
    return replace(reading, trouble=(*reading.trouble, *trouble))


def find_package(archive: Archive) -> tuple[str, Element]:
    """The path and the root of the description of the book."""
    container = part_of(archive, "META-INF/container.xml")
    path = attribute(container.find(".//rootfile"), "full-path")
    return path, part_of(archive, path)


def part_of(archive: Archive, path: str) -> Element:
    content = archive.read(path)
    if content is None:
        raise ReadingError(archive.name, f"is no EPUB, or is damaged. {AGAIN}")
    root = parse_xml(content, archive.name)
    drop_namespaces(root)
    return root


def in_order(package: Element, path: str) -> Iterator[Part]:
    """The pages of the book in reading order."""
    items = {attribute(item, "id"): item for item in package.iterfind("manifest/item")}
    for place in package.iterfind("spine/itemref"):
        item = items.get(attribute(place, "idref"))
        if item is not None and attribute(item, "media-type") in PAGES:
            yield Part(
                path_in_archive(path, attribute(item, "href")),
                is_contents="nav" in attribute(item, "properties").split(),
            )


def refuse_protected(archive: Archive, parts: list[Part]) -> None:
    """Raise ReadingError if pages are encrypted; fonts often are, in books that anybody may read."""
    listed = archive.read("META-INF/encryption.xml")
    if listed is None:
        return
    root = parse_xml(listed, archive.name)
    drop_namespaces(root)
    encrypted = {unquote(attribute(each, "URI")) for each in root.iter("CipherReference")}
    if encrypted & {part.path for part in parts}:
        raise ReadingError(archive.name, "is protected against copying. Use a file without that protection.")


def path_in_archive(path: str, address: str) -> str:
    """The path in the archive of an address in the part at `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address))).lstrip("/")


def with_own_ids(page: Element, path: str) -> Element:
    """The body of a page whose ids and addresses also say which part they are in."""
    body = page.find(".//body")
    body = page if body is None else body
    body.tag = "section"
    for element in elements(body):
        for key in ("id", "name"):
            if element.get(key):
                element.set(key, f"{path}:{element.get(key)}")
        address = element.get("href") or ""
        if element.tag == "a" and address and not SCHEME.match(address):
            target, _, fragment = address.partition("#")
            element.set("href", f"#{path_in_archive(path, target) if target else path}:{unquote(fragment)}")
    return body


def metadata_of(package: Element) -> Metadata:
    """What the book says about itself."""
    fields: dict[str, list[str]] = {}
    for element in package.iterfind("metadata//*"):
        if flat(element):
            fields.setdefault(str(element.tag), []).append(flat(element))
    first = {key: values[0] for key, values in fields.items()}
    found = (ANY_DOI.search(value) for value in fields.get("identifier", []))
    return Metadata(
        title=first.get("title"),
        author=", ".join(fields.get("creator", [])) or None,
        date=iso_date(first.get("date")),
        language=first.get("language", "").split("-")[0].lower() or None,
        licence=first.get("rights", "")[:120] or None,
        doi=next((match[0] for match in found if match), None),
    )
