"""Lines of a page of a PDF: characters on one baseline, with blanks where there are gaps."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from qa.readers.pdf.glyphs import Glyph
from qa.readers.scripts import find_script, separated

# All as shares of the size of the type.
SAME_BASELINE = 0.12
OFF_BASELINE = 0.62  # as far as raised and lowered characters are
STEP_BACK = 0.9
WIDEST_GAP = 1.6
SMALLER = 0.86  # raised characters are at most this large
LOWERED_BY = 0.06
WORD_GAP = 0.18
WORD_GAP_OF_RAISED = 0.22
GAP_WITH_BLANK = 0.07  # where the file has a blank too
COLUMN_GAP = 1.9
MOST_RAISED = 12  # characters of a piece that may be a raised part of the line before
ACCENTS = dict(zip("´`¨ˆ˜¸˚ˇ", "\u0301\u0300\u0308\u0302\u0303\u0327\u030a\u030c", strict=True))
Position = Literal["", "sup", "sub"]


@dataclass(eq=False)
class PrintedLine:
    """Characters on one baseline. `text` and `sources` are parallel: for each character of the text the one of the page
    that it comes from, None for blanks. `gaps` are the offsets behind wide gaps, as between the cells of a table.
    `column` is 0 or 1, -1 for a line across both."""

    glyphs: list[Glyph]
    page: int
    left: float = 0
    right: float = 0
    baseline: float = 0
    size: float = 0
    bold: bool = False
    text: str = ""
    sources: list[Glyph | None] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    column: int = 0

    def __post_init__(self) -> None:
        self.measure()

    def measure(self) -> None:
        """Size, baseline and extent, by most of the characters."""
        sizes = Counter(round(glyph.size * 2) / 2 for glyph in self.glyphs)
        self.size = max(sizes, key=lambda size: (sizes[size], size))
        if sizes[self.size] < 0.6 * len(self.glyphs):
            self.size = max(size for size in sizes if sizes[size] >= 0.2 * len(self.glyphs) or size == self.size)
        main = [glyph for glyph in self.glyphs if abs(glyph.size - self.size) < 0.6] or self.glyphs
        self.baseline = sorted(glyph.baseline for glyph in main)[len(main) // 2]
        self.left = min(glyph.left for glyph in self.glyphs)
        self.right = max(glyph.right for glyph in self.glyphs)
        self.bold = sum(glyph.bold for glyph in main) > 0.75 * len(main)

    def join(self, other: PrintedLine) -> None:
        after = other.left >= self.right - 0.3 * max(self.size, other.size)
        self.glyphs = self.glyphs + other.glyphs if after else other.glyphs + self.glyphs
        self.measure()

    def write(self) -> None:
        """Make the text from the characters."""
        pieces: list[str] = []
        for start, end in runs_of_positions([self.position(glyph) for glyph in self.glyphs]):
            self.write_run(self.glyphs[start:end], self.position(self.glyphs[start]), start, pieces)
        self.text = "".join(pieces)

    def write_run(self, run: Sequence[Glyph], position: Position, start: int, pieces: list[str]) -> None:
        whole = "".join(glyph.text for glyph in run)
        script = find_script(position, whole) if position else None
        before = pieces[-1][-1:] if pieces else ""
        if position and script is None and not self.is_apart(start):
            self.put(separated(position, whole, before), None, pieces)
        for place, glyph in enumerate(run, start):
            if place and self.is_apart(place):
                if glyph.left - self.glyphs[place - 1].right > COLUMN_GAP * self.size:
                    self.gaps.append(len(self.sources) + 1)
                self.put(" ", None, pieces)
            previous = pieces[-1] if pieces else ""
            if not position and previous[-1:] in ACCENTS and (letter := with_accent(previous[-1], glyph.text)):
                pieces.pop()
                self.sources.pop()
                self.put(letter, glyph, pieces)
            else:
                self.put(script(glyph.text, previous) if script else glyph.text, glyph, pieces)

    def put(self, text: str, source: Glyph | None, pieces: list[str]) -> None:
        if text:
            pieces.append(text)
            self.sources += [source] * len(text)

    def position(self, glyph: Glyph) -> Position:
        if glyph.size >= SMALLER * self.size:
            return ""
        above = glyph.baseline - self.baseline
        return "sup" if above > SAME_BASELINE * self.size else "sub" if -above > LOWERED_BY * self.size else ""

    def is_apart(self, place: int) -> bool:
        """Whether there is a blank before a character."""
        if not place:
            return False
        before, glyph = self.glyphs[place - 1], self.glyphs[place]
        gap = glyph.left - before.right
        if "sup" in (self.position(glyph), self.position(before)):
            wide = gap > WORD_GAP_OF_RAISED * self.size
        else:
            wide = gap > WORD_GAP * min(max(glyph.size, before.size), 1.2 * self.size)
        return wide or (glyph.after_blank and gap > GAP_WITH_BLANK * self.size)


def runs_of_positions(positions: Sequence[Position]) -> Iterator[tuple[int, int]]:
    """The stretches of characters that are all raised, all lowered, or neither."""
    start = 0
    for place in range(1, len(positions) + 1):
        if place == len(positions) or positions[place] != positions[start]:
            yield start, place
            start = place


def with_accent(accent: str, letter: str) -> str:
    """The letter with an accent that is drawn beside it; empty if there is no such letter."""
    whole = unicodedata.normalize("NFC", letter + ACCENTS[accent]) if len(letter) == 1 and letter.isalpha() else ""
    return whole if len(whole) == 1 else ""


def make_lines(glyphs: Sequence[Glyph], width: float) -> list[PrintedLine]:
    """The lines of a page in the order of the file. A piece of a line is joined only with what is close before it in
    the file, because the space between two columns may be no wider than a gap."""
    lines: list[PrintedLine] = []
    for piece in runs_of_glyphs(glyphs):
        line = PrintedLine(piece, piece[0].page)
        whole = next((before for before in reversed(lines[-3:]) if on_one_line(before, line)), None)
        if whole is not None and fits_beside(whole, line, width if whole is lines[-1] else 0):
            whole.join(line)
        else:
            lines.append(line)
    for line in lines:
        line.write()
    return lines


def runs_of_glyphs(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Runs of characters beside one another."""
    piece: list[Glyph] = []
    largest = None
    for glyph in glyphs:
        if piece and largest is not None and not goes_on(piece[-1], largest, glyph):
            yield piece
            piece, largest = [], None
        piece.append(glyph)
        if largest is None or glyph.size > largest.size:
            largest = glyph
    if piece:
        yield piece


def goes_on(previous: Glyph, largest: Glyph, glyph: Glyph) -> bool:
    size = max(glyph.size, largest.size)
    off, gap = abs(glyph.baseline - largest.baseline), glyph.left - previous.right
    if off >= OFF_BASELINE * size or not -STEP_BACK * size < gap < WIDEST_GAP * size:
        return False
    smallest = min(glyph.size, largest.size, previous.size)
    return off < SAME_BASELINE * size or smallest < 0.9 * size


def on_one_line(one: PrintedLine, other: PrintedLine) -> bool:
    size = max(one.size, other.size)
    off = abs(one.baseline - other.baseline)
    if off < SAME_BASELINE * size:
        return True
    is_script = min(one.size, other.size) < SMALLER * size and min(len(one.glyphs), len(other.glyphs)) <= MOST_RAISED
    return is_script and off < OFF_BASELINE * size


def fits_beside(one: PrintedLine, other: PrintedLine, width: float) -> bool:
    """Whether a piece may belong to a line by the space between them; `width` is that of the page if they follow one
    another in the file, else 0."""
    size = max(one.size, other.size)
    after, before = other.left - one.right, one.left - other.right
    return -0.3 * size <= after < max(0.5 * width, 1.1 * size) or -0.3 * size <= before < 0.4 * size
