"""A whole PDF: opened, read page by page, refused by name where it has no text to read."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from qa.errors import ReadingError
from qa.readers.pdf.glyphs import Glyph, GlyphReader, TooManyCharacters
from qa.readers.pdf.line_numbers import without_line_numbers
from qa.readers.pdf.lines import PrintedLine, make_lines
from qa.readers.pdf.links import PageLink, page_links

MOST_PAGES = 2_000
LEAST_CHARACTERS = 20  # on a page, on average
MOST_UNKNOWN = 0.2  # share of characters that the fonts give no letters for
MOST_FROM_RIGHT = 0.5  # share of letters of scripts that are written from right to left
FROM_RIGHT = frozenset({"R", "AL"})


@dataclass
class Pages:
    """The pages of a document: lines in the order of the file, sizes in points, links, and what it says about itself.
    `tilted` counts letters written at an angle, `unknown` characters for which a font gives no letter, `line_numbers`
    the digits of numbers of lines; none of them are in a line."""

    lines: list[list[PrintedLine]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)
    tilted: int = 0
    unknown: int = 0
    line_numbers: int = 0

    @property
    def characters(self) -> Iterator[str]:
        return (glyph.text for lines in self.lines for line in lines for glyph in line.glyphs)


def read_pages(data: bytes, name: str) -> Pages:
    """Read all pages; `name` appears in messages. Raises ReadingError."""
    document = open_document(data, name)
    pages, reader = Pages(), GlyphReader()
    glyphs: list[list[Glyph]] = []
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise ReadingError(name, f"is damaged on page {number + 1}. Download or export it again.") from None
        text_page = pdfium.FPDFText_LoadPage(page)
        try:
            width, height = page.get_size()
            glyphs.append(reader.read(text_page, number, page.get_cropbox()))
            pages.widths.append(width)
            pages.heights.append(height)
            pages.links += page_links(document, page, number)
        except TooManyCharacters:
            raise ReadingError(name, f"has too many characters on page {number + 1}. Divide the page.") from None
        finally:
            pdfium.FPDFText_ClosePage(text_page)
            page.close()
    kept, pages.line_numbers = without_line_numbers(glyphs)
    pages.lines = [make_lines(page, width) for page, width in zip(kept, pages.widths, strict=True)]
    pages.tilted, pages.unknown = reader.tilted, reader.unknown
    pages.described = describe_document(document)
    refuse_unreadable(pages, name)
    return pages


def open_document(data: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise ReadingError(name, "has a password. Save it without one.") from None
        raise ReadingError(name, "is damaged. Download or export it again.") from None
    if count > MOST_PAGES:
        raise ReadingError(name, f"has more than {MOST_PAGES:,} pages. Divide it.")
    if not count:
        raise ReadingError(name, "has no pages. Download or export it again.")
    return document


def describe_document(document: pypdfium2.PdfDocument) -> dict[str, str]:
    """The fields of the document's information, and its language, by names in lower case."""
    fields = {key.lower(): value for key, value in document.get_metadata_dict(skip_empty=True).items()}
    length = pdfium.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    language = buffer.raw.decode("utf-16-le", "ignore").strip("\0")
    return fields | ({"language": language} if language else {})


def refuse_unreadable(pages: Pages, name: str) -> None:
    """Raise ReadingError for pages without text, or with characters that are no letters of a text."""
    characters = "".join(pages.characters)
    known, unknown = len(characters), pages.unknown
    if known + unknown < LEAST_CHARACTERS * len(pages.lines):
        message = "has no text: it is a scan. Save it with text recognition (OCR), or as .docx."
        raise ReadingError(name, message)
    if unknown > MOST_UNKNOWN * (known + unknown):
        message = "has fonts that do not say which letters they show. Export it again, or save it as .docx."
        raise ReadingError(name, message)
    letters = [character for character in characters if character.isalpha()]
    if sum(unicodedata.bidirectional(letter) in FROM_RIGHT for letter in letters) > MOST_FROM_RIGHT * len(letters):
        raise ReadingError(
            name, "is written from right to left, which is not read from PDF. Save it as .docx or .html."
        )
