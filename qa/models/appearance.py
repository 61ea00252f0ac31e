"""How the text of a block looks without its markup: what a reader sees, word for word."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qa.models.document import Block, Span, Style

# Raised digits as they are printed. Letters and words stay as they are ("1st").
RAISED_DIGITS = str.maketrans("0123456789,-+−", "⁰¹²³⁴⁵⁶⁷⁸⁹˒⁻⁺⁻")
ONLY_DIGITS = re.compile(r"\(?\s?\d[\d,;\s–‐-]*\)?|\d?[+−-]")
BESIDE_DIGITS = re.compile(r"[\s()]")


def pieces_of(text: str, block: Block) -> Iterator[tuple[str, Span]]:
    """What is shown of each stretch of a block, cut where something else is shown than the file has."""
    visible = block.visible
    changed = [style for style in block.styles if style.kind == "shown" or is_raised_number(text, visible, style)]
    first = 0  # of the styles that have not ended
    for start, end in visible:
        if start == end:
            yield "", Span(start, end)
        while first < len(changed) and changed[first].end <= start:
            first += 1
        last = bisect_left(changed, end, first, key=lambda style: style.start)
        for style in changed[first:last]:
            left, right = max(style.start, start), min(style.end, end)
            if left < right:
                if start < left:
                    yield text[start:left], Span(start, left)
                yield printed(text[left:right], style), Span(left, right)
                start = right
        if start < end:
            yield text[start:end], Span(start, end)


def is_raised_number(text: str, visible: Sequence[Span], style: Style) -> bool:
    if style.kind != "raised":
        return False
    first = bisect_right(visible, style.start, key=lambda span: span.end)
    last = bisect_left(visible, style.end, first, key=lambda span: span.start)
    inside = (text[max(style.start, start) : min(style.end, end)] for start, end in visible[first:last])
    return bool(ONLY_DIGITS.fullmatch("".join(inside)))


def printed(words: str, style: Style) -> str:
    if style.kind == "shown":
        return style.value
    return BESIDE_DIGITS.sub("", words).replace(";", ",").translate(RAISED_DIGITS)


def plain_words(text: str, blocks: Iterable[Block], start: int, end: int) -> str:
    """The text from `start` to `end` as a reader sees it: without markup."""
    within = (part for block in blocks if (part := clip(text, block, Span(start, end))))
    return " ".join("".join(piece for piece, _ in pieces_of(text, block)).strip() for block in within).strip()


def clip(text: str, block: Block, span: Span) -> Block | None:
    """The part of a block within `span`, with the bullet or number of a list item as its label if that is outside;
    None if there is no such part."""
    start, end = max(block.start, span.start), min(block.end, span.end)
    if start >= end:
        return None
    inner = tuple(Span(max(a, start), min(b, end)) for a, b in block.inner if a < end and b > start)
    return replace(
        block,
        start=start,
        end=end,
        label=cut_sign(text, block, start) or block.label,
        head=block.head if block.head and span.start <= block.head.start and block.head.end <= span.end else None,
        inner=inner or ((Span(start, start),) if block.inner else ()),
        rows=tuple(row for cells in block.rows if (row := clip_row(cells, start, end))),
        styles=tuple(
            style._replace(start=max(style.start, start), end=min(style.end, end))
            for style in block.styles
            if style.start < end and style.end > start
        ),
    )


def clip_row(cells: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """The cells of a row that is within a stretch; empty if it is not. Empty cells need not be within."""
    row = tuple(Span(min(max(a, start), end), min(max(b, start), end)) for a, b in cells)
    return row if any(a < b for a, b in row) else ()


def cut_sign(text: str, block: Block, start: int) -> str:
    """The bullet or number of a list item whose words are kept from the first, but not what is before `start`."""
    if block.kind != "list_item" or not block.inner or start < block.inner[0].start:
        return ""
    words = block.inner[0].start
    return "" if re.search(r"\w", text[words:start]) else text[block.start : words].strip()


def moved(block: Block, by: int) -> Block:
    """The block with all its offsets moved by a number of characters."""

    def move(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    return replace(
        block,
        start=block.start + by,
        end=block.end + by,
        head=move(block.head) if block.head else None,
        inner=tuple(map(move, block.inner)),
        rows=tuple(tuple(map(move, row)) for row in block.rows),
        styles=tuple(style._replace(start=style.start + by, end=style.end + by) for style in block.styles),
    )
