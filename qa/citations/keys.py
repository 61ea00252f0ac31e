"""Citations by key or identifier: [@grabski2022], [^3], DOI, PMID, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.citations.candidates import CitationCandidate, Item, Target, TextBlock, innermost, merge
from qa.citations.identifiers import Identifier, find_identifiers
from qa.models import CSL, Span

KEY = r"[\w][\w:.#$%&+?<>~/-]*\w|\w"
PANDOC_KEY = re.compile(rf"(?<![\w@])-?@(?:\{{([^{{}}\s]{{1,80}})\}}|({KEY}))")
FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,80})\](?!:)")


def find_identified(block: TextBlock) -> Iterator[CitationCandidate]:
    """DOI, PMID and PMCID; each is a work of its own."""
    items = (
        Item(found.start, found.end, (as_target(block, found, firm=True),))
        for found in identifiers(block, "DOI", "PMID", "PMCID")
    )
    return merge(block, items)


def find_links(block: TextBlock) -> Iterator[CitationCandidate]:
    """Links to web pages, and trial registration numbers."""
    for found in identifiers(block, "URL", "number"):
        yield CitationCandidate(found.start, found.end, (as_target(block, found, firm=False),))


def identifiers(block: TextBlock, *kinds: str) -> list[Identifier]:
    """Identifiers in the text and in the addresses of links, whose words then are the citation."""
    linked = [
        found._replace(start=link.start, end=link.end)
        for link in block.links
        for found in find_identifiers(link.value, kinds=kinds)
        if link.start < link.end
    ]
    return sorted([*find_identifiers(block.text, block.start, block.end, kinds), *linked])


def as_target(block: TextBlock, found: Identifier, *, firm: bool) -> Target:
    csl: CSL = {"type": "webpage" if found.kind == "URL" else "document", found.kind: found.value}
    text = block.text[found.start : found.end]
    # A trial number only mentions a trial; it is a citation if a known reference has this number.
    return Target(text, found.start, csl=csl, firm=firm, whole=found.kind != "number")


def find_pandoc(block: TextBlock) -> Iterator[CitationCandidate]:
    """Pandoc keys: [@grabski2022, p. 3], @grabski2022."""
    items: list[Item] = []
    for match in PANDOC_KEY.finditer(block.text, block.start, block.end):
        group = innermost(block.groups, match.start(), match.end())
        bracketed = group is not None and block.text[group.start] == "["
        key = match[1] or match[2].rstrip(".:")
        target = Target(f"@{key}", label=key, firm=bracketed)
        items.append(Item(match.start(), match.start() + len(match[0]), (target,)))
    return in_square_brackets(block, items)


def in_square_brackets(block: TextBlock, items: Sequence[Item]) -> Iterator[CitationCandidate]:
    """Combine all keys in one square bracket into one candidate, including "see", page numbers and the like."""
    marks: dict[Span, list[Item]] = {}
    for item in items:
        group = innermost(block.groups, item.start, item.end)
        square = group if group and block.text[group.start] == "[" else Span(item.start, item.end)
        marks.setdefault(square, []).append(item)
    for span, run in marks.items():
        yield CitationCandidate(span.start, span.end, tuple(target for item in run for target in item.targets))


def find_footnotes(block: TextBlock) -> Iterator[CitationCandidate]:
    """Footnote markers: [^3]."""
    for match in FOOTNOTE.finditer(block.text, block.start, block.end):
        if match.start() > block.start or not block.text.startswith(":", match.end()):
            yield CitationCandidate(match.start(), match.end(), (Target(match[0], label=match[1], firm=True),))
