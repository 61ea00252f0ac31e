"""Links within a PDF: from places on a page to places on a page."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from qa.readers.pdf.glyphs import Glyph

MOST_LINKS = 5_000  # of a page
MOST_ABOVE = 45  # points that a destination may be above the first line of its entry
MOST_BESIDE = 60
LONGEST_MARK = 60


class PageLink(NamedTuple):
    """A link: its page and box (left, bottom, right, top), and the page, left and top of its destination; `left` is
    None if the file does not say."""

    page: int
    box: tuple[float, float, float, float]
    to_page: int
    to_left: float | None
    to_top: float


class Top(NamedTuple):
    """Where an entry begins: page, left, top, and its id."""

    page: int
    left: float
    top: float
    id: str


def page_links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int) -> Iterator[PageLink]:
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    rectangle = pdfium.FS_RECTF()
    for _ in range(MOST_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, position, link):
            return
        place = destination(document, link)
        if place is not None and pdfium.FPDFLink_GetAnnotRect(link, rectangle):
            across = sorted((rectangle.left, rectangle.right))
            up = sorted((rectangle.bottom, rectangle.top))
            yield PageLink(number, (across[0], up[0], across[1], up[1]), *place)


def destination(document: pypdfium2.PdfDocument, link: pdfium.FPDF_LINK) -> tuple[int, float | None, float] | None:
    """Page, left and top of where a link leads in the document, or None."""
    found = pdfium.FPDFLink_GetDest(document, link)
    if not found:
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_GOTO:
            return None
        found = pdfium.FPDFAction_GetDest(document, action)
    if not found:
        return None
    has_x, has_y, has_zoom = (ctypes.c_int() for _ in range(3))
    x, y, zoom = (ctypes.c_float() for _ in range(3))
    known = pdfium.FPDFDest_GetLocationInPage(found, has_x, has_y, has_zoom, x, y, zoom)
    if not known or not has_y.value:
        return None
    return pdfium.FPDFDest_GetDestPageIndex(document, found), x.value if has_x.value else None, y.value


def entry_at(link: PageLink, tops: Sequence[Top]) -> str | None:
    """The id of the entry that a link leads to: the first at or below the place, in its column."""
    below = [
        top
        for top in tops
        if top.page == link.to_page
        and top.top <= link.to_top + 3
        and (link.to_left is None or link.to_left < 5 or abs(top.left - link.to_left) < MOST_BESIDE)
    ]
    nearest = max(below, key=lambda top: top.top, default=None)
    return nearest.id if nearest is not None and link.to_top - nearest.top <= MOST_ABOVE else None


def text_below(link: PageLink, places: Mapping[int, Sequence[tuple[Glyph, int]]]) -> tuple[int, int] | None:
    """The stretch of the text that a link covers, or None; `places` are the characters of each page with offsets."""
    left, bottom, right, top = link.box
    covered = [
        offset
        for glyph, offset in places.get(link.page, ())
        if left - 0.5 <= (glyph.left + glyph.right) / 2 <= right + 0.5
        and bottom - 1 <= glyph.baseline + 0.25 * glyph.size <= top + 1
    ]
    if not covered or max(covered) - min(covered) >= LONGEST_MARK:
        return None
    return min(covered), max(covered) + 1
