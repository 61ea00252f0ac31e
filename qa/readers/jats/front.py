"""What a JATS article says about itself."""

from __future__ import annotations

from collections.abc import Iterator

from qa.models import DocumentKind, Metadata
from qa.readers.xml import XLINK_HREF, XML_LANGUAGE, Element, attribute, first_text, flat

KINDS: dict[str, DocumentKind] = {
    **dict.fromkeys(("research-article", "brief-report", "case-report", "clinical-trial"), "research"),
    **dict.fromkeys(("review-article", "systematic-review", "meta-analysis"), "summary"),
}
# Dates that are not the day of publication.
OTHER_DATES = frozenset({"collection", "pmc-release", "nihms-submitted", "retraction", "corrected"})
MOST_AUTHORS = 10
LONGEST_LICENCE = 120


def read_front_matter(root: Element, title: str | None) -> Metadata:
    """The metadata of an article whose title is written as `title`."""
    front = root.find("front/article-meta")
    language = (attribute(root, XML_LANGUAGE) or "en").split("-")[0].lower()
    if front is None:
        return Metadata(title=title, language=language)
    ids = {attribute(id, "pub-id-type"): flat(id) for id in front.findall("article-id")}
    names = list(authors(front))
    return Metadata(
        title=title,
        author=", ".join(names[:MOST_AUTHORS] + ["et al."] * (len(names) > MOST_AUTHORS)) or None,
        date=publication_date(front),
        language=language,
        licence=licence(front),
        doi=ids.get("doi") or None,
        kind=KINDS.get(attribute(root, "article-type")),
    )


def authors(front: Element) -> Iterator[str]:
    for person in front.findall("contrib-group/contrib[@contrib-type='author']"):
        name = person.find("name")
        whole = first_text(person, "collab", "string-name")
        yield whole if name is None else f"{flat(name.find('given-names'))} {flat(name.find('surname'))}".strip()


def publication_date(front: Element) -> str | None:
    """The fullest of the dates of publication, and of those the earliest."""
    dates = [(attribute(d, "pub-type") or attribute(d, "date-type"), as_iso(d)) for d in front.findall("pub-date")]
    known = [date for kind, date in dates if date and kind not in OTHER_DATES] or [date for _, date in dates if date]
    return min(known, key=lambda date: (-len(date), date), default=None)


def as_iso(date: Element) -> str:
    year, month, day = (first_text(date, part) for part in ("year", "month", "day"))
    if not (year.isdecimal() and len(year) == 4):
        return ""
    if not (month.isdecimal() and 1 <= int(month) <= 12):
        return year
    whole = f"{year}-{int(month):02}"
    return f"{whole}-{int(day):02}" if day.isdecimal() and 1 <= int(day) <= 31 else whole


def licence(front: Element) -> str | None:
    """The address of the licence, else its words."""
    for found in front.iter("license"):
        reference = found.find(".//license_ref")
        address = attribute(found, XLINK_HREF) or flat(reference)
        return address or flat(found)[:LONGEST_LICENCE] or None
    return None
