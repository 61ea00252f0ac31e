"""Reference lists of files that do not mark them: what is under a heading of that name are entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from qa.models import Block
from qa.readers.markup import content_span
from qa.readers.typed_references import (
    CAPTION_BELOW,
    LISTED_KINDS,
    REFERENCES_HEADING,
    ends_reference_list,
    entry_label,
    works_below,
)

BELOW_ALL = 99


def mark_entries(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks, with paragraphs and list items under a heading such as "References" as entries. A label that is typed
    counts where the file has no other."""
    listed = list(blocks)
    depth: int | None = None
    for place, block in enumerate(listed):
        words = text[block.start : block.end]
        level = block.level or BELOW_ALL
        within = depth is not None and block.kind == "heading" and level > depth
        names_list = block.kind in ("heading", "paragraph") and REFERENCES_HEADING.match(words) is not None
        if names_list and not within and place + 1 < len(listed):
            depth = level
            yield replace(block, kind="heading")
            continue
        if block.kind == "heading" and depth is not None and (not within or ends_reference_list(words)):
            depth = depth if within and works_below(text, listed, place) else None
        listed_here = depth is not None and block.kind in LISTED_KINDS and not CAPTION_BELOW.match(words)
        is_entry = block.kind == "reference" or listed_here
        yield with_label(text, replace(block, kind="reference")) if is_entry else block


def with_label(text: str, block: Block) -> Block:
    """The entry with its typed label, unless it has one."""
    if block.label is not None:
        return block
    label = entry_label(text[block.start : block.end])
    return replace(block, label=label, inner=(content_span(text, block),)) if label else block
