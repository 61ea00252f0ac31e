"""Readers: file to `Reading`, one reader per suffix.

A reader takes the decoded file and returns the text to store and quote, its blocks in order, and the file's own
metadata. For plain text and Markdown, the stored text is identical to the file; for other formats it is the extracted
text. Every non-blank character of the stored text is in exactly one block.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from qa.errors import ReadingError
from qa.models import Reading
from qa.readers.markdown import read_markdown
from qa.readers.text import read_text

READERS: dict[str, Callable[[str], Reading]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


def read_document(name: str, data: bytes) -> Reading:
    """Read a file with the reader for its suffix; `name` also appears in messages. Raises ReadingError."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise ReadingError(name, f"this type of file cannot be read. Use one of {', '.join(READERS)}.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadingError(name, "is not valid UTF-8. Save the file as UTF-8.", line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ReadingError(name, "is not a text file: it contains a NUL character. Save it as plain text.", line=line)
    return reader(text)
