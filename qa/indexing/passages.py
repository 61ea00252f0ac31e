"""Split blocks into sentences and group sentences into passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import groupby
from math import ceil

from qa.conditions import Vocabulary
from qa.models import Block, Citation, ConditionTag, Passage, Section, Sentence, SentenceKind, Span, TableHead
from qa.models.addresses import document_url
from qa.models.appearance import plain_words
from qa.readers.plain import Plain
from qa.text.sentences import split_sentences

LONGEST_PASSAGE = 120  # words
LONGEST_LABEL = 5  # words
# Blocks with claims. Other blocks are shown and searched for citations, but never quoted.
PROSE = frozenset({"paragraph", "quotation", "list_item", "table", "byline"})
WORD = re.compile(r"\w")
# Letters that can be a statement, unlike "2.", "(a)" and "IV.".
LETTERS = re.compile(r"(?!\b[ivxlcdm]{1,6}\b)[^\W\d_]{2,}", re.IGNORECASE)
NEAREST_FIRST = {"sentence": 0, "heading": 1, "ancestor": 2}


def place_sentences(
    document_id: str,
    plain: Plain,
    sections: Sequence[Section],
    citations: Sequence[Citation],
    vocabulary: Vocabulary,
) -> list[Sentence]:
    """The sentences of the plain text with their conditions, and with the sections of the stored text that they are in;
    support is added later."""
    text, blocks = plain.reading.text, plain.file.blocks
    marks = sorted(Span(citation.start, citation.end) for citation in citations)
    starts = [section.start for section in sections]
    identify = Identities("s-", 12)
    sentences = []
    for number, block in enumerate(plain.reading.blocks):
        if block.kind not in PROSE:
            continue
        place = max(0, bisect_right(starts, blocks[number].start) - 1)
        section = sections[place]
        for span in spans_of(text, block, marks):
            words = text[span.start : span.end]
            leads = is_lead_in(words, span, block) or (block.kind != "table" and not states(text, span, marks))
            kind: SentenceKind = "lead_in" if leads else "claim"
            tags = vocabulary.tag(words, section) if kind == "claim" else ()
            id = identify(document_id, section.path, words)
            sentences.append(Sentence(id, *span, kind, place, number, tags))
    return sentences


def spans_of(text: str, block: Block, marks: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of the sentences in a block. In a table, each row except the head is one sentence."""
    if block.kind == "table":
        yield from spans_of_rows(text, block)
        return
    first, last = bisect_left(marks, (block.start, 0)), bisect_left(marks, (block.end, 0))
    inside = [*label_of(text, block, marks[first:last]), *marks[first:last]]
    found = split_sentences(text, block.start, block.end, inside)
    yield from (span for span in found if WORD.search(text, *span))


def states(text: str, span: Span, marks: Sequence[Span]) -> bool:
    """Whether a sentence has words outside its citations: "2.", "(a)", "IV." and "[1]" alone state nothing."""
    inside = marks[bisect_left(marks, (span.start, 0)) : bisect_left(marks, (span.end, 0))]
    edges = [span.start, *(edge for mark in inside for edge in mark), span.end]
    return any(LETTERS.search(text, begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True))


def label_of(text: str, block: Block, marks: Sequence[Span]) -> list[Span]:
    """The span that keeps a few bold words at the start of a block with the sentence after them ("**Costs.** Lanes
    are cheap."), unless they have a citation of their own."""
    for style in block.styles:
        if style.start == block.start and style.kind in ("strong", "emphasis") and style.end < block.end:
            words = text[style.start : style.end].split()
            if len(words) <= LONGEST_LABEL and not any(mark.start < style.end for mark in marks):
                return [Span(style.start, style.end + 2)]
    return []


def spans_of_rows(text: str, block: Block) -> Iterator[Span]:
    for row in block.rows:
        cells = [cell for cell in row if cell.start < cell.end]
        if (
            cells
            and (not block.head or cells[0].start >= block.head.end)
            and WORD.search(text[cells[0].start : cells[-1].end])
        ):
            yield Span(cells[0].start, cells[-1].end)


def is_lead_in(words: str, span: Span, block: Block) -> bool:
    """Whether the sentence introduces what follows: it is a byline, or it ends its block with a colon."""
    if block.kind in ("table", "byline"):
        return block.kind == "byline"
    return span.end == block.end and words.endswith(":")


class Identities:
    """Content-based ids: a digest of document, headings, text and occurrence number, stable when other text changes."""

    def __init__(self, prefix: str, digits: int) -> None:
        self.prefix, self.digits = prefix, digits
        self.seen: Counter[tuple[str, ...]] = Counter()

    def __call__(self, document_id: str, path: Iterable[str], words: str) -> str:
        parts = (document_id, *path, " ".join(words.split()))
        self.seen[parts] += 1
        digest = sha256("\x1f".join((*parts, str(self.seen[parts]))).encode("utf-8", "surrogatepass"))
        return self.prefix + digest.hexdigest()[: self.digits]


def split_passages(
    document_id: str,
    text: str,
    blocks: Sequence[Block],
    sections: Sequence[Section],
    sentences: Sequence[Sentence],
) -> list[Passage]:
    """Split a document into passages: paragraphs, lists and tables, divided if long. Each claim is in exactly one."""
    identify = Identities("p-", 16)
    passages = []
    for group in group_claims(blocks, sentences):
        for part in split_long(text, group):
            start, end = part[0].start, part[-1].end
            path = sections[part[0].section].path
            words = text[start:end]
            id = identify(document_id, path, words)
            head = table_head(text, blocks[part[0].block])
            url = document_url(document_id, part[0].id)
            tags = union_of_tags(part)
            passages.append(Passage(id, document_id, start, end, words, path, tuple(part), tags, head, url=url))
    return passages


def table_head(text: str, block: Block) -> TableHead | None:
    """The header row of a table; of several rows of headers, the last names the columns."""
    if not block.head:
        return None
    rows = [row for row in block.rows if row and row[0].start < block.head.end]
    cells = tuple(plain_words(text, (block,), *cell) for cell in rows[-1]) if rows else ()
    return TableHead(*block.head, text[slice(*block.head)], cells)


def group_claims(blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Yield the claims of each paragraph, list or table, without lead-ins."""
    unit = -1
    previous: Sentence | None = None
    keyed = []
    for sentence in sentences:
        if previous is None or not belong_together(blocks, previous, sentence):
            unit += 1
        previous = sentence
        if sentence.kind == "claim":
            keyed.append((unit, sentence))
    for _, group in groupby(keyed, key=lambda pair: pair[0]):
        yield [sentence for _, sentence in group]


def belong_together(blocks: Sequence[Block], first: Sentence, second: Sentence) -> bool:
    """Whether two sentences are in one block, or in items of one list, which may be several blocks."""
    if first.block == second.block:
        return first.kind == second.kind
    items = all(block.kind == "list_item" for block in blocks[first.block : second.block + 1])
    return items and first.section == second.section and first.kind == second.kind == "claim"


def split_long(text: str, group: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Yield the group, divided at sentence boundaries into parts of similar length if it is over LONGEST_PASSAGE."""
    lengths = [len(text[sentence.start : sentence.end].split()) for sentence in group]
    wanted = sum(lengths) / ceil(sum(lengths) / LONGEST_PASSAGE)
    parts: dict[int, list[Sentence]] = {}
    before = 0
    for sentence, length in zip(group, lengths, strict=True):
        parts.setdefault(int((before + length / 2) / wanted), []).append(sentence)
        before += length
    yield from parts.values()


def union_of_tags(sentences: Iterable[Sentence]) -> tuple[ConditionTag, ...]:
    """The conditions of the sentences, each once, with its closest basis."""
    nearest: dict[str, ConditionTag] = {}
    for tag in (tag for sentence in sentences for tag in sentence.conditions):
        known = nearest.get(tag.id, tag)
        nearest[tag.id] = min(known, tag, key=lambda tag: NEAREST_FIRST[tag.basis])
    return tuple(nearest.values())
