"""Shared by all citation finders: candidates, their targets, and matching of brackets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.citations.person_names import PARTICLES, word_set
from qa.models import CSL, Block, BlockKind, Reading, Span, Style

# Deepest nesting of brackets in a citation: "(Grabski et al., Am J Psychiatry. 2022;179(2 Suppl [1]):152)".
DEEPEST_BRACKET = 3
NOT_PROSE = frozenset({"reference", "code", "metadata"})
BRACKET = re.compile(r"[()\[\]]")
CLOSING = {")": "(", "]": "["}
LEAD_WORDS = re.compile(
    r"(?:\s|[,;:]|\b(?:see|also|e\.g\.|eg|i\.e\.|cf\.?|reviewed|in|by|for|a|recent|review|and|but|compare|from|adapted|"
    r"data|but see|as)(?=[\s,:]))*",
    re.IGNORECASE,
)
TRAIL = re.compile(
    r"(?:,?\s?(?:pp?\.|S\.|ch(?:ap)?\.|chapter|sec\.|section|fig\.|figure|table|para\.|§|for)\s?[^()\[\];]{1,40}|"
    r":\s?\d[\d,–\s-]{0,20})?\s*"
)
GAP = re.compile(r"[\s,;&]*(?:(?:and|see|also|but see|e\.g\.)[,\s]*)*")


@dataclass(frozen=True, slots=True)
class Target:
    """One work that a citation points to, by label, by key or by description, or the id of a `work` if it is certain.

    `firm`: the form alone proves a citation ("et al.", volume and page, an identifier). `whole`: the citation describes
    the work well enough to serve as its reference; `start` is then the offset of that description.
    """

    text: str
    start: int = 0
    label: str = ""
    csl: CSL = field(default_factory=dict)
    firm: bool = False
    whole: bool = False
    work: str = ""


@dataclass(frozen=True, slots=True)
class CitationCandidate:
    """A span that may be a citation; `word` is the word it directly follows and may be part of ("IL6")."""

    start: int
    end: int
    targets: tuple[Target, ...]
    word: str = ""


class Item(NamedTuple):
    """One author with years, or one work, inside or outside brackets."""

    start: int
    end: int
    targets: tuple[Target, ...]


WORD_OF_NAMES = re.compile(r"[^\W\d_⁰¹²³⁴-⁹]+")
BETWEEN_NAMES = PARTICLES | word_set("and y e und et en")
LONGEST_NAMES = 3_000  # characters
LEAST_NAMES = 4  # of two people


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block that may contain citations, with its bracket pairs, its code (`apart`) and its links, each in order of
    start."""

    text: str
    start: int
    end: int
    groups: tuple[Span, ...]
    apart: tuple[Style, ...] = ()
    links: tuple[Style, ...] = ()
    kind: BlockKind = "paragraph"

    def is_code(self, place: int) -> bool:
        before = bisect_right(self.apart, place, key=lambda span: span.start)
        return before > 0 and place < self.apart[before - 1].end

    @property
    def lists_people(self) -> bool:
        """Whether a paragraph has nothing but names: raised numbers behind authors are those of their affiliations."""
        words = WORD_OF_NAMES.findall(self.text, self.start, min(self.end, self.start + LONGEST_NAMES))
        only_names = all(word[0].isupper() or word in BETWEEN_NAMES for word in words)
        return self.kind == "paragraph" and len(words) >= LEAST_NAMES and only_names

    def before(self, position: int, length: int) -> str:
        """Up to `length` characters of the block before `position`."""
        return self.text[max(self.start, position - length) : position]

    def after(self, position: int, length: int) -> str:
        return self.text[position : min(self.end, position + length)]

    def inner(self, group: Span) -> str:
        """The text inside a bracket pair."""
        return self.text[group.start + 1 : group.end - 1]


def text_blocks(reading: Reading, own: frozenset[int | None]) -> Iterator[TextBlock]:
    """Yield the blocks that may contain citations; `own` are the end offsets of blocks that are references."""
    for block in reading.blocks:
        if block.kind not in NOT_PROSE and block.end not in own:
            apart = tuple(style for style in block.styles if style.kind == "code")
            links = tuple(style for style in block.styles if style.kind == "link")
            groups = tuple(pair_brackets(reading.text, block))
            yield TextBlock(reading.text, block.start, block.end, groups, apart, links, block.kind)


def pair_brackets(text: str, block: Block) -> list[Span]:
    """Spans of matching round and square brackets that contain at most `DEEPEST_BRACKET - 1` nested levels."""
    opened: list[tuple[int, int]] = []  # position, nested levels
    found: list[Span] = []
    for match in BRACKET.finditer(text, block.start, block.end):
        character, position = match[0], match.start()
        if character in "([":
            opened.append((position, 0))
        elif opened and text[opened[-1][0]] == CLOSING[character]:
            start, depth = opened.pop()
            if depth < DEEPEST_BRACKET:
                found.append(Span(start, position + 1))
            if opened:
                opened[-1] = (opened[-1][0], max(opened[-1][1], depth + 1))
    return sorted(found)


def innermost(groups: Sequence[Span], start: int, end: int) -> Span | None:
    """The innermost bracket pair around `start` to `end`, or None."""
    index = bisect_right(groups, start, key=lambda group: group.start) - 1
    for group in reversed(groups[max(0, index - DEEPEST_BRACKET * 4) : index + 1]):
        if group.start < start and end < group.end:
            return group
    return None


def merge(block: TextBlock, items: Iterator[Item]) -> Iterator[CitationCandidate]:
    """Merge adjacent items in one bracket into one candidate, which includes the bracket if it holds nothing else."""
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


def as_candidate(block: TextBlock, run: Sequence[Item]) -> CitationCandidate:
    start, end = run[0].start, run[-1].end
    group = innermost(block.groups, start, end)
    if (
        group
        and LEAD_WORDS.fullmatch(block.text, group.start + 1, start)
        and TRAIL.fullmatch(block.text, end, group.end - 1)
    ):
        start, end = group
    return CitationCandidate(start, end, tuple(target for item in run for target in item.targets))
