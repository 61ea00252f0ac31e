"""The front matter of a Markdown file: what it says about the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from qa.models import Metadata, Trouble

FIELD = re.compile(r"^([A-Za-z][\w-]*):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?![\w/.-])|\d{4}-\d\d-\d\d(?=[T ])")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
NO_DATE = "the date in the front matter is not used. Write it as 2026-11-23, 2026-11 or 2026."


def read_front(front: str) -> Metadata:
    """The flat fields of the front matter."""
    fields = dict(fields_of(front))
    language = LANGUAGE.match(first_of(fields, ("lang", "language")) or "")
    date = DATE.match(fields.get("date", ""))
    return Metadata(
        title=fields.get("title"),
        author=first_of(fields, ("author", "authors")),
        date=date[0] if date else None,
        language=language[0].lower() if language else None,
        licence=first_of(fields, ("license", "licence")),
        doi=fields.get("doi"),
    )


def trouble_in_front(front: str, start: int) -> Iterator[Trouble]:
    """What of the front matter, which begins at `start`, is not understood."""
    for match in FIELD.finditer(front):
        value = match[2].strip("'\"")
        if match[1].lower() == "date" and value and not DATE.match(value):
            yield Trouble(NO_DATE, start + match.start())


def fields_of(front: str) -> Iterator[tuple[str, str]]:
    """The fields with a value on their own line; names in lower case."""
    for key, value in FIELD.findall(front):
        if bare := value.strip("'\""):
            yield key.lower(), bare


def first_of(fields: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((fields[name] for name in names if name in fields), None)
