"""OpenDocument text: paragraphs, headings, lists, tables, notes and links, read as those of a web page."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree

from qa.errors import ReadingError
from qa.models import Metadata, Reading, Trouble
from qa.readers.archive import Archive
from qa.readers.html import read_book
from qa.readers.xml import Element, attribute, drop_namespaces, element_names, flat, letters_of, parse_xml

AGAIN = "Save it again, or as .docx."
LEFT_OUT = element_names(
    "tracked-changes annotation annotation-end table-of-content alphabetical-index illustration-index sequence-decls "
    "forms bibliography-source desc title"
)
HIDDEN = "Not in the text: comments, deleted text, and the table of contents."
TITLE = frozenset({"Title"})
HEADING_STYLE = re.compile(r"Heading(?:_20_| )?(\d)?$")


def read_odt(data: bytes, name: str) -> Reading:
    """Read an OpenDocument text; `name` appears in messages. Raises ReadingError."""
    archive = Archive(data, name, "OpenDocument text", AGAIN)
    content = archive.read("content.xml")
    if content is None or (archive.read("META-INF/manifest.xml") or b"").find(b"encryption-data") >= 0:
        why = "is no OpenDocument text, or is damaged" if content is None else "has a password"
        raise ReadingError(name, f"{why}. {AGAIN}")
    root = parse_plain(content, name)
    text = root.find(".//body/text")
    if text is None:
        raise ReadingError(name, f"has no text. {AGAIN}")
    page = OpenDocument(root)
    body = etree.Element("body")
    page.blocks(text, body)
    page.write_notes(body)
    reading = read_book(body, page.metadata(archive.read("meta.xml"), name), name)
    hidden = (Trouble(HIDDEN, letters=page.hidden),) if page.hidden else ()
    return replace(reading, trouble=(*reading.trouble, *hidden))


class OpenDocument:
    """Writes the elements of a document as those of a page."""

    def __init__(self, root: Element) -> None:
        self.styles = {attribute(style, "name"): style for style in root.iter("style")}
        self.notes: list[Element] = []
        self.hidden = 0
        self.title = ""

    def blocks(self, around: Element, page: Element) -> None:
        """Write the blocks in an element into a part of the page."""
        for element in around.iterchildren(etree.Element):
            tag = element.tag
            if tag in LEFT_OUT:
                self.hidden += letters_of(element)
            elif tag in ("h", "p"):
                self.paragraph(element, page)
            elif tag == "list":
                ordered = self.is_numbered(element)
                self.blocks_in(element, etree.SubElement(page, "ol" if ordered else "ul"))
            elif tag == "table":
                self.table(element, page)
            else:
                self.blocks(element, page)

    def blocks_in(self, listed: Element, page: Element) -> None:
        for item in listed:
            if item.tag in ("list-item", "list-header"):
                self.blocks(item, etree.SubElement(page, "li"))

    def is_numbered(self, listed: Element) -> bool:
        name = attribute(listed, "style-name") or attribute(next(listed.iterancestors("list"), None), "style-name")
        return "Numb" in name or name in self.numbered

    @property
    def numbered(self) -> frozenset[str]:
        return frozenset(
            name for name, style in self.styles.items() if style.find("list-level-style-number") is not None
        )

    def paragraph(self, element: Element, page: Element) -> None:
        style = self.named_style(attribute(element, "style-name"))
        match = HEADING_STYLE.match(style)
        level = attribute(element, "outline-level") if element.tag == "h" else (match[1] or "1") if match else ""
        if style in TITLE and not self.title:
            self.title, level = flat(element), "1"
        written = etree.SubElement(page, f"h{min(int(level), 6)}" if level.isdecimal() else "p")
        self.inline(element, written)

    def named_style(self, name: str) -> str:
        """The style of a paragraph that its own name, which an office program makes up, stands for."""
        style = self.styles.get(name)
        return attribute(style, "parent-style-name") or name if style is not None else name

    def table(self, element: Element, page: Element) -> None:
        table = etree.SubElement(page, "table")
        for row in element.iter("table-row"):
            head = any(each.tag == "table-header-rows" for each in row.iterancestors())
            written = etree.SubElement(table, "tr")
            for cell in row.iterchildren("table-cell", "covered-table-cell"):
                self.blocks(cell, etree.SubElement(written, "th" if head else "td"))

    def inline(self, element: Element, page: Element) -> None:
        """Write the words of an element into a part of the page."""
        add_words(page, element.text)
        for child in element.iterchildren(etree.Element):
            tag = child.tag
            if tag == "s":
                add_words(page, " ")
            elif tag in ("tab", "line-break"):
                etree.SubElement(page, "br")
            elif tag == "note":
                self.note(child, page)
            elif tag == "a":
                link = etree.SubElement(page, "a", href=attribute(child, "href"))
                self.inline(child, link)
            elif tag == "span":
                self.inline(child, self.styled(child, page))
            elif tag == "bibliography-mark":
                add_words(page, flat(child))
            elif tag in LEFT_OUT:
                self.hidden += letters_of(child)
            elif tag in ("frame", "text-box", "custom-shape"):
                self.inline_blocks(child, page)
            else:
                self.inline(child, page)
            add_words(page, child.tail)

    def inline_blocks(self, element: Element, page: Element) -> None:
        """Write the words of a frame, which has paragraphs of its own."""
        for block in element.iter("p", "h"):
            self.inline(block, page)
            add_words(page, " ")

    def styled(self, span: Element, page: Element) -> Element:
        """The part of the page for the words of a span, by what its style says."""
        style = self.styles.get(attribute(span, "style-name"))
        about = style.find("text-properties") if style is not None else None
        position = attribute(about, "text-position")
        tag = (
            "sup" if position.startswith(("super", "33", "58")) else "sub" if position.startswith(("sub", "-")) else ""
        )
        tag = tag or ("b" if attribute(about, "font-weight") == "bold" else "")
        return etree.SubElement(page, tag or ("i" if attribute(about, "font-style") == "italic" else "span"))

    def note(self, note: Element, page: Element) -> None:
        self.notes.append(note)
        number = len(self.notes)
        mark = etree.SubElement(etree.SubElement(page, "sup"), "a", href=f"#note-{number}")
        mark.text = str(number)

    def write_notes(self, page: Element) -> None:
        if not self.notes:
            return
        etree.SubElement(page, "h2").text = "Notes"
        listed = etree.SubElement(page, "ol")
        for number, note in enumerate(self.notes, start=1):
            item = etree.SubElement(listed, "li", id=f"note-{number}")
            for part in note.iter("p", "h"):
                self.inline(part, item)
                add_words(item, " ")

    def metadata(self, data: bytes | None, name: str) -> Metadata:
        if data is None:
            return Metadata(title=self.title or None)
        root = parse_plain(data, name)
        fields = {str(element.tag): flat(element) for element in root.iter(etree.Element)}
        return Metadata(
            title=self.title or fields.get("title") or None,
            author=fields.get("initial-creator") or fields.get("creator") or None,
            modified=fields.get("date", "")[:10] or None,
            language=fields.get("language", "").split("-")[0].lower() or None,
        )


def parse_plain(data: bytes, name: str) -> Element:
    """The root of a part, with the names of elements and attributes without their namespaces. Raises ReadingError."""
    root = parse_xml(data, name)
    drop_namespaces(root)
    for element in root.iter(etree.Element):
        for key, value in element.attrib.items():
            element.set(etree.QName(key).localname, value)
    return root


def add_words(page: Element, words: str | None) -> None:
    """Add words at the end of a part of the page."""
    if not words:
        return
    if len(page):
        page[-1].tail = (page[-1].tail or "") + words
    else:
        page.text = (page.text or "") + words
