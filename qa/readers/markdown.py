"""Markdown reader: blocks from markdown-it's line maps. The text is kept unchanged, markup included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from qa.models import Block, BlockKind, Reading
from qa.readers.cross_references import find_cross_references, with_anchors
from qa.readers.dialects import is_fence_line, note_title, without_fences
from qa.readers.front_matter import as_yaml, bare_front, read_front, trouble_in_front
from qa.readers.inline_markup import fold_label
from qa.readers.lines import Line, lines
from qa.readers.markup import with_inner
from qa.readers.text import as_table
from qa.readers.typed_references import REFERENCES_HEADING, mark_references

# Only blocks are needed, and most of the time goes into inline rules.
_parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).use(footnote_plugin)
_parser.core.ruler.enableOnly(["normalize", "block"])

LEAVES: dict[str, BlockKind] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "table_open": "table",
    "fence": "code",
    "code_block": "code",
    "html_block": "paragraph",
    "hr": "metadata",
    "front_matter": "metadata",
}
# The kind of a paragraph within these containers; the innermost one counts.
CONTAINERS: dict[str, BlockKind] = {
    "list_item_open": "list_item",
    "blockquote_open": "quotation",
    "footnote_reference_open": "footnote",
}
LINE_BREAK = re.compile(r"\r\n?|\n")
COMMENTS = re.compile(r"(?:<!--.*?-->\s*)+", re.DOTALL)
LINK_DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:")
# Some authors write a heading as a line of bold text instead of using '#'.
BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)[^*_\n]{1,160}(?<=[^\s.])\1:?")
FORMULA = re.compile(
    r"(?:\$\$(?:[^$]|\$(?!\$))*\$\$|\\begin\{([\w*]+)\}.*\\end\{\1\}|\\[a-zA-Z]+(?:\{[^{}]*\}|\[[^\[\]]*\])*)"
    r"(?:\s*[.,;]|\s*(?:\{#[^{}]*\}|\([\w:.-]+\)))?",
    re.DOTALL,
)
# Tags, and commands of LaTeX that lay out a page: "<div id="refs"></div> \endgroup".
ONLY_LAYOUT = re.compile(r"(?:(?:<[^<>]*>|\\[a-zA-Z]+\*?(?:\{[^{}]*\}|\[[^\[\]]*\])*)\s*)+")
HTML_ITEM = re.compile(r"<(?:li|tr)\b", re.IGNORECASE)
OPEN_TAG = re.compile(r"<[A-Za-z][^<>]*\Z")  # a heading that was wrapped within a tag
EXPORT = re.compile(r"export\s(?:const|default|function|let)\b.*", re.DOTALL)
TAGS = re.compile(r"(?:#[^\W\d][\w/-]*\s*)+")
BY_WORDS: tuple[tuple[re.Pattern[str], BlockKind], ...] = (
    (BOLD_LINE, "heading"), (FORMULA, "code"), (EXPORT, "code"), (TAGS, "metadata"),
    (REFERENCES_HEADING, "heading"),
)  # fmt: skip


def read_markdown(text: str) -> Reading:
    """Read Markdown: blocks include their markup; of the front matter, only flat fields become metadata."""
    found: dict[str, Any] = {}
    tokens = _parser.parse(as_yaml(without_fences(text.removeprefix("\ufeff"))), found)
    addresses = {fold_label(label): target["href"] for label, target in found.get("references", {}).items()}
    starts = [0, *(match.end() for match in LINE_BREAK.finditer(text)), len(text)]
    leaves = list(with_gaps(text, starts, find_leaves(tokens)))
    top, bare = bare_front(text)
    leaves = [replace(block, kind="metadata", level=None) if block.start < top else block for block in leaves]
    blocks = with_anchors(text, list(with_inner(text, mark_references(text, leaves), addresses)))
    front = next((token.content for token in tokens if token.type == "front_matter"), bare)
    trouble = trouble_in_front(front, max(0, text.find(front)))
    return Reading(text, blocks, read_front(front), find_cross_references(text, blocks), trouble=tuple(trouble))


def find_leaves(tokens: Sequence[Token]) -> Iterator[tuple[int, int, BlockKind, int | None, str | None]]:
    """First line, line after the last, kind, level and label of each leaf block."""
    within: list[tuple[BlockKind, str | None]] = []
    for token in tokens:
        if token.type in CONTAINERS:
            within.append((CONTAINERS[token.type], token.meta.get("label")))
        elif token.type.replace("_close", "_open") in CONTAINERS:
            within.pop()
        elif token.type in LEAVES and token.map:
            kind, level, label = LEAVES[token.type], None, None
            if kind == "heading":
                level = int(token.tag[1])
            elif kind == "paragraph" and within:
                kind, label = within[-1]
                within[-1] = (kind, None)
            yield token.map[0], token.map[1], kind, level, label


def with_gaps(
    text: str, starts: Sequence[int], leaves: Iterator[tuple[int, int, BlockKind, int | None, str | None]]
) -> Iterator[Block]:
    """A block for each leaf, and for lines outside all leaves, so that no text is lost."""
    done = 0
    for first, after, kind, level, label in leaves:
        first, after = max(first, done), max(after, done)
        yield from stray_lines(text, starts[done], starts[first])
        for span in trimmed(text, starts[first], starts[after]):
            block = text[span.start : span.end]
            start = span.start
            if kind == "paragraph" and (comment := COMMENTS.match(block)):
                start += comment.end()
                yield Block("metadata", span.start, span.start + len(comment[0].rstrip()))
            kind, level = kind_of_words(block, kind), level if note_title(block) is None else None
            if kind == "heading" and OPEN_TAG.search(block):
                after = min(after + 1, len(starts) - 1)
                span = span._replace(end=starts[after])
            for part in html_items(text, Line(start, span.end)) if kind == "paragraph" else [Line(start, span.end)]:
                layout = kind != "code" and ONLY_LAYOUT.fullmatch(text, *part)
                found = Block("metadata" if layout else kind, *part, level, label)
                yield as_table(text, found) if kind == "table" else found
        done = after
    yield from stray_lines(text, starts[done], len(text))


def html_items(text: str, span: Line) -> Iterator[Line]:
    """The items of a list or the rows of a table in HTML, each by itself; a span without such as it is."""
    edges = [match.start() for match in HTML_ITEM.finditer(text, *span)]
    edges = [span.start, *(edge for edge in edges if edge > span.start), span.end] if len(edges) > 1 else [*span]
    for start, end in pairwise(edges):
        yield from trimmed(text, start, end)


def kind_of_words(words: str, kind: BlockKind) -> BlockKind:
    """The kind of a block by its words: a line in bold is a heading, the title of a note is text of the note, a formula
    by itself is code, and a line of tags says something about the document."""
    if kind == "heading" and note_title(words):
        return "quotation" if words.startswith(">") else "paragraph"
    if kind != "paragraph":
        return kind
    return next((each for shape, each in BY_WORDS if shape.fullmatch(words)), kind)


def stray_lines(text: str, start: int, end: int) -> Iterator[Block]:
    """Blocks for lines outside all leaves, such as link definitions and empty list markers."""
    for line in lines(text, start, end):
        words = text[line.start : line.end]
        known = LINK_DEFINITION.match(words) or not re.search(r"\w", words) or is_fence_line(words)
        yield Block("metadata" if known else "paragraph", line.start, line.end)


def trimmed(text: str, start: int, end: int) -> list[Line]:
    """The span without surrounding whitespace, as a list of one; an empty list if it is blank."""
    inner = list(lines(text, start, end))
    return [Line(inner[0].start, inner[-1].end)] if inner else []
