"""The document page: the whole text, block by block, with its sentences."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from qa.models import Block, BlockKind, Document, Note, Sentence, Span
from qa.web.segments import Stretch, cut_text

# HTML element of a block. Tables and code keep their line breaks; other blocks are running text.
TAGS: dict[BlockKind, str] = {"paragraph": "p", "quotation": "blockquote", "table": "div", "code": "div"}
DEEPEST = 6  # HTML has six heading levels; the first is the page title


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A block of the document with the notes on its sentences, or the text between blocks (`tag` is empty).

    `anchor` is the target of the table of contents.
    """

    tag: str
    kind: str
    stretches: tuple[Stretch[Sentence], ...]
    notes: tuple[Note, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """An entry of the table of contents."""

    anchor: str
    heading: str
    depth: int


def read_parts(document: Document, notes: Iterable[Note]) -> list[DocumentPart]:
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
        parts.append(DocumentPart("", "between", cut_block(document, Span(place, block.start), [])))
        parts.append(as_part(document, block, within[number], headings, notes))
        place = block.end
    return [*parts, DocumentPart("", "between", cut_block(document, Span(place, len(document.text)), []))]


def as_part(
    document: Document,
    block: Block,
    sentences: list[Sentence],
    headings: dict[Span, tuple[str, int]],
    notes: Iterable[Note],
) -> DocumentPart:
    span = Span(block.start, block.end)
    stretches = cut_block(document, span, sentences)
    if block.kind == "heading":
        anchor, depth = headings.get(span, ("", 1))
        return DocumentPart(f"h{min(depth + 1, DEEPEST)}", block.kind, stretches, anchor=anchor)
    on_it = tuple(note for note in notes if span.start <= note.start < span.end)
    return DocumentPart(TAGS.get(block.kind, "p"), block.kind, stretches, on_it)


def cut_block(document: Document, span: Span, sentences: list[Sentence]) -> tuple[Stretch[Sentence], ...]:
    first = bisect_left(document.citations, span.start, key=lambda citation: citation.start)
    last = bisect_left(document.citations, span.end, key=lambda citation: citation.start)
    return tuple(cut_text(document.text, span, sentences, document.citations[first:last]))


def read_contents(document: Document) -> list[ContentsEntry]:
    """Return the table of contents."""
    return [
        ContentsEntry(f"h{n}", section.path[-1], len(section.path))
        for n, section in enumerate(document.sections)
        if section.heading
    ]
