"""TOML, JSON and JSON Lines to entries, each of which can tell the line that it, or one of its keys, stands on."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

import orjson

from qa.corpus.entries import Entry, quoted
from qa.errors import CorpusError

AT_LINE = re.compile(r"\(at line (\d+)")
JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]')
COLON = re.compile(r"\s*:")
BLANKS = re.compile(r"[ \t\r\n]*")
# A whole number of more digits than fit is a float: whoever reads the entry sees that it is too large.
JSON = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < 19 else float(digits))


def decode(file: str, data: bytes) -> str:
    """The text, with every line ended alike."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(file, "is not UTF-8 here. Save the file as UTF-8.", line=line) from None


def parse_toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = AT_LINE.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        message = f"is not valid TOML: {str(error).split(' (at ')[0]}. Correct this line or the one above."
        raise CorpusError(file, message, line=line) from None


def parse_json(file: str, text: str, line: int = 0) -> Any:
    """`line` is how many lines of the file stand before the text."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise not_json(file, line + error.lineno, error.colno) from None


def not_json(file: str, line: int, column: int) -> CorpusError:
    message = f"is not valid JSON at column {column}: a quote, comma or bracket is missing or too many. Correct it."
    return CorpusError(file, message, line=line)


def read_table(file: str, data: bytes) -> Entry:
    """A TOML file that is one entry: keys at its top."""
    text = decode(file, data)
    lines = text.split("\n")
    return Entry(file, parse_toml(file, text), lambda key: toml_key_line(lines, key) if key else 1)


def read_tables(file: str, data: bytes, table: str) -> list[Entry]:
    """A TOML file of entries that each begin with `[[table]]`, in order."""
    text = decode(file, data)
    lines = text.split("\n")
    top = Entry(file, parse_toml(file, text), lambda key: toml_key_line(lines, key) if key else 1)
    for key in top.value:
        if key != table:
            raise top.fault(f"{quoted(key)} stands outside an entry. Entries of this file begin with [[{table}]].", key)
    values = top.value.get(table, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise top.fault(f"{quoted(table)} must be a list of entries, each beginning with [[{table}]].", table)
    return [Entry(file, value, partial(toml_line, text, table, index)) for index, value in enumerate(values)]


def read_records(file: str, text: str) -> list[Entry | CorpusError]:
    """The entries of a JSON file that is a list of them, in order, or the fault of what is no entry."""
    items: list[Entry | CorpusError] = []
    counted, lines = 0, 1
    for value, start, end in values_of(file, text):
        counted, lines = start, lines + text.count("\n", counted, start)
        try:
            items.append(an_object(file, value, partial(json_line, text[start:end], lines)))
        except CorpusError as error:
            items.append(error)
    return items


def values_of(file: str, text: str) -> Iterator[tuple[Any, int, int]]:
    """The values of a list in JSON, each with where it begins and ends."""
    at = after_blanks(text, 0)
    if text[at : at + 1] not in ("", "["):
        parse_json(file, text)  # a fault in the form is told first
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
        raise CorpusError(file, "is nested too deeply to be read. Export it again.", line=line) from None


def read_json_lines(file: str, data: bytes) -> list[Entry]:
    """A JSON Lines file: one entry a line, in order; empty lines do not count."""
    lines = enumerate(decode(file, data).split("\n"))
    return [
        an_object(file, parse_json(file, line, number), partial(same_line, number + 1))
        for number, line in lines
        if line.strip()
    ]


def after_blanks(text: str, at: int) -> int:
    return BLANKS.match(text, at).end()  # type: ignore[union-attr]  # it matches everywhere


def an_object(file: str, value: object, place: Callable[[str | None], int | None]) -> Entry:
    if not isinstance(value, dict):
        raise CorpusError(file, 'an entry must be keys with values: { "key": value }.', line=place(None))
    return Entry(file, value, place)


# --- where an entry stands ---------------------------------------------------------------------------


def same_line(line: int, key: str | None) -> int:
    return line


def toml_line(text: str, table: str, index: int, key: str | None) -> int | None:
    chunks = toml_chunks(text, table)
    if index >= len(chunks):  # written in line, as `table = [{…}]`
        return toml_key_line(text.split("\n"), table)
    start, lines = chunks[index]
    return start + ((toml_key_line(lines, key) if key else None) or 1)


@lru_cache(maxsize=2)
def toml_chunks(text: str, table: str) -> list[tuple[int, list[str]]]:
    """The lines of each entry and how many lines stand before it.

    What looks like a header may stand within a text of several lines; then what precedes it does not parse.
    """
    header = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(table)}[\"']?\s*\]\]")
    lines = text.split("\n")
    chunks: list[tuple[int, list[str]]] = []
    starts = [number for number, line in enumerate(lines) if header.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
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
    """The line, from 1, on which a key is set or its table opened, and not one within a text of several lines."""
    pattern = re.compile(rf"\s*(?:\[+\s*(?:[\w-]+\s*\.\s*)?)?[\"']?{re.escape(key or '')}[\"']?\s*[=.\]]")
    hits: Iterator[int] = (number for number, line in enumerate(lines) if pattern.match(line))
    return next((number + 1 for number in hits if parses(lines[:number])), None)


def json_line(text: str, line: int, key: str | None) -> int:
    """The line of an entry, which begins on this line, or of its key where it has that key."""
    depth = 0
    for token in JSON_TOKEN.finditer(text if key else ""):
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth == 1 and is_key(token, text, key or ""):
            return line + text.count("\n", 0, token.start())
    return line


def is_key(token: re.Match[str], text: str, key: str) -> bool:
    return bool(COLON.match(text, token.end())) and json.loads(token[0]) == key
