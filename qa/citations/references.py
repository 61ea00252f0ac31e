from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from qa.models import CSL, Reading, Reference

MARK = re.compile(
    r"(?P<family>[^\W\d][\w'’-]+(?: [^\W\d][\w'’-]+){0,3})(?P<etal> et al\.?),? (?P<container>[^\d]+?)\. "
    r"(?P<year>(?:19|20)\d\d)(?:;(?P<volume>\w+)(?:\((?P<issue>[^()]+)\))?(?::(?P<page>[\w–-]+))?)?$"
)


def read_references(reading: Reading) -> dict[str, Reference]:
    return {}


def parse_mark(text: str) -> CSL | None:
    found = MARK.match(text)
    if not found:
        return None
    csl: CSL = {"type": "article-journal", "author": [{"family": found["family"]}]}
    csl["issued"] = {"date-parts": [[int(found["year"])]]}
    csl["container-title"] = found["container"]
    csl |= {key: found[key] for key in ("volume", "issue", "page") if found[key]}
    if found["etal"]:
        csl["custom"] = {"etAl": True}
    return csl


def fold(name: str) -> str:
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", name).lower())


def match(csl: CSL, references: Mapping[str, Reference]) -> str | None:
    keys = ("volume", "page")
    fits = [
        key
        for key, other in references.items()
        if fold(other.csl["author"][0]["family"]) == fold(csl["author"][0]["family"])
        and other.csl["issued"] == csl["issued"]
        and all(other.csl.get(k, csl.get(k)) == csl.get(k) for k in keys)
    ]
    return fits[0] if len(fits) == 1 else None


def add_reference(csl: CSL, known: dict[str, Reference]) -> str:
    key = f"{fold(csl['author'][0]['family'])}{csl['issued']['date-parts'][0][0]}"
    known[key] = Reference(key, csl | {"id": key})
    return key
