"""Marks of a known form that were not read as citations, so that an owner is told instead of finding every claim
without a source."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from qa.models import Document, Span

LEAST_UNREAD = 3  # fewer may be anything in brackets
NO_MARKS_IN = frozenset({"code", "metadata", "reference", "heading"})
# A new form is a new row.
FORMS: dict[str, re.Pattern[str]] = {
    "[1]": re.compile(r"(?<![\w\]])\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}\](?![(:_\[])"),
    "【1】": re.compile(r"[【［〔]\d{1,3}[】］〕]"),
    "[1]_": re.compile(r"\[(?:\d{1,3}|#\w*|[A-Z]\w{1,30})\]_(?!\w)"),
    "\\cite{key}": re.compile(r"\\[a-zA-Z]*cite[a-zA-Z]*\*?(?:\[[^\[\]]{0,80}\]){0,2}\{[^{}]{1,200}\}"),
    "{{< cite key >}}": re.compile(r"\{\{[<%]\s*cite\b[^{}]{0,200}\}\}"),
    "<ref>": re.compile(r"<ref\b[^<>]{0,200}>"),
    "[Wu20]": re.compile(r"\[[A-Z][A-Za-z+]{1,8}\d{2}[a-z]?(?:, [A-Z][A-Za-z+]{1,8}\d{2}[a-z]?){0,9}\]"),
    "[Title, p. 9]": re.compile(r"\[[^\W\d_][^\[\]\n]{2,80}, pp?\. ?\d[^\[\]\n]{0,30}\]"),
}


def unread_marks(document: Document) -> Iterator[tuple[str, list[Span]]]:
    """Each form with its places in the prose of a document that no citation covers, if there are enough of them."""
    taken = [citation.start for citation in document.citations]
    for form, shape in FORMS.items():
        found = [
            Span(*match.span())
            for block in document.blocks
            if block.kind not in NO_MARKS_IN
            for match in shape.finditer(document.text, block.start, block.end)
        ]
        unread = [span for span in found if not is_taken(document, taken, span)]
        if len(unread) >= LEAST_UNREAD:
            yield form, unread


def is_taken(document: Document, starts: list[int], span: Span) -> bool:
    index = bisect_left(starts, span.end) - 1
    return index >= 0 and document.citations[index].end > span.start
