"""What the finders of marks share: candidates, the works they point at, and brackets paired in one pass."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.models import CSL, Block, Reading, Span

# A mark has brackets in brackets at most: "(Grabski et al., Am J Psychiatry. 2022;179(2 Suppl [1]):152)".
DEEPEST_BRACKET = 3
NOT_PROSE = frozenset({"reference", "code", "metadata"})
BRACKET = re.compile(r"[()\[\]]")
# Code, and what is not shown: no mark stands there.
APART = re.compile(r"(?<!`)(`+)(?!`)[^\n]{1,400}?(?<!`)\1(?!`)|<!--(?:(?!<!--).){0,4000}?-->", re.DOTALL)
CLOSING = {")": "(", "]": "["}
LEAD_WORDS = re.compile(
    r"(?:\s|[,;:]|\b(?:see|also|e\.g\.|eg|i\.e\.|cf\.?|reviewed|in|by|for|a|recent|review|and|but|compare|from|adapted|"
    r"data|but see|as)(?=[\s,:]))*",
    re.IGNORECASE,
)
TRAIL = re.compile(r"(?:,?\s?(?:pp?\.|chapter|for)\s?[^()\[\];]{1,40})?\s*")
GAP = re.compile(r"[\s,;&]*(?:(?:and|see|also|but see|e\.g\.)[,\s]*)*")


@dataclass(frozen=True, slots=True)
class Target:
    """One work that a mark points at: by label, by key, or by what the mark says of it.

    `firm` says that the shape alone shows a citation ("et al.", volume and page, an identifier); `whole` that the
    mark describes the work well enough to be its reference; then `start` is where that description stands.
    """

    text: str
    start: int = 0
    label: str = ""
    csl: CSL = field(default_factory=dict)
    firm: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class MarkCandidate:
    """A stretch that may be a mark; `word` is one that it is glued to and may belong to."""

    start: int
    end: int
    targets: tuple[Target, ...]
    word: str = ""


class Item(NamedTuple):
    """One name with its years, or one work, inside or outside brackets."""

    start: int
    end: int
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block that may hold marks, with its brackets, in order of their beginnings."""

    text: str
    start: int
    end: int
    groups: tuple[Span, ...]
    apart: tuple[Span, ...] = ()

    def is_apart(self, candidate: MarkCandidate) -> bool:
        """Whether a candidate stands in code or in a comment."""
        before = bisect_right(self.apart, candidate.start, key=lambda span: span.start)
        return before > 0 and candidate.start < self.apart[before - 1].end

    def before(self, position: int, length: int) -> str:
        return self.text[max(self.start, position - length) : position]

    def after(self, position: int, length: int) -> str:
        return self.text[position : min(self.end, position + length)]

    def inner(self, group: Span) -> str:
        return self.text[group.start + 1 : group.end - 1]


def text_blocks(reading: Reading, own: frozenset[int | None]) -> Iterator[TextBlock]:
    """Blocks that may hold marks; `own` are the ends of those that are references themselves."""
    for block in reading.blocks:
        if block.kind not in NOT_PROSE and block.end not in own:
            apart = tuple(Span(*match.span()) for match in APART.finditer(reading.text, block.start, block.end))
            yield TextBlock(reading.text, block.start, block.end, tuple(pair_brackets(reading.text, block)), apart)


def pair_brackets(text: str, block: Block) -> list[Span]:
    """Balanced round and square brackets that hold at most `DEEPEST_BRACKET - 1` levels of others."""
    opened: list[tuple[int, int]] = []  # position, levels held
    found: list[Span] = []
    for match in BRACKET.finditer(text, block.start, block.end):
        character, position = match[0], match.start()
        if character in "([":
            opened.append((position, 0))
        elif opened and text[opened[-1][0]] == CLOSING[character]:
            start, held = opened.pop()
            if held < DEEPEST_BRACKET:
                found.append(Span(start, position + 1))
            if opened:
                opened[-1] = (opened[-1][0], max(opened[-1][1], held + 1))
    return sorted(found)


def innermost(groups: Sequence[Span], start: int, end: int) -> Span | None:
    """The smallest bracket around `start` to `end`."""
    index = bisect_right(groups, start, key=lambda group: group.start) - 1
    for group in reversed(groups[max(0, index - DEEPEST_BRACKET * 4) : index + 1]):
        if group.start < start and end < group.end:
            return group
    return None


def merge(block: TextBlock, items: Iterator[Item]) -> Iterator[MarkCandidate]:
    """Neighbours in one bracket are one mark, which takes the bracket in when nothing else stands there."""
    run: list[Item] = []
    for item in items:
        if run and not joined(block, run[-1], item):
            yield as_candidate(block, run)
            run = []
        if not run or item.start >= run[-1].end:
            run.append(item)
    if run:
        yield as_candidate(block, run)


def joined(block: TextBlock, one: Item, other: Item) -> bool:
    group = innermost(block.groups, one.start, one.end)
    return group is not None and other.end < group.end and bool(GAP.fullmatch(block.text, one.end, other.start))


def as_candidate(block: TextBlock, run: Sequence[Item]) -> MarkCandidate:
    start, end = run[0].start, run[-1].end
    group = innermost(block.groups, start, end)
    if (
        group
        and LEAD_WORDS.fullmatch(block.text, group.start + 1, start)
        and TRAIL.fullmatch(block.text, end, group.end - 1)
    ):
        start, end = group
    return MarkCandidate(start, end, tuple(target for item in run for target in item.targets))
