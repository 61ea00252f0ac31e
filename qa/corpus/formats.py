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
WORD = re.compile(r"\S")


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
        raise CorpusError(
            file,
            f"is not valid JSON at column {error.colno}: a quote, comma or bracket is missing or too many. Correct it.",
            line=line + error.lineno,
        ) from None


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


def read_records(file: str, data: bytes) -> list[Entry]:
    """A JSON file that is a list of entries, in order."""
    text = decode(file, data)
    values = parse_json(file, text)
    if not isinstance(values, list):
        raise CorpusError(file, "must be a list of entries: [ {…}, {…} ].", line=1)
    return [an_object(file, value, partial(json_line, text, index)) for index, value in enumerate(values)]


def read_lines(file: str, data: bytes) -> list[Entry]:
    """A JSON Lines file: one entry a line, in order; empty lines do not count."""
    lines = enumerate(decode(file, data).split("\n"))
    return [
        an_object(file, parse_json(file, line, number), partial(same_line, number + 1))
        for number, line in lines
        if line.strip()
    ]


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


def json_line(text: str, index: int, key: str | None) -> int | None:
    """The line, from 1, of the entry with that index in a list, or of its key where it has that key."""
    depth = item = 0
    start: int | None = None
    for token in JSON_TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}")
        item += mark == "," and depth == 1
        if start is None and depth == 1 and item == index:
            first = WORD.search(text, token.end())
            start = first.start() if first else None
        if key and depth == 2 and item == index and is_key(token, text, key):
            return text.count("\n", 0, token.start()) + 1
    return None if start is None else text.count("\n", 0, start) + 1


def is_key(token: re.Match[str], text: str, key: str) -> bool:
    return bool(COLON.match(text, token.end())) and json.loads(token[0]) == key
