"""The files of a version: written and flushed to disk, listed with checksums, read in place."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import orjson

from qa.errors import IndexUnavailable
from qa.indexes.layout import BYTES, Numbers, SectionData

FORMAT = 1  # of everything in a version's folder
FILE_LIST = "contents.json"
DIGEST = 64  # hexadecimal digits of SHA-256, at the end of the list of contents
BLOCK = 1 << 20  # bytes with one checksum
SECTION_ENDING = ".section"


@dataclass(frozen=True, slots=True)
class FileInVersion:
    """A file with its size, the checksums of its blocks and, if it is a section, the type of its numbers."""

    name: str
    size: int
    checksums: tuple[int, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a version consists of; `maker` is the digest of what made it, `source` what it was made from."""

    version: str
    maker: str
    source: str
    passages: int
    made: str
    files: tuple[FileInVersion, ...]
    format: int = FORMAT


# --- writing -------------------------------------------------------------------------------------


def write_section(folder: Path, name: str, data: SectionData | Iterable[bytes]) -> str:
    """Write a section and return the type of its numbers."""
    with (folder / f"{name}{SECTION_ENDING}").open("wb") as file:
        if isinstance(data, np.ndarray):
            file.write(np.ascontiguousarray(data).tobytes())
        elif isinstance(data, bytes):
            file.write(data)
        else:
            file.writelines(data)
    return str(data.dtype.str) if isinstance(data, np.ndarray) else BYTES


def finish(folder: Path, kinds: Mapping[str, str], about: Mapping[str, Any]) -> None:
    """List the files of a folder with their checksums, and make sure that all is on disk."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    files = tuple(file_in_version(path, path.relative_to(folder).as_posix(), kinds) for path in found)
    for path in found:
        path.chmod(0o644)  # tantivy makes some that only this user can read
        flush(path)
    for inner in sorted({path.parent for path in found}):
        flush(inner)
    listed = orjson.dumps(asdict(Contents(**about, files=files)))
    write_whole(folder / FILE_LIST, listed + sha256(listed).hexdigest().encode())


def file_in_version(path: Path, name: str, kinds: Mapping[str, str]) -> FileInVersion:
    sums = tuple(checksums_of(path))
    return FileInVersion(name, path.stat().st_size, sums, kinds.get(name.removesuffix(SECTION_ENDING), ""))


def checksums_of(path: Path) -> Iterator[int]:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield crc32(block)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    flush(path.parent)


def flush(path: Path) -> None:
    """Make sure that a file, or the names in a folder, are on disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


# --- reading -------------------------------------------------------------------------------------


def read_file_list(folder: Path) -> Contents:
    """What a version consists of. Raises IndexUnavailable if the list is damaged or of another format."""
    try:
        data = (folder / FILE_LIST).read_bytes()
    except OSError as error:
        raise damaged(folder, f"{FILE_LIST} cannot be read ({error.strerror})") from None
    listed, digest = data[:-DIGEST], data[-DIGEST:]
    if sha256(listed).hexdigest().encode() != digest:
        raise damaged(folder, f"{FILE_LIST} has changed")
    read = orjson.loads(listed)
    if read["format"] != FORMAT:
        advice = "Build it again with `qa index build`, or use the release that made it."
        raise IndexUnavailable(f"{folder} has format {read['format']}; this release reads {FORMAT}. {advice}")
    read["files"] = tuple(FileInVersion(**{**each, "checksums": tuple(each["checksums"])}) for each in read["files"])
    return Contents(**read)


def check_sizes(folder: Path, contents: Contents) -> None:
    """Raise IndexUnavailable if a file is missing or has another size."""
    for file in contents.files:
        try:
            size = os.stat(folder / file.name).st_size
        except OSError as error:
            raise damaged(folder, f"{file.name} cannot be read ({error.strerror})") from None
        if size != file.size:
            raise damaged(folder, f"{file.name} has {size} bytes instead of {file.size}")


def check_all(folder: Path) -> Contents:
    """Read every byte of a version. Raises IndexUnavailable for the first file that has changed."""
    contents = read_file_list(folder)
    check_sizes(folder, contents)
    for file in contents.files:
        if tuple(checksums_of(folder / file.name)) != file.checksums:
            raise damaged(folder, f"{file.name} has changed")
    return contents


def damaged(folder: Path, what: str) -> IndexUnavailable:
    advice = "Build the version again with `qa index build`, or serve another one with `qa index promote`."
    return IndexUnavailable(f"The index in {folder} is damaged: {what}. {advice}")


class SectionFiles:
    """The sections of a version, each mapped into memory when it is first used; implements `Sections`."""

    def __init__(self, folder: Path, contents: Contents) -> None:
        self._folder = folder
        self._kinds = {file.name.removesuffix(SECTION_ENDING): file.kind for file in contents.files if file.kind}
        self.bytes = lru_cache(None)(self._mapped)

    def _mapped(self, name: str) -> memoryview:
        with (self._folder / f"{name}{SECTION_ENDING}").open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                return memoryview(b"")
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))

    def numbers(self, name: str) -> Numbers:
        return np.frombuffer(self.bytes(name), dtype=self._kinds[name])

    def json(self, name: str) -> Any:
        return orjson.loads(self.bytes(name))

    def has(self, name: str) -> bool:
        return name in self._kinds
