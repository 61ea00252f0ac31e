"""Marks that people type in plain text and Markdown alike: bullets, number signs, signs of quotation, labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from qa.models import Block, Span, Style
from qa.readers.dialects import note_title
from qa.readers.inline import read_inline
from qa.readers.restructured import NOTE_WITH_TEXT

LEADING_MARK = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+•‣◦·▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])[ \t]+)?(?:\[[ xX]\][ \t]+)?"
)
# The label of an entry or a note. A number without any sign is one only before a word.
LABEL_MARK = re.compile(
    r"\s*(?:\.\.[ \t]+(?=\[))?"
    r"(?:[-*+•]\s|\\?\[\^?[^\]\s\\]{1,42}(?: [A-Z\d][^\]\s\\]{0,41}){0,3}\\?\]:?|"
    r"\\?\(\d{1,4}\\?\)|\d{1,4}\\?[.)](?=\s)|\d{1,3}(?=\s+[^\W\d]))\s*"
    r"(?:[\^↑]\s?(?:[a-z](?=[\sA-Z\"“]|\W?$)\s?)*)?"  # links back, of a page that was saved as text
)
LEADING_TAGS = re.compile(r"(?:<[^<>]*>\s*)+")
HEADING_MARK = re.compile(r"\s*(?:([=~^\"'`*+#:._-])\1{2,}[ \t]*\n\s*|(?:#{1,6}|[*_]{1,8})\s+|={1,6}\s*(?=[^\s=]))")
HEADING_TAIL = re.compile(
    r"(?P<attributes>[ \t]*\{[ \t]*[#.:-][^{}\n]*\}[ \t]*)?"
    r"(?:[ \t]*\[(?:edit|Bearbeiten|modifier|editar)\b[^\[\]\n]{0,40}\])?"
    r"(?:\s*\n[ \t]*(?:=+|-+|([~^\"'`*+#:._])\2{2,})\s*|(?:\s*={1,6}|\s+(?:#*|[*_]{1,8}))?\s*)\Z"
)
IDENTIFIER = re.compile(r"#([^\s{}]+)")
AROUND_HEADING = " #"
LINE_OF_TEXT = re.compile(r"[^\r\n]+")
QUOTE_MARK = re.compile(r"(?<=[\r\n])[ \t]*(?:>[ \t]?)+")
HOLDING_TITLES = frozenset({"paragraph", "quotation"})
UNMARKED = frozenset({"code", "metadata"})


def with_inner(text: str, blocks: Iterable[Block], addresses: Mapping[str, str] | None = None) -> Iterator[Block]:
    """The blocks with what is markup in them and how the rest looks; a paragraph that is a byline gets that kind.
    `addresses` are those of the document's link definitions by label."""
    for block in blocks:
        yield block if block.kind in UNMARKED else mark_up(text, block, addresses or {})


def mark_up(text: str, block: Block, addresses: Mapping[str, str]) -> Block:
    content = content_span(text, block)
    marks = [Span(block.start, content.start), Span(content.end, block.end)]
    if block.kind == "quotation":
        marks += [Span(*mark.span()) for mark in QUOTE_MARK.finditer(text, content.start, content.end)]
    ranges = [cell for row in block.rows for cell in row] if block.rows else [content]
    found = [read_inline(text, *span, addresses) for span in ranges if span.start < span.end]
    hidden = [span for inline in found for span in inline.hidden]
    styles = tuple(style for inline in found for style in inline.styles)
    inner = tuple(inner_stretches(block, [mark for mark in marks if mark.start < mark.end], hidden))
    if block.kind == "heading" and not any(text[start:end].strip() for start, end in inner or [content]):
        return replace(block, kind="metadata", level=None, inner=inner)  # a line of pictures
    kind = "byline" if block.kind == "paragraph" and is_byline(text, content, hidden, styles) else block.kind
    return replace(block, kind=kind, inner=inner, styles=styles, id=block.id or heading_id(text, block, content))


def content_span(text: str, block: Block) -> Span:
    """The content of a block: what follows its bullet, number sign or label."""
    if block.kind == "heading":
        return inside_heading(text, block.start, block.end)
    if block.kind in HOLDING_TITLES and (title := note_title(text[block.start : block.end])):
        return Span(block.start + title.start, block.start + title.end)
    shape = {"list_item": LEADING_MARK, "quotation": LEADING_MARK, "footnote": LABEL_MARK, "reference": LABEL_MARK}
    if block.kind == "paragraph" and (note := NOTE_WITH_TEXT.match(text, block.start, block.end)):
        return Span(note.end(), block.end)
    start = block.start
    if block.label and (tags := LEADING_TAGS.match(text, start, block.end)):
        start = tags.end()
    mark = shape[block.kind].match(text, start, block.end) if block.kind in shape else None
    return Span(mark.end() if mark else block.start, block.end)


def inner_stretches(block: Block, marks: Iterable[Span], hidden: Iterable[Span]) -> Iterator[Span]:
    """The stretches of a block between marks and hidden spans, as `Block.inner` has them."""
    place, after_mark, found = block.start, True, False
    spans = sorted([*((*mark, True) for mark in marks), *((*span, False) for span in hidden)])
    if not spans:
        return
    for start, end, is_mark in spans:
        if start > place or (after_mark and not is_mark):
            yield Span(place, max(place, start))
            found = True
        if is_mark and found:
            yield Span(end, end)
        place, after_mark = max(place, end), is_mark and not found
    if place < block.end or not found:
        yield Span(place, block.end)


def inside_heading(text: str, start: int, end: int) -> Span:
    """The words of a heading; an empty span if it has only marks."""
    if mark := HEADING_MARK.match(text, start, end):
        start = mark.end()
    if tail := HEADING_TAIL.search(text, start, end):
        end = tail.start()
    words = text[start:end]
    left = len(words) - len(words.lstrip(AROUND_HEADING))
    return Span(start + left, max(start + left, start + len(words.rstrip(AROUND_HEADING))))


def heading_id(text: str, block: Block, content: Span) -> str | None:
    """The id that the author gives a heading: "## Lanes {#sec-lanes}"."""
    found = IDENTIFIER.search(text, content.end, block.end) if block.kind == "heading" else None
    return found[1] if found and "{" in text[content.end : found.start()] else None


def is_byline(text: str, content: Span, hidden: Iterable[Span], styles: Iterable[Style]) -> bool:
    """Whether a paragraph is a byline (author, date, kind of document): each of its lines is emphasised from its first
    to its last character and has no full stop at its end."""
    marked = [range(style.start, style.end) for style in styles if style.kind in ("emphasis", "strong")]
    if not marked:  # most paragraphs, at no cost
        return False
    unseen = [position for span in hidden for position in range(*span)]
    emphasised = set(unseen).union(*marked)
    lines = [match.span() for match in LINE_OF_TEXT.finditer(text, *content)]
    return bool(lines) and all(is_emphasised(text, range(*line), set(unseen), emphasised) for line in lines)


def is_emphasised(text: str, line: range, unseen: set[int], emphasised: set[int]) -> bool:
    seen = [place for place in line if place not in unseen and not text[place].isspace()]
    return bool(seen) and all(place in emphasised for place in seen) and text[seen[-1]] not in ".!?"
