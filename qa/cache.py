"""A folder for what is made from files, kept by key, so that it is not made again (QA_CACHE).

An entry is one file that processes map into memory and share. It is written beside its place and renamed, and begins
with a digest of its content: a damaged entry, or one of another program, is ignored. What a user keeps here is readable
for that user alone. Without such a folder a temporary one is used, which is removed at exit.
"""

from __future__ import annotations

import atexit
import fcntl
import mmap
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

import orjson

from qa.log import LOG

MAGIC = b"chapter-and-verse-cache-1".ljust(32)
HEADER = 64  # bytes: MAGIC and the SHA-256 of the content
KEPT_FOR = 30 * 24 * 3600  # seconds since an entry was last used
MOST_BYTES = 4 << 30  # of all entries together; the ones not used for longest are removed first
PACKAGE = Path(__file__).parent


class Cache:
    """Entries by key in a folder that belongs to this user. Raises OSError if the folder cannot be used."""

    def __init__(self, folder: Path) -> None:
        self.folder = private_folder(folder)
        tempfile.TemporaryFile(dir=folder).close()  # raises OSError if it is not writable

    def find(self, key: str) -> memoryview | None:
        """The content of an entry, mapped into memory; None if there is none or it is damaged."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError):  # no such file, or an empty one
            return None
        content = mapped[HEADER:]
        if mapped[:HEADER] != MAGIC + sha256(content).digest():
            LOG.warning("cache entry ignored", file=str(path), fault="damaged")
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def store(self, key: str, parts: Iterable[bytes | memoryview], *, lasting: bool = True) -> None:
        """Write an entry, the parts one after the other, and remove old ones. Raises OSError.

        One of very many is not `lasting`: it may be lost with the power, and old ones are not looked for.
        """
        digest = sha256()
        number, name = tempfile.mkstemp(dir=self.folder, prefix="new-")
        try:
            with open(number, "wb") as file:
                file.write(bytes(HEADER))
                for part in parts:
                    digest.update(part)
                    file.write(part)
                file.seek(0)
                file.write(MAGIC + digest.digest())
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            os.replace(name, self._path(key))
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
        if lasting:
            self._prune(key)

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Wait until no other process holds the lock of this key. It is released when the process ends, however."""
        with open(self.folder / f"{key}.lock", "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.entry"

    def _prune(self, newest: str) -> None:
        """Remove entries that were not used for long, and the ones unused for longest if all are too large."""
        found = []
        for path in self.folder.iterdir():
            with suppress(OSError):
                status = path.stat()
                found.append((status.st_mtime, status.st_size, path))
        total = 0
        for used, size, path in sorted(found, reverse=True):
            total += size
            if path.stem != newest and (total > MOST_BYTES or used < time.time() - KEPT_FOR):
                with suppress(OSError):
                    path.unlink()


def private_folder(folder: Path) -> Path:
    """The folder, made if necessary. Raises OSError unless it belongs to this user and is open to nobody else."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    status = os.lstat(folder)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of this user alone (mode 0700)")
    return folder


@cache
def open_cache(folder: Path | None) -> Cache:
    """The cache of this user in a folder, or a temporary one if there is no folder or it cannot be used, which is
    logged once."""
    if folder is not None:
        try:
            folder = folder.expanduser()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return Cache(folder / f"user-{os.geteuid()}")
        except (OSError, RuntimeError) as error:
            LOG.warning("nothing is kept for the next start", setting="QA_CACHE", fault=str(error))
    return temporary_cache()


@cache
def temporary_cache() -> Cache:
    """A cache in a temporary folder, shared by all processes that the same process started, such as the workers of
    gunicorn. The last one to exit removes it."""
    folder = Path(tempfile.gettempdir()) / f"chapter-and-verse-{os.geteuid()}-{os.getppid()}"
    try:
        users = use_folder(folder)
    except OSError:  # somebody else has made a folder of this name
        folder = Path(tempfile.mkdtemp(prefix="chapter-and-verse-"))
        users = use_folder(folder)
    owner = os.getpid()

    def leave() -> None:
        if os.getpid() != owner:  # a forked process, which did not make it
            return
        with suppress(OSError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)

    atexit.register(leave)
    return Cache(folder)


def use_folder(folder: Path) -> int:
    """Mark a shared folder as used until this process ends, and return the file that says so."""
    while True:
        users = os.open(private_folder(folder) / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        with suppress(FileNotFoundError):
            if os.stat(folder / "users.lock").st_ino == os.fstat(users).st_ino:
                return users
        os.close(users)  # the last user removed the folder before this one locked it


@cache
def package_digest() -> str:
    """A digest of the names and contents of all files in this package."""
    digest = sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def maker_digest() -> str:
    """A digest of what makes entries: this package, Python and the installed libraries with their versions."""
    installed = {path.name for path in Path(orjson.__file__).parent.parent.glob("*.dist-info")}
    return sha256("\0".join((package_digest(), sys.version, *sorted(installed))).encode()).hexdigest()
