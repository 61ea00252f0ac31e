"""Citations by key or identifier: [@grabski2022], [^3], DOI, PMID, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.citations.candidates import CitationCandidate, Item, Target, TextBlock, innermost, merge
from qa.citations.identifiers import Identifier, as_printed, find_identifiers, identifier_fields
from qa.citations.notes import NOTE
from qa.models import CSL, Span

KEY = r"[\w][\w:.#$%&+?<>~/-]*\w|\w"
# Keys of figures, tables, sections and the like, which Quarto, bookdown and Manubot write as they write those of works.
CROSS_REFERENCE = re.compile(
    r"@\{?(?:fig|figure|tbl|tab|table|eq|eqn|sec|section|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|ch|chap|chapter|app|"
    r"apx|alg|note|tip|wrn|imp|cau|suppfig|supptable|item)[-:]"
)
PANDOC_KEY = re.compile(rf"(?<![\w@])-?@(?:\{{([^{{}}\s]{{1,80}})\}}|({KEY}))")
LETTER_LABEL = re.compile(
    r"(?=.*(?:\d|[A-Z].*[A-Z]))(?=\d{0,20}[^\W\d_])[^\W_][^\[\]\s()@^]{1,40}(?: [A-Z\d][^\[\]\s()@^]{0,40}){0,3}"
)
BETWEEN_LABELS = re.compile(r"[,;]\s")
LONGEST_OF_LABELS = 200
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
    if (
        found.value.lower() not in as_printed(text).lower()
    ):  # the address of a link, whose words alone do not identify the work
        text = f"{text}, {'https://doi.org/' if found.kind == 'DOI' else ''}{found.value}"
    # A trial number only mentions a trial; it is a citation if a known reference has this number.
    return Target(text, found.start, csl=csl, firm=firm, whole=found.kind != "number")


def find_pandoc(block: TextBlock) -> Iterator[CitationCandidate]:
    """Pandoc keys: [@grabski2022, p. 3], @grabski2022."""
    items: list[Item] = []
    for match in PANDOC_KEY.finditer(block.text, block.start, block.end):
        if block.is_code(match.start()):
            continue
        group = innermost(block.groups, match.start(), match.end())
        bracketed = group is not None and block.text[group.start] == "["
        key = match[1] or match[2].rstrip(".:")
        work = identified(block, match.start(), key)
        firm = bracketed and not CROSS_REFERENCE.match(match[0].lstrip("-"))
        written = key if work and ":" in key else f"@{key}"
        written = str(work.get("DOI") or work.get("URL") or written) if key.startswith("tag:") else written
        target = Target(written, match.start(), label="" if work else key, csl=work, firm=firm, whole=bool(work))
        items.append(Item(match.start(), match.start() + len(match[0]), (target,)))
    return in_square_brackets(block, items)


def identified(block: TextBlock, start: int, key: str) -> CSL:
    """The work of a key that is an identifier itself (doi:10.5555/12) or that the document defines as one."""
    address = next((link.value for link in block.links if link.start <= start < link.end), key)
    fields = identifier_fields(find_identifiers(address)) if ":" in address else {}
    return {"type": "webpage" if "URL" in fields else "document", **fields} if fields else {}


def in_square_brackets(block: TextBlock, items: Sequence[Item]) -> Iterator[CitationCandidate]:
    """Combine all keys in one square bracket into one candidate, including "see", page numbers and the like."""
    marks: dict[Span, list[Item]] = {}
    for item in items:
        group = innermost(block.groups, item.start, item.end)
        square = group if group and block.text[group.start] == "[" else Span(item.start, item.end)
        marks.setdefault(square, []).append(item)
    for span, run in marks.items():
        yield CitationCandidate(span.start, span.end, tuple(target for item in run for target in item.targets))


def find_key_labels(block: TextBlock) -> Iterator[CitationCandidate]:
    """Labels with letters, as lists of computer science and standards have them: [Bac78, p. 3], [AFM+95; RFC 2119]."""
    for group in block.groups:
        if block.text[group.start] != "[" or block.is_code(group.start):
            continue
        parts = [part.strip() for part in BETWEEN_LABELS.split(block.inner(group)[:LONGEST_OF_LABELS])]
        labels = [part for part in parts if LETTER_LABEL.fullmatch(part)]
        if labels and parts[0] == labels[0]:
            yield CitationCandidate(*group, tuple(Target(label, label=label) for label in labels))


def find_footnotes(block: TextBlock) -> Iterator[CitationCandidate]:
    """Footnote markers: [^3]."""
    for match in FOOTNOTE.finditer(block.text, block.start, block.end):
        if match.start() > block.start or not block.text.startswith(":", match.end()):
            yield CitationCandidate(
                match.start(), match.end(), (Target(match[0], label=f"{NOTE}{match[1]}", firm=True),)
            )
