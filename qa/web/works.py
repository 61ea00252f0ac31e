"""A cited work for the page: what its CSL-JSON says, in the order of a reference list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qa.models import CSL

SHOWN_AUTHORS = 6  # as in AMA and Vancouver style


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of a work; what is not known is empty, never guessed."""

    id: str
    short: str
    authors: tuple[str, ...]
    more_authors: int
    title: str
    journal: str
    year: str
    place: str
    doi: str
    pmid: str
    url: str


def as_work(csl: CSL) -> Work:
    names = [author_name(author) for author in csl.get("author", ())]
    year = issued_year(csl)
    return Work(
        id=csl["id"],
        short=" ".join(part for part in (short_author(csl), year) if part) or csl["id"],
        authors=tuple(names[:SHOWN_AUTHORS]),
        more_authors=max(0, len(names) - SHOWN_AUTHORS),
        title=csl.get("title", ""),
        journal=csl.get("container-title", "") or csl.get("publisher", ""),
        year=year,
        place=place(csl),
        doi=csl.get("DOI", ""),
        pmid=str(csl.get("PMID", "")),
        url=csl.get("URL", ""),
    )


def author_name(author: dict[str, Any]) -> str:
    """A name as "Grabski M"; a body of people ("World Health Organization") as it is."""
    if literal := author.get("literal"):
        return str(literal)
    family = " ".join(part for part in (author.get("non-dropping-particle"), author.get("family")) if part)
    initials = "".join(word[0] for word in str(author.get("given", "")).replace("-", " ").replace(".", " ").split())
    return f"{family} {initials}".strip()


def short_author(csl: CSL) -> str:
    """How a text speaks of the authors: "Grabski et al.", "Smith and Jones"."""
    authors = csl.get("author", ())
    names = [author.get("literal") or author.get("family", "") for author in authors]
    if len(names) > 2 or (csl.get("custom") or {}).get("first_author_only"):
        return f"{names[0]} et al."
    return " and ".join(name for name in names if name)


def issued_year(csl: CSL) -> str:
    parts = (csl.get("issued") or {}).get("date-parts") or [[]]
    return str(parts[0][0]) if parts[0] else ""


def place(csl: CSL) -> str:
    """Volume, issue and pages as "179(2):152-162"."""
    volume = f"{csl.get('volume', '')}{'(' + str(csl['issue']) + ')' if csl.get('issue') else ''}"
    return ":".join(part for part in (volume, str(csl.get("page", ""))) if part)
