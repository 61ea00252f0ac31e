"""Files to readings: one row per suffix.

A reader takes the decoded file and gives a `Reading`: the text that is stored and quoted, its blocks in order, and
what the file says of itself. For text and Markdown the stored text is the file, character for character; readers of
formats that are not text hand on what they extracted. Every non-blank character of the stored text lies in exactly
one block.
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
    """Read a file by its suffix; `name` is used in messages too. Raises ReadingError."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise ReadingError(name, f"no reader for this kind of file; known are {', '.join(READERS)}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadingError(name, "not UTF-8 text; save the file as UTF-8", line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ReadingError(name, "holds a NUL character, so it is not a text file", line=line)
    return reader(text)
