"""Works in BibTeX and biblatex files, as CSL-JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath

from qa.corpus.bibtex_syntax import MONTH_MACROS, BibtexEntry, bibtex_entries
from qa.corpus.entries import Entry, quoted
from qa.corpus.latex import without_escapes, without_latex
from qa.corpus.persons import names_in_bibtex, people_of, person_of
from qa.errors import CorpusError
from qa.models import CSL
from qa.text.characters import is_balanced

TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "collection": "book", "booklet": "pamphlet",
    "inbook": "chapter", "incollection": "chapter", "suppbook": "chapter", "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference", "conference": "paper-conference", "proceedings": "book", "phdthesis": "thesis",
    "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report", "report": "report", "manual": "report",
    "online": "webpage", "electronic": "webpage", "www": "webpage", "unpublished": "manuscript", "patent": "patent",
    "legislation": "legislation", "dataset": "dataset", "software": "software", "standard": "standard",
    "newspaper": "article-newspaper", "periodical": "periodical",
}  # fmt: skip
FIELDS = {
    "title": "title", "journal": "container-title", "journaltitle": "container-title", "booktitle": "container-title",
    "shortjournal": "container-title-short", "volume": "volume", "number": "issue", "issue": "issue", "pages": "page",
    "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "pmc": "PMCID", "url": "URL", "publisher": "publisher",
    "institution": "publisher", "school": "publisher", "organization": "publisher", "address": "publisher-place",
    "location": "publisher-place", "edition": "edition", "series": "collection-title", "isbn": "ISBN", "issn": "ISSN",
    "note": "note",
}  # fmt: skip
PEOPLE = {"author": "author", "editor": "editor", "translator": "translator"}
FOR_PROGRAMS = frozenset({"doi", "url", "pmid", "pmcid", "pmc"})
NUMBERED = frozenset({"report", "patent", "standard"})  # "number" is theirs, not that of an issue
ADDRESS = re.compile(r"\\url\{([^{}]+)\}|^(https?://\S+)$")
MONTH_NUMBER = {name: number for number, name in enumerate(MONTH_MACROS, 1)}


def parse_bibtex(file: str, text: str) -> Iterator[Entry | CorpusError]:
    read = list(bibtex_entries(file, text))
    entries = {entry.key.casefold(): entry for entry in reversed(read) if isinstance(entry, BibtexEntry)}
    for number, entry in enumerate(read, 1):
        if isinstance(entry, CorpusError):
            yield entry
            continue
        try:
            fields = with_inherited(entry, entries)
            value = {"id": entry.key or f"{PurePath(file).stem}-{number}", **bibtex_work(entry.kind, fields)}
        except Exception:  # pylatexenc documents no exceptions and raises many, some from deep nesting
            message = f"the LaTeX in entry {quoted(entry.key)} cannot be read. Simplify it."
            yield CorpusError(file, message, line=entry.line)
        else:
            yield Entry(file, value, lambda key, line=entry.line: line)  # type: ignore[misc]


def with_inherited(entry: BibtexEntry, entries: Mapping[str, BibtexEntry]) -> dict[str, str]:
    """The fields of an entry with those that it takes from another one (`crossref`), whose title names the book."""
    parent = entries.get(entry.fields.get("crossref", "").strip().casefold())
    if parent is None or parent is entry:
        return dict(entry.fields)
    taken = {"booktitle" if name == "title" else name: value for name, value in parent.fields.items()}
    return {**taken, **entry.fields}


def bibtex_work(type_written: str, fields: dict[str, str]) -> CSL:
    kind = TYPES.get(type_written, "document")
    if "url" not in fields and (address := ADDRESS.search(fields.get("howpublished", ""))):
        fields["url"] = address[1] or address[2]
    if fields.get("eprinttype", "").casefold() == "pmid":
        fields.setdefault("pmid", fields.get("eprint", ""))
    csl: CSL = {"type": kind, "issued": {"raw": date_of(fields)}}
    for name, variable in FIELDS.items():
        written = fields.get(name, "")
        value = (without_escapes(written) if name in FOR_PROGRAMS else without_latex(written)).strip()
        if value:
            csl.setdefault("number" if variable == "issue" and kind in NUMBERED else variable, value)
    for name, variable in PEOPLE.items():
        people, others = people_of(names_in_bibtex(fields.get(name, "")), person_in_bibtex)
        csl |= {variable: people} if people else {}
        csl |= {"custom": {"etAl": True}} if others and name == "author" else {}
    return csl


def date_of(fields: dict[str, str]) -> str:
    """The date: that of biblatex, of which a range has its beginning, or else year and month."""
    if date := without_latex(fields.get("date", "")).partition("/")[0].strip():
        return date
    year = without_latex(fields.get("year", "")).strip()
    month = without_latex(fields.get("month", "")).strip().casefold()
    number = MONTH_NUMBER.get(month[:3]) or (int(month) if re.fullmatch(r"0?[1-9]|1[0-2]", month) else None)
    return f"{year}-{number:02}" if number and re.fullmatch(r"\d{4}", year) else year


def person_in_bibtex(name: str) -> dict[str, str]:
    """A CSL name; a name in braces is an organisation, kept whole."""
    name = name.strip()
    if name.startswith("{") and name.endswith("}") and is_balanced(name[1:-1]):
        return {"literal": words} if (words := without_latex(name[1:-1]).strip()) else {}
    return person_of(without_latex(name))
