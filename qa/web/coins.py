"""A work as COinS (an OpenURL in an empty element), by which Zotero and its kin pick works up from a page.

Keys of the key/encoded-value formats for journal articles and books: ANSI/NISO Z39.88-2004.
"""

from __future__ import annotations

from urllib.parse import urlencode

from qa.models import CSL

ET_AL = "et al."  # how a list of authors ends that is known only in part
BOOKS = {"book", "chapter", "report", "thesis"}
SHARED = {"volume": "volume", "issue": "issue", "page": "pages", "publisher": "pub", "ISSN": "issn", "ISBN": "isbn"}
PERSISTENT = {"DOI": "info:doi/", "PMID": "info:pmid/"}


def as_coins(csl: CSL, year: str) -> str:
    """The OpenURL of a work; what is not known is left out."""
    kind = csl.get("type", "")
    form, genre, title = ("book", "book", "btitle") if kind in BOOKS else ("journal", "article", "atitle")
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"),
        *(("rft_id", f"{scheme}{csl[key]}") for key, scheme in PERSISTENT.items() if csl.get(key)),
        ("rft.genre", genre),
        (f"rft.{title}", csl.get("title", "")),
        ("rft.jtitle", csl.get("container-title", "")),
        ("rft.date", year),
        *((f"rft.{name}", str(csl.get(key, ""))) for key, name in SHARED.items()),
        *names_of(csl),
    ]
    return urlencode([(key, value) for key, value in fields if value])


def names_of(csl: CSL) -> list[tuple[str, str]]:
    """The first author in parts, as the formats have it, and every author whole."""
    authors = [author for author in csl.get("author", ()) if author.get("literal") != ET_AL]
    first = authors[0] if authors else {}
    whole = [", ".join(filter(None, (a.get("family"), a.get("given")))) or a.get("literal", "") for a in authors]
    return [
        ("rft.aulast", first.get("family", "")),
        ("rft.aufirst", first.get("given", "")),
        *(("rft.au", name) for name in whole),
    ]
