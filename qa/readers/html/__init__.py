"""HTML: the main part of a web page, with citations tied to the entries that its own links name."""

from __future__ import annotations

from dataclasses import replace

from qa.errors import ReadingError
from qa.models import Metadata, Reading, Trouble
from qa.readers.html.blocks import PageBlocks
from qa.readers.html.entries import tidy_entries
from qa.readers.html.inline import PageInline
from qa.readers.html.main_part import Prose, find_main, remove_noise
from qa.readers.html.marks import Marks, own_addresses
from qa.readers.html.metadata import read_metadata
from qa.readers.html.page import elements, parse_page, remove_unseen
from qa.readers.reference_list import mark_entries
from qa.readers.writer import Writer
from qa.readers.xml import Element, flat, letters_of

AROUND = "Not in the text: what is around the article, such as navigation, banners and comments."

BETWEEN_CELLS = "Not in the text: words between the cells of a table."


def read_html(data: bytes, name: str) -> Reading:
    """Read a web page; `name` appears in messages. Raises ReadingError."""
    root = parse_page(data, name)
    metadata = read_metadata(root)
    own = own_addresses(root, name)
    remove_unseen(root)
    marks = Marks(root, own)
    seen = letters_of(root)
    of_links = tidy_entries(root, marks)
    title = find_title_heading(root, metadata)
    prose = Prose(root)
    remove_noise(root, prose, marks.ids)
    main = find_main(root, prose)
    parts = [main, *parts_apart(main, title, marks)]
    around = seen - of_links - sum(map(letters_of, parts))
    return write_page(parts, marks, metadata, around, name)


def read_book(body: Element, metadata: Metadata, name: str) -> Reading:
    """Read the pages of a book, which have nothing around them, as one page."""
    marks = Marks(body, frozenset())
    tidy_entries(body, marks)
    return write_page([body], marks, metadata, 0, name)


def find_title_heading(root: Element, metadata: Metadata) -> Element | None:
    """The heading that is the title of the article."""
    return next((heading for heading in root.iter("h1") if metadata.title and flat(heading) == metadata.title), None)


def parts_apart(main: Element, title: Element | None, marks: Marks) -> list[Element]:
    """What belongs to the main part and is outside it: the title, if it has no other, and entries that it cites."""
    inside = set(elements(main))
    cited = [entry for link, entry in marks.entry_of_link.items() if link in inside and entry not in inside]
    heads = [title] if title is not None and title not in inside and next(main.iter("h1"), None) is None else []
    return [*heads, *dict.fromkeys(cited)]


def write_page(parts: list[Element], marks: Marks, metadata: Metadata, around: int, name: str) -> Reading:
    """Write the main part, which comes first in `parts`, and what is apart from it. `around` letters are in none."""
    main, *apart = parts
    writer = Writer()
    inline = PageInline(writer, marks)
    blocks = PageBlocks(main.getroottree().getroot(), writer, inline)
    for title in (part for part in apart if part not in marks.ids):
        blocks.block(title, 0)
    blocks.block(main, 0)
    blocks.write_notes()
    entries = [part for part in apart if part in marks.ids]
    if entries:
        writer.begin("heading", level=2)
        writer.add("References")
    for entry in entries:
        blocks.block(entry, 0)
    reading = writer.reading(metadata)
    if not reading.blocks:
        raise ReadingError(name, "has no text. Save or download it again.")
    lost = ((AROUND, around), (BETWEEN_CELLS, blocks.tables.between))
    trouble = tuple(Trouble(message, letters=letters) for message, letters in lost if letters > 0)
    return replace(reading, blocks=tuple(mark_entries(reading.text, reading.blocks)), trouble=trouble)
