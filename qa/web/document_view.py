"""The document page: the whole text, block by block, with its sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from qa.models import Block, BlockKind, Document, Sentence, SentenceVerdicts, Span, VerdictLevel
from qa.web.layout import PagePart, page_part, with_lists
from qa.web.segments import Marked

# HTML element of a block; "p" for others. Code keeps its line breaks; other blocks are running text.
TAGS: dict[BlockKind, str] = {"quotation": "blockquote", "code": "div", "list_item": "li", "table": "table"}
NOWHERE = Span(0, 0)
DEEPEST = 6  # HTML has six heading levels; the first is the page title


@dataclass(frozen=True, slots=True)
class DocumentPart(PagePart[Sentence]):
    """A block of the document, or the text between blocks (`tag` is empty).

    `anchor` is the target of the table of contents; `hidden`: nothing of the block is shown; `entries` are the ids of
    the works that the block lists.
    """

    tag: str = ""
    span: Span = NOWHERE
    anchor: str = ""
    hidden: bool = False
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """What is beside each other on the page: a block, or a whole list, with the text before it and the verdicts on its
    sentences."""

    parts: tuple[DocumentPart, ...]
    noted: tuple[SentenceVerdicts, ...] = ()

    @property
    def is_heading(self) -> bool:
        return self.parts[-1].kind == "heading"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many sentences have verdicts of which this is the most serious, and the number of the first."""

    level: VerdictLevel
    word: str
    n: int
    first: int


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """An entry of the table of contents."""

    anchor: str
    heading: str
    depth: int


def read_parts(document: Document) -> list[DocumentPart]:
    """Split the document into parts, without omitting a character. Nested blocks belong to the outer one."""
    within: dict[int, list[Sentence]] = defaultdict(list)
    for sentence in document.sentences:
        within[sentence.block].append(sentence)
    headings = {s.heading: (f"h{n}", len(s.path)) for n, s in enumerate(document.sections) if s.heading}
    parts: list[DocumentPart] = []
    place = 0
    for number, block in enumerate(document.blocks):
        if block.start < place:
            continue
        parts.append(between_blocks(document, place, block.start))
        part = as_part(document, block, within[number])
        if block.kind == "heading":
            anchor, depth = headings.get(Span(block.start, block.end), ("", 1))
            part = replace(part, tag=f"h{min(depth + 1, DEEPEST)}", anchor=anchor)
        parts.append(part)
        place = block.end
    return with_lists([*parts, between_blocks(document, place, len(document.text))])


def between_blocks(document: Document, start: int, end: int) -> DocumentPart:
    return DocumentPart(
        "", marked_in(document, Span(start, end), []).stretches(Span(start, end)) if start < end else ()
    )


def as_part(document: Document, block: Block, sentences: list[Sentence]) -> DocumentPart:
    part = page_part(marked_in(document, Span(block.start, block.end), sentences), block)
    unseen = block.kind == "metadata" if not document.extracted else False
    blank = not any(document.text[slice(*span)].strip() for span in block.visible) and not block.rows
    tag = TAGS.get(block.kind, "p") if block.kind != "table" or part.rows else "div"
    return DocumentPart(
        part.kind,
        part.stretches,
        part.rows,
        part.bullet,
        part.label,
        part.depth,
        tag=tag,
        span=Span(block.start, block.end),
        hidden=unseen or blank,
        entries=() if unseen or blank else entries_in(document, block),
    )


def entries_in(document: Document, block: Block) -> tuple[str, ...]:
    """The ids of the works whose entries in the document's own list begin in a block."""
    first = bisect_left(document.entries, block.start, key=lambda entry: entry.start)
    last = bisect_left(document.entries, block.end, key=lambda entry: entry.start)
    return tuple(dict.fromkeys(entry.reference for entry in document.entries[first:last]))


def marked_in(document: Document, span: Span, sentences: list[Sentence]) -> Marked[Sentence]:
    """The text of the document with the citations of one block."""
    first = bisect_left(document.citations, span.start, key=lambda citation: citation.start)
    last = bisect_left(document.citations, span.end, key=lambda citation: citation.start)
    return Marked(document.text, sentences, document.citations[first:last])


def reading_rows(document: Document, noted: Iterable[SentenceVerdicts]) -> list[ReadingRow]:
    """The parts of a document in rows, with what is hidden before what is shown. Joined, they are still its text."""
    rows: list[ReadingRow] = []
    waiting: list[DocumentPart] = []
    in_list = False
    for part in read_parts(document):
        waiting.append(part)
        in_list = (in_list or part.opens_list) and not part.closes_list
        if part.tag and not in_list and not part.hidden:
            rows.append(as_row(waiting, noted))
            waiting = []
    return [*rows, as_row(waiting, noted)] if waiting else rows


def as_row(parts: Sequence[DocumentPart], noted: Iterable[SentenceVerdicts]) -> ReadingRow:
    spans = [part.span for part in parts if part.tag]
    return ReadingRow(
        tuple(parts),
        tuple(each for each in noted if any(span.start <= each.start < span.end for span in spans)),
    )


def tallies(noted: Iterable[SentenceVerdicts]) -> list[Tally]:
    """The sentences with verdicts by their most serious one, in the order of how serious it is."""
    found: dict[VerdictLevel, list[SentenceVerdicts]] = {level: [] for level in get_args(VerdictLevel)}
    for each in noted:
        found[each.verdicts[0].level].append(each)
    return [Tally(level, a[0].verdicts[0].word, len(a), a[0].number) for level, a in found.items() if a]


def read_contents(document: Document) -> list[ContentsEntry]:
    """Return the table of contents."""
    return [
        ContentsEntry(f"h{n}", section.path[-1], len(section.path))
        for n, section in enumerate(document.sections)
        if section.heading
    ]
