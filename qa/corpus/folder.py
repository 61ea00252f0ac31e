"""Files in the corpus folder: no link leads out of it, every fault names its file."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from qa.corpus.entries import Entry, did_you_mean, quoted
from qa.errors import CorpusError

LEFT_BY_EDITORS = re.compile(r"\.|.*~$|#.*#$", re.DOTALL)


def read_beside(folder: Path, entry: Entry, name: str, key: str) -> tuple[str, bytes]:
    """The place and the bytes of a file in documents/ that an entry names under this key."""
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or "\0" in name:
        raise entry.fault(f"{key} {quoted(name)} leaves documents/. Give the name of a file in it.", key)
    path = f"documents/{inner.as_posix()}"
    try:
        data = read_file(folder, path)
    except CorpusError as error:
        raise entry.fault(f"{key} {quoted(name)} {error.message}", key) from None
    if data is None:
        near = did_you_mean(name, names_in(folder / "documents"))
        raise entry.fault(f"there is no file {quoted(path)}.{near} Correct the name, or put the file there.", key)
    return path, data


def read_file(folder: Path, name: str) -> bytes | None:
    """The bytes of a file of the corpus, None when there is none. A link may not lead out of the folder."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(name, "leads out of the corpus folder. Put the file itself there instead of a link.")
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            raise CorpusError(name, "is not a file. Put a file there, or take it away.")
        return path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:  # no right to read it, a link to itself, a name too long
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a usable name"
        raise CorpusError(name, f"cannot be read ({reason}). Make it readable to the service.") from None


def names_in(documents: Path) -> list[str]:
    """The files in a folder and its folders. Hidden ones, backups and drafts, which systems and editors leave, do not
    count."""
    paths = (path for path in documents.rglob("*") if path.is_file())
    names = (path.relative_to(documents) for path in paths)
    return sorted(name.as_posix() for name in names if not any(LEFT_BY_EDITORS.match(part) for part in name.parts))
