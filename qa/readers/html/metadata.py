"""What a web page says about itself: in its head, in JSON for search engines, in its headings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from qa.models import Metadata
from qa.readers.xml import Element, flat

TITLES = ("citation_title", "dc.title", "dcterms.title", "og:title")
DATES = (
    "citation_publication_date",
    "citation_date",
    "article:published_time",
    "dc.date",
    "dcterms.date",
    "dc.date.issued",
    "datepublished",
    "date",
)
CHANGED = ("article:modified_time", "datemodified", "dcterms.modified")
DOIS = ("citation_doi", "dc.identifier", "prism.doi")
AUTHORS = ("citation_author", "dc.creator", "author")
OF_SEARCH_ENGINES = ("headline", "datePublished", "dateModified", "inLanguage", "license")
BEFORE_SITE = re.compile(r"\s+[|–—·»-]\s+")
DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?!\d))?(?:[-/](\d{1,2})(?!\d))?")
ANY_DOI = re.compile(r"10\.\d{4,9}/\S+")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
LONGEST_TITLE = 300
MOST_AUTHORS = 10
LEAST_TITLE = 15  # characters of a heading that needs no support by the title of the page


def read_metadata(root: Element) -> Metadata:
    named = named_fields(root)
    fields = {key: values[0] for key, values in named.items()}
    people = next((named[key] for key in AUTHORS if key in named), [])
    date, changed = (iso_date(first(fields, keys)) for keys in (DATES, CHANGED))
    if date is None:
        date = iso_date(next(iter(root.xpath("//article//time/@datetime | //time[@pubdate]/@datetime")), None))
    doi = ANY_DOI.search(first(fields, DOIS) or "")
    language = LANGUAGE.match(
        root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or fields.get("inlanguage") or ""
    )
    licence = next(iter(root.xpath("//*[self::a or self::link][contains(@rel, 'license')]/@href")), None)
    return Metadata(
        title=find_title(root, fields),
        author=", ".join(people[:MOST_AUTHORS] + ["et al."] * (len(people) > MOST_AUTHORS)) or None,
        # On a wiki the day of publication is that of its first version, and says nothing about the text.
        date=changed if date and changed and int(changed[:4]) > int(date[:4]) + 1 else date or changed,
        modified=changed,
        language=language[0].lower() if language else None,
        licence=fields.get("license") or licence,
        doi=doi[0] if doi else None,
    )


def named_fields(root: Element) -> Mapping[str, list[str]]:
    """The values of meta elements and of JSON for search engines, by name in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        key = element.get("name") or element.get("property") or element.get("itemprop")
        value = (element.get("content") or "").strip()
        if key and value:
            found.setdefault(key.lower(), []).append(value)
    for script in root.xpath("//script[@type='application/ld+json']"):
        for key, value in json_fields(script.text or ""):
            found.setdefault(key.lower(), []).append(value)
    return found


def json_fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields in JSON for search engines, the outer ones first."""
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, dict):
            yield from ((key, part[key]) for key in OF_SEARCH_ENGINES if isinstance(part.get(key), str))
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def first(fields: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((fields[key] for key in keys if key in fields), None)


def find_title(root: Element, fields: Mapping[str, str]) -> str | None:
    """The title of the article, without the name of the site."""
    of_page = flat(root.find(".//title"))
    declared = first(fields, TITLES) or ""
    headings = [words for heading in root.iter("h1") if (words := flat(heading))]
    named = next((words for words in headings if words.lower() in f"{of_page} {declared}".lower()), None)
    if named and not fields.get("citation_title"):
        return named[:LONGEST_TITLE]
    long = next((words for words in headings if len(words) > LEAST_TITLE), None) if len(headings) == 1 else None
    bare = BEFORE_SITE.split(of_page)[0]
    return (fields.get("citation_title") or long or BEFORE_SITE.split(declared)[0] or bare)[:LONGEST_TITLE] or None


def iso_date(date: str | None) -> str | None:
    match = DATE.match((date or "").strip())
    if not match:
        return None
    parts = [part.zfill(2) for part in match.groups() if part]
    good = all(1 <= int(part) <= most for part, most in zip(parts[1:], (12, 31), strict=False))
    return "-".join(parts) if good else parts[0]
