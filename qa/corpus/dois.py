"""DOIs as people paste them, in the form of all others."""

from __future__ import annotations

import re
from urllib.parse import unquote

# What is written before a DOI: "doi:", an address of a resolver, also twice, also through a library's proxy.
BEFORE = re.compile(r"(?:(?:https?://)?[\w.-]*doi\.org[\w.-]*/|doi\b\s*[:=]?|[\s/])*", re.IGNORECASE)
SHAPE = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S", re.IGNORECASE)
TRAILING = ".,;:"
OPENED_BY = {")": "(", "]": "[", "}": "{"}


def clean_doi(text: str) -> str:
    """The DOI without an address or "doi:" before it, without punctuation behind it, and once if it is written twice.
    A text of another form is unchanged."""
    value = text.strip()
    before = BEFORE.match(value)
    bare = value[before.end() :] if before else value
    if not SHAPE.match(bare):
        return text
    if "doi.org" in value.casefold():
        bare = unquote(bare)
    first, *others = re.split(r"[\s,;|]+(?=\S)", bare)
    if others and all(clean_doi(other).casefold() == without_end(first).casefold() for other in others):
        bare = first
    half = bare[: len(bare) // 2]
    return without_end(half if bare == half * 2 else bare)


def without_end(doi: str) -> str:
    """Without sentence punctuation at the end, and without a closing bracket that was not opened."""
    while doi and (doi[-1] in TRAILING or doi.count(doi[-1]) > doi.count(OPENED_BY.get(doi[-1], doi[-1]))):
        doi = doi[:-1]
    return doi


def doi_in_address(url: str) -> str:
    """The DOI of an address of doi.org; empty for another address."""
    return doi if "doi.org/" in url.casefold() and SHAPE.match(doi := clean_doi(url)) else ""
