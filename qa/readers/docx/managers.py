"""Works that citation managers keep in a Word document: in fields, bookmarks, controls and a part of its own."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from typing import Any

from qa.errors import ReadingError
from qa.models import CSL
from qa.readers.xml import Element, first_text, flat, parse_xml

YEAR = re.compile(r"\d{4}")
OWN_NUMBER = re.compile(r"ITEM-\d+")  # what Mendeley calls the works of each mark anew
DOI_PREFIX = re.compile(r"^https?://(?:dx\.)?doi\.org/", re.IGNORECASE)
ENDNOTE_TYPES = {
    "Journal Article": "article-journal",
    "Electronic Article": "article-journal",
    "Book": "book",
    "Edited Book": "book",
    "Book Section": "chapter",
    "Thesis": "thesis",
    "Report": "report",
    "Web Page": "webpage",
    "Conference Paper": "paper-conference",
    "Conference Proceedings": "paper-conference",
}
WORD_TYPES = {
    "JournalArticle": "article-journal",
    "Book": "book",
    "BookSection": "chapter",
    "ConferenceProceedings": "paper-conference",
    "Report": "report",
    "InternetSite": "webpage",
    "DocumentFromInternetSite": "webpage",
}
Cited = tuple[str, CSL]


class NotUnderstood(Exception):
    """A citation field whose content cannot be read."""


def works_in_json(text: str) -> Iterator[Cited]:
    """The works of a mark of Zotero or Mendeley, each with what identifies it in the document; no fields if the file
    does not describe the work. Raises NotUnderstood."""
    try:
        mark, _ = json.JSONDecoder().raw_decode(text)
        items = mark["citationItems"]
        for item in items:
            data = item.get("itemData") or item.get("item") or {}
            yield identity(item, data), data
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotUnderstood from None


def identity(item: dict[str, Any], data: CSL) -> str:
    addresses = item.get("uris") or item.get("uri") or []
    address = addresses if isinstance(addresses, str) else next(iter(addresses), None)
    id = str(data.get("id") or "")
    return str(address or (not OWN_NUMBER.fullmatch(id) and id) or data.get("DOI") or data.get("title") or "")


def decoded(text: str) -> str:
    """Text in base 64. Raises NotUnderstood."""
    try:
        return base64.b64decode("".join(text.split()) + "==").decode("utf-8").strip("\0")
    except (ValueError, binascii.Error):
        raise NotUnderstood from None


def works_in_endnote(text: str) -> Iterator[Cited]:
    """The works of a mark of EndNote. Raises NotUnderstood."""
    text = html.unescape(text) if "&lt;EndNote" in text else text
    start, end = text.find("<EndNote"), text.rfind("</EndNote>")
    if start < 0 or end < 0:
        raise NotUnderstood
    try:
        root = parse_xml(text[start : end + len("</EndNote>")].encode("utf-8", "replace"), "")
    except ReadingError:
        raise NotUnderstood from None
    for cite in root.iter("Cite"):
        record = cite.find("record")
        yield work_of_record(cite if record is None else record, cite)


def work_of_record(record: Element, cite: Element) -> Cited:
    key = record.find("foreign-keys/key")
    database = (key.get("db-id") or "") if key is not None else ""
    kind = record.find("ref-type")
    doi = DOI_PREFIX.sub("", first_text(record, ".//electronic-resource-num"))
    year = YEAR.search(first_text(record, ".//dates/year") or first_text(cite, "Year"))
    return f"{database}:{first_text(record, 'rec-number') or first_text(cite, 'RecNum')}", without_empty(
        {
            "type": ENDNOTE_TYPES.get((kind.get("name") or "") if kind is not None else "", "document"),
            "title": first_text(record, ".//titles/title"),
            "container-title": first_text(record, ".//periodical/full-title", ".//titles/secondary-title"),
            "author": [as_name(flat(author)) for author in record.findall(".//contributors/authors/author")],
            "editor": [as_name(flat(each)) for each in record.findall(".//contributors/secondary-authors/author")],
            "volume": first_text(record, ".//volume"),
            "issue": first_text(record, ".//number"),
            "page": first_text(record, ".//pages"),
            "publisher": first_text(record, ".//publisher"),
            "publisher-place": first_text(record, ".//pub-location"),
            "DOI": doi,
            "URL": first_text(record, ".//urls/related-urls/url"),
            "issued": {"date-parts": [[int(year[0])]]} if year else None,
        }
    )


def as_name(text: str) -> dict[str, str]:
    """A name written as "Reyes, J.", or a group whose name ends with a comma or has none."""
    family, _, given = (part.strip() for part in text.partition(","))
    return {"family": family, "given": given} if given else {"literal": family}


def works_of_word(root: Element) -> Iterator[Cited]:
    """The works of Word's own list of sources, by tag."""
    namespace = root.tag.rpartition("}")[0] + "}"
    for source in root.findall(f"{namespace}Source"):
        yield first_text(source, f"{namespace}Tag"), work_of_source(source, namespace)


def work_of_source(source: Element, namespace: str) -> CSL:
    def text(*names: str) -> str:
        return first_text(source, *(namespace + name for name in names))

    year = YEAR.search(text("Year"))
    month, day = text("Month"), text("Day")
    date = [int(part) for part in (year[0] if year else "", month, day) if part.isdecimal()]
    return without_empty(
        {
            "type": WORD_TYPES.get(text("SourceType"), "document"),
            "title": text("Title"),
            "container-title": text("JournalName", "ConferenceName", "BookTitle", "InternetSiteTitle"),
            "author": list(people_of_source(source, namespace, "Author")),
            "editor": list(people_of_source(source, namespace, "Editor")),
            "volume": text("Volume"),
            "issue": text("Issue"),
            "page": text("Pages"),
            "publisher": text("Publisher", "Institution"),
            "publisher-place": text("City"),
            "DOI": DOI_PREFIX.sub("", text("DOI")),
            "URL": text("URL"),
            "issued": {"date-parts": [date[:1] if month and not month.isdecimal() else date]} if year else None,
        }
    )


def people_of_source(source: Element, namespace: str, role: str) -> Iterator[dict[str, str]]:
    path = f"{namespace}Author/{namespace}{role}"
    for group in source.findall(f"{path}/{namespace}Corporate"):
        yield {"literal": flat(group)}
    for person in source.findall(f"{path}/{namespace}NameList/{namespace}Person"):
        given = " ".join(part for name in ("First", "Middle") if (part := first_text(person, namespace + name)))
        yield without_empty({"family": first_text(person, f"{namespace}Last"), "given": given})


def without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: given for key, given in fields.items() if given}
