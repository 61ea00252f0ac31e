"""A file as parsed by a reader, and a document with its sections, sentences and passages."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from qa.models.source import CSL, UNCITED, Citation, Retraction, Support
from qa.models.vocabulary import ConditionTag

BlockKind = Literal[
    "heading", "paragraph", "list_item", "quotation", "table", "byline", "code", "footnote", "reference", "metadata"
]
StyleKind = Literal["emphasis", "strong", "struck", "code", "raised", "lowered", "link", "key", "shown"]
SentenceKind = Literal["claim", "lead_in"]
DocumentKind = Literal["summary", "research"]
DateSource = Literal["owner", "file", "saved"]  # saved: the file's own record of when it was last saved


class Span(NamedTuple):
    """A range of the text: `text[start:end]`."""

    start: int
    end: int


class Style(NamedTuple):
    """How a stretch of a block looks. `value` is the address of a link, or what is "shown" instead of the stretch: "é"
    for "&eacute;", a line end for "<br>". Code holds no citations; "key" are the keys of works that a citation names,
    one after the other."""

    start: int
    end: int
    kind: StyleKind
    value: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One structural element of a document, such as a heading, a paragraph or an entry of the reference list.

    `level` is the heading level if the format has one (2 for Markdown's `##`), else None. `label` is the printed number
    of a reference entry, the label of a footnote, or the bullet or number of a list item that is quoted without it;
    `id` is what links of the file point to.

    `inner` are the stretches of the block without markup, in order: without number signs, bullets, the label of an
    entry, signs of emphasis and the like. Empty means that the block has no markup. The first stretch begins where the
    content does, and so does one after a mark within the block, such as the sign of quotation of each line; it is empty
    if the content begins with markup. `styles` say how the stretches look, in order; they may be nested.

    Of a table, `head` is the span of the header row, from its first cell to its last, or None if no header row was
    recognised; `rows` are the cells of each row, with the header row, without rules; a cell may be empty.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    label: str | None = None
    head: Span | None = None
    id: str | None = None
    inner: tuple[Span, ...] = ()
    rows: tuple[tuple[Span, ...], ...] = ()
    styles: tuple[Style, ...] = ()

    @property
    def visible(self) -> tuple[Span, ...]:
        """The stretches of the block that a reader sees."""
        return self.inner or (Span(self.start, self.end),)


@dataclass(frozen=True, slots=True)
class Link:
    """A citation that the file itself ties to works. `targets` are ids of blocks, keys of `Reading.works`, or keys of a
    bibliography that the owner gives beside the file."""

    start: int
    end: int
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a reader dropped or guessed, in a sentence. `start` is its place in the text, None if it is nowhere there.
    `letters` are the letters and digits of the file that a reader of the original sees and that are in no block."""

    message: str
    start: int | None = None
    letters: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says about itself. None: it does not say. Dates are 2026-11-23, 2026-11 or 2026; `language` is a code
    such as "en"."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    modified: str | None = None
    language: str | None = None
    licence: str | None = None
    doi: str | None = None
    kind: DocumentKind | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a file.

    `text` is what is stored and quoted: for plain text and Markdown the file itself, for other formats (`extracted`)
    the text taken from it. `blocks` are in order and do not overlap; each visible character of `text` is in exactly one
    of them. `links` are citations that the file itself ties to works, in order; a reader gives only those it is sure
    of. `works` are CSL-JSON by id of their block, or by the file's own key for a work without an entry. `page_starts`
    are the offsets at which pages 1, 2, … begin, for formats with pages. `trouble` is what was dropped or guessed.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata = Metadata()
    links: tuple[Link, ...] = ()
    works: Mapping[str, CSL] = field(default_factory=dict)
    page_starts: tuple[int, ...] = ()
    trouble: tuple[Trouble, ...] = ()
    extracted: bool = False

    def page(self, offset: int) -> int | None:
        """The number of the page that `offset` is on, from 1; None for a format without pages."""
        return bisect_right(self.page_starts, offset) or None

    def pages(self, start: int, end: int) -> tuple[int, int] | None:
        """The numbers of the first and the last page that `text[start:end]` is on; None for a format without pages."""
        first, last = self.page(start), self.page(end - 1)
        return (first, last) if first and last else None


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
    """A sentence and its location. `section` is an index into `Document.sections`, `block` into `Document.blocks`.
    `page` is the number of the page that it begins on, None for a format without pages."""

    id: str
    start: int
    end: int
    kind: SentenceKind
    section: int
    block: int
    conditions: tuple[ConditionTag, ...] = ()
    support: Support = UNCITED
    page: int | None = None


@dataclass(frozen=True)
class TableHead:
    """The header row of a table, verbatim: `document.text[start:end] == text`. `cells` are its cells without markup."""

    start: int
    end: int
    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One or more whole sentences of one section: the unit that is indexed and shown. Table rows come with the header
    row of their table (`head`), which is indexed and shown with them. `pages` are the first and the last page, None for
    a format without pages. `url` is its place in the page of the document."""

    id: str
    document: str
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    conditions: tuple[ConditionTag, ...] = ()
    head: TableHead | None = None
    pages: tuple[int, int] | None = None
    url: str = ""

    def sentence_text(self, number: int) -> str:
        """The text of a sentence, by its number in the passage."""
        sentence = self.sentences[number]
        return self.text[sentence.start - self.start : sentence.end - self.start]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Document metadata from `documents.toml`, else from the file itself. None means 'not given'. `date_from` says who
    gives the date; `retraction` is what the corpus's list of retractions has under its `doi` or `pmid`."""

    title: str
    owner: str | None = None
    date: str | None = None
    language: str = "en"
    licence: str | None = None
    origin: str | None = None
    kind: DocumentKind | None = None
    date_from: DateSource | None = None
    doi: str | None = None
    pmid: str | None = None
    retraction: Retraction | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """The entry of a work in the document's own list of references."""

    reference: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document with its text exactly as read. `digest` is the SHA-256 of the file's bytes. `page_starts`, `trouble`
    and `extracted` are those of its `Reading`. `entries` are those of its own list, in order."""

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
    page_starts: tuple[int, ...] = ()
    trouble: tuple[Trouble, ...] = ()
    extracted: bool = False
    entries: tuple[ListedEntry, ...] = ()
    url: str = ""
