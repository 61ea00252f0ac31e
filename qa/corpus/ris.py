"""Works in RIS files as reference managers and databases export them, as CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from qa.corpus.entries import Entry
from qa.corpus.persons import people_of, person_of
from qa.errors import CorpusError, Repaired
from qa.models import CSL

TAG = re.compile(r"[ \t]*([A-Z][A-Z0-9]|[a-z][a-z0-9])[ \t]{1,4}-(?:[ \t]+(.*)|)$")
# Other tags are not used; a line that begins like one of these continues no other line.
KNOWN = """
A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DO DP ED EP ER ET ID IS J1 J2 JA JF JO KW L1
L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SP ST T1 T2 T3 TA TI TT TY U1 U2 U3 U4 U5 UR VL VO WP Y1
Y2
"""
TAGS = frozenset(KNOWN.split())
TYPES = {
    "ABST": "article-journal", "BLOG": "post-weblog", "BOOK": "book", "CASE": "legal_case", "CHAP": "chapter",
    "COMP": "software", "CONF": "paper-conference", "CPAPER": "paper-conference", "DATA": "dataset",
    "EBOOK": "book", "ECHAP": "chapter", "EDBOOK": "book", "EJOUR": "article-journal", "ELEC": "webpage",
    "ENCYC": "entry-encyclopedia", "GOVDOC": "report", "INPR": "article-journal", "JFULL": "article-journal",
    "JOUR": "article-journal", "LEGAL": "legislation", "MGZN": "article-magazine", "NEWS": "article-newspaper",
    "PAMP": "pamphlet", "PAT": "patent", "RPRT": "report", "SER": "book", "STAND": "standard", "STAT": "legislation",
    "STD": "standard", "THES": "thesis", "UNPB": "manuscript", "WEB": "webpage",
}  # fmt: skip
# The tags of each variable; the first one that a record has counts.
FIELDS = {
    "title": "TI T1 CT", "container-title": "JO JF T2 BT JA J2", "container-title-short": "J2 JA", "volume": "VL VO",
    "issue": "IS CP", "publisher": "PB", "publisher-place": "CY PP", "edition": "ET", "collection-title": "T3",
    "ISSN": "SN", "PMCID": "C2",
}  # fmt: skip
AUTHORS = ("AU", "A1")
EDITORS = ("ED", "A2")
WITHOUT_JOURNAL = frozenset({"book", "report", "thesis", "webpage"})  # their T2 is a series or a site
DATES = ("PY", "Y1", "DA")
DOI_TAGS = ("DO", "M3", "L3", "UR", "L2", "LK")  # M3 and L3: older programs
DOI_INSIDE = re.compile(r"10\.\d{4,9}/\S")
PMCID = re.compile(r"PMC\d+")


@dataclass(slots=True)
class Record:
    """A record as written: all values by tag, in order, and the lines of its faults."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *tags: str) -> str:
        return next((value for tag in tags for value in self.values.get(tag, ()) if value), "")

    def all(self, *tags: str) -> list[str]:
        return [value for tag in tags for value in self.values.get(tag, ()) if value]


def parse_ris(file: str, text: str) -> Iterator[Entry | CorpusError]:
    for number, record in enumerate(records_of(text), 1):
        if "TY" not in record.values:
            yield Repaired(file, "a record does not say its type (TY); it is read as a document.", line=record.line)
        value = {"id": record.first("ID") or f"{PurePath(file).stem}-{number}", **ris_work(record)}
        yield Entry(file, value, lambda key, line=record.line: line)  # type: ignore[misc]


def records_of(text: str) -> Iterator[Record]:
    """Yield the records. A record ends with ER or where the next one begins; a line without a tag continues the one
    before; what comes before the first tag of a record is ignored."""
    record: Record | None = None
    last: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        tagged = TAG.match(line)
        tag = tagged[1].upper() if tagged and (tagged[1].isupper() or tagged[1].upper() in TAGS) else ""
        if tag in ("TY", "ER"):
            if record:
                yield record
            record, last = (Record(number), None) if tag == "TY" else (None, None)
        if tag and tag != "ER" and tagged:
            record = record or Record(number)
            last = record.values.setdefault(tag, [])
            last.append((tagged[2] or "").strip())
        elif last and not tag and line.strip():
            last[-1] = f"{last[-1]} {line.strip()}".strip()
    if record:
        yield record


def ris_work(record: Record) -> CSL:
    kind = TYPES.get(record.first("TY").upper(), "document")
    authors, others = people_of(record.all(*AUTHORS), person_in_ris)
    csl: CSL = {"type": kind, "author": authors, "issued": {"raw": date_in(record)}}
    csl |= {"custom": {"etAl": True}} if others else {}
    csl |= {"editor": people_of(record.all(*EDITORS), person_in_ris)[0]}
    for variable, tags in FIELDS.items():
        given = tags.split()
        if variable == "container-title" and kind in WITHOUT_JOURNAL:
            given = ["JO", "JF"]
        csl[variable] = record.first(*given)
    if kind == "book":
        csl["title"] = csl["title"] or record.first("BT")
    csl["page"] = "-".join(dict.fromkeys(record.all("SP")[:1] + record.all("EP")[:1]))
    csl["URL"] = record.first("UR", "LK", "L2")
    csl["DOI"] = next((value for value in record.all(*DOI_TAGS) if DOI_INSIDE.search(value)), "")
    csl["PMCID"] = csl["PMCID"] if PMCID.fullmatch(csl["PMCID"]) else ""
    return {name: value for name, value in csl.items() if value}


def date_in(record: Record) -> str:
    """The date as 2019/05/01, without a fourth part ("2019/05/01/epub"); that of DA if it says more of that year."""
    dates = ["/".join(part for part in value.split("/")[:3] if part.strip()) for value in record.all(*DATES)]
    if not dates:
        return ""
    year = dates[0][:4]
    return max((date for date in dates if date.startswith(year)), key=len) if year.isdigit() else dates[0]


def person_in_ris(name: str) -> dict[str, str]:
    """A CSL name. A name without a comma is an organisation, as the format says, unless it looks like a person's."""
    words = name.split()
    if "," in name or len(words) < 2 or (len(words) == 2 or any(len(word.strip(".")) == 1 for word in words)):
        return person_of(name)
    return {"literal": name}
