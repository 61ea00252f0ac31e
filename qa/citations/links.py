"""Citations that the file itself ties to works: links to entries of its list, fields of a citation manager."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.citations.candidates import CitationCandidate, Target
from qa.citations.parsing import DASH
from qa.models import Link, Reading, Reference, Span

# Share of the document's own works that links must cite for marks guessed by their shape to be of no use: what is left
# of them is mostly exponents, notes of tables and counts (measured on 200 articles).
COVERED = 0.5
LONGEST_LINKED_RANGE = 40  # entries
GAP_OF_MARK = re.compile(r"[\s,;&\[\]()]{0,5}(?:and\s)?")
GAP_OF_RANGE = re.compile(rf"\s?[\])]?\s?(?:{DASH}|⁻|to)\s?[\[(]?\s?")
BRACKETS = {"[": "]", "(": ")"}


def find_linked(reading: Reading, works: Mapping[str, Reference]) -> list[CitationCandidate]:
    """One candidate for each run of links with only separators between them. A dash between two of them includes the
    entries between, in the order of the list. A link to a note that is no work cites nothing."""
    ids = {work.key: work.id for work in works.values() if work.key is not None}
    order = [block.id for block in reading.blocks if block.id is not None and block.id in ids]
    remarks = {block.id for block in reading.blocks if block.kind == "footnote"} - ids.keys()
    cited = [link for link in reading.links if not remarks.issuperset(link.targets)]
    return [candidate for run in runs(reading.text, cited) for candidate in as_mark(reading.text, run, ids, order)]


def covers(marks: Sequence[CitationCandidate], own: Sequence[Reference]) -> bool:
    """Whether links cite enough of the document's own works."""
    used = {target.work for mark in marks for target in mark.targets}
    return bool(own) and len(used & {work.id for work in own}) >= COVERED * len(own)


def linked_spans(reading: Reading, marks: Sequence[CitationCandidate]) -> list[Span]:
    """The spans of the marks and of all other links, such as those to notes that are no works: what is linked is not
    guessed by its shape."""
    spans = [*(Span(m.start, m.end) for m in marks), *(Span(link.start, link.end) for link in reading.links)]
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def runs(text: str, links: Iterable[Link]) -> Iterator[list[Link]]:
    run: list[Link] = []
    for link in links:
        if run and not is_gap(text[run[-1].end : link.start]):
            yield run
            run = []
        if not run or link.start >= run[-1].end:
            run.append(link)
    if run:
        yield run


def is_gap(between: str) -> bool:
    return "\n" not in between and bool(GAP_OF_MARK.fullmatch(between) or GAP_OF_RANGE.fullmatch(between))


def as_mark(
    text: str, run: Sequence[Link], ids: Mapping[str, str], order: Sequence[str]
) -> Iterator[CitationCandidate]:
    """The candidate of a run of links with its brackets."""
    named: list[str] = []
    for number, link in enumerate(run):
        if number and GAP_OF_RANGE.fullmatch(text, run[number - 1].end, link.start):
            named += between(named[-1:], link.targets[:1], order)
        named += link.targets
    start, end = run[0].start, run[-1].end
    if start and BRACKETS.get(text[start - 1]) == text[end : end + 1]:
        start, end = start - 1, end + 1
    targets = [target_of_link(key, ids) for key in dict.fromkeys(named)]
    if targets:
        yield CitationCandidate(start, end, tuple(targets))


def target_of_link(key: str, ids: Mapping[str, str]) -> Target:
    """The work that the file knows by a key, or else the work of a bibliography with that key."""
    return Target(key, work=ids[key], firm=True) if key in ids else Target(key, label=key, firm=True)


def between(first: Sequence[str], last: Sequence[str], order: Sequence[str]) -> list[str]:
    """The entries between two in the order of the list; none if there are too many to be meant."""
    if not (first and last and first[0] in order and last[0] in order):
        return []
    inner = order[order.index(first[0]) + 1 : order.index(last[0])]
    return list(inner) if len(inner) <= LONGEST_LINKED_RANGE else []
