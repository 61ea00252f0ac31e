"""A file as read, and a document with its sections, sentences and passages."""

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
    """A stretch of text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is one thing: a heading, a paragraph, an entry of the reference list.

    `level` is the rank of a heading where the format gives one (Markdown's `##` is 2); None for a bare line.
    `label` is what marks point at: the number of a reference entry, the label of a footnote. `head` is the place of the
    row that names the columns of a table, from its first cell to its last; None where no row is known to do so.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    label: str | None = None
    head: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: the stored text, its blocks in order, and what the file says of itself.

    For text and Markdown `text` is the file itself; for formats that are not text it is what was extracted.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch with its path of headings (empty before the first). `heading` is the place of its own heading;
    `start` and `end` enclose what stands below it, up to the next heading."""

    path: tuple[str, ...]
    start: int
    end: int
    heading: Span | None = None
    conditions: tuple[ConditionTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in its place. `section` is the index in `Document.sections`, `block` in `Document.blocks`."""

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
    """The row that names the columns of a table, word for word: `document.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section: the unit that is indexed and shown. Rows of a table come with its `head`, which
    stands above them in the document and is indexed and shown with them."""

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
    """What a file cannot say of itself, from `documents.toml`. None is 'not given', never a guess."""

    title: str
    owner: str | None = None
    date: str | None = None
    language: str = "en"
    licence: str | None = None
    origin: str | None = None
    kind: Literal["summary", "research"] = "summary"


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text exactly as read. `digest` is the SHA-256 of the file's bytes."""

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
