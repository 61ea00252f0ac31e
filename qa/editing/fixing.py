"""`qa check --fix`: correct what is mechanical in the files of a corpus, and say what was corrected.

Words of documents are never changed. Each file is replaced as a whole or not at all. What has been corrected once is
right: a second run changes nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from qa.cache import Cache
from qa.corpus.documents import DOCUMENTS
from qa.corpus.folder import OWNERS_FILES, document_names, read_file
from qa.editing.listing_fixes import corrected_listing
from qa.editing.replacing import replace_whole
from qa.editing.text_fixes import corrected
from qa.errors import CorpusError


class Fix(NamedTuple):
    """What was corrected in a file."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def fix_folder(folder: Path, kept: Cache | None = None) -> list[Fix]:
    """Correct the files of a corpus folder. `kept` is where readings are kept. Raises OSError if a file cannot be
    written; the others are whole."""
    return [*fix_texts(folder), *fix_listing(folder, kept)]


def fix_texts(folder: Path) -> Iterator[Fix]:
    for name in dict.fromkeys((*sorted(OWNERS_FILES), *document_names(folder))):
        try:
            data = read_file(folder, name)
        except CorpusError:
            continue  # a finding of the check
        better, said = corrected(name, data) if data else (data, [])
        if data and better and better != data:
            replace_whole(folder / name, better)
            yield from (Fix(name, what) for what in said)


def fix_listing(folder: Path, kept: Cache | None) -> Iterator[Fix]:
    """Correct documents.toml, if there is one that can be read."""
    try:
        data = read_file(folder, DOCUMENTS)
        text, said = corrected_listing(folder, data, kept) if data is not None else ("", [])
    except CorpusError:
        return
    if data is not None and said:
        ends = "\r\n" if b"\r\n" in data else "\n"
        mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
        replace_whole(folder / DOCUMENTS, f"{mark}{text}".replace("\n", ends).encode())
        yield from (Fix(DOCUMENTS, what) for what in said)


def differences(folder: Path, kept: Cache | None = None) -> Iterator[str]:
    """Yield what `fix_folder` would change, as the lines of a unified diff, and change nothing."""
    with TemporaryDirectory() as place:
        copy = Path(place) / "corpus"
        shutil.copytree(folder, copy, copy_function=link_or_copy, symlinks=True)
        changed = dict.fromkeys(fix.file for fix in fix_folder(copy, kept))
        for name in changed:
            before, after = (readable_lines(root / name) for root in (folder, copy))
            yield from unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="")


def link_or_copy(source: str, target: str) -> None:
    """Link a file to save the time to copy it: files are replaced, never written into."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def readable_lines(path: Path) -> list[str]:
    """The lines of a file, with bytes that are not UTF-8 as escapes."""
    return path.read_bytes().decode("utf-8", "backslashreplace").split("\n")
