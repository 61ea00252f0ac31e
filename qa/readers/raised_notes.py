"""Footnotes that are typed as paragraphs, each with its raised number before it: "¹ In cups.", "^2^ Lee A. Teas."."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from qa.models import Block
from qa.readers.lines import lines

RAISED = r"(?:[¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2}|\^\d{1,3}\^|<sup>\d{1,3}</sup>)"
RAISED_LABEL = re.compile(rf"(?P<mark>{RAISED})[ \t]+(?=\S)")
BEHIND_A_WORD = re.compile(rf"(?<=\S){RAISED}")
AS_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
TYPED_AS = frozenset({"paragraph", "list_item"})


def mark_raised_notes(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """Turn paragraphs into footnotes that begin with a raised number which stands behind a word further up."""
    first: dict[str, int] = {}
    for mark in BEHIND_A_WORD.finditer(text):
        first.setdefault(mark[0], mark.start())
    for block in blocks:
        if block.kind in TYPED_AS and label_of_note(text, block.start, first):
            yield from notes_in(text, block, first)
        else:
            yield block


def label_of_note(text: str, start: int, first: Mapping[str, int]) -> str | None:
    """The number of the note that begins at `start`; `first` is where each raised number is first behind a word."""
    label = RAISED_LABEL.match(text, start)
    if not label or first.get(label["mark"], start) >= start:
        return None
    return re.sub(r"\D", "", label["mark"].translate(AS_DIGITS))


def notes_in(text: str, block: Block, first: Mapping[str, int]) -> Iterator[Block]:
    """A footnote for each line with a label; other lines belong to the one above."""
    starts = [line.start for line in lines(text, block.start, block.end) if label_of_note(text, line.start, first)]
    for start, after in zip(starts, [*starts[1:], block.end], strict=True):
        end = start + len(text[start:after].rstrip())
        yield Block("footnote", start, end, label=label_of_note(text, start, first))
