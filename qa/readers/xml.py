"""XML of unknown origin: parsed with limits, without fetching, expanding or dropping anything."""

from __future__ import annotations

import html.entities
import re
from typing import TypeAlias

from lxml import etree

from qa.errors import ReadingError

Element: TypeAlias = etree._Element

# Elements, attributes and closing tags together: a tree takes up to 150 bytes for each.
MOST_NODES = 3_000_000
SHORT = 300  # characters
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
BLANKS = re.compile(r"\s+")


def parse_xml(data: bytes, name: str) -> Element:
    """The root element. Raises ReadingError for XML that is broken, too large or made to harm."""
    if data.count(b"<") + data.count(b"=") > MOST_NODES:
        raise ReadingError(name, "has too many elements to be a document. Split the file.")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root: Element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ReadingError(name, f"{reason(error)} Save or download the file again.", line=error.lineno) from None
    return root


def reason(error: etree.XMLSyntaxError) -> str:
    """Why the parser refused, in a sentence."""
    message = str(error)
    if "encoding" in message.lower():
        return "is not in the encoding that it names."
    if "depth" in message:
        return "has elements nested too deeply."
    if "entit" in message and ("amplification" in message or "loop" in message):
        return "has entities that multiply."
    if "huge" in message.lower() or "too long" in message:
        return "has a text or a name that is too long."
    return "is broken XML: it ends or breaks off in the middle of an element."


def drop_namespaces(root: Element) -> None:
    for element in root.iter(etree.Element):
        if "}" in element.tag:
            element.tag = etree.QName(element).localname


def name_entities(root: Element, name: str) -> None:
    """Replace entities that a DTD would explain (&alpha;) by the characters that HTML has for them. Raises ReadingError
    for others, because nothing may vanish."""
    for entity in list(root.iter(etree.Entity)):
        character = html.entities.html5.get(f"{entity.name};")
        if character is None:
            message = f"has the entity &{entity.name}; which is not known. Replace it by its character."
            raise ReadingError(name, message, line=entity.sourceline)
        parent, previous, words = entity.getparent(), entity.getprevious(), character + (entity.tail or "")
        if previous is not None:
            previous.tail = (previous.tail or "") + words
        else:
            parent.text = (parent.text or "") + words
        parent.remove(entity)


def flat(element: Element | None) -> str:
    """The text of an element on one line."""
    return "" if element is None else BLANKS.sub(" ", "".join(element.itertext())).strip()


def short_text(element: Element) -> str:
    """The beginning of the text of an element: long enough to know whether it is a number or words."""
    text = ""
    for piece in element.itertext():
        text += piece[:SHORT]
        if len(text) >= SHORT:
            break
    return text.strip()


def attribute(element: Element | None, key: str) -> str:
    """The value of an attribute; empty if it or the element is missing."""
    value: str | None = None if element is None else element.get(key)
    return value or ""


def first_text(element: Element, *paths: str) -> str:
    """The text at the first of the paths that has any."""
    return next((text for path in paths if (text := flat(element.find(path)))), "")


def letters_of(element: Element) -> int:
    """How many letters and digits are in the element."""
    return sum(map(str.isalnum, "".join(element.itertext())))


def element_names(words: str) -> frozenset[str]:
    """The names in a line of them."""
    return frozenset(words.split())
