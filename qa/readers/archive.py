"""Files that are zip archives: their parts by path, read within limits."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from qa.errors import ReadingError

MOST_PARTS = 5_000
LARGEST_PART = 60_000_000  # bytes
LARGEST_IN_ALL = 200_000_000  # bytes of what is read
READ = (".xml", ".rels", ".html", ".htm", ".xhtml", ".opf")
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Archive:
    """The parts of an archive by path. `kind` ("Word document") and `remedy`, a sentence, are for messages. Raises
    ReadingError."""

    def __init__(self, data: bytes, name: str, kind: str, remedy: str) -> None:
        self.name = name
        self.remedy = remedy
        self.left = LARGEST_IN_ALL
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
        except DAMAGED:
            raise ReadingError(name, f"is no {kind}, or is damaged. {remedy}") from None
        entries = self.archive.infolist()
        if len(entries) > MOST_PARTS:
            raise ReadingError(name, f"has more than {MOST_PARTS} parts. {remedy}")
        if sum(entry.file_size for entry in entries if entry.filename.endswith(READ)) > LARGEST_IN_ALL:
            raise self.too_large()
        self.entries = {entry.filename.lstrip("/"): entry for entry in entries}

    def too_large(self) -> ReadingError:
        return ReadingError(self.name, "is too large when unpacked. Split the document.")

    def read(self, path: str) -> bytes | None:
        """The content of a part, or None if there is no such part."""
        entry = self.entries.get(path)
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise ReadingError(self.name, "has a password. Save it without one.")
        limit = min(LARGEST_PART, self.left)
        try:
            with self.archive.open(entry) as part:
                data = part.read(limit + 1)  # the size that is declared may be false
        except (*DAMAGED, RuntimeError):
            raise ReadingError(self.name, f"is damaged. {self.remedy}") from None
        if len(data) > limit:
            raise self.too_large()
        self.left -= len(data)
        return data
