"""Works on a page as COinS, parsed back by the rules of Zotero's translator."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from qa.models import CSL
from qa.views.works import issued_year
from qa.web.coins import as_coins

FORMATS = {"journal": "journalArticle", "dissertation": "thesis", "dc": "webpage"}
GENRES = {"bookitem": "bookSection", "proceeding": "conferencePaper", "report": "report", "book": "book"}
FIELDS = {
    "rft.jtitle": "publicationTitle",
    "rft.source": "publicationTitle",
    "rft.title": "title",
    "rft.inst": "publisher",
    "rft.pub": "publisher",
    "rft.date": "date",
    "rft.volume": "volume",
    "rft.issue": "issue",
    "rft.pages": "pages",
    "rft.issn": "ISSN",
    "rft.isbn": "ISBN",
    "rft.type": "itemType",
}


def parse_coins(openurl: str) -> dict[str, Any]:
    """Parse an OpenURL as Zotero does: split at "&" and "="; plus signs are spaces even if escaped; format and genre give
    the item type, which decides what a title means."""
    pairs = [(key, unquote(value.replace("+", " ").replace("%2B", " "))) for key, value in cut(openurl)]
    kind = dict(pairs)["rft_val_fmt"].removeprefix("info:ofi/fmt:kev:mtx:")
    item: dict[str, Any] = {"itemType": FORMATS.get(kind) or GENRES[dict(pairs)["rft.genre"]], "creators": []}
    within = item["itemType"] in ("bookSection", "conferencePaper")
    for key, value in pairs:
        if key in FIELDS:
            item[FIELDS[key]] = value
        elif key == "rft.atitle":
            item["title"] = value
        elif key == "rft.btitle":
            item["publicationTitle" if within else "title"] = value
        elif key == "rft.au":
            item["creators"].append(tuple(part.strip() for part in value.rstrip(", ").split(",", 1)))
        elif key == "rft.aucorp":
            item["creators"].append((value,))
        elif key == "rft_id" and value.startswith("info:doi/"):
            item["DOI"] = value.removeprefix("info:doi/")
        elif key == "rft_id" and value.startswith(("http://", "https://")):
            item["url"] = value
    return item


def cut(openurl: str) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (pair.partition("=") for pair in openurl.split("&"))]


PEOPLE = {"author": [{"family": "Grabski", "given": "Meryem"}, {"family": "Lawn", "given": "Will"}]}
NAMES = {"creators": [("Grabski", "Meryem"), ("Lawn", "Will")]}

WORKS: list[tuple[str, CSL, dict[str, Any]]] = [
    (
        "an article, with everything",
        {
            "type": "article-journal",
            "title": "Sober & well = “better”? 50% é",
            "container-title": "Am J Psychiatry",
            "volume": "179",
            "issue": "2",
            "page": "152-162",
            "DOI": "10.1176/a;b<c>",
            "PMID": "1",
            **PEOPLE,
        },
        {
            "itemType": "journalArticle",
            "title": "Sober & well = “better”? 50% é",
            "publicationTitle": "Am J Psychiatry",
            "volume": "179",
            "issue": "2",
            "pages": "152-162",
            "DOI": "10.1176/a;b<c>",
            **NAMES,
        },
    ),
    (
        "a chapter is part of a book",
        {"type": "chapter", "title": "Withdrawal", "container-title": "Handbook", "publisher": "Press", **PEOPLE},
        {"itemType": "bookSection", "title": "Withdrawal", "publicationTitle": "Handbook", "publisher": "Press"}
        | NAMES,
    ),
    (
        "a paper is part of proceedings",
        {"type": "paper-conference", "title": "A trial", "container-title": "Proceedings"},
        {"itemType": "conferencePaper", "title": "A trial", "publicationTitle": "Proceedings", "creators": []},
    ),
    (
        "a report by a body of people, whose name is not cut in two",
        {"type": "report", "title": "Status", "author": [{"literal": "World Health Organization"}]},
        {"itemType": "report", "title": "Status", "creators": [("World Health Organization",)]},
    ),
    (
        "a thesis",
        {"type": "thesis", "title": "On craving", "publisher": "University"},
        {"itemType": "thesis", "title": "On craving", "publisher": "University", "creators": []},
    ),
    (
        "a web page is no article",
        {"type": "webpage", "title": "Guidance", "container-title": "Site", "URL": "https://example.org/a?b=c&d"},
        {
            "itemType": "webpage",
            "title": "Guidance",
            "publicationTitle": "Site",
            "url": "https://example.org/a?b=c&d",
            "creators": [],
        },
    ),
    (
        "what is not known to be an article is passed off as none",
        {"type": "legislation", "title": "An act"},
        {"itemType": "document", "title": "An act", "creators": []},
    ),
    (
        "a family name of several words, one without a given name, one with a particle, and others not known by name",
        {
            "type": "book",
            "title": "A book",
            "author": [
                {"family": "Van der Berg"},
                {"family": "Reyes"},
                {"family": "Waal", "non-dropping-particle": "de", "given": "C"},
                {"literal": "et al."},
            ],
        },
        {"itemType": "book", "title": "A book", "creators": [("Van der Berg",), ("Reyes",), ("de Waal", "C")]},
    ),
]


@pytest.mark.parametrize(("work", "item"), [row[1:] for row in WORKS], ids=[row[0] for row in WORKS])
def test_a_work_is_picked_up_whole(work: CSL, item: dict[str, Any]) -> None:
    work = work | {"id": "w", "issued": {"date-parts": [[2022, 3]]}}
    assert parse_coins(as_coins(work, issued_year(work))) == item | {"date": "2022"}


def test_nothing_is_made_up_for_a_work_of_which_nothing_is_known() -> None:
    assert parse_coins(as_coins({"id": "w"}, "")) == {"itemType": "document", "creators": []}
