"""Rich text (RTF): paragraphs, headings, lists, tables, footnotes and links, read as those of a web page."""

from __future__ import annotations

from qa.errors import ReadingError
from qa.models import Metadata, Reading
from qa.readers.rtf.document import RichText
from qa.readers.rtf.parts import write_parts
from qa.readers.rtf.stream import tokens

LARGEST = 60_000_000  # bytes
DEEPEST = 2_000  # groups within one another
AGAIN = "Open it in a word processor and save it as .docx."


def read_rtf(data: bytes, name: str) -> Reading:
    """Read a rich text file; `name` appears in messages. Raises ReadingError."""
    if not data.startswith(b"{\\rtf"):
        raise ReadingError(name, f"is no rich text file, or is damaged. {AGAIN}")
    if len(data) > LARGEST:
        raise ReadingError(name, f"is larger than {LARGEST // 1_000_000} MB. {AGAIN}")
    document = RichText()
    for token in tokens(data):
        document.read(token)
        if len(document.above) > DEEPEST:
            raise ReadingError(name, f"has groups nested too deeply. {AGAIN}")
    document.finish()
    if not document.parts:
        raise ReadingError(name, "has no text. If it shows pictures of pages, put their text into a document.")
    write_parts(document.parts, document.page)
    if document.page.notes:
        document.page.heading(2, "Notes")
        document.page.write_notes()
    title, author = (document.texts[key].strip() or None for key in ("title", "author"))
    return document.page.reading(Metadata(title=title, author=author), name)
