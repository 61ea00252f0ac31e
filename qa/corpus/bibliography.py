"""Read bibliography files in BibTeX, RIS and CSL-JSON, one parser per suffix.

A parser yields each entry as CSL-JSON, or the fault of an entry that it could not read; works.py validates them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock
from bibtexparser.model import Entry as BibtexEntry
from pylatexenc.latex2text import LatexNodes2Text

from qa.corpus.entries import Entry, quoted
from qa.corpus.formats import decode, read_records
from qa.corpus.works import Works, collect_works, read_exported
from qa.errors import CorpusError
from qa.models import CSL
from qa.text.characters import is_balanced

# BibTeX and RIS names to CSL types and variables.
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

Items = Iterator[Entry | CorpusError]

# These libraries log unreadable input verbatim, over several lines; we report it in one line with its location.
for library in ("bibtexparser", "pylatexenc"):
    logging.getLogger(library).setLevel(logging.CRITICAL + 1)


def read_bibliography(file: str, data: bytes) -> Works:
    """Read a bibliography file with the parser for its suffix. Raises CorpusError if no entry can be read."""
    parser = PARSERS.get(PurePath(file).suffix.lower())
    if parser is None:
        message = f"is not a supported bibliography format. Export it as one of {', '.join(PARSERS)}."
        raise CorpusError(file, message)
    text = decode(file, data).replace("\r", "\n")
    works = collect_works(parser(file, text) if text.strip() else (), read_exported)
    if not (works.references or works.left_out or text.strip() in ("", "[]")):
        raise CorpusError(file, "has no entries. Does the format match the file's suffix? Export it again.")
    return works


def parse_bibtex(file: str, text: str) -> Items:
    for entry in bibtex_entries(file, parse_library(file, text)):
        if isinstance(entry, CorpusError):
            yield entry
            continue
        line = (entry.start_line or 0) + 1
        try:
            yield Entry(file, bibtex_work(entry), lambda key, line=line: line)  # type: ignore[misc]
        except Exception:  # pylatexenc documents no exceptions and raises many, some from deep nesting
            message = f"the LaTeX in entry {quoted(entry.key)} cannot be read. Simplify it."
            yield CorpusError(file, message, line=line)


def parse_library(file: str, text: str) -> Library:
    try:
        return parse_string(text)
    except Exception as error:  # bibtexparser documents no exceptions; deep nesting raises RecursionError
        message = f"cannot be read as BibTeX ({type(error).__name__}). Export it again."
        raise CorpusError(file, message) from None


def bibtex_entries(file: str, library: Library) -> Iterator[BibtexEntry | CorpusError]:
    """The entries in order, or the fault of what is not an entry. Duplicate entries are kept; of duplicate fields, the
    first one counts."""
    for block in library.blocks:
        inner = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock | DuplicateBlockKeyBlock) else None
        if isinstance(inner, BibtexEntry):
            for field in inner.fields:
                field.value = unwrapped(str(field.value))
            yield inner
        elif isinstance(block, BibtexEntry):
            yield block
        elif block in library.failed_blocks:
            line = None if block.start_line is None else block.start_line + 1
            message = "an entry is not valid BibTeX: there is a missing or extra brace, quote or comma. Correct it."
            yield CorpusError(file, message, line=line)


def bibtex_work(entry: BibtexEntry) -> CSL:
    fields: dict[str, str] = {}
    for field in entry.fields:
        fields.setdefault(field.key.lower(), str(field.value))
    people = re.split(r"\s+and\s+", fields.get("author", ""))
    year = without_latex(fields.get("year", fields.get("date", "")))
    written = {
        key: without_escapes(value) if key in FOR_PROGRAMS else without_latex(value) for key, value in fields.items()
    }
    return {"id": entry.key} | work(
        BIBTEX_TYPES.get(entry.entry_type, "document"), written, BIBTEX_FIELDS, people, year
    )


def parse_ris(file: str, text: str) -> Items:
    """Parse each record, from one TY line to the next, because the last ER line is often missing."""
    starts = [match.start() for match in re.finditer(r"^TY  -", text, re.MULTILINE)]
    line, counted = 1, 0
    for number, (start, end) in enumerate(zip(starts, [*starts, len(text)][1:], strict=True), start=1):
        line, counted = line + text.count("\n", counted, start), start
        try:
            (record,) = rispy.loads(f"{text[start:end]}\nER  - \n")[:1]
            value = ris_work(record, f"{PurePath(file).stem}-{number}")
        except Exception:  # rispy documents no exceptions and raises many
            yield CorpusError(file, "a record is not valid RIS. Correct it, or export it again.", line=line)
        else:
            yield Entry(file, value, lambda key, line=line: line)  # type: ignore[misc]


def ris_work(record: Mapping[str, Any], name: str) -> CSL:
    people = record.get("authors") or record.get("first_authors") or []
    year = str(record.get("year") or record.get("publication_year") or "")
    kind = RIS_TYPES.get(record.get("type_of_reference", ""), "document")
    csl = {"id": str(record.get("id") or record.get("reference_id") or name)}
    csl |= work(kind, record, RIS_FIELDS, people, year)
    pages = [str(record[key]) for key in ("start_page", "end_page") if record.get(key)]
    urls = record.get("urls") or []
    return csl | ({"page": "-".join(pages)} if pages else {}) | ({"URL": urls[0]} if urls else {})


def parse_csl_json(file: str, text: str) -> Items:
    yield from read_records(file, text)


PARSERS: dict[str, Callable[[str, str], Items]] = {".bib": parse_bibtex, ".ris": parse_ris, ".json": parse_csl_json}


def work(kind: str, fields: Mapping[str, Any], names: Mapping[str, str], people: Iterable[str], year: str) -> CSL:
    csl: CSL = {"type": kind, "author": [csl_person(name) for name in people if name.strip()], "issued": {"raw": year}}
    for key, variable in names.items():
        if value := str(fields.get(key) or "").strip():
            csl.setdefault(variable, value)
    return csl


# --- text in BibTeX ------------------------------------------------------------------------------------

MARKUP = re.compile(r"[\\$]")
TO_TEXT = LatexNodes2Text()
FOR_PROGRAMS = frozenset({"doi", "url", "pmid"})
# How TeX prints plain characters; pylatexenc does the same, but a hundred times slower.
LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "))


@lru_cache(maxsize=1 << 12)  # names and journals recur
def without_latex(latex: str) -> str:
    """The text as TeX would print it."""
    if MARKUP.search(latex):
        latex = str(TO_TEXT.latex_to_text(latex))
    else:
        for written, printed in LIGATURES:
            latex = latex.replace(written, printed)
    return re.sub(r"[{}]", "", latex)


def without_escapes(value: str) -> str:
    """An identifier or URL without its TeX escapes; these fields have no other markup."""
    return re.sub(r"\\([&%$#_{}~])|[{}]", lambda found: found[1] or "", value)


def unwrapped(value: str) -> str:
    """The value without enclosing braces or quotes, which the parser leaves in duplicate entries and fields."""
    value = value.strip()
    inner = value[1:-1]
    if (value[:1], value[-1:]) == ('"', '"') or (f"{value[:1]}{value[-1:]}" == "{}" and is_balanced(inner)):
        return inner
    return value


def csl_person(name: str) -> dict[str, str]:
    """A CSL name from 'Grabski, Meryem' or 'Meryem Grabski'; a name in braces is an organisation, kept whole."""
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return {"literal": without_latex(name.strip("{}"))}
    name = without_latex(name)
    family, _, given = name.partition(",")
    if not given and " " in family:
        given, family = family.rsplit(" ", 1)
    return {key: value.strip() for key, value in (("family", family), ("given", given)) if value.strip()}
