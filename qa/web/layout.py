"""The blocks of a text for a page: paragraphs, lists and tables, with everything that is in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from qa.models import Block, Hit, HitSentence, Span
from qa.web.look import BULLET_SIGN, look_of
from qa.web.segments import Marked, P, Piece, Stretch

DEEPEST_ITEM = 2  # levels of lists within lists that are set apart


@dataclass(frozen=True, slots=True)
class Row(Generic[P]):
    """A row of a table: its cells, each as pieces, and the sentence that it is, with its number (from 1)."""

    cells: tuple[tuple[Piece, ...], ...]
    heads: bool
    sentence: P | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class PagePart(Generic[P]):
    """A block, or the text between blocks (`kind` is empty). A table has `rows`, any other block `stretches`.

    Of a list item, `bullet` says that it has one, `label` is its number if that is not in the text, `depth` how far it
    is set in; the first and the last item of a list say so.
    """

    kind: str
    stretches: tuple[Stretch[P], ...] = ()
    rows: tuple[Row[P], ...] = ()
    bullet: bool = False
    label: str = ""
    depth: int = 0
    opens_list: bool = False
    closes_list: bool = False


AnyPart = TypeVar("AnyPart", bound=PagePart[Any])


def quoted_parts(hit: Hit) -> list[PagePart[HitSentence]]:
    """The parts of a hit. Joined, they are exactly its text."""
    marked = Marked(hit.text, hit.sentences, hit.citations)
    parts: list[PagePart[HitSentence]] = []
    place = 0
    for block in hit.blocks:
        if block.start < place:
            continue
        parts += [part_between(marked, Span(place, block.start)), page_part(marked, block)]
        place = block.end
    return with_lists([*parts, part_between(marked, Span(place, len(hit.text)))])


def part_between(marked: Marked[P], span: Span) -> PagePart[P]:
    return PagePart("", marked.stretches(span) if span.start < span.end else ())


def page_part(marked: Marked[P], block: Block) -> PagePart[P]:
    """A block as a part."""
    marked = replace(marked, look=look_of(marked.text, block))
    if block.kind == "table" and any(block.rows):
        return PagePart(block.kind, rows=tuple(table_rows(marked, block)))
    part = PagePart(block.kind, marked.stretches(Span(block.start, block.end)))
    if block.kind != "list_item":
        return part
    sign = block.label or marked.text[block.start : block.visible[0].start]
    bullet = bool(BULLET_SIGN.fullmatch(sign))
    label = "" if bullet else block.label or ""
    return replace(part, bullet=bullet, label=label, depth=indent(marked.text, block.start))


def indent(text: str, start: int) -> int:
    """How many levels an item is set in, by the blanks before it in its line."""
    line = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
    return min(len(line.expandtabs(4)) // 2, DEEPEST_ITEM) if not line.strip() else 0


def table_rows(marked: Marked[P], block: Block) -> Iterator[Row[P]]:
    """The rows of a table. What is between two cells is hidden, and goes with the second; what is at the end, with the
    last."""
    place = block.start
    rows = [row for row in block.rows if row]
    last = rows[-1]
    for row in rows:
        cells = []
        for cell in row:
            end = block.end if row is last and cell is row[-1] else cell.end
            cells.append((*markup(marked, place, cell.start), *marked.pieces(*cell), *markup(marked, cell.end, end)))
            place = cell.end
        filled = [cell for cell in row if cell.start < cell.end]
        sentence = next((s for s in marked.sentences if filled and s.start <= filled[0].start < s.end), None)
        number = marked.sentences.index(sentence) + 1 if sentence else 0
        heads = bool(block.head and row[0].start < block.head.end)
        yield Row(tuple(cells), heads, sentence, number)


def markup(marked: Marked[P], start: int, end: int) -> tuple[Piece, ...]:
    return (Piece(marked.text[start:end], None, hidden=True),) if start < end else ()


def with_lists(parts: Iterable[AnyPart]) -> list[AnyPart]:
    """Mark the first and the last item of each list; nothing but white space is between its items."""
    found = list(parts)
    places = [n for n, part in enumerate(found) if part.kind or any(p.text.strip() for p in pieces_in(part))]
    items = {n for n in places if found[n].kind == "list_item"}
    for one, other in zip([-1, *places], [*places, -1], strict=True):
        if other in items and one not in items:
            found[other] = replace(found[other], opens_list=True)
        if one in items and other not in items:
            found[one] = replace(found[one], closes_list=True)
    return found


def pieces_in(part: PagePart[Any]) -> Iterator[Piece]:
    for stretch in part.stretches:
        yield from stretch.pieces
    for row in part.rows:
        for cell in row.cells:
            yield from cell
