"""A file as parsed by a reader, and a document with its sections, sentences and passages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from qa.models.source import UNCITED, Citation, Support
from qa.models.vocabulary import ConditionTag

BlockKind = Literal[
    "heading", "paragraph", "list_item", "quotation", "table", "code", "footnote", "reference", "metadata"
]
SentenceKind = Literal["claim", "lead_in"]


class Span(NamedTuple):
    """A range of the text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """One structural element of a document, such as a heading, a paragraph or an entry of the reference list.

    `level` is the heading level if the format has one (2 for Markdown's `##`), else None. `label` is what citations
    point to: the number of a reference entry or the label of a footnote. `head` is the span of a table's header row,
    from its first cell to its last; None if no header row was recognised.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    label: str | None = None
    head: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The output of a reader: the stored text, its blocks in order, and the file's own metadata.

    For plain text and Markdown, `text` is the file itself; for other formats it is the extracted text.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """The text between two headings. `path` lists the headings above it (empty before the first heading), `heading` is
    the span of its own heading, and `start` and `end` delimit the text below it, up to the next heading."""

    path: tuple[str, ...]
    start: int
    end: int
    heading: Span | None = None
    conditions: tuple[ConditionTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its location. `section` is an index into `Document.sections`, `block` into `Document.blocks`."""

    id: str
    start: int
    end: int
    kind: SentenceKind
    section: int
    block: int
    conditions: tuple[ConditionTag, ...] = ()
    support: Support = UNCITED


@dataclass(frozen=True)
class TableHead:
    """The header row of a table, verbatim: `document.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more whole sentences of one section: the unit that is indexed and shown. Table rows come with the header
    row of their table (`head`), which is indexed and shown with them."""

    id: str
    document: str
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    conditions: tuple[ConditionTag, ...] = ()
    head: TableHead | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Document metadata from `documents.toml`. None means 'not given'; nothing is guessed."""

    title: str
    owner: str | None = None
    date: str | None = None
    language: str = "en"
    licence: str | None = None
    origin: str | None = None
    kind: Literal["summary", "research"] = "summary"


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its text exactly as read. `digest` is the SHA-256 of the file's bytes."""

    id: str
    file: str
    digest: str
    provenance: Provenance
    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    references: tuple[str, ...]
    passages: tuple[Passage, ...]
