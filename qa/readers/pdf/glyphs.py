"""The characters of a page of a PDF, with their places."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass

import pypdfium2.raw as pdfium

MOST_CHARACTERS = 60_000  # on a page
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
BLANK_CODES = frozenset({9, 32, 160})
HYPHEN_AT_LINE_END = frozenset({2, 0xFFFE})  # as PDFium gives it
NOTHING = frozenset({0, 0xFFFF, 0xFEFF, 0x200B, 0xAD})
REPLACEMENT, PRIVATE = 0xFFFD, range(0xE000, 0xF900)
BOLD = re.compile(r"bold|black|heavy|semibold|demi|-b\b|cmbx|sfbx|lmroman\d+-bold|bx\d")
BOLD_FROM = 600  # weight
MOST_TILT = 0.05  # as far as letters rise or fall on their way to the right
# Letters printed a second time to look bold come back after so many others; nearer ones are those of a ligature.
SECOND_PRINT = range(4, 400)
LETTERS_OF_LIGATURE = range(2, 4)
SAME_PLACE = 0.01  # points
LONGEST_FONT_NAME = 200


class TooManyCharacters(ValueError):
    """A page with more characters than any page of text has."""


@dataclass(slots=True)
class Glyph:
    """A character or ligature: its text, place (points from the lower left corner), size and page from 0.
    `after_blank`: the file has a blank before it. `number` is its place on the page."""

    text: str
    left: float
    right: float
    baseline: float
    top: float
    size: float
    bold: bool
    page: int
    after_blank: bool
    number: int


class GlyphReader:
    """Reads the characters of pages. `tilted` counts letters written at an angle and `unknown` characters for which the
    font gives no letter; neither are read."""

    def __init__(self) -> None:
        self.tilted = self.unknown = 0
        self.bold: dict[bytes, bool] = {}
        self.box = pdfium.FS_RECTF()
        self.matrix = pdfium.FS_MATRIX()
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.font = ctypes.create_string_buffer(LONGEST_FONT_NAME)
        self.flags = ctypes.c_int()
        self.object: int | None = None  # the address of the text object of the last character
        self.found: tuple[float, bool] | None = None

    def read(self, text_page: object, page: int, crop: tuple[float, float, float, float]) -> list[Glyph]:
        """The characters within the crop box, in the order of the file. Raises TooManyCharacters."""
        count = pdfium.FPDFText_CountChars(text_page)
        if count > MOST_CHARACTERS:
            raise TooManyCharacters
        found: list[Glyph] = []
        after_blank = False
        self.object = None
        for number in range(count):
            code = pdfium.FPDFText_GetUnicode(text_page, number)
            if code in BLANK_CODES:
                after_blank = True
            elif self.is_letter(code) and (glyph := self.glyph(text_page, number, page, code)):
                glyph.after_blank, after_blank = after_blank, False
                if crop[0] - 2 <= glyph.left <= crop[2] + 2 and crop[1] - 2 <= glyph.baseline <= crop[3] + 2:
                    found.append(glyph)
        spread_ligatures(found)
        return without_second_print(found)

    def is_letter(self, code: int) -> bool:
        """Whether a code is a character that is printed."""
        if code in HYPHEN_AT_LINE_END:
            return True
        if code < 33 or code > 0x10FFFF or code in NOTHING or not chr(code).strip():
            return False
        if code == REPLACEMENT or code in PRIVATE:
            self.unknown += 1
            return False
        return True

    def glyph(self, text_page: object, number: int, page: int, code: int) -> Glyph | None:
        """The character with its place; None if it is written at an angle."""
        box = self.box
        text = "-" if code in HYPHEN_AT_LINE_END else chr(code)
        look = self.look(text_page, number)
        if look is None:
            self.tilted += text.isalnum()
            return None
        size, bold = look
        pdfium.FPDFText_GetLooseCharBox(text_page, number, box)
        pdfium.FPDFText_GetCharOrigin(text_page, number, self.x, self.y)
        return Glyph(
            text=LIGATURES.get(text, text),
            left=box.left,
            right=box.right,
            baseline=self.y.value,
            top=box.top,
            size=size or box.top - box.bottom,
            bold=bold,
            page=page,
            after_blank=False,
            number=number,
        )

    def look(self, text_page: object, number: int) -> tuple[float, bool] | None:
        """Size and weight of a character, which all of its text object have; None if they are written at an angle."""
        holder = pdfium.FPDFText_GetTextObject(text_page, number)
        found = ctypes.addressof(holder.contents) if holder else None
        if found is None or found != self.object:
            matrix = self.matrix
            pdfium.FPDFText_GetMatrix(text_page, number, matrix)
            tilted = abs(matrix.b) > MOST_TILT * abs(matrix.a) or matrix.a < 0
            size = pdfium.FPDFText_GetFontSize(text_page, number) * (abs(matrix.d) or 1)
            self.object, self.found = found, None if tilted else (size, self.is_bold(text_page, number))
        return self.found

    def is_bold(self, text_page: object, number: int) -> bool:
        pdfium.FPDFText_GetFontInfo(text_page, number, self.font, LONGEST_FONT_NAME, self.flags)
        name = self.font.value
        if name not in self.bold:
            named = bool(BOLD.search(name.decode("latin-1").lower()))
            self.bold[name] = named or pdfium.FPDFText_GetFontWeight(text_page, number) >= BOLD_FROM
        return self.bold[name]


def spread_ligatures(glyphs: list[Glyph]) -> None:
    """Give each letter of a ligature its part of the place that all of them have."""
    start = 0
    for place in range(1, len(glyphs) + 1):
        if place < len(glyphs) and is_at_one_place(glyphs[start], glyphs[place]):
            continue
        if place - start in LETTERS_OF_LIGATURE:
            letters = glyphs[start:place]
            left, width = letters[0].left, (letters[0].right - letters[0].left) / len(letters)
            for number, letter in enumerate(letters):
                letter.left, letter.right = left + number * width, left + (number + 1) * width
        start = place


def is_at_one_place(one: Glyph, other: Glyph) -> bool:
    near = abs(one.left - other.left) < SAME_PLACE
    return near and abs(one.right - other.right) < SAME_PLACE and one.baseline == other.baseline


def without_second_print(glyphs: list[Glyph]) -> list[Glyph]:
    """The characters without those that were printed twice at one place to look bold."""
    seen: dict[tuple[str, int, int], Glyph] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        place = glyph.text, round(glyph.left), round(glyph.baseline)
        first = seen.get(place)
        if first and abs(glyph.left - first.left) < 0.3 and glyph.number - first.number in SECOND_PRINT:
            continue
        seen[place] = glyph
        kept.append(glyph)
    return kept
