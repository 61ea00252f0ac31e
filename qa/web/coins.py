"""A work as COinS (an OpenURL in an empty element), from which Zotero and similar programs import works on a page.

Keys of the key/encoded-value formats for journals, books, dissertations and Dublin Core: ANSI/NISO Z39.88-2004.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from qa.models import CSL
from qa.views.works import LITERAL_ET_AL


class Form(NamedTuple):
    """A format of the standard, a genre in it, and the keys for the title and for the title of the container."""

    format: str
    genre: str
    title: str
    container: str


FORMS = {
    "article-journal": Form("journal", "article", "atitle", "jtitle"),
    "book": Form("book", "book", "btitle", ""),
    "chapter": Form("book", "bookitem", "atitle", "btitle"),
    "paper-conference": Form("book", "proceeding", "atitle", "btitle"),
    "report": Form("book", "report", "btitle", ""),
    "thesis": Form("dissertation", "", "title", ""),
}
OTHER = Form("dc", "", "title", "source")  # other types are not presented as articles
SHARED = {"volume": "volume", "issue": "issue", "page": "pages", "ISSN": "issn", "ISBN": "isbn"}
PERSISTENT = {"DOI": "info:doi/", "PMID": "info:pmid/", "URL": ""}


def as_coins(csl: CSL, year: str) -> str:
    """Return the OpenURL of a work. Unknown fields are omitted."""
    kind = csl.get("type", "")
    form = FORMS.get(kind, OTHER)
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form.format}"),
        *(("rft_id", f"{scheme}{csl[key]}") for key, scheme in PERSISTENT.items() if csl.get(key)),
        ("rft.genre", form.genre),
        ("rft.type", "" if kind in FORMS or kind == "webpage" else "document"),
        (f"rft.{form.title}", csl.get("title", "")),
        (f"rft.{form.container}", csl.get("container-title", "") if form.container else ""),
        ("rft.inst" if kind == "thesis" else "rft.pub", csl.get("publisher", "")),
        ("rft.date", year),
        *((f"rft.{name}", str(csl.get(key, ""))) for key, name in SHARED.items()),
        *(name_of(author) for author in csl.get("author", ()) if author.get("literal") != LITERAL_ET_AL),
    ]
    return urlencode([(key, value) for key, value in fields if value])


def name_of(author: dict[str, str]) -> tuple[str, str]:
    """Return key and name of a person or an organisation. The comma keeps a family name of several words together."""
    if "literal" in author:
        return "rft.aucorp", author["literal"]
    family = " ".join(filter(None, (author.get("non-dropping-particle"), author.get("family"))))
    return "rft.au", f"{family}, {author.get('given', '')}".rstrip() if family else author.get("given", "")
