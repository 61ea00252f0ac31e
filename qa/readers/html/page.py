"""A web page of unknown origin as a tree: decoded, parsed within limits, and nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html

from qa.errors import ReadingError
from qa.readers.xml import Element, drop_namespaces, element_names, name_entities, parse_xml

LARGEST = 20_000_000  # bytes
MOST_ELEMENTS = 200_000
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
FIRST_BYTES = 4096  # that may name the encoding
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
DECLARED = (
    re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE),
    re.compile(rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"']([\w-]{1,40})", re.IGNORECASE),
)
# What pages call Latin-1 is this in every browser.
AS_BROWSERS_DO = {"iso-8859-1": "windows-1252", "latin-1": "windows-1252", "ascii": "windows-1252"}
XHTML = re.compile(rb"<html[^>]{0,400}xmlns\s*=\s*[\"']http://www\.w3\.org/1999/xhtml", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
OPENING_TAG = re.compile(r"<[a-zA-Z]")
# Elements without text that a reader of the page sees.
UNSEEN = element_names(
    "annotation annotation-xml head link meta noscript noframes object script style svg template title"
)
MARKED_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

HIDDEN_LIST = re.compile(r"(?:^|\s)(?:references|csl-bib-body|doc-bibliography)(?:$|\s)")


def parse_page(data: bytes, name: str) -> Element:
    """The root of a page. Raises ReadingError for one that is too large or too deep."""
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. Split the page.")
    if (page := as_xml(data, name)) is not None:
        return page
    text = decode_page(data, name)
    if sum(1 for _ in OPENING_TAG.finditer(text)) > MOST_ELEMENTS:
        raise ReadingError(name, "has too many elements to be a document. Split the page.")
    parser = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root: Element = lxml.html.document_fromstring(text, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        raise ReadingError(name, "has no text. Save or download the page again.") from None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadingError(name, "has elements nested too deeply. Save the page again from a browser.")
    return root


def as_xml(data: bytes, name: str) -> Element | None:
    """The root of a page that says that it is XML, and is: read as HTML, an empty element (<a id="x"/>) would hold all
    that follows."""
    if not XHTML.search(data[:FIRST_BYTES]):
        return None
    try:
        root = parse_xml(data, name)
        name_entities(root, name)
    except ReadingError:
        return None
    drop_namespaces(root)
    return root if root.tag == "html" else None


def remove_unseen(root: Element) -> None:
    """Remove the elements whose text no reader of the page sees. Lists of references stay: where a book has one list
    for all its chapters, each chapter has its own part of it, hidden, to show entries beside marks."""
    for element in list(elements(root)):
        if element.tag in UNSEEN or (is_hidden(element) and not HIDDEN_LIST.search(tokens_of(element))):
            remove(element)


def decode_page(data: bytes, name: str) -> str:
    """The text in the encoding that the page declares, else UTF-8, else windows-1252. Raises ReadingError."""
    marked = next((mark for mark in BYTE_ORDER_MARKS if data.startswith(mark)), b"")
    found = (pattern.search(data[:FIRST_BYTES]) for pattern in DECLARED)
    declared = [match[1].decode().lower() for match in found if match]
    for encoding in [BYTE_ORDER_MARKS[marked]] if marked else [*declared, "utf-8", "windows-1252"]:
        try:
            text = data[len(marked) :].decode(AS_BROWSERS_DO.get(encoding, encoding))
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" in text:
            raise ReadingError(name, "is not a web page: it contains a NUL character. Save the page again.")
        return XML_DECLARATION.sub("", text, count=1)
    raise ReadingError(name, "is not in the encoding that it names. Save the page as UTF-8.")


def is_hidden(element: Element) -> bool:
    """Whether a browser does not show an element. A hidden formula is one of which a picture is shown."""
    hidden = element.get("hidden") is not None or MARKED_HIDDEN.search(element.get("style") or "")
    return bool(hidden) and next(element.iter("math"), None) is None


def remove(element: Element) -> None:
    """Take an element out of its page; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)


def elements(root: Element) -> Iterator[Element]:
    """All elements in the order of the page, without comments and the like."""
    return (element for element in root.iter() if isinstance(element.tag, str))


def tokens_of(element: Element) -> str:
    """Class, role and kind of an element, as one string."""
    return " ".join(filter(None, map(element.get, ("class", "role", EPUB_TYPE))))


def ancestors(element: Element, tags: frozenset[str]) -> Iterator[Element]:
    """The element itself and those around it, if they have one of the tags."""
    if element.tag in tags:
        yield element
    yield from (around for around in element.iterancestors() if around.tag in tags)
