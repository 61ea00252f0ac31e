"""The markup found so far within a block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.models import Span, Style, StyleKind
from qa.readers.emphasis import Run


@dataclass
class Markup:
    """The markup found so far in `text[start:end]`. `addresses` are those of the document's link definitions."""

    text: str
    start: int
    end: int
    addresses: Mapping[str, str]
    hidden: list[Span] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)
    tags: list[tuple[str, int, str]] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def hide(self, start: int, end: int) -> None:
        if start < end:
            self.hidden.append(Span(start, end))

    def style(self, start: int, end: int, kind: StyleKind, value: str = "") -> None:
        if start < end:
            self.styles.append(Style(start, end, kind, value))

    def surround(self, match: re.Match[str], inner: str, kind: StyleKind) -> None:
        """Hide what a match has around one of its groups, and give the group a style."""
        start, end = match.span(inner)
        self.hide(match.start(), start)
        self.hide(end, match.end())
        self.style(start, end, kind)


def hide_all(found: Markup, match: re.Match[str]) -> int:
    found.hide(*match.span())
    return match.end()


def fold_label(label: str) -> str:
    """Labels of links are compared without case and with single blanks."""
    return " ".join(label.split()).casefold()
