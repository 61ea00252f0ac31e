"""Printed entries tied to the works of citation managers, and links within a document to entries and notes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, takewhile

from qa.models import CSL, Block, Link, Trouble, makers_of
from qa.readers.docx.fields import BOOKMARK
from qa.readers.writer import Place, Writer

SHORTEST_TITLE = 9  # letters, folded
LONGEST_COMPARED = 60
MOST_PAIRS = 10_000_000  # pairs of an entry and a work
ENTRY_OF_A_LIST = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def tie_entries(writer: Writer) -> None:
    """Give each printed entry the key of its work as id: by DOI, else by title, else by first author and year if only
    one entry fits. Each entry is of one work."""
    texts = {
        place: folded(entry_text(writer, block))
        for place, block in enumerate(writer.blocks)
        if block.kind == "reference"
    }
    if len(texts) * len(writer.works) > MOST_PAIRS:
        writer.trouble.append(Trouble("There are too many works to find the printed entry of each."))
        return
    for same in (has_doi, has_title, has_author_and_year):
        for key, csl in writer.works.items():
            if key in writer.ids:
                continue
            fits = [place for place, text in texts.items() if same(csl, text)]
            if fits and (len(fits) == 1 or same is not has_author_and_year):
                del texts[fits[0]]
                rename(writer, fits[0], key)


def rename(writer: Writer, place: int, id: str) -> None:
    writer.blocks[place] = replace(writer.blocks[place], id=id)
    writer.ids.add(id)


def has_doi(csl: CSL, text: str) -> bool:
    doi = folded(str(csl.get("DOI") or ""))
    return bool(doi) and doi in text


def has_title(csl: CSL, text: str) -> bool:
    title = folded(str(csl.get("title") or ""))[:LONGEST_COMPARED]
    return len(title) >= SHORTEST_TITLE and title in text


def has_author_and_year(csl: CSL, text: str) -> bool:
    try:
        name = makers_of(csl)[0].get("family") or makers_of(csl)[0]["literal"]
        year = str(csl["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, AttributeError):
        return False
    return bool(folded(str(name))) and folded(str(name)) in text and bool(year) and year in text


def folded(text: str) -> str:
    """Letters and digits in lower case, without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).lower() if c.isalnum())


def entry_text(writer: Writer, block: Block) -> str:
    return writer.text()[block.start : block.end]


def follow_bookmarks(writer: Writer, bookmarks: dict[str, Place]) -> None:
    """Turn links to bookmarks into links to the entries and notes there; links to anything else are dropped."""
    found: dict[str, str | None] = {}

    def target(name: str) -> str | None:
        if not name.startswith(BOOKMARK):
            return name
        if name not in found:
            place = bookmarks.get(name.removeprefix(BOOKMARK))
            found[name] = None if place is None else id_at(writer, place)
        return found[name]

    writer.links = [replace(link, targets=kept) for link in writer.links if (kept := followed(link, target))]


def followed(link: Link, target: Callable[[str], str | None]) -> tuple[str, ...]:
    return tuple(id for name in link.targets if (id := target(name)) is not None)


def id_at(writer: Writer, place: Place) -> str | None:
    """The id of the entry or note at a place, which is given one if it has none."""
    number = bisect_left(writer.numbers, place.block)
    if number == len(writer.blocks):
        return None
    block = writer.blocks[number]
    is_entry = block.kind == "list_item" and ENTRY_OF_A_LIST.search(entry_text(writer, block))
    if block.kind not in ("reference", "footnote") and not is_entry:
        return None
    if is_entry:
        writer.blocks[number] = replace(block, kind="reference")
    if block.id is None:
        rename(writer, number, f"entry-{number}")
    return writer.blocks[number].id


def pass_on_notes(writer: Writer) -> None:
    """A mark of a note in which works are cited cites these works. A note that cites one work is its entry, where no
    list has one."""
    cited = {
        block.id: keys
        for block in writer.blocks
        if block.kind == "footnote" and (keys := list(works_in(writer, block)))
    }
    for place, block in enumerate(writer.blocks):
        keys = cited.get(block.id or "", [])
        if len(keys) == 1 and keys[0] not in writer.ids:
            rename(writer, place, keys[0])
    writer.links = [
        replace(link, targets=tuple(dict.fromkeys(key for id in link.targets for key in cited.get(id, [id]))))
        for link in writer.links
    ]


def works_in(writer: Writer, block: Block) -> Iterator[str]:
    first = bisect_left(writer.links, block.start, key=lambda link: link.start)
    for link in takewhile(lambda link: link.start < block.end, islice(writer.links, first, None)):
        yield from (id for id in link.targets if id in writer.works)
