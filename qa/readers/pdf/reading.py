"""The reading of a PDF from its pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.models import Link, Metadata, Reading, Trouble
from qa.readers.pdf.document import Pages, read_pages
from qa.readers.pdf.glyphs import Glyph
from qa.readers.pdf.groups import Group, Grouping, without_cuts
from qa.readers.pdf.layout import in_reading_order, running_heads
from qa.readers.pdf.lines import PrintedLine
from qa.readers.pdf.links import Top, entry_at, text_below
from qa.readers.pdf.margins import Margins
from qa.readers.pdf.notes import NUMBER_OF_NOTE, PrintedNotes
from qa.readers.pdf.wording import Sources, cells_of_row, count_words, join_lines
from qa.readers.reference_list import with_label
from qa.readers.typed_references import KEY_LABEL
from qa.readers.writer import Writer

LEAST_TITLE, LONGEST_TITLE = 12, 400  # characters
LEAST_OF_PAGE = 20  # characters of a page that is no scan
SHOWN_HEADS = 3
NAME_IN_LINK = re.compile(r"[^\W\d_a-z][^\W\d_]{2,}")
YEAR_IN_LINK = re.compile(r"(?:1[6-9]|20)\d\d")
YEAR_MADE = re.compile(r"(?:D:)?((?:19|20)\d\d)")


def read_document_pages(data: bytes, name: str) -> Reading:
    """Read a PDF in this process, see `qa.readers.pdf.read_pdf`. Raises ReadingError."""
    return reading_of(read_pages(data, name))


def reading_of(pages: Pages) -> Reading:
    """The reading of a document's pages. Links are given only if the entries have no numbers: printed numbers say more
    surely which entry is meant than the place that a link leads to."""
    writer = PdfWriter(pages)
    reading = writer.reading(document_metadata(pages, writer.groups))
    blocks = tuple(
        with_label(reading.text, block) if block.kind == "reference" and has_key(reading.text, block.start) else block
        for block in reading.blocks
    )
    numbered = any(block.label for block in blocks if block.kind == "reference")
    return replace(
        reading,
        blocks=blocks,
        page_starts=tuple(writer.page_starts()),
        links=() if numbered else tuple(writer.all_links()),
        trouble=tuple(troubles(pages, writer.heads)),
    )


def has_key(text: str, start: int) -> bool:
    """Whether an entry begins with a label with letters, "[Bac78]"."""
    return KEY_LABEL.match(text, start) is not None


class PdfWriter(Writer):
    """Writes groups of lines, and keeps for each character of the text the one of the page."""

    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self.pages = pages
        self.heads = running_heads(pages.lines, pages.heights)
        kept = ([line for line in lines if line not in self.heads] for lines in pages.lines)
        ordered = [
            line for lines, width in zip(kept, pages.widths, strict=True) for line in in_reading_order(lines, width)
        ]
        margins = Margins(ordered)
        self.notes = PrintedNotes(ordered, margins, pages.heights)
        self.groups = list(without_cuts(Grouping(ordered, margins, self.notes).groups, self.notes))
        self.counts = count_words(ordered)
        self.sources: dict[int, Glyph] = {}
        self.tops: list[Top] = []
        self.ids_of_notes: dict[tuple[int, int], str] = {}
        self.write()

    def write(self) -> None:
        levels = sorted({group.level for group in self.groups if group.level})
        for group in self.groups:
            level = levels.index(group.level) + 1 if group.level else None
            label = str(group.number) if group.number else None
            id = f"entry-{len(self.tops) + 1}" if group.kind == "reference" else self.id_of_note(group)
            self.begin(group.kind, level=level, label=label, id=id)
            sources = self.write_rows(group) if group.kind == "table" else self.write_lines(group)
            block = self.end()
            if block is not None:
                self.sources |= {block.start + n: glyph for n, glyph in enumerate(sources) if glyph is not None}
                if id and group.kind == "reference":
                    self.tops.append(Top(group.first.page, group.first.left, group.first.glyphs[0].top, id))

    def id_of_note(self, group: Group) -> str | None:
        """An id for a footnote with a number."""
        if group.kind != "footnote" or group.number is None:
            return None
        return self.ids_of_notes.setdefault((group.first.page, group.number), f"note-{len(self.ids_of_notes) + 1}")

    def write_lines(self, group: Group) -> Sources:
        text, sources = join_lines(group, self.counts)
        number = NUMBER_OF_NOTE.match(text) if group.kind == "footnote" and group.number else None
        if number:
            text, sources = text[number.end() :], sources[number.end() :]
        self.add(text)
        return sources

    def write_rows(self, group: Group) -> Sources:
        """The rows of a table; each line is one, and a line without gaps a cell."""
        sources: Sources = []
        for number, line in enumerate(group.lines):
            self.row()
            sources += [None] if number else []
            for place, (words, of_words) in enumerate(cells_of_row(line)):
                self.cell()
                self.add(words)
                sources += ([None] if place else []) + of_words
        return sources

    def page_starts(self) -> Iterator[int]:
        """The offset at which each page begins; a page without text begins where the next one does."""
        count = len(self.pages.lines)
        starts = [len(self.text())] * count
        for offset, glyph in sorted(self.sources.items(), reverse=True):
            starts[glyph.page] = offset
        for page in range(count - 2, -1, -1):
            starts[page] = min(starts[page], starts[page + 1])
        yield from starts

    def all_links(self) -> list[Link]:
        return sorted([*self.entry_links(), *self.note_links()], key=lambda link: (link.start, -link.end))

    def entry_links(self) -> Iterator[Link]:
        """Links from the text to entries."""
        places: dict[int, list[tuple[Glyph, int]]] = defaultdict(list)
        for offset, glyph in self.sources.items():
            places[glyph.page].append((glyph, offset))
        end = 0
        found = ((text_below(link, places), entry_at(link, self.tops)) for link in self.pages.links)
        text = self.text()
        entries = {block.id: text[block.start : block.end] for block in self.blocks if block.kind == "reference"}
        for span, id in sorted((span, id) for span, id in found if span is not None and id is not None):
            if span[0] >= end and self.in_one_block(*span) and may_mean(text[slice(*span)], entries.get(id, "")):
                yield Link(*span, (id,))
                end = span[1]

    def note_links(self) -> Iterator[Link]:
        """Links from raised numbers to the notes of their page."""
        places = {id(glyph): offset for offset, glyph in self.sources.items()}
        for call in self.notes.calls:
            note = self.ids_of_notes.get((call.page, call.number))
            offsets = sorted(places[id(glyph)] for glyph in call.glyphs if id(glyph) in places)
            if note and offsets:
                yield Link(offsets[0], offsets[-1] + 1, (note,))

    def in_one_block(self, start: int, end: int) -> bool:
        return any(block.start <= start and end <= block.end and block.kind != "reference" for block in self.blocks)


def may_mean(words: str, entry: str) -> bool:
    """Whether the words of a link fit the entry at the place that it leads to, which may be a line off: the first name
    and one of the years are there."""
    name, years = NAME_IN_LINK.search(words), YEAR_IN_LINK.findall(words)
    return (name is None or name[0] in entry) and (not years or any(year in entry for year in years))


def document_metadata(pages: Pages, groups: Sequence[Group]) -> Metadata:
    """Title by the largest type of the first page, which must be larger than some of the text, or a heading; the year
    in which the file was made."""
    first = [group for group in groups if group.first.page == 0 and len(group.words) > LEAST_TITLE]
    title = max(first, key=lambda group: group.first.size, default=None)
    if title is not None and (len(title.words) > LONGEST_TITLE or title.kind != "heading"):
        title = None
    year = YEAR_MADE.match(pages.described.get("creationdate", ""))
    language = pages.described.get("language", "").split("-")[0].lower()
    return Metadata(
        title=title.words if title is not None else None,
        author=pages.described.get("author"),
        date=year[1] if year else None,
        language=language if language.isalpha() and len(language) in (2, 3) else None,
    )


def troubles(pages: Pages, heads: set[PrintedLine]) -> Iterator[Trouble]:
    """What of the pages is not in the text."""
    if heads:
        shown = list(dict.fromkeys(line.text for line in sorted(heads, key=lambda line: (line.page, line.text))))[
            :SHOWN_HEADS
        ]
        letters = sum(map(str.isalnum, "".join(line.text for line in heads)))
        yield Trouble(f"Not in the text: running heads and page numbers ({'; '.join(shown)}).", letters=letters)
    if pages.line_numbers:
        yield Trouble("Not in the text: the numbers of lines.", letters=pages.line_numbers)
    if pages.tilted:
        yield Trouble("Not in the text: what is written at an angle.", letters=pages.tilted)
    if pages.unknown:
        yield Trouble(
            f"Not in the text: {pages.unknown} characters for which the fonts give no letter.", letters=pages.unknown
        )
    empty = [
        str(number)
        for number, lines in enumerate(pages.lines, 1)
        if sum(len(line.glyphs) for line in lines) < LEAST_OF_PAGE
    ]
    if empty:
        yield Trouble(f"Pages with pictures only, perhaps scans: {', '.join(empty)}.")
