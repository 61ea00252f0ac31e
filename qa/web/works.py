"""A cited work for the page: the fields of its CSL-JSON, formatted as in a reference list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qa.messages import count
from qa.models import CSL, makers_of
from qa.models.addresses import reference_url
from qa.views.works import LITERAL_ET_AL, facts_of, issued_year, label_of_work, partly_known
from qa.web.coins import as_coins

SHOWN_AUTHORS = 6  # as in AMA and Vancouver style


@dataclass(frozen=True, slots=True)
class Work:
    """The known fields of a work. Unknown fields are empty, never guessed. `facts_line` is the line of its facts,
    `in_line` those of them that fit beside its name; `page` is the path of its page."""

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
    facts_line: str = ""
    in_line: tuple[str, ...] = ()
    page: str = ""


def as_work(csl: CSL) -> Work:
    authors = [author for author in makers_of(csl) if author.get("literal") != LITERAL_ET_AL]
    year = issued_year(csl)
    custom = csl.get("custom") or {}
    certainty = custom.get("certainty") or {}
    retraction = custom.get("retraction") or {}
    return Work(
        id=csl["id"],
        short=label_of_work(csl),
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
        facts_line=facts_of(csl).line,
        in_line=facts_in_line(csl),
        page=reference_url(csl["id"]),
    )


def facts_in_line(csl: CSL) -> tuple[str, ...]:
    """Return what a reader judges a work by at a glance: where it was published, what kind of work it is and how many
    people took part, as far as its record says so."""
    facts = facts_of(csl)
    journal = str(csl.get("container-title-short") or csl.get("container-title") or csl.get("publisher") or "")
    people = count("fact.people", facts.participants) if facts.participants else ""
    kind = facts.study_type or ("" if journal else facts.kind)
    return tuple(filter(None, (journal, kind, people)))


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


def volume_and_pages(csl: CSL) -> str:
    """Return volume, issue and pages as "179(2):152-162"."""
    volume = f"{csl.get('volume', '')}{'(' + str(csl['issue']) + ')' if csl.get('issue') else ''}"
    return ":".join(part for part in (volume, str(csl.get("page", ""))) if part)
