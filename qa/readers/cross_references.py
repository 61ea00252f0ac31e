"""Links within a Markdown file: to entries of its list by their ids, and keys of a bibliography."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.models import Block, Link
from qa.readers.dialects import id_of_division

ANCHOR = re.compile(
    r"<(?:a|span|div|p|li|cite|tr|td|dd|section)\s[^<>]*?\b(?:id|name)\s*=\s*[\"']?([^\"'\s<>]+)", re.IGNORECASE
)
ENTRIES = frozenset({"reference", "footnote"})


def with_anchors(text: str, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with the ids that anchors and divisions give them; an id is given once."""
    used = {block.id for block in blocks}
    found: list[Block] = []
    pending: str | None = None
    for block in blocks:
        words = text[block.start : block.end]
        anchor = ANCHOR.search(words)
        id = block.id or pending or (anchor[1] if anchor and block.kind in ENTRIES else None)
        if block.kind == "metadata" and not block.id:
            pending = id_of_division(words) or (anchor[1] if anchor else None)
        elif not block.id and id and id not in used:
            block = replace(block, id=id)
            used.add(id)
        pending = pending if block.kind == "metadata" else None
        found.append(block)
    return tuple(found)


def find_cross_references(text: str, blocks: Sequence[Block]) -> tuple[Link, ...]:
    """Links to entries of the document, and citations by key."""
    entries = {block.id for block in blocks if block.id and block.kind in ENTRIES}
    return tuple(link for block in blocks if block.kind != "reference" for link in links_of(block, entries))


def links_of(block: Block, entries: set[str]) -> Iterator[Link]:
    for style in block.styles:
        page, _, fragment = style.value.partition("#")
        if style.kind == "link" and fragment in entries and "://" not in page:
            yield Link(style.start, style.end, (fragment,))
        elif style.kind == "key":
            yield Link(style.start, style.end, tuple(key for key in re.split(r"[,;\s]+", style.value) if key))
