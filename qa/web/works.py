"""A cited work for the page: the fields of its CSL-JSON, formatted as in a reference list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qa.models import CSL
from qa.web.coins import LITERAL_ET_AL, as_coins

SHOWN_AUTHORS = 6  # as in AMA and Vancouver style

TITLE_WORDS = 5  # of a title that stands for the authors


@dataclass(frozen=True, slots=True)
class Work:
    """The known fields of a work. Unknown fields are empty, never guessed."""

    id: str
    short: str
    authors: str
    more_authors: int
    title: str
    journal: str
    year: str
    place: str
    doi: str
    pmid: str
    url: str
    single_source: tuple[str, ...]
    first_author_only: bool
    retraction: str
    checked: str
    coins: str


def as_work(csl: CSL) -> Work:
    authors = [author for author in csl.get("author", ()) if author.get("literal") != LITERAL_ET_AL]
    year = issued_year(csl)
    custom = csl.get("custom") or {}
    certainty = custom.get("certainty") or {}
    retraction = custom.get("retraction") or {}
    return Work(
        id=csl["id"],
        short=" ".join(part for part in (short_author(csl) or short_title(csl), year) if part),
        authors=", ".join(map(author_name, authors[:SHOWN_AUTHORS])),
        more_authors=max(0, len(authors) - SHOWN_AUTHORS),
        title=csl.get("title", ""),
        journal=csl.get("container-title", "") or csl.get("publisher", ""),
        year=year,
        place=volume_and_pages(csl),
        doi=csl.get("DOI", ""),
        pmid=str(csl.get("PMID", "")),
        url=csl.get("URL", ""),
        single_source=tuple(key for key, value in certainty.items() if value == "single source"),
        first_author_only=partly_known(csl),
        retraction=retraction.get("status", ""),
        checked=retraction.get("checked", ""),
        coins=as_coins(csl, year),
    )


def author_name(author: dict[str, Any]) -> str:
    """Return a person as "Grabski M", and an organisation ("World Health Organization") unchanged."""
    if literal := author.get("literal"):
        return str(literal)
    family = " ".join(part for part in (author.get("non-dropping-particle"), author.get("family")) if part)
    given = str(author.get("given", ""))
    if re.fullmatch(r"[^\W\d_]{1,4}", given) and given.isupper():
        return f"{family} {given}"  # initials already
    initials = "".join(word[0] for word in given.replace("-", " ").replace(".", " ").split())
    return f"{family} {initials}".strip()


def short_author(csl: CSL) -> str:
    """Return the authors as cited in a text: "Grabski et al.", "Smith and Jones"."""
    authors = csl.get("author", ())
    names = [str(author.get("literal") or author.get("family", "")) for author in authors]
    names = [name for name in names if name and name != LITERAL_ET_AL]
    if len(names) > 2 or (names and partly_known(csl)):
        return f"{names[0]} {LITERAL_ET_AL}"
    return " and ".join(names)


def short_title(csl: CSL) -> str:
    """Return the first words of the title of a work without known authors, or else its journal or its id: a year alone
    names no work."""
    words = str(csl.get("title") or csl.get("container-title") or csl["id"]).split()
    return " ".join(words[:TITLE_WORDS]) + ("…" if len(words) > TITLE_WORDS else "")


def partly_known(csl: CSL) -> bool:
    """Return whether the names of some authors are unknown."""
    custom = csl.get("custom") or {}
    certainty = custom.get("certainty") or {}
    named_only = any(author.get("literal") == LITERAL_ET_AL for author in csl.get("author", ()))
    return bool(custom.get("etAl")) or named_only or certainty.get("author") == "first author only"


def issued_year(csl: CSL) -> str:
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    return str(parts[0][0]) if parts[0] else ""


def volume_and_pages(csl: CSL) -> str:
    """Return volume, issue and pages as "179(2):152-162"."""
    volume = f"{csl.get('volume', '')}{'(' + str(csl['issue']) + ')' if csl.get('issue') else ''}"
    return ":".join(part for part in (volume, str(csl.get("page", ""))) if part)
