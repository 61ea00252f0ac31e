"""Bibliography files beside the documents: BibTeX, RIS and CSL-JSON, one row per suffix."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from qa.citations.identifiers import find_identifiers, identifier_fields
from qa.citations.parsing import DASH
from qa.errors import CorpusError
from qa.models import CSL, Reference

# CSL types and variables by their BibTeX and RIS names.
BIBTEX_TYPES = {
    "article": "article-journal", "book": "book", "inbook": "chapter", "incollection": "chapter",
    "inproceedings": "paper-conference", "conference": "paper-conference", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "online": "webpage",
    "legislation": "legislation",
}  # fmt: skip
RIS_TYPES = {
    "JOUR": "article-journal", "BOOK": "book", "CHAP": "chapter", "CONF": "paper-conference", "CPAPER":
    "paper-conference", "THES": "thesis", "RPRT": "report", "ELEC": "webpage", "WEB": "webpage", "STAT": "legislation",
}  # fmt: skip
BIBTEX_FIELDS = {
    "title": "title", "journal": "container-title", "journaltitle": "container-title", "booktitle": "container-title",
    "volume": "volume", "number": "issue", "pages": "page", "doi": "DOI", "pmid": "PMID", "url": "URL",
    "publisher": "publisher", "institution": "publisher", "address": "publisher-place", "note": "note",
}  # fmt: skip
RIS_FIELDS = {
    "title": "title", "primary_title": "title", "journal_name": "container-title", "secondary_title":
    "container-title", "alternate_title3": "container-title", "volume": "volume", "number": "issue", "doi": "DOI",
    "publisher": "publisher", "place_published": "publisher-place",
}  # fmt: skip


def read_bibliography(name: str, text: str) -> dict[str, Reference]:
    """References of a bibliography file, by id (the citation key). Raises CorpusError."""
    parser = PARSERS.get(PurePath(name).suffix.lower())
    if parser is None:
        raise CorpusError(name, f"not a bibliography; known are {', '.join(PARSERS)}")
    references: dict[str, Reference] = {}
    for key, csl in parser(name, text):
        if key in references:
            raise CorpusError(name, f"the key '{key}' stands for two works")
        references[key] = Reference(key, {"id": key} | csl)
    if text.strip() and not references and not text.strip().startswith("["):
        raise CorpusError(name, "no entry found; is this the format that the suffix says?")
    return references


def parse_bibtex(name: str, text: str) -> Iterator[tuple[str, CSL]]:
    library = parse_string(text)
    if library.failed_blocks:
        line = library.failed_blocks[0].start_line
        raise CorpusError(name, "an entry that is not BibTeX", line=None if line is None else line + 1)
    for entry in library.entries:
        fields = {field.key.lower(): str(field.value) for field in entry.fields}
        fields = {key: value if key == "author" else plain(value) for key, value in fields.items()}
        people = re.split(r"\s+and\s+", fields.get("author", ""))
        year = fields.get("year", fields.get("date", ""))
        yield entry.key, tidy(BIBTEX_TYPES.get(entry.entry_type, "document"), fields, BIBTEX_FIELDS, people, year)


def parse_ris(name: str, text: str) -> Iterator[tuple[str, CSL]]:
    try:
        entries = rispy.loads(text.lstrip("\ufeff"))
    except (OSError, ValueError) as error:
        raise CorpusError(name, f"not RIS: {error}") from None
    for number, entry in enumerate(entries, start=1):
        people = entry.get("authors") or entry.get("first_authors") or []
        year = str(entry.get("year") or entry.get("publication_year") or "")
        csl = tidy(RIS_TYPES.get(entry.get("type_of_reference", ""), "document"), entry, RIS_FIELDS, people, year)
        if first := entry.get("start_page"):
            csl["page"] = "-".join(filter(None, (first, entry.get("end_page"))))
        if urls := entry.get("urls"):
            csl["URL"] = urls[0]
        yield str(entry.get("id") or entry.get("reference_id") or f"{PurePath(name).stem}-{number}"), csl


def parse_csl_json(name: str, text: str) -> Iterator[tuple[str, CSL]]:
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        raise CorpusError(name, f"not JSON: {error.msg}", line=error.lineno) from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in entries):
        raise CorpusError(name, "CSL-JSON is a list of works, each with an 'id'")
    return ((str(entry["id"]), entry) for entry in entries)


PARSERS: dict[str, Callable[[str, str], Iterator[tuple[str, CSL]]]] = {
    ".bib": parse_bibtex,
    ".ris": parse_ris,
    ".json": parse_csl_json,
}


def tidy(kind: str, fields: Mapping[str, Any], names: Mapping[str, str], people: Iterable[str], year: str) -> CSL:
    csl: CSL = {"type": kind}
    for key, variable in names.items():
        if value := str(fields.get(key) or "").strip():
            csl.setdefault(variable, re.sub(r"[{}]", "", value))
    if authors := [person(name) for name in people if name.strip()]:
        csl["author"] = authors
    if match := re.search(r"\d{4}", year):
        csl["issued"] = {"date-parts": [[int(match[0])]]}
    if "page" in csl:
        csl["page"] = re.sub(rf"\s*(?:{DASH})+\s*", "-", csl["page"])
    if "DOI" in csl:
        csl |= identifier_fields(find_identifiers(csl["DOI"]))
    return csl


def plain(latex: str) -> str:
    return str(LatexNodes2Text().latex_to_text(latex))


def person(name: str) -> dict[str, str]:
    """'Grabski, Meryem' or 'Meryem Grabski'; what is in braces is a body, whole."""
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return {"literal": plain(name.strip("{}"))}
    name = plain(name) if "\\" in name else name
    family, _, given = name.partition(",")
    if not given and " " in family:
        given, family = family.rsplit(" ", 1)
    return {key: value.strip() for key, value in (("family", family), ("given", given)) if value.strip()}
