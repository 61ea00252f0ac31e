"""Entries of the owner's files: convert them to models, report faults with their lines, check rules across entries."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from qa.corpus.faults import Faults
from qa.errors import CorpusError

T = TypeVar("T")
Known = Collection[str] | None  # the ids that there are; None if the file that has them cannot be read

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
DATE_PATTERN = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

# Keys of earlier versions.
RENAMED = {"bears_on": "words", "beside": "short_names"}
DROPPED = {"bound", "medical", "named", "narrows", "told"}

# pydantic's error types, in words for someone editing a file; pydantic fills in `{expected}` and the like.
WRONG = {
    "missing": "is missing. Add it",
    "string_type": "must be text in quotes",
    "bool_type": "must be true or false, without quotes",
    "int_type": "must be a whole number, without quotes",
    "float_type": "must be a number, without quotes",
    "tuple_type": 'must be a list in square brackets, for example ["…", "…"]',
    "list_type": "must be a list in square brackets",
    "dict_type": "must be keys with values in braces, for example {{ key = value }}",
    "dataclass_type": "must be keys with values in braces, for example {{ key = value }}",
    "model_type": "must be keys with values in braces",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be at least {ge}",
    "too_short": "has fewer than {min_length} entries. Add the missing ones",
    "too_long": "has more than {max_length} entries. Remove some",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a file. `line_of` returns the line of the entry or of one of its keys, or None if unknown."""

    file: str
    value: dict[str, Any]
    line_of: Callable[[str | None], int | None]

    def fault(self, message: str, key: str | None = None) -> CorpusError:
        return CorpusError(self.file, message, line=self.line_of(key))

    def read_as(self, kind: type[T], **given: Any) -> T:
        """The entry as an instance of the dataclass `kind`. `given` are fields set by the caller, not by the file.

        Raises CorpusError for an unknown key, a missing key, a value of the wrong type or empty text.
        """
        known = {field.name for field in fields(kind)} - given.keys()  # type: ignore[arg-type]
        faults = Faults()
        with faults.collected():
            self.only_keys(known)
        with faults.collected():
            values = {key: value for key, value in self.value.items() if key in known}
            good: T = self.check(kind, {**values, **given}, may_lack=bool(faults))
        faults.raise_all()
        return good

    def only_keys(self, known: Collection[str]) -> None:
        faults = Faults(
            self.fault(what_became_of(key, known) or f"unknown key {quoted(key)}.{remedy(key, known)}", key)
            for key in self.value
            if key not in known
        )
        faults.raise_all()

    def check(self, kind: Any, value: object, key: str | None = None, *, may_lack: bool = False) -> Any:
        """The value converted to the type `kind`; `key` is its key in the entry. Raises CorpusError; with `may_lack`
        not for what is missing, if something else is wrong: it may be there under a misspelt name."""
        try:
            raw = orjson.dumps(value)
            good = adapter(kind).validate_json(raw, strict=True)
        except orjson.JSONEncodeError:
            raise self.fault("contains a number or text that cannot be stored. Use plain text.", key) from None
        except ValidationError as error:
            faults = Faults()
            for place, wrong in explain(error, may_lack=may_lack):
                path = [key, *place] if key else place
                faults.append(self.fault(f"{show_path(path)} {wrong}.", str(path[0]) if path else None))
            faults.raise_all()
            return None
        kept = adapter(kind).dump_python(good, mode="json", by_alias=True)
        self.require_all_kept(orjson.loads(raw), kept, [key] if key else [])
        return good

    def require_all_kept(self, written: object, kept: object, path: list[Any]) -> None:
        """Check that no key was dropped in the conversion and that no text is empty. Raises CorpusError."""
        key = str(path[0]) if path else None
        if isinstance(written, dict) and isinstance(kept, dict):
            for name, value in written.items():
                if name not in kept:
                    raise self.fault(f"{show_path(path)} has the unknown key {quoted(name)}.{remedy(name, kept)}", key)
                self.require_all_kept(value, kept[name], [*path, name])
        elif isinstance(written, list) and isinstance(kept, list):
            for number, (value, same) in enumerate(zip(written, kept, strict=True)):
                self.require_all_kept(value, same, [*path, number])
        elif isinstance(written, str) and not written.strip():
            raise self.fault(f"{show_path(path)} is empty. Add text, or remove it.", key)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def explain(error: ValidationError, *, may_lack: bool) -> Iterator[tuple[list[Any], str]]:
    """Yield the path of each error within the value, and what is wrong there."""
    for each in error.errors(include_url=False, include_input=False):
        if each["type"] == "missing" and may_lack:
            continue
        wrong = WRONG.get(each["type"])
        message = wrong.format(**each.get("ctx", {})) if wrong else each["msg"].removeprefix("Value error, ")
        yield list(each["loc"]), message


def quoted(text: object) -> str:
    """The text in quotes, on one line and shortened to 80 characters."""
    short = text if len(text := str(text)) <= 80 else f"{text[:80]}…"
    return json.dumps(short, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def what_became_of(key: str, known: Collection[str]) -> str:
    """What to do about a key of an earlier version; empty if it never was one."""
    if key in DROPPED:
        return f"{quoted(key)} is no longer used. Remove it."
    return f"{quoted(key)} is now called {quoted(RENAMED[key])}." if RENAMED.get(key) in known else ""


def remedy(key: str, known: Collection[str]) -> str:
    if near := did_you_mean(key, known):
        return near
    return f" Known keys: {', '.join(sorted(known))}." if len(known) <= 20 else " docs/corpus.md lists all keys."


def did_you_mean(word: str, known: Collection[str]) -> str:
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    return f" Did you mean {quoted(folded[near[0]])}?" if near else ""


def show_path(path: list[Any]) -> str:
    """A path within an entry, counted from 1: `abbreviations[2].text` is the text of the second abbreviation."""
    steps = [f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path]
    return quoted("".join(steps).lstrip(".")) if path else "the entry"


def require_unique(records: Sequence[tuple[Entry, T]], key: str, value_of: Callable[[T], str]) -> None:
    """Check that no two entries have the same value. Raises CorpusError."""
    first: dict[str, Entry] = {}
    faults = Faults()
    for entry, record in records:
        if (value := value_of(record)) in first:
            place = f"first on line {first[value].line_of(key)}"
            faults.append(entry.fault(f"{key} {quoted(value)} occurs twice, {place}. Change or remove one.", key))
        first.setdefault(value, entry)
    faults.raise_all()


def require_valid_ids(records: Sequence[tuple[Entry, Any]]) -> None:
    """Check that every id can be used in a URL and that none occurs twice. Raises CorpusError."""
    faults = Faults()
    for entry, record in records:
        if not ID_PATTERN.fullmatch(record.id):
            advice = 'Use only letters, digits, ".", "_" and "-", no spaces'
            faults.append(entry.fault(f"id {quoted(record.id)} is not valid. {advice}.", "id"))
    with faults.collected():
        require_unique(records, "id", lambda record: str(record.id))
    faults.raise_all()


def require_known(entry: Entry, key: str, kind: str, ids: Iterable[str], known: Known) -> None:
    """Check that every id is known; `kind` is what the ids refer to, for the message. Raises CorpusError."""
    faults = Faults()
    for id in ids:
        if known is not None and id not in known:
            near = did_you_mean(id, known)
            message = f"{key}: there is no {kind} {quoted(id)}.{near} Correct the id, or add the {kind}."
            faults.append(entry.fault(message, key))
    faults.raise_all()


def lineage(id: str, parents: Mapping[str, str | None]) -> list[str]:
    """The id, its parent, its grandparent and so on, up to the root or the first repeated id."""
    line = [id]
    while (parent := parents.get(line[-1])) and len(set(line)) == len(line):
        line.append(parent)
    return line


def check_date(entry: Entry, text: str | None, key: str = "date") -> None:
    try:
        if text is None or (DATE_PATTERN.fullmatch(text) and date.fromisoformat(f"{text}-01-01"[:10])):
            return
    except ValueError:
        pass
    raise entry.fault(f"{quoted(text)} is not a date. Write it as 2026-11-23, 2026-11 or 2026.", key)


LineOf = Callable[[], int | None]
