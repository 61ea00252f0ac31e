"""Reference lists: where they are, and where each entry begins. Entries may be wrapped, numbered, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile

from qa.models import Block
from qa.readers.lines import LONGEST_WRAPPED_LINE, Line, adjacent, lines
from qa.readers.markup import LEADING_TAGS, inside_heading
from qa.readers.raised_notes import mark_raised_notes

NUMBERING = r"(?:[#\d.\s]{0,8}|[ivxlIVXL]{1,6}\.?\s+)"
REFERENCES_HEADING = re.compile(
    rf"{NUMBERING}(?:(?:key |selected |main |cited |full |list of |(?:non-?)?normative |informative |additional "
    r"|general |other )?references?(?: list)?"
    r"(?: \((?:selected|cited)\))?|reference list|(?:selected )?bibliography|works cited|literature(?: cited)?|"
    r"cited (?:literature|works|references)|"
    r"references? (?:cited|and notes)|notes and references|sources|citations|"
    r"literatur(?:verzeichnis|nachweise|angaben)?|"
    r"quellen(?:verzeichnis)?|einzelnachweise|bibliogra(?:ph|f)(?:ie|ía|ia)|références(?: bibliographiques)?|"
    r"referencias(?: bibliográficas)?|riferimenti(?: bibliografici)?|referenties|literatuur)[\s:*=]*$",
    re.IGNORECASE,
)
# A list under such a heading is one of references only if its entries look like works.
NOTES_HEADING = re.compile(rf"{NUMBERING}(?:end|foot)?notes[\s:*]*$", re.IGNORECASE)
ENTRY_LABEL = re.compile(
    r"(?:\.\.[ \t]+(?=\[))?"
    r"(?:\\?\[(\d{1,4})\\?\]|\\?\((\d{1,4})\\?\)|(\d{1,4})\\?[.)]|(\d{1,3})(?=[ \t]+[^\W\d_]))[ \t]*"
)
# "[Bac78]", "[AFM+95]", "[RFC 2119]": letters with a digit, or at least two capitals
KEY_LABEL = re.compile(
    r"(?:\.\.[ \t]+)?\\?\[(?=[^\[\]]*(?:\d|[A-Z][^\[\]]*[A-Z]))(?=\d{0,20}[^\W\d_])"
    r"([^\W_][^\[\]\s()@^]{1,40}(?: [A-Z\d][^\[\]\s()@^]{0,40}){0,3})\\?\]:?(?:\s+(?=\S)|\s*\Z)"
)
ITEM_OF_HTML = re.compile(r"<(?:li|tr)\b[^<>]*>(?:\s*<[^<>]*>)*\s*(?:\[?(\d{1,4})[\].)]{0,2}\s*<)?", re.IGNORECASE)
CAPTION_BELOW = re.compile(
    r"\W{0,6}(?:Tab|Fig|Abb|Box|Scheme)[^\W\d_]{0,8}\.? ?[A-Z]?\d{1,3}[a-z]?\W{0,3}[.:|]", re.IGNORECASE
)
TAG = re.compile(r"<[^<>]*>")
BULLET = re.compile(r"[-*+•‣◦·▪–][ \t]+")
ENDS_ENTRY = re.compile(r"(?:[.!?)\]”\"’>/*_]|\d|https?://\S+)$")
BEGINS_ENTRY = re.compile(r"[\"“‘*_\[<]*[^\W\d_a-zß-öø-ÿ]|[—–_-]{2,}|[\"“‘*_]*(?:van|von|de|der|den|di|da|del|le|la)\s")
SMALL_WORD = re.compile(r"(?!https?:|www\.)[a-zß-öø-ÿ]")
YEAR_OR_ADDRESS = re.compile(r"\b(?:1[6-9]|20)\d\d|\bdoi\b|https?://|\bin press\b|\bn\.\s?d\.", re.IGNORECASE)
WORK = re.compile(
    r"https?://|\bdoi\b|\d\s?(?:\(\d+\))?\s?[:;,]\s?\w?\d|"
    r"[^\W\d_a-z][\w'’-]+,? (?:[A-Z]\.?[ -]?){1,3}(?:[,.;:]|\s&|\sand\b)"
)
LEAST_OF_WORKS = 0.6
LENGTH_OF_YEAR = 4
LARGEST_STEP = 5  # from the number of one entry to the next
NO_LEVEL = 7  # below all levels
LISTED_KINDS = frozenset({"paragraph", "list_item"})


def mark_references(text: str, blocks: Iterable[Block]) -> list[Block]:
    """Turn the blocks of reference lists into entries: those under a heading for references, those under "Notes" if
    they look like works, and a numbered list of works at the very end of a document that has no other list. Paragraphs
    with raised numbers become footnotes."""
    found: list[Block] = []
    listed: list[Block] = []
    depth, notes = 0, False
    read = list(blocks)
    for place, block in enumerate(read):
        words = heading_words(text, block)
        within = bool(depth) and (block.level or NO_LEVEL) > depth
        if words and not within and (REFERENCES_HEADING.match(words) or NOTES_HEADING.match(words)):
            found += close_list(text, listed, notes=notes)
            listed, depth, notes = [], block.level or NO_LEVEL, bool(NOTES_HEADING.match(words))
        elif words and depth and ends_list(block, words, depth) and not (within and works_below(text, read, place)):
            found += close_list(text, listed, notes=notes)
            listed, depth = [], 0
        elif depth and is_listed(block, words) and not CAPTION_BELOW.match(text, block.start, block.end):
            listed.append(block)
            continue
        elif depth:
            found += close_list(text, listed, notes=notes)
            listed = []
        found.append(block)
    found += close_list(text, listed, notes=notes)
    found = list(mark_raised_notes(text, found))
    return found if any(block.kind == "reference" for block in found) else with_final_list(text, found)


def works_below(text: str, blocks: Sequence[Block], place: int) -> bool:
    """Whether what is below a heading within a list ("Books", "Articles"), up to the next heading, looks like works."""
    below = list(takewhile(lambda block: block.kind != "heading", islice(blocks, place + 1, None)))
    return look_like_works(text, [block for block in below if block.kind in LISTED_KINDS])


def heading_words(text: str, block: Block) -> str:
    if block.kind != "heading":
        return ""
    return TAG.sub("", text[slice(*inside_heading(text, block.start, block.end))]).strip(" *_¶")


def ends_list(block: Block, words: str, depth: int) -> bool:
    """Whether a heading ends the list: one of at least the level of the list's heading, or one that looks like none of
    its entries."""
    return (block.level or NO_LEVEL) < depth or (block.level == depth) or ends_reference_list(words)


def is_listed(block: Block, words: str) -> bool:
    return block.kind in LISTED_KINDS or (bool(words) and block.level is None)


def ends_reference_list(line: str) -> bool:
    """Whether a heading ends the reference list: it has no number or year and no commas or full stops like an entry."""
    return len(line) <= 80 and not re.search(r"\d{2}|[,;]|\. ", line) and not ENTRY_LABEL.match(line)


def entry_label(line: str) -> str | None:
    """The number or the label that an entry begins with, behind the anchor that it may have."""
    if line.startswith("<") and (tags := LEADING_TAGS.match(line)):
        line = line[tags.end() :]
    match = ENTRY_LABEL.match(line) or KEY_LABEL.match(line)
    return next(filter(None, match.groups())) if match else None


def close_list(text: str, listed: Sequence[Block], *, notes: bool) -> list[Block]:
    """The entries of a list that has ended; the blocks as they are if they are notes that are no works."""
    found = list(entries_of(text, listed))
    if notes and not (all(block.label for block in found) and look_like_works(text, found)):
        return list(listed)
    return found


def entries_of(text: str, listed: Sequence[Block]) -> Iterator[Block]:
    runs: list[list[Block]] = []
    for block in listed:
        if runs and next_to(text, runs[-1][-1], block) and not begins_item(text, block):
            runs[-1].append(block)
        else:
            runs.append([block])
    in_runs = [list(lines(text, run[0].start, run[-1].end)) for run in runs]
    lengths = sorted(line.end - line.start for single in in_runs for line in single)
    wrapped = bool(lengths) and lengths[int(0.95 * (len(lengths) - 1))] <= LONGEST_WRAPPED_LINE
    for run, single in zip(runs, in_runs, strict=True):
        if item := ITEM_OF_HTML.match(text, run[0].start, run[0].end):
            yield Block("reference", run[0].start, run[-1].end, label=item[1], id=run[0].id)
            continue
        for entry in split_entries(text, single, alone=len(runs) == 1) if wrapped else whole_lines(text, single):
            label = entry_label(text[entry.start : entry.end])
            yield Block("reference", *entry, label=label, id=run[0].id if entry.start == run[0].start else None)


def whole_lines(text: str, single: Iterable[Line]) -> list[Line]:
    """The entries of a list with one in a line; one that is not at its end goes on in a line with a small letter."""
    found: list[Line] = []
    for line in single:
        goes_on = SMALL_WORD.match(text, line.start, line.end)
        if goes_on and found and not ENDS_ENTRY.search(text[found[-1].start : found[-1].end]):
            found[-1] = Line(found[-1].start, line.end)
        else:
            found.append(line)
    return found


def begins_item(text: str, block: Block) -> bool:
    """Whether a block is an item of a list, with a bullet or a number; initials ("B. A., & Chen, R.") are none."""
    line = text[block.start : block.end]
    if ITEM_OF_HTML.match(line):
        return True
    return block.kind == "list_item" and bool(BULLET.match(line) or entry_label(line))


def next_to(text: str, one: Block, other: Block) -> bool:
    return adjacent(text, Line(one.start, one.end), Line(other.start, other.end))


def split_entries(text: str, single: Sequence[Line], *, alone: bool) -> list[Line]:
    """The entries in wrapped lines without a blank line between. `alone`: no blank lines part the entries of a list."""
    words = [text[line.start : line.end] for line in single]
    labels = [entry_label(line) for line in words]
    if labels[0] or BULLET.match(words[0]):
        begins = begins_by_label(words, labels)
    else:
        begins = [True, *(begins_after(one, other, alone=alone) for one, other in pairwise(words))]
        begins[1:2] = [begins[1] or words[0].endswith(":")] if len(words) > 1 else []  # a remark about the list
    found: list[Line] = []
    for line, first in zip(single, begins, strict=True):
        if first:
            found.append(line)
        else:
            found[-1] = Line(found[-1].start, line.end)
    return found


def begins_by_label(words: Sequence[str], labels: Sequence[str | None]) -> list[bool]:
    """A line begins an entry if it has the next number or one a little higher, a number in square brackets, or a bullet
    as the first line has."""
    begins: list[bool] = []
    last = 0
    bullet = BULLET.match(words[0])
    all_numbered = all(label and len(label) < LENGTH_OF_YEAR for label in labels)
    for line, label in zip(words, labels, strict=True):
        first = bool(bullet and line.startswith(bullet[0][0])) or line.startswith(("[", "\\["))
        number = int(label) if label and label.isdecimal() else 0
        numbered = label is not None and (first or last < number <= last + LARGEST_STEP)
        begins.append(numbered or (first and bullet is not None) or not begins or all_numbered)
        last = number if number and begins[-1] else last
    return begins


def begins_after(line: str, below: str, *, alone: bool) -> bool:
    """Whether an unnumbered entry ends with a line and another begins below it. Where blank lines part the entries,
    both must also be whole works."""
    if not (ENDS_ENTRY.search(line) and BEGINS_ENTRY.match(below)):
        return False
    return alone or all(YEAR_OR_ADDRESS.search(each) and WORK.search(each) for each in (line, below))


def look_like_works(text: str, entries: Sequence[Block]) -> bool:
    alike = [bool(YEAR_OR_ADDRESS.search(text, block.start, block.end)) for block in entries]
    return bool(alike) and sum(alike) >= LEAST_OF_WORKS * len(alike)


def with_final_list(text: str, blocks: list[Block]) -> list[Block]:
    """The blocks with a numbered list of works at their end, from 1 on without a gap, as a reference list."""
    first = len(blocks)
    while first and is_numbered_work(text, blocks[first - 1]):
        first -= 1
    entries = list(entries_of(text, blocks[first:]))
    labels = [block.label for block in entries]
    return [*blocks[:first], *entries] if labels[1:] and labels == [str(n + 1) for n in range(len(labels))] else blocks


def is_numbered_work(text: str, block: Block) -> bool:
    line = text[block.start : block.end]
    return (
        block.kind in LISTED_KINDS
        and entry_label(line) is not None
        and bool(YEAR_OR_ADDRESS.search(line))
        and bool(WORK.search(line))
    )
