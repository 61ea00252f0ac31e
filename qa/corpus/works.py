"""Normalise works from any file to CSL-JSON in one form, or skip them.

In that form, text is on one line without control characters; numbers in text fields (`"page": 12`) are text; a date has
year, month and day as integers, as far as known, or words ("in press"); page ranges use "-"; and a DOI has no URL
prefix. Every work goes through this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from qa.corpus.csl import CSL_TYPES, SHAPES, Custom, Date, Name
from qa.corpus.dois import clean_doi, doi_in_address
from qa.corpus.entries import Entry, check_date, did_you_mean, quoted
from qa.errors import CorpusError, Repaired
from qa.models import Reference
from qa.text.characters import one_line

KNOWN_TYPES = frozenset(CSL_TYPES.split())
KEY_PATTERN = re.compile(r"\S{1,300}")  # ids of works as found in bibliographies
SURROGATE = re.compile(r"[\ud800-\udfff]")
DASHES = re.compile(r"\s*[-–—‐‑−]+\s*")
DAY_PATTERN = re.compile(r"(?<!\d)(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?(?!\d)")
LAST_YEAR = 9999
LARGEST = (LAST_YEAR, 24, 31)  # year, month and day; months above 12 are seasons
EXACT = 1e15  # larger numbers in JSON lose digits


@dataclass(frozen=True, slots=True)
class Works:
    """The works of a file, the faults and ids of the entries that were skipped (`left_out`), the faults that were
    `repaired`, and the lines of works by id."""

    references: tuple[Reference, ...] = ()
    left_out: tuple[CorpusError, ...] = ()
    left_out_ids: frozenset[str] = frozenset()
    lines: Mapping[str, Callable[[], int | None]] = field(default_factory=dict)
    repaired: tuple[Repaired, ...] = ()


def collect_works(items: Iterable[Entry | CorpusError], read: Callable[[Entry], Reference]) -> Works:
    """Read the entries, in order. A faulty entry, or one whose id is taken, is skipped and its fault recorded; an exact
    duplicate is ignored."""
    first: dict[str, tuple[Entry, Reference]] = {}
    left_out: list[CorpusError] = []
    left_out_ids: set[str] = set()
    repaired: list[Repaired] = []
    for item in items:
        if isinstance(item, Repaired):
            repaired.append(item)
            continue
        try:
            if isinstance(item, CorpusError):
                raise item
            reference = read(item)
            entry, same = first.setdefault(reference.id, (item, reference))
            if same != reference:
                advice = f"first on line {entry.line_of('id')}. Change or remove one"
                raise item.fault(f"id {quoted(reference.id)} occurs twice, {advice}.", "id")
        except Exception as error:
            fault = error.with_traceback(None) if isinstance(error, CorpusError) else unexpected_fault(item, error)
            left_out += [fault, *fault.others]
            left_out_ids |= {str(item.value.get("id"))} if isinstance(item, Entry) else set()
    return Works(
        references=tuple(reference for _, reference in first.values()),
        left_out=tuple(left_out),
        left_out_ids=frozenset(left_out_ids - first.keys()),
        lines={id: partial(entry.line_of, "id") for id, (entry, _) in first.items()},
        repaired=tuple(repaired),
    )


def unexpected_fault(item: Entry | CorpusError, error: Exception) -> CorpusError:
    """The fault of an entry that is nested too deeply, or that triggers a bug in this program."""
    message = f"cannot be read because of a bug in this program ({type(error).__name__}). Please report this line."
    if isinstance(error, RecursionError):
        message = "is nested too deeply. Simplify the entry."
    return CorpusError(item.file, message, line=item.line_of(None) if isinstance(item, Entry) else item.line)


def read_owner_work(entry: Entry) -> Reference:
    """Read a work written by the owner: unknown keys are faults, and `certainty` may name only fields that the work
    has. Raises CorpusError."""
    entry.only_keys(SHAPES)
    for key in ("id", "type"):
        if key not in entry.value:
            raise entry.fault(f"{quoted(key)} is missing. Add it.")
    kind = entry.value["type"]
    if isinstance(kind, str) and kind not in KNOWN_TYPES:
        advice = did_you_mean(kind, KNOWN_TYPES) or " Use for example article-journal, book, chapter or webpage."
        raise entry.fault(f"{quoted(kind)} is not a CSL-JSON type.{advice}", "type")
    csl = {key: read_value(entry, key, value) for key, value in entry.value.items()}
    csl = {key: value for key, value in csl.items() if value is not None}
    custom: Custom = entry.check(Custom, csl.get("custom", {}), "custom")
    for key in custom.certainty:
        if key not in entry.value:
            near = f"which this entry does not have.{did_you_mean(key, entry.value)} Correct it"
            raise entry.fault(f"certainty is given for {quoted(key)}, {near}.", "custom")
    if custom.retraction:
        for day in (custom.retraction.checked, custom.retraction.date):
            check_date(entry, day, "custom")
    id = csl["id"]
    if not KEY_PATTERN.fullmatch(id):
        raise entry.fault(f"id {quoted(id)} is not valid. Use at most 300 characters, no spaces.", "id")
    return Reference(id=id, csl=csl, note_only=custom.note_only)


def read_exported(entry: Entry) -> Reference:
    """Read a work exported by a program: empty values count as missing, and unknown keys and types are ignored. Raises
    CorpusError."""
    value = without_blanks({key: value for key, value in entry.value.items() if key in SHAPES})
    kind = value.get("type", "document")
    kind = "document" if isinstance(kind, str) and kind not in KNOWN_TYPES else kind
    if isinstance(value.get("URL"), str) and (doi := doi_in_address(value["URL"])):
        value = {"DOI": doi} | {key: each for key, each in value.items() if key != "URL"}
    for key, given in value.items():
        if SHAPES[key] == list[Name] and isinstance(given, list):
            value[key] = [with_known_keys(Name, name) for name in given]
        elif SHAPES[key] in (Date, Custom):
            value[key] = with_known_keys(SHAPES[key], given, "date-parts", "raw")
    return read_owner_work(Entry(entry.file, value | {"type": kind}, entry.line_of))


def without_blanks(value: Any) -> Any:
    """The value without nulls, empty texts, empty lists and empty objects, at any depth."""
    if isinstance(value, dict):
        return {key: good for key, each in value.items() if (good := without_blanks(each)) not in (None, "", [], {})}
    if isinstance(value, list):
        return [good for each in value if (good := without_blanks(each)) not in (None, "", [], {})]
    return value


def with_known_keys(kind: Any, value: Any, *more: str) -> Any:
    known = {name.replace("_", "-") if kind is not Custom else name for name in kind.model_fields} | set(more)
    return {key: each for key, each in value.items() if key in known} if isinstance(value, dict) else value


# --- values ------------------------------------------------------------------------------------------


def read_value(entry: Entry, key: str, value: Any) -> Any:
    """The normalised value of a key; None for a date without content. Raises CorpusError."""
    kind = SHAPES[key]
    try:
        good = normal(kind, key, value)
    except ValueError as error:
        raise entry.fault(f"{quoted(key)} {error}.", key) from None
    plain = (
        kind is str and isinstance(good, str) and good and not SURROGATE.search(good)
    )  # true of most values; checking is slow
    if not plain and not (kind is Date and good is None):
        entry.check(kind, good, key)
    return good


def normal(kind: Any, key: str, value: Any) -> Any:
    """The value normalised if possible; otherwise unchanged, for the check to refuse."""
    if key == "page" and isinstance(value, str):
        return DASHES.sub("-", text_of(value))
    if key == "DOI" and isinstance(value, str):
        return clean_doi(text) if isinstance(text := text_of(value), str) else value
    if kind is str:
        return text_of(value)
    if kind is Date:
        return as_date(value)
    if kind == list[Name] and isinstance(value, list):
        return [{k: text_of(v) for k, v in name.items()} if isinstance(name, dict) else name for name in value]
    return texts_on_one_line(value)


def texts_on_one_line(value: Any) -> Any:
    """The value with all texts in it on one line."""
    if isinstance(value, dict):
        return {key: texts_on_one_line(each) for key, each in value.items()}
    if isinstance(value, list):
        return [texts_on_one_line(each) for each in value]
    return text_of(value) if isinstance(value, str) else value


def text_of(value: Any) -> Any:
    if isinstance(value, str):
        return value if SURROGATE.search(value) else one_line(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < EXACT:
        return value
    return str(int(value)) if value == int(value) else str(value)


def as_date(value: Any) -> Any:
    """A date with year, month and day as numbers, or with words in `literal` ("in press"); None if it has neither."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = {"raw": value}
    if not isinstance(value, dict):
        return value
    date = {key: text_of(each) for key, each in value.items() if key not in ("date-parts", "raw")}
    parts = value.get("date-parts", [])
    if not isinstance(parts, list) or not all(isinstance(day, list) for day in parts):
        return date | {"date-parts": parts}
    read = [as_day(day) for day in parts] or [as_day([value.get("raw")])]
    days = [day for day, _ in read if day]
    words = [words for _, words in read if words]
    date |= {"date-parts": days} if days else {}
    date |= {"literal": words[0]} if words and "literal" not in date else {}
    return date or None


def as_day(parts: list[Any]) -> tuple[list[int], str]:
    """Year, month and day, up to the first unknown one, and the words in the year, if any. Raises ValueError."""
    year = text_of(parts[0]) if parts and parts[0] is not None else ""
    if not isinstance(year, str):
        raise ValueError("has a year that is neither a number nor text. Write it as 2026")
    if re.fullmatch(r"[-+]?\d+(\.\d+)?", year):
        if not re.fullmatch(r"[-+]?\d{1,5}", year) or abs(int(year)) > LAST_YEAR:
            raise ValueError(f"has the year {quoted(year)}. Write it as 2026")
        return up_to_unknown([int(year), *parts[1:3]]), ""
    match = DAY_PATTERN.search(year)
    rest = year.replace(match[0], "", 1) if match else year
    day = up_to_unknown(list(match.groups())) if match else []
    return day, year if re.search(r"\w", rest) else ""


def up_to_unknown(parts: list[Any]) -> list[int]:
    day: list[int] = []
    for part, largest in zip(parts, LARGEST, strict=False):
        text = text_of(part)
        known = isinstance(text, str) and re.fullmatch(r"-?\d{1,4}", text) and int(text) <= largest
        if not known or int(text) == 0 or (day and int(text) < 0):
            break
        day.append(int(text))
    return day
