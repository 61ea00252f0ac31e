"""How a block of a document looks on a page: which of its characters are markup, and what is shown instead of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from markupsafe import Markup

from qa.models import Block, Span, Style, StyleKind

NO_TAGS = Markup("")
TAGS_OF_STYLES: Mapping[StyleKind, str] = {
    "emphasis": "em",
    "strong": "strong",
    "struck": "s",
    "code": "code",
    "raised": "sup",
    "lowered": "sub",
}
BULLET_SIGN = re.compile(r"[-*+•‣◦▪–—·]\s*(?:\[[ xX]\]\s*)?")
FENCES = re.compile(r"\A(?:```+|~~~+)[^\n]*\n?|\n[ \t]*(?:```+|~~~+)\s*\Z")
FOOTNOTE_SIGN = re.compile(r"\[\^[^\]]*\]:\s*")
SAFE = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class Look:
    """What of a block is markup and so `hidden`, in order; what is `shown` in its place, by where it begins; and the
    styles of the rest."""

    hidden: tuple[Span, ...] = ()
    shown: Mapping[int, str] = field(default_factory=dict)
    styles: tuple[Style, ...] = ()


NO_LOOK = Look()


def look_of(text: str, block: Block) -> Look:
    """Everything in a block that its format does not show is hidden, but numbers of items and entries are shown."""
    shown = {style.start: style.value for style in block.styles if style.kind == "shown"}
    hidden = [Span(style.start, style.end) for style in block.styles if style.kind == "shown"]
    for gap in gaps(text, block):
        sign = text[slice(*gap)]
        if gap.start == block.start and block.kind in ("list_item", "reference", "footnote"):
            if FOOTNOTE_SIGN.fullmatch(sign):
                shown[gap.start] = f"{block.label}. "
            elif not BULLET_SIGN.fullmatch(sign):
                continue
        hidden.append(gap)
    return Look(tuple(sorted(hidden)), shown, tuple(style for style in block.styles if style.kind != "shown"))


def gaps(text: str, block: Block) -> Iterator[Span]:
    """The stretches of a block that are markup."""
    if block.kind == "code":
        words = text[block.start : block.end]
        yield from (Span(block.start + a, block.start + b) for a, b in (f.span() for f in FENCES.finditer(words)))
    edges = [Span(block.start, block.start), *block.visible, Span(block.end, block.end)]
    yield from (Span(one.end, other.start) for one, other in pairwise(edges) if one.end < other.start)


def web_address(address: str) -> str:
    """The address of a link that a page may have: of the web, a DOI or a mail address; empty for any other."""
    if address.lower().startswith("doi:"):
        return f"https://doi.org/{address[4:].strip()}"
    return address if address.lower().startswith(SAFE) else ""
