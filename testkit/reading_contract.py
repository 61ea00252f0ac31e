"""What every reader promises of a `Reading`, as a list of what is not so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.citations.marks import find_citations
from qa.citations.references import read_references
from qa.models import Block, Citation, Reading, Span
from qa.readers.lines import BLANK
from qa.readers.plain import Plain

UNSEEN = frozenset(BLANK + "\r\n")


def broken_promises(reading: Reading, letters: int | None = None) -> list[str]:
    """Each broken promise as a sentence. `letters`: how many letters and digits a reader of the original file sees."""
    return [*faults_of_blocks(reading), *faults_of_links(reading), *faults_of_places(reading), *lost(reading, letters)]


def faults_of_blocks(reading: Reading) -> Iterator[str]:
    text = reading.text
    covered = Counter(position for block in reading.blocks for position in range(block.start, block.end))
    yield from (f"{block} is blank" for block in reading.blocks if not text[block.start : block.end].strip())
    yield from (
        f"{block} is outside the text" for block in reading.blocks if not 0 <= block.start <= block.end <= len(text)
    )
    yield from (
        f"{second} comes before {first}" for first, second in pairwise(reading.blocks) if second.start < first.end
    )
    for position, character in enumerate(text):
        if character not in UNSEEN and covered[position] != 1:
            yield f"{character!r} at {position} is in {covered[position]} blocks"
    for block in reading.blocks:
        cells = [cell for row in block.rows for cell in row]
        yield from (f"{fault} in {block}" for spans in (block.inner, cells) for fault in out_of_order(block, spans))
        if block.head and not block.start <= block.head.start < block.head.end <= block.end:
            yield f"header row outside {block}"


def out_of_order(block: Block, spans: Sequence[Span]) -> Iterator[str]:
    edges = [block.start, *(edge for span in spans for edge in span), block.end]
    if edges != sorted(edges):
        yield f"{spans} not in order or outside"


def faults_of_links(reading: Reading) -> Iterator[str]:
    targets = {block.id for block in reading.blocks} | set(reading.works)
    ids = Counter(block.id for block in reading.blocks if block.id is not None)
    yield from (f"{id} is the id of {number} blocks" for id, number in ids.items() if number > 1)
    for link in reading.links:
        if not any(block.start <= link.start < link.end <= block.end for block in reading.blocks):
            yield f"{link} is not within one block"
        if reading.extracted:  # Markdown may name keys of a bibliography beside it
            yield from (f"{link} points to nothing: {target}" for target in link.targets if target not in targets)
    yield from (f"{two} comes before {one}" for one, two in pairwise(reading.links) if two.start < one.end)


def faults_of_places(reading: Reading) -> Iterator[str]:
    if list(reading.page_starts) != sorted(reading.page_starts):
        yield "pages are not in order"
    for trouble in reading.trouble:
        if trouble.start is not None and not 0 <= trouble.start <= len(reading.text):
            yield f"{trouble} is outside the text"
        if not trouble.message.endswith((".", "?")):
            yield f"{trouble} is no sentence"


def lost(reading: Reading, letters: int | None) -> Iterator[str]:
    kept = sum(map(str.isalnum, reading.text)) + sum(trouble.letters for trouble in reading.trouble)
    if letters is not None and kept < letters:
        yield f"{letters - kept} letters are neither in the text nor counted in trouble"


def citations_of(reading: Reading) -> list[Citation]:
    """The citations of a file by itself, as places in its plain text."""
    plain = Plain(reading).reading
    citations, _ = find_citations(plain, read_references(plain))
    return citations
