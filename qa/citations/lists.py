"""Lists of works that no heading announces: known by what they consist of, entries that are read as works."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, islice, pairwise, takewhile
from typing import NamedTuple

from qa.citations.entry_splitting import PlacedEntry, read_entry, split_by_authors, split_by_numbers, tells_place
from qa.citations.parsing import parse_reference
from qa.citations.references import is_work
from qa.models import Block, Reading, Span, makers_of
from qa.models.appearance import clip, pieces_of

LONGEST_LEAD = 60
LEAST_WORKS = 2  # a single one may be a citation in full
SHARE_OF_WORKS = 0.5  # of the entries; others say less, such as a report without its place
LEAST_COUNTED = 5  # entries with numbers that count up, of which not all must be read as works
MOST_WORDS_OF_HEADING = 4
ENTRY_KINDS = frozenset({"paragraph", "list_item", "quotation", "byline"})
# "Sources: ", "References – "; what is emphasised at the beginning may also end with a full stop.
BEHIND_LEAD = re.compile(r"\s?[.:–—-]?\s+")
YEAR_IN_TEXT = re.compile(r"\b(?:1[6-9]|20)\d\d")
BLANKS = re.compile(r"\s+")
LEAD = re.compile(rf"[^\W\d][^.:;()\d]{{1,{LONGEST_LEAD}}}?(?::|\s[–—-])\s+(?=\S)")


class Listed(NamedTuple):
    """What a block consists of: entries, after words that announce them and end at `lead`. `authors` is how many name
    their authors, `works` how many also say where the work was published."""

    entries: Sequence[PlacedEntry]
    authors: int = 0
    works: int = 0
    lead: int = 0


def with_found_lists(reading: Reading) -> Reading:
    """The reading with lists of works as entries that its reader did not take for such, if it has no other list.
    Entries that run on in one paragraph are parted."""
    known = any(block.kind == "reference" or has_work(reading.text, block) for block in reading.blocks)
    if known:
        return replace(reading, blocks=tuple(e for block in reading.blocks for e in parted(reading.text, block)))
    found = [find_entries(reading.text, block) for block in reading.blocks]
    lists = {number for first, last in entry_runs(found) if is_list(found[first:last]) for number in range(first, last)}
    blocks: list[Block] = []
    for number, (block, listed) in enumerate(zip(reading.blocks, found, strict=True)):
        blocks += entry_blocks(reading.text, block, listed) if listed and number in lists else [block]
    return replace(reading, blocks=tuple(blocks))


def is_list(run: Sequence[Listed | None]) -> bool:
    works = sum(each.works for each in run if each)
    return works >= max(LEAST_WORKS, SHARE_OF_WORKS * sum(len(each.entries) for each in run if each))


def has_work(text: str, block: Block) -> bool:
    return block.kind == "footnote" and is_work(parse_reference(PlacedWords(text, block).text))


def parted(text: str, block: Block) -> list[Block]:
    """The entries of a list that its reader took for one."""
    years = islice(YEAR_IN_TEXT.finditer(text, block.start, block.end), LEAST_WORKS)
    if block.kind != "reference" or len(list(years)) < LEAST_WORKS:
        return [block]
    whole = with_number(block)
    words = PlacedWords(text, whole).text
    numbered = split_by_numbers(words, 0)
    entries = numbered or split_by_authors(words, 0)
    read = sum(bool(read_entry(words[each.content : each.end], follows=True)) for each in entries)
    counted = len(numbered) >= LEAST_COUNTED and read >= SHARE_OF_WORKS * len(entries)
    return entry_blocks(text, whole, Listed(entries)) if counted or len(entries) == read > 1 else [block]


def with_number(block: Block) -> Block:
    """The block of an entry with its printed number as part of its words."""
    first, *others = block.visible
    return replace(block, inner=(Span(block.start, first.end), *others)) if block.label else block


def entry_runs(found: Sequence[Listed | None]) -> Iterator[tuple[int, int]]:
    """The ranges of blocks with entries that follow one another, from the first that names authors to the last. Words
    that announce entries begin a new range."""
    edges = [number for number, each in enumerate(found) if each is None or each.lead]
    for first, last in pairwise([0, *edges, len(found)]):
        named = [number for number in range(first, last) if (each := found[number]) and each.authors]
        if named:
            yield named[0], named[-1] + 1


class PlacedWords:
    """The words of a block without markup, and where in the file each of them is."""

    def __init__(self, text: str, block: Block) -> None:
        pieces = list(pieces_of(text, block))
        self.file, self.block = text, block
        self.text = "".join(piece for piece, _ in pieces)
        self.spans = [span for _, span in pieces]
        self.starts = [0, *accumulate(len(piece) for piece, _ in pieces)]

    def place(self, at: int) -> int:
        """Where in the file a character of the words is."""
        number = min(bisect_right(self.starts, at), len(self.spans)) - 1
        return min(self.spans[number].start + at - self.starts[number], self.spans[number].end)

    def shown_before(self, place: int) -> int:
        """How many characters of the words are before a place in the file."""
        return sum(max(0, min(span.end, place) - span.start) for span in self.spans)

    def emphasises(self, entry: PlacedEntry) -> bool:
        """Whether words of an entry are emphasised, as titles of books and journals are."""
        styles = self.block.styles
        first = bisect_left(styles, self.place(entry.content), key=lambda style: style.start)
        last = bisect_left(styles, self.place(entry.end - 1), first, key=lambda style: style.start)
        return any(style.kind == "emphasis" for style in styles[first:last])

    def edge(self, end: int, start: int) -> Span:
        """Where in the file what ends at `end` is parted from what begins at `start`: at the first blank between them,
        so that signs of emphasis stay with their words."""
        gap = Span(self.place(end - 1) + 1, self.place(start))
        blank = BLANKS.search(self.file, *gap)
        return Span(*blank.span()) if blank else Span(gap.end, gap.end)


def find_entries(text: str, block: Block) -> Listed | None:
    """The entries that a block consists of, if it does."""
    if block.kind not in ENTRY_KINDS:
        return None
    words = PlacedWords(text, block)
    found = [listed for lead in leads(words) if (listed := entries_behind(words, lead))]
    return max(found, key=lambda listed: listed.authors, default=None)


def entries_behind(words: PlacedWords, lead: int) -> Listed | None:
    """The entries of which the words from `lead` on consist, if they do; behind words that announce them, two."""
    text = words.text
    entries = split_by_numbers(text, lead) or split_by_authors(text, lead)
    read = [read_entry(text[each.content : each.end], follows=place > 0) for place, each in enumerate(entries)]
    if not all(read) or (lead and len(read) < LEAST_WORKS):
        return None
    named = [(csl, entry) for csl, entry in zip(read, entries, strict=True) if csl and makers_of(csl)]
    works = sum(tells_place(csl) or words.emphasises(entry) for csl, entry in named)
    return Listed(entries, len(named), works, lead)


def leads(words: PlacedWords) -> Iterator[int]:
    """Where entries may begin in a block: at its beginning, or after words that announce them: "Sources: ", or a few
    words that are emphasised."""
    yield 0
    if lead := LEAD.match(words.text):
        yield lead.end()
    for style in takewhile(lambda style: style.start <= words.place(0), words.block.styles):
        if style.kind in ("emphasis", "strong"):
            behind = BEHIND_LEAD.match(words.text, words.shown_before(style.end))
            if behind and behind.end() <= LONGEST_LEAD:
                yield behind.end()


def entry_blocks(text: str, block: Block, listed: Listed) -> list[Block]:
    """The block divided into its entries, with what announces them as a heading."""
    words = PlacedWords(text, block)
    starts = [*([0] if listed.lead else []), *(entry.start for entry in listed.entries)]
    edges = [words.edge(len(words.text[:start].rstrip()), start) for start in starts[1:]]
    begin = [block.start, *(edge.end for edge in edges)]
    end = [*(edge.start for edge in edges), block.end]
    parts = [clip(text, block, Span(*span)) or block for span in zip(begin, end, strict=True)]
    found = [lead_block(parts.pop(0), words, listed.lead)] if listed.lead else []
    found += [entry_block(words, *pair) for pair in zip(parts, listed.entries, strict=True)]
    return found


def lead_block(part: Block, words: PlacedWords, lead: int) -> Block:
    """What announces entries: a heading, unless it is a longer sentence."""
    short = len(words.text[:lead].split()) <= MOST_WORDS_OF_HEADING or any(
        each.start <= part.start for each in part.styles
    )
    return replace(part, kind="heading") if short else part


def entry_block(words: PlacedWords, part: Block, entry: PlacedEntry) -> Block:
    """A part of a block as an entry, of which the printed number and signs behind it are no text."""
    first, last = words.place(entry.content), words.place(entry.end - 1) + 1
    inner = tuple(Span(max(a, first), min(b, last)) for a, b in part.visible if a < last and b > first)
    sign = words.file[part.start : words.block.visible[0].start]
    label = entry.label or "".join(re.findall(r"\d+", words.block.label or sign)[:1])
    return replace(part, kind="reference", label=label or None, inner=inner)
