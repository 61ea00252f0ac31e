"""Chapter & Verse answers questions with verbatim passages from the owner's documents, citations attached.

For programs: `open_service` reads a folder of documents and returns a `Service` to ask (docs/python.md). They are
imported when first used, so that `import qa` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.engine import Service, open_service
    from qa.settings import Settings

__all__ = ["Service", "Settings", "open_service"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name in {"Service", "open_service"}:
        import qa.engine

        return getattr(qa.engine, name)
    if name == "Settings":
        from qa.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
