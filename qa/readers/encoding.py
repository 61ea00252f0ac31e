"""The text of a file that should be plain text, or a clear error."""

from __future__ import annotations

from qa.errors import ReadingError


def decode_text(data: bytes, name: str) -> str:
    """The file as text; it must be UTF-8 without NUL characters. `name` appears in messages. Raises ReadingError."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadingError(name, "is not valid UTF-8. Save the file as UTF-8.", line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ReadingError(name, "is not a text file: it contains a NUL character. Save it as plain text.", line=line)
    return text
