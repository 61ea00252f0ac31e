"""Emphasis in Markdown: runs of asterisks, underscores and tildes, paired as CommonMark does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.models import Span, StyleKind

PUNCTUATION = re.compile(r"[^\w\s]|_")


@dataclass
class Run:
    """A run of equal signs; `left` and `right` are the part not yet used."""

    sign: str
    left: int
    right: int
    opens: bool
    closes: bool


def as_run(text: str, span: Span, block: Span) -> Run:
    """The run at `span` of the block; whether it may open or close emphasis follows from the characters beside it."""
    before = text[span.start - 1] if span.start > block.start else " "
    after = text[span.end] if span.end < block.end else " "
    sign = text[span.start]
    left = not after.isspace() and (not PUNCTUATION.match(after) or before.isspace() or bool(PUNCTUATION.match(before)))
    right = not before.isspace() and (
        not PUNCTUATION.match(before) or after.isspace() or bool(PUNCTUATION.match(after))
    )
    if sign == "_":
        left, right = left and (not right or not before.isalnum()), right and (not left or not after.isalnum())
    return Run(sign, *span, left, right)


def pair_runs(runs: Sequence[Run]) -> Iterator[tuple[Span, Span, StyleKind]]:
    """The signs before and after each emphasised stretch, and its style: each closing run goes with the nearest opening
    run of its sign, two signs for strong."""
    opened: list[Run] = []
    for run in runs:
        while run.closes and run.left < run.right:
            index = next((i for i in range(len(opened) - 1, -1, -1) if opened[i].sign == run.sign), None)
            if index is None:
                break
            opener = opened[index]
            del opened[index + 1 :]
            size = min(2, opener.right - opener.left, run.right - run.left)
            kind: StyleKind = "struck" if run.sign == "~" else "strong" if size == 2 else "emphasis"
            yield Span(opener.right - size, opener.right), Span(run.left, run.left + size), kind
            opener.right -= size
            run.left += size
            if opener.left == opener.right:
                opened.pop()
        if run.opens and run.left < run.right:
            opened.append(run)
