"""Read files in the corpus folder. Links out of the folder are refused; every fault names its file."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path, PurePosixPath

from qa.corpus.entries import Entry, did_you_mean, quoted
from qa.errors import CorpusError

IGNORED = re.compile(r"\.|.*~$|#.*#$", re.DOTALL)


def read_in_documents(folder: Path, entry: Entry, name: str, key: str) -> tuple[str, bytes]:
    """The path and bytes of a file in documents/ that an entry names under `key`. Raises CorpusError."""
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or "\0" in name:
        raise entry.fault(f"{key} {quoted(name)} is outside documents/. Name a file in that folder.", key)
    path = f"documents/{inner.as_posix()}"
    try:
        data = read_file(folder, path)
    except CorpusError as error:
        raise entry.fault(f"{key} {quoted(name)} {error.message}", key) from None
    if data is None:
        near = did_you_mean(name, names_in(folder / "documents"))
        raise entry.fault(f"there is no file {quoted(path)}.{near} Correct the name, or add the file.", key)
    return path, data


def read_file(folder: Path, name: str) -> bytes | None:
    """The bytes of a file in the corpus folder, or None if there is none. Raises CorpusError, also for a link out of
    the folder."""
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise CorpusError(name, "links to a file outside the corpus folder. Replace the link with the file itself.")
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            raise CorpusError(name, "is not a file. Replace it with a file, or remove it.")
        return path.read_bytes()
    except (OSError, RuntimeError, ValueError) as error:  # no permission, a link to itself, a name too long
        reason = (error.strerror if isinstance(error, OSError) else None) or "invalid name"
        raise CorpusError(name, f"cannot be read ({reason}). Make it readable for the service.") from None


def names_in(documents: Path) -> list[str]:
    """The relative paths of all files below a folder, sorted, without hidden files and editors' backups."""
    paths = (path for path in documents.rglob("*") if path.is_file())
    names = (path.relative_to(documents) for path in paths)
    return sorted(name.as_posix() for name in names if not any(IGNORED.match(part) for part in name.parts))


def digest_of_folder(folder: Path) -> str | None:
    """A digest of the names and contents of all files in the folder, without hidden ones beside documents/. None if
    they cannot all be read, or if there is a link, which may change without the folder."""
    digest = sha256()
    try:
        for within, folders, names in os.walk(folder):
            top = Path(within) == folder
            folders[:] = sorted(name for name in folders if not (top and name.startswith(".")))
            wanted = sorted(name for name in names if not (top and name.startswith(".")))
            paths = [Path(within, name) for name in wanted]
            if any(os.path.islink(os.path.join(within, name)) for name in (*folders, *wanted)):
                return None
            if not all(path.is_file() for path in paths):
                return None
            for path in paths:
                data = path.read_bytes()
                digest.update(os.fsencode(f"{path.relative_to(folder)}\0{len(data)}\0"))
                digest.update(data)
    except OSError:
        return None
    return digest.hexdigest()
