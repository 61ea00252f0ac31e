"""The front matter of a Markdown file, in the forms that programs know: what it says about the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile

from qa.models import Metadata, Trouble
from qa.readers.dates import date_in_words

FIELD = re.compile(r"^([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
BELOW = re.compile(r"[ \t]|-[ \t]|$")
LISTED = re.compile(r"\"[^\"]*\"|'[^']*'|[^,]+")
ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
NAME = re.compile(r"[ \t]*(?:-[ \t]+)?(?:name|literal):[ \t]*(.*)")
TOML_FRONT = re.compile(r"\+\+\+[ \t]*\r?\n(?P<fields>.*?)^\+\+\+[ \t]*$", re.DOTALL | re.MULTILINE)
TOML_FIELD = re.compile(r"^([A-Za-z][\w-]*)[ \t]*=[ \t]*", re.MULTILINE)
TITLE_BLOCK = re.compile(r"% *(?P<title>[^\n]+)(?:\n% *(?P<author>[^\n]*))?(?:\n% *(?P<date>[^\n]*))?(?=\n|$)")
BARE_FIELDS = re.compile(
    r"(?=(?:[^\n]*\n){0,8}?title:)"
    r"(?:[A-Za-z][\w-]{0,30}:[ \t]+\S[^\n]*(?:\n|$)){2,}(?=\r?\n|$)",
    re.IGNORECASE,
)
NO_DATE = "the date in the front matter is not used. Write it as 2026-11-23, 2026-11 or 2026."


def read_front(front: str) -> Metadata:
    """The flat fields of the front matter, and the authors."""
    fields = dict(fields_of(front))
    language = LANGUAGE.match(first_of(fields, ("lang", "language")) or "")
    date = first_of(fields, ("date", "published", "pubdate"))
    return Metadata(
        title=fields.get("title"),
        author=", ".join(front_values(front, "author") or front_values(front, "authors")) or None,
        date=date_in_words(date or ""),
        language=language[0].lower() if language else None,
        licence=first_of(fields, ("license", "licence")),
        doi=fields.get("doi"),
    )


def as_yaml(text: str) -> str:
    """The text with front matter between lines of "+++", as Hugo has it, written as that between lines of "---"; each
    line stays where it is."""
    front = TOML_FRONT.match(text)
    if front is None:
        return text
    fields = TOML_FIELD.sub(r"\1: ", front["fields"])
    return f"---\n{fields}---{text[front.end() :]}"


def bare_front(text: str) -> tuple[int, str]:
    """The length and the fields of front matter without lines around it: pandoc's "% Title", or lines of fields such as
    "Title: Lanes" at the top; (0, "") if there is none."""
    if (block := TITLE_BLOCK.match(text)) is not None:
        fields = (f"{name}: {value.strip()}" for name, value in block.groupdict().items() if value and value.strip())
        return block.end(), "\n".join(fields)
    fields_at_top = BARE_FIELDS.match(text)
    return (len(fields_at_top[0].rstrip()), fields_at_top[0]) if fields_at_top else (0, "")


def trouble_in_front(front: str, start: int) -> Iterator[Trouble]:
    """What of the front matter, which begins at `start`, is not understood."""
    for match in FIELD.finditer(front):
        value = match[2].strip("'\"")
        if match[1].lower() == "date" and value and not date_in_words(value):
            yield Trouble(NO_DATE, start + match.start())


def fields_of(front: str) -> Iterator[tuple[str, str]]:
    """The fields with a value on their own line; names in lower case."""
    for key, value in FIELD.findall(front):
        if bare := value.strip("'\""):
            yield key.lower(), bare


def first_of(fields: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((fields[name] for name in names if name in fields), None)


def front_values(front: str, name: str) -> list[str]:
    """The values of a field, which may be one, a list in brackets, or lines below it: values, or things with a name."""
    lines = front.replace("\r", "").split("\n")
    head = re.compile(rf"{re.escape(name)}[ \t]*:[ \t]*(.*)", re.IGNORECASE)
    at, inline = next(((n, match[1].strip()) for n, line in enumerate(lines) if (match := head.match(line))), (0, ""))
    below = list(takewhile(BELOW.match, lines[at + 1 :])) if at or head.match(lines[0]) else []
    if inline.startswith("["):
        values = LISTED.findall("".join([inline, *below]).partition("]")[0].lstrip("["))
    elif inline and inline not in ("|", ">"):
        values = [inline]
    else:
        names = [match[1] for line in below if (match := NAME.match(line))]
        values = names or [match[1] for line in below if (match := ITEM.match(line))]
    return [bare for value in values if (bare := value.strip().strip("'\"").strip())]
