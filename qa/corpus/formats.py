"""Parse TOML, JSON and JSON Lines into entries that know their own line and the lines of their keys."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

import orjson

from qa.corpus.entries import Entry, quoted
from qa.corpus.faults import Faults
from qa.errors import CorpusError

AT_LINE = re.compile(r"\(at line (\d+)")
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]')
COLON = re.compile(r"\s*:")
BLANKS = re.compile(r"[ \t\r\n]*")
# An integer with too many digits becomes a float, which the check of the entry then refuses.
JSON = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 19 else float(digits))


def decode(file: str, data: bytes) -> str:
    """The text, without a byte order mark and with `\\n` for `\\r\\n`. Raises CorpusError."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(file, "is not valid UTF-8. Save the file as UTF-8.", line=line) from None


def parse_toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        message = f"is not valid TOML: {str(error).split(' (at ')[0]}. Correct this line or the one above."
        raise CorpusError(file, message, line=line) from None


def parse_json(file: str, text: str, line: int = 0) -> Any:
    """Parse one JSON value; `line` is the number of lines in the file before it. Raises CorpusError."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise not_json(file, line + error.lineno, error.colno) from None


def not_json(file: str, line: int, column: int) -> CorpusError:
    message = f"is not valid JSON at column {column}: check for a missing or extra quote, comma or bracket."
    return CorpusError(file, message, line=line)


def read_table(file: str, data: bytes) -> Entry:
    """Read a TOML file of top-level keys as one entry."""
    text = decode(file, data)
    lines = text.split("\n")
    return Entry(file, parse_toml(file, text), lambda key: toml_key_line(lines, key) if key else 1)


def read_tables(file: str, data: bytes, table: str) -> list[Entry]:
    """Read a TOML file whose entries each start with `[[table]]`, in order."""
    text = decode(file, data)
    lines = text.split("\n")
    top = Entry(file, parse_toml(file, text), lambda key: toml_key_line(lines, key) if key else 1)
    for key in top.value:
        if key != table:
            raise top.fault(f"{quoted(key)} is outside an entry. Entries of this file start with [[{table}]].", key)
    values = top.value.get(table, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise top.fault(f"{quoted(table)} must be a list of entries, each starting with [[{table}]].", table)
    return [Entry(file, value, partial(toml_line, text, table, index)) for index, value in enumerate(values)]


def read_records(file: str, text: str) -> list[Entry | CorpusError]:
    """The entries of a JSON list, in order, each replaced by its fault if it is not an object."""
    items: list[Entry | CorpusError] = []
    counted, lines = 0, 1
    for value, start, end in values_of(file, text):
        counted, lines = start, lines + text.count("\n", counted, start)
        try:
            items.append(as_entry(file, value, partial(json_line, text[start:end], lines)))
        except CorpusError as error:
            items.append(error)
    return items


def values_of(file: str, text: str) -> Iterator[tuple[Any, int, int]]:
    """The values of a JSON list, each with its start and end offset. Raises CorpusError."""
    at = after_blanks(text, 0)
    if text[at : at + 1] not in ("", "["):
        parse_json(file, text)  # reports a syntax error first
        raise CorpusError(file, "must be a list of entries: [ {…}, {…} ].", line=1)
    try:
        if text[at : at + 1] != "[":
            raise json.JSONDecodeError("no list", text, at)
        at = after_blanks(text, at + 1)
        while text[at : at + 1] != "]":
            value, end = JSON.raw_decode(text, at)
            yield value, at, end
            at = after_blanks(text, end)
            if text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                raise json.JSONDecodeError("no comma", text, at)
            at = after_blanks(text, at + 1)
        if (at := after_blanks(text, at + 1)) < len(text):
            raise json.JSONDecodeError("more than a list", text, at)
    except json.JSONDecodeError as error:
        raise not_json(file, error.lineno, error.colno) from None
    except RecursionError:
        line = text.count("\n", 0, at) + 1
        raise CorpusError(file, "is nested too deeply. Export it again.", line=line) from None


def read_json_lines(file: str, data: bytes, faults: Faults) -> list[Entry]:
    """Read a JSON Lines file: one entry per line, in order; empty lines are ignored."""
    text, entries = "", []
    with faults.collected():
        text = decode(file, data)
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            with faults.collected():
                entries.append(as_entry(file, parse_json(file, line, number), partial(same_line, number + 1)))
    return entries


def after_blanks(text: str, at: int) -> int:
    return BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it matches everywhere


def as_entry(file: str, value: object, line_of: Callable[[str | None], int | None]) -> Entry:
    if not isinstance(value, dict):
        raise CorpusError(file, 'an entry must be an object: { "key": value }.', line=line_of(None))
    return Entry(file, value, line_of)


# --- lines of entries and keys -----------------------------------------------------------------------


def same_line(line: int, key: str | None) -> int:
    return line


def toml_line(text: str, table: str, index: int, key: str | None) -> int | None:
    chunks = toml_chunks(text, table)
    if index >= len(chunks):  # written inline: `table = [{…}]`
        return toml_key_line(text.split("\n"), table)
    start, lines = chunks[index]
    found = toml_key_line(lines[1:], key) if key else None  # below the header, which may have the name of a key
    return start + 1 + (found or 0)


@lru_cache(maxsize=2)
def toml_chunks(text: str, table: str) -> list[tuple[int, list[str]]]:
    """For each entry, the number of lines before it, and its lines.

    A line that looks like a header may be inside a multi-line string; the lines before it then do not parse.
    """
    header = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(table)}[\"']?\s*\]\]")
    lines = text.split("\n")
    chunks: list[tuple[int, list[str]]] = []
    starts = [number for number, line in enumerate(lines) if header.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        if chunks and not parses(chunks[-1][1]):
            chunks[-1][1].extend(lines[start:end])
        else:
            chunks.append((start, lines[start:end]))
    return chunks


def parses(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except ValueError:
        return False
    return True


def toml_key_line(lines: list[str], key: str | None) -> int | None:
    """The line, counted from 1, where a key is set or its table starts; multi-line strings are ignored."""
    pattern = re.compile(rf"\s*(?:\[+\s*(?:[\w-]+\s*\.\s*)?)?[\"']?{re.escape(key or '')}[\"']?\s*[=.\]]")
    hits: Iterator[int] = (number for number, line in enumerate(lines) if pattern.match(line))
    return next((number + 1 for number in hits if parses(lines[:number])), None)


def json_line(text: str, line: int, key: str | None) -> int:
    """The line of a key in an entry that starts on `line`; `line` itself if the entry does not have the key."""
    depth = 0
    for token in JSON_TOKEN.finditer(text if key else ""):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth == 1 and is_key(token, text, key or ""):
            return line + text.count("\n", 0, token.start())
    return line


def is_key(token: re.Match[str], text: str, key: str) -> bool:
    return bool(COLON.match(text, token.end())) and json.loads(token[0]) == key
