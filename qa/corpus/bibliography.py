"""Read bibliography files in BibTeX, RIS and CSL-JSON, one parser per suffix.

A parser yields each entry as CSL-JSON, or the fault of an entry that it could not read; works.py validates them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import PurePath

from qa.corpus.bibtex import parse_bibtex
from qa.corpus.entries import Entry
from qa.corpus.formats import read_records
from qa.corpus.ris import parse_ris
from qa.corpus.works import Works, collect_works, read_exported
from qa.errors import CorpusError, Repaired

BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SAID_ENCODING = re.compile(rb"%\s*Encoding:\s*([\w-]+)")  # as JabRef writes it
Parser = Callable[[str, str], Iterator[Entry | CorpusError]]


def parse_csl_json(file: str, text: str) -> Iterator[Entry | CorpusError]:
    yield from read_records(file, text)


PARSERS: dict[str, Parser] = {".bib": parse_bibtex, ".ris": parse_ris, ".json": parse_csl_json}


def read_bibliography(file: str, data: bytes) -> Works:
    """Read a bibliography file with the parser for its suffix. Raises CorpusError if no entry can be read."""
    parser = PARSERS.get(PurePath(file).suffix.lower())
    if parser is None:
        message = f"is not a supported bibliography format. Export it as one of {', '.join(PARSERS)}."
        raise CorpusError(file, message)
    text, repaired = decode_exported(file, data)
    works = collect_works(items_of(parser, file, text, repaired), read_exported)
    if not (works.references or works.left_out or text.strip() in ("", "[]")):
        raise CorpusError(file, "has no entries. Does the format match the file's suffix? Export it again.")
    return works


def items_of(parser: Parser, file: str, text: str, repaired: list[Repaired]) -> Iterator[Entry | CorpusError]:
    yield from repaired
    if text.strip():
        yield from parser(file, text)


def decode_exported(file: str, data: bytes) -> tuple[str, list[Repaired]]:
    """The text with `\\n` as line ends, and what to say if it is not UTF-8: programs that write these files use other
    encodings too. Raises CorpusError if it is no text."""
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    repaired = []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8" or b"\0" in data:
            raise CorpusError(file, "is not valid UTF-8. Save the file as UTF-8.", line=line) from None
        text, named = decode_older(data)
        advice = "Look whether accents are right; if not, export it as UTF-8"
        repaired = [Repaired(file, f"is not UTF-8 and is read as {named}. {advice}.", line=line)]
    return text.replace("\r\n", "\n").replace("\r", "\n"), repaired


def decode_older(data: bytes) -> tuple[str, str]:
    """The text in the encoding that the file names, else in that of Western Europe, and the name of the encoding."""
    said = SAID_ENCODING.search(data[:1000])
    for name in ([said[1].decode()] if said else []) + ["windows-1252"]:
        try:
            return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1"), "ISO 8859-1"
