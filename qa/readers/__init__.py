"""Readers: the bytes of a file to a `Reading`, one reader per kind. A new kind of file is a new row of `READERS`.

A reader takes the bytes and the file's name (for messages) and returns a `Reading` or raises one `ReadingError` that
says what is wrong and what to do. It alone knows the format: what it passes on says what is a heading, a list item, a
cell or a reference entry, and which characters are markup (`Block.inner`), so that no later stage looks for bullets,
number signs or tags. `tests/test_readers.py` holds every reader to these promises:

- Each visible character of the text is in exactly one block. Letters of the file that are in no block, such as running
  heads, are counted in `trouble`. Nothing is lost silently.
- Blocks are in order, within the text and not blank. Stretches (`inner`) and cells (`rows`) are in order within their
  block, links within one block, and their targets exist.
- Superscript digits of a format with real superscripts are written as Unicode superscripts, never as plain digits: 10⁶
  is not 106.
- Bytes that are not what the ending says give one ReadingError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from qa.errors import ReadingError
from qa.models import Reading, Trouble
from qa.readers.encoding import decode_text
from qa.readers.kind import LATEX_ENDINGS, MARKDOWN_ENDINGS, find_kind
from qa.readers.markdown import read_markdown
from qa.readers.text import read_text

Reader = Callable[[bytes, str], Reading]
LARGEST_MARKUP = 5_000_000  # bytes of a source of a wiki, AsciiDoc or Org


def from_text(read: Callable[[str], Reading]) -> Reader:
    """The reader of a format that is plain text."""
    return lambda data, name: read(decode_text(data, name))


def from_markup(module: str, function: str) -> Reader:
    """The reader of a light markup that is imported when needed; it takes the decoded text."""

    def read(data: bytes, name: str) -> Reading:
        if len(data) > LARGEST_MARKUP:
            raise ReadingError(name, f"is larger than {LARGEST_MARKUP // 1_000_000} MB. Split the file.")
        reader: Callable[[str, str], Reading] = getattr(import_module(module), function)
        return reader(decode_text(data, name).removeprefix("\ufeff"), name)

    return read


def when_needed(module: str, function: str) -> Reader:
    """A reader that is imported when the first file of its kind is read: parsers of formats that an owner does not use
    would take time and memory at each start."""

    def read(data: bytes, name: str) -> Reading:
        reader: Reader = getattr(import_module(module), function)
        return reader(data, name)

    return read


READERS: dict[str, Reader] = {
    ".txt": from_text(read_text),
    ".text": from_text(read_text),
    **dict.fromkeys(MARKDOWN_ENDINGS, from_text(read_markdown)),
    **dict.fromkeys((".xml", ".nxml", ".jats"), when_needed("qa.readers.jats", "read_jats")),
    **dict.fromkeys((".wiki", ".mediawiki", ".wikitext"), from_markup("qa.readers.wikitext", "read_wikitext")),
    **dict.fromkeys((".adoc", ".asciidoc"), from_markup("qa.readers.asciidoc", "read_asciidoc")),
    ".org": from_markup("qa.readers.org", "read_org"),
    **dict.fromkeys(LATEX_ENDINGS, when_needed("qa.readers.latex", "read_latex")),
    ".odt": when_needed("qa.readers.odt", "read_odt"),
    ".rtf": when_needed("qa.readers.rtf", "read_rtf"),
    ".docx": when_needed("qa.readers.docx", "read_docx"),
    ".pdf": when_needed("qa.readers.pdf", "read_pdf"),
    ".epub": when_needed("qa.readers.epub", "read_epub"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), when_needed("qa.readers.html", "read_html")),
}


def read_document(name: str, data: bytes) -> Reading:
    """Read a file with the reader for its content, or else for its ending; `name` also appears in messages. Raises
    ReadingError."""
    ending, said = find_kind(data, name)
    reader = READERS.get(ending)
    if reader is None:
        raise ReadingError(name, f"this type of file cannot be read. Use one of {', '.join(READERS)}.")
    reading = reader(data, name)
    return replace(reading, trouble=tuple(said_once((*([said] if said else []), *reading.trouble))))


def said_once(troubles: Iterable[Trouble]) -> Iterator[Trouble]:
    """The troubles; of those that have the same words and no place, one that says how often."""
    alike: dict[tuple[str, int | None], list[Trouble]] = {}
    for trouble in troubles:
        alike.setdefault((trouble.message, trouble.start), []).append(trouble)
    for (message, start), each in alike.items():
        words = f"{message.removesuffix('.')} ({len(each)} times)." if len(each) > 1 else message
        yield Trouble(words, start, sum(trouble.letters for trouble in each))
