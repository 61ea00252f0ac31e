"""Footnotes of a PDF: lines in small type at the foot of a page that begin with a number which is raised above."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from qa.readers.pdf.glyphs import Glyph
from qa.readers.pdf.lines import PrintedLine
from qa.readers.pdf.margins import Margins

RAISED_NUMBER = re.compile(r"(?<=\S)\s?([¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2})(?![⁰¹²³⁴-⁹])")
NUMBER_OF_NOTE = re.compile(
    r"\s*(?:(?P<raised>[¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2})|(?P<plain>[1-9]\d{0,2})\.?(?=\s))\s*(?=[^\W_]|[“\"‘'(£$€])"
)
AS_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_SIZE = 0.93  # times the usual size
NOTES_BELOW = 0.45  # of the page's height


class Called(NamedTuple):
    """A raised number in the text: its page, value, and the characters of the page that it consists of."""

    page: int
    number: int
    glyphs: tuple[Glyph, ...]


class PrintedNotes:
    """Where the footnotes begin (`numbers`, by line) and where they are called."""

    def __init__(self, lines: Sequence[PrintedLine], margins: Margins, heights: Sequence[float]) -> None:
        self.heights = heights
        self.largest = NOTE_SIZE * margins.body
        self.calls = [call for line in lines if not self.is_small(line) for call in calls_in(line)]
        called = {(call.page, call.number) for call in self.calls}
        begun = ((line, number_of_note(line)) for line in lines if self.is_at_foot(line))
        self.numbers: Mapping[PrintedLine, int] = {
            line: number for line, number in begun if number and (line.page, number) in called
        }

    def is_small(self, line: PrintedLine) -> bool:
        return line.size < self.largest

    def is_at_foot(self, line: PrintedLine) -> bool:
        return self.is_small(line) and line.baseline < NOTES_BELOW * self.heights[line.page]


def calls_in(line: PrintedLine) -> Iterator[Called]:
    for match in RAISED_NUMBER.finditer(line.text):
        glyphs = tuple(glyph for glyph in line.sources[match.start(1) : match.end(1)] if glyph is not None)
        if glyphs:
            yield Called(line.page, int(match[1].translate(AS_DIGITS)), glyphs)


def number_of_note(line: PrintedLine) -> int | None:
    match = NUMBER_OF_NOTE.match(line.text)
    return int((match["raised"] or match["plain"]).translate(AS_DIGITS)) if match else None
