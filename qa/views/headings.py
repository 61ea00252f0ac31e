"""The headings above a passage, as they are shown."""

from __future__ import annotations

from collections.abc import Sequence


def below(path: Sequence[str], title: str) -> Sequence[str]:
    """Return the headings without the first one if it repeats the title of the document, which is shown before them."""
    return path[1:] if path and as_title(path[0]) == as_title(title) else path


def as_title(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".:")
