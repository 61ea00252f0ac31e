"""Marks that people type in plain text and Markdown alike: bullets, number signs, signs of quotation, labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qa.models import Block, Span

LEADING_MARK = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•‣◦·▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+)?(?:\[[ xX]\][ \t]+)?"
)
# The label of an entry or a note. A number without any sign is one only before a word.
LABEL_MARK = re.compile(
    r"\s*(?:[-*+•]\s|\[\^?[^\]\s]{1,20}\]:?|\(\d{1,4}\)|\d{1,4}[.)](?=\s)|\d{1,3}(?=\s+[^\W\d]))\s*"
)
HEADING_MARK = re.compile(r"\s*#{1,6}\s+")
HEADING_TAIL = re.compile(r"\s*\n[ \t]*(?:=+|-+)\s*\Z|\s+#*\s*\Z")
AROUND_HEADING = " *_#"
LINE_OF_TEXT = re.compile(r"[^\r\n]+")
# A line entirely in italics or bold, without a full stop: "*Evidence brief, 2024*", "<em>By A. Reyes</em>".
EMPHASISED = re.compile(
    r"(?:<[^<>]*>\s*)*(?:(?P<mark>\*{1,3}|_{1,3})(?=\S)[^*_]*[^\s*_.!?](?P=mark)|<(?P<tag>em|i)>[^<>]*[^\s<>.!?]</(?P=tag)>)"
    r"(?:\s*<[^<>]*>)*[\s\\]*",
    re.IGNORECASE,
)


def without_mark(text: str, block: Block) -> tuple[Span, ...]:
    """The stretches of a block without the marks at its beginning and, of a heading, at its end."""
    if block.kind == "heading":
        return (inside_heading(text, block.start, block.end),)
    shape = {"list_item": LEADING_MARK, "quotation": LEADING_MARK, "footnote": LABEL_MARK, "reference": LABEL_MARK}
    mark = shape[block.kind].match(text, block.start, block.end) if block.kind in shape else None
    return (Span(mark.end(), block.end),) if mark and mark.end() > block.start else ()


def inside_heading(text: str, start: int, end: int) -> Span:
    """The words of a heading; an empty span if it has only marks."""
    if mark := HEADING_MARK.match(text, start, end):
        start = mark.end()
    if tail := HEADING_TAIL.search(text, start, end):
        end = tail.start()
    words = text[start:end]
    left = len(words) - len(words.lstrip(AROUND_HEADING))
    return Span(start + left, max(start + left, start + len(words.rstrip(AROUND_HEADING))))


def is_byline(text: str, start: int, end: int) -> bool:
    """Whether a paragraph is a byline (author, date, kind of document): all its lines are entirely emphasised."""
    return all(EMPHASISED.fullmatch(line.strip()) for line in LINE_OF_TEXT.findall(text, start, end))


def with_inner(text: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with what is markup in them; a paragraph that is a byline gets that kind."""
    for block in blocks:
        byline = block.kind == "paragraph" and is_byline(text, block.start, block.end)
        yield replace(block, kind="byline" if byline else block.kind, inner=without_mark(text, block))
