"""Replace files, whole or not at all: a service that watches the folder never reads half of one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_whole(path: Path, data: bytes) -> None:
    """Write the file in its place, with the permissions that it has. A link still leads to it. Raises OSError."""
    place = path.resolve()
    mode = place.stat().st_mode & 0o7777 if place.exists() else 0o644
    with NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as new:
        try:
            new.write(data)
            new.flush()
            os.fsync(new.fileno())
            os.chmod(new.name, mode)
            os.replace(new.name, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(new.name)
            raise
