"""Paragraphs and rows of a rich text file, and the page that they become."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.readers.written_page import WrittenPage

LONGEST_HEADING = 120
LARGER = 2  # half points by which the type of a heading is larger than that of most of the text
ENDS_SENTENCE = re.compile(r"[.!,;:]$")
NUMBER_OF_ITEM = re.compile(r"\(?(\d{1,4})[.)]?$")
TAG = re.compile(r"<[^<>]*>")


@dataclass
class Paragraph:
    """A paragraph as HTML, with the bullet or number before it, and how many characters have each size and are bold."""

    html: list[str] = field(default_factory=list)
    sign: str = ""
    level: int = 0
    sizes: Counter[int] = field(default_factory=Counter)
    bold: int = 0

    @property
    def words(self) -> str:
        return " ".join(TAG.sub("", "".join(self.html)).split())


@dataclass(frozen=True)
class RowOfCells:
    """A row of a table; `head`: it names the columns."""

    cells: list[str]
    head: bool


def write_parts(parts: Sequence[Paragraph | RowOfCells], page: WrittenPage) -> None:
    """Write paragraphs and rows as a page. Headings have a style, or are short and in large or bold type."""
    body = Counter[int]()
    for part in parts:
        body += part.sizes if isinstance(part, Paragraph) else Counter()
    usual = body.most_common(1)[0][0] if body else 0
    looks = {
        place: size_of(part)
        for place, part in enumerate(parts[:-1])
        if isinstance(part, Paragraph) and looks_like_heading(part, usual)
    }
    sizes = sorted(set(looks.values()), reverse=True)
    rows: list[RowOfCells] = []
    for place, part in enumerate([*parts, Paragraph()]):
        if isinstance(part, RowOfCells):
            rows.append(part)
            continue
        if rows:
            page.table([row.cells for row in rows], sum(row.head for row in rows))
            rows = []
        html = "".join(part.html)
        number = NUMBER_OF_ITEM.match(part.sign)
        if part.level or place in looks:
            page.heading(part.level or sizes.index(looks[place]) + 1, html)
        elif part.sign:
            page.item("#" if number else "*", html)
            page.around = (f'<ol start="{number[1]}"><li>', page.around[1]) if number else page.around
        elif html:
            page.block("p", html)


def looks_like_heading(part: Paragraph, usual: int) -> bool:
    words = part.words
    if part.sign or part.level or len(words) > LONGEST_HEADING or ENDS_SENTENCE.search(words):
        return False
    return part.bold == part.sizes.total() or size_of(part) >= usual + LARGER


def size_of(part: Paragraph) -> int:
    return part.sizes.most_common(1)[0][0] if part.sizes else 0
