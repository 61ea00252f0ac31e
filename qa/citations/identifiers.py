"""Find and normalise identifiers of works: DOI, PMID, PMCID, trial registration, URL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from qa.models import CSL

# Old DOIs have pages and a code between angle brackets, unlike tags: 10.1002/(SICI)…16<1661::AID-SIM968>3.0.CO;2-2
IN_ANGLES = r"<\d[\w?.-]{0,12}:[\w:.?-]{1,40}>(?=\d)"
NEXT_IDENTIFIER = r"[;,](?:10\.\d{4}|doi\b|pmc?id\b|https?:)"
DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|\bdoi\s?:?\s?)?\b"
    rf"(10\.\d{{4,9}}/(?:(?!{NEXT_IDENTIFIER})[^\s\"<>«»“”|]|{IN_ANGLES}){{1,200}})",
    re.IGNORECASE,
)
WHOLE_DOI = re.compile(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d+(?:\.\d+)*/\S.*)", re.IGNORECASE)
PMID = re.compile(r"\bPMIDs?[:\s]{0,3}(\d{1,8})\b|\bpubmed(?:\.ncbi\.nlm\.nih\.gov|/)/?(\d{1,8})\b", re.IGNORECASE)
PMCID = re.compile(r"\b(PMC\d{4,8})\b")
TRIAL = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{6,8}|ACTRN\d{14}|ChiCTR[\w-]{6,20}|EudraCT(?: number| no\.?)?:? ?\d{4}-\d{6}-\d\d|"
    r"PROSPERO:? ?CRD\d{8,14}|CRD\d{8,14})\b"
)
URL = re.compile(r"https?://[^\s<>\"“”]{3,300}")


class Identifier(NamedTuple):
    start: int
    end: int
    kind: str
    value: str


def trim(value: str) -> str:
    """Strip trailing sentence punctuation; a closing bracket stays if its opening bracket is in the value."""
    while value and (value[-1] in ".,;:'’*_" or (value[-1] in ")]}" and unopened(value))):
        value = value[:-1]
    return value


OPENING_OF = {")": "(", "]": "[", "}": "{"}


def unopened(value: str) -> bool:
    return value.count(OPENING_OF[value[-1]]) < value.count(value[-1])


def trim_doi(value: str) -> str:
    """The same for a DOI, which also ends before a closing bracket that it does not open: "10.5555/a)[2]"."""
    opened: Counter[str] = Counter()
    for place, character in enumerate(value):
        opened[character] += 1
        if character in OPENING_OF and opened[character] > opened[OPENING_OF[character]]:
            return trim(value[:place])
    return trim(value)


def as_printed(value: str) -> str:
    """An identifier as it is, from how addresses and HTML write it: "%3C" and "&lt;" for "<"."""
    return unquote(unescape(value)) if "%" in value or "&" in value else value


def normal_doi(value: str) -> str:
    """A DOI in lower case and without a resolver address or "doi:"; "" if it is not a DOI."""
    match = WHOLE_DOI.fullmatch(as_printed(value))
    return match[1].lower() if match else ""


class IdentifierKind(NamedTuple):
    """The form of one kind of identifier; a text without any of the `needles` contains none (fast check)."""

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    normalise: Callable[[str], str]
    trim: Callable[[str], str] = trim


KINDS: dict[str, IdentifierKind] = {
    "DOI": IdentifierKind(("10.",), DOI, normal_doi, trim_doi),
    "PMID": IdentifierKind(("PMID", "pmid", "PubMed", "pubmed"), PMID, str),
    "PMCID": IdentifierKind(("PMC",), PMCID, str),
    "number": IdentifierKind(("NCT", "CTRN", "ChiCTR", "EudraCT", "CRD"), TRIAL, lambda value: value.split()[-1]),
    "URL": IdentifierKind(("://",), URL, str),
}


def find_identifiers(
    text: str, start: int = 0, end: int | None = None, kinds: Iterable[str] = tuple(KINDS)
) -> Iterator[Identifier]:
    """Yield the identifiers in `text[start:end]`, kind by kind; a doi.org link is found both as DOI and as URL."""
    end = len(text) if end is None else end
    for name in kinds:
        kind = KINDS[name]
        if not any(text.find(needle, start, end) >= 0 for needle in kind.needles):
            continue
        for match in kind.pattern.finditer(text, start, end):
            group = match.lastindex or 0
            written = kind.trim(match[group])
            if value := kind.normalise(written):
                yield Identifier(match.start(), match.start(group) + len(written), name, value)


def identifier_fields(identifiers: Iterable[Identifier]) -> CSL:
    """The first identifier of each kind as CSL fields; a doi.org URL is dropped."""
    fields: CSL = {}
    for found in identifiers:
        fields.setdefault(found.kind, found.value)
    if "DOI" in fields and "doi.org/" in fields.get("URL", ""):
        del fields["URL"]
    return fields
