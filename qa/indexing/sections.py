"""Divide a document into sections, each with its path of headings and the conditions inherited from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from qa.conditions import Vocabulary
from qa.models import Basis, Block, ConditionTag, Reading, Section, Span
from qa.readers.plain import visible_words

NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\)?\s+[^\W\d]")
BELOW_ALL_LEVELS = 99


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its rank (1 is the highest) and the ids of the conditions that it names. `above` is the heading
    before it whose conditions it has too, if it names none and its rank does not tell what it is part of."""

    block: Block
    title: str
    names: tuple[str, ...]
    rank: int
    above: Heading | None = None


def divide(reading: Reading, vocabulary: Vocabulary) -> list[Section]:
    """The sections in order; together they cover all text except the headings.

    Text before the first heading is a section without a heading.
    """
    headings = list(rank_headings(reading, vocabulary))
    starts = [heading.block.start for heading in headings]
    sections = []
    if not headings or any(block.start < starts[0] for block in reading.blocks):
        sections.append(Section((), 0, starts[0] if headings else len(reading.text)))
    open_above: list[Heading] = []
    for heading, end in zip(headings, [*starts, len(reading.text)][1:], strict=True):
        while open_above and open_above[-1].rank >= heading.rank:
            open_above.pop()
        open_above.append(heading)
        path = tuple(above.title for above in open_above)
        place = Span(heading.block.start, heading.block.end)
        sections.append(Section(path, place.end, end, place, inherited_tags(open_above)))
    return sections


def inherited_tags(path: list[Heading]) -> tuple[ConditionTag, ...]:
    """The conditions named by the last heading of a path, or else by the nearest heading above it that names any."""
    nearest = next((heading for heading in reversed(path) if heading.names), path[-1].above or path[-1])
    basis: Basis = "heading" if nearest is path[-1] else "ancestor"
    return tuple(ConditionTag(id, basis) for id in nearest.names)


def rank_headings(reading: Reading, vocabulary: Vocabulary) -> Iterator[Heading]:
    """Yield headings with their rank, taken from the format or from section numbers; without either, all have the same.

    The vocabulary never changes a rank: the outline is the document's. But where nothing tells what a heading is part
    of, one that names no condition has those of the last heading that does.
    """
    blocks = [block for block in reading.blocks if block.kind == "heading"]
    titles = [visible_words(reading, block) for block in blocks]
    numbers = [NUMBERED.match(title) for title in titles]
    in_order = is_numbered([match[1] for match in numbers if match])
    with_levels = any(block.level for block in blocks)
    named_before: Heading | None = None
    for block, title, number in zip(blocks, titles, numbers, strict=True):
        names = tuple(dict.fromkeys(mention.id for mention in vocabulary.find(title)))
        if with_levels:
            rank = block.level or BELOW_ALL_LEVELS
        elif number and in_order:
            rank = number[1].count(".") + 1
        else:
            rank = 1
        heading = Heading(block, title, names, rank, None if with_levels or in_order else named_before)
        named_before = heading if names else named_before
        yield heading


def is_numbered(numbers: list[str]) -> bool:
    """Whether the numbers are section numbers: at least two, each greater than the one before."""
    places = [tuple(int(part) for part in number.split(".")) for number in numbers]
    return len(places) > 1 and all(first < second for first, second in pairwise(places))
