"""Footnotes that are typed as paragraphs, each with its raised number before it: "¹ In cups.", "^2^ Lee A. Teas."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.models import Block
from qa.readers.lines import lines

RAISED_LABEL = re.compile(r"(?:([¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2})|\^(\d{1,3})\^|<sup>(\d{1,3})</sup>)[ \t]+(?=\S)")
AS_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
TYPED_AS = frozenset({"paragraph", "list_item"})


def mark_raised_notes(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Turn paragraphs into footnotes that begin with a raised number which stands behind a word further up."""
    for block in blocks:
        if block.kind in TYPED_AS and is_note(text, block.start):
            yield from notes_in(text, block)
        else:
            yield block


def is_note(text: str, start: int) -> bool:
    label = RAISED_LABEL.match(text, start)
    if not label:
        return False
    mark = label[0].strip()
    place = text.find(mark, 0, start)
    while place >= 0 and (not place or text[place - 1].isspace()):
        place = text.find(mark, place + 1, start)
    return place >= 0


def notes_in(text: str, block: Block) -> Iterator[Block]:
    """A footnote for each line with a label; other lines belong to the one above."""
    starts = [line.start for line in lines(text, block.start, block.end) if is_note(text, line.start)]
    for start, after in zip(starts, [*starts[1:], block.end], strict=True):
        label = RAISED_LABEL.match(text, start)
        number = next(filter(None, label.groups())).translate(AS_DIGITS) if label else None
        yield Block("footnote", start, start + len(text[start:after].rstrip()), label=number)
