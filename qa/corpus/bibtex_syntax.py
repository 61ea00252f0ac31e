"""The syntax of BibTeX files as programs and people write them: entries with their fields, without their meaning.

A fault costs the entry that has it and no other: each entry ends where the next line begins one. What is repaired here
(a missing comma, a field twice) is said; an entry with a missing or extra brace is refused, because nobody can know
which of its fields are right.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qa.corpus.entries import quoted
from qa.errors import CorpusError, Repaired

LINE_END = re.compile(r"\n")
START = re.compile(r"@[ \t]*([A-Za-z]+)\s*([{(])")
NEXT_ENTRY = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+\s*[{(]", re.MULTILINE)
KEY = re.compile(r"\s*([^,={}\n]*?)[ \t]*(,|\n|(?=})|\Z)")
NAME = re.compile(r"([A-Za-z][\w:.+-]*)\s*=\s*")
BARE = re.compile(r"[^\s,#{}()\"]+")
REST_OF_LINE = re.compile(r"[^,{}\n]*")
BETWEEN = re.compile(r"[\s,]*")
FIELD_OUTSIDE = re.compile(r"(?:^|,)[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\d]", re.MULTILINE)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
CLOSING = {"{": "}", "(": ")"}
NO_ENTRIES = frozenset({"comment", "preamble"})
MONTH_MACROS = {
    name: name for name in ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
}
NOT_VALID = "an entry is not valid BibTeX: there is a missing or extra brace, quote or comma. Correct it."


@dataclass(slots=True)
class BibtexEntry:
    """An entry as written: its type in lower case, its key, which may be empty, and its fields, with lower-case names.
    `repaired` are the offsets of faults that did no harm, and what they are."""

    kind: str
    key: str
    line: int
    fields: dict[str, str] = field(default_factory=dict)
    repaired: list[tuple[int, str]] = field(default_factory=list)


class Broken(Exception):
    """The entry cannot be read to its end."""


def bibtex_entries(file: str, text: str) -> Iterator[BibtexEntry | CorpusError]:
    """Yield the entries in order, each followed by what was repaired, or the fault of one that cannot be read. Text
    between entries is a comment, as in BibTeX."""
    macros = dict(MONTH_MACROS)
    begins = [*(found.start() for found in NEXT_ENTRY.finditer(text)), len(text)]
    line_ends = [*(found.start() for found in LINE_END.finditer(text)), len(text)]
    at = 0
    while start := START.search(text, at):
        limit = begins[bisect_left(begins, start.end())]
        scanner = Scanner(text, start.end(), limit, macros)
        line = bisect_left(line_ends, start.start()) + 1
        kind = start[1].lower()
        try:
            if kind in NO_ENTRIES:
                scanner.skip_braces(start[2])
            elif kind == "string":
                macros |= scanner.read_fields(CLOSING[start[2]], BibtexEntry(kind, "", line))
            else:
                entry = scanner.read_entry(kind, start[2], line)
                beyond = START.search(text, scanner.at, limit)
                if FIELD_OUTSIDE.search(text, scanner.at, beyond.start() if beyond else limit):
                    raise Broken
                yield entry
                for place, message in entry.repaired:
                    yield Repaired(file, message, line=bisect_left(line_ends, place) + 1)
        except Broken:
            if kind in NO_ENTRIES:  # a remark without braces ends with its line
                limit = min(limit, line_ends[bisect_left(line_ends, start.end())])
            else:
                yield CorpusError(file, NOT_VALID, line=line)
            scanner.at = limit
        at = scanner.at


class Scanner:
    """Reads one entry, from the offset `at` up to `limit` at most."""

    def __init__(self, text: str, at: int, limit: int, macros: Mapping[str, str]) -> None:
        self.text, self.at, self.limit, self.macros = text, at, limit, macros

    def read_entry(self, kind: str, opening: str, line: int) -> BibtexEntry:
        key = KEY.match(self.text, self.at, self.limit)
        entry = BibtexEntry(kind, key[1] if key else "", line)
        if key:
            self.at = key.end()
            if key[2] == "\n" and key[1]:
                self.note(entry, f"a comma is missing behind the key {quoted(key[1])}.")
        entry.fields = self.read_fields(CLOSING[opening], entry)
        return entry

    def read_fields(self, closing: str, entry: BibtexEntry) -> dict[str, str]:
        """The fields up to the closing brace, behind which `at` then is. Raises Broken."""
        fields: dict[str, str] = {}
        comma = True
        while True:
            between = BETWEEN.match(self.text, self.at, self.limit)
            comma = comma or ("," in between[0] if between else False)
            self.at = between.end() if between else self.at
            if self.at >= self.limit:
                raise Broken
            if self.text[self.at] == closing:
                self.at += 1
                return fields
            if name := NAME.match(self.text, self.at, self.limit):
                if not comma:
                    self.note(entry, f"a comma is missing before {quoted(name[1])}.")
                self.at = name.end()
                value = self.read_value(entry)
                if name[1].lower() in fields and value != fields[name[1].lower()]:
                    self.note(entry, f"the field {quoted(name[1])} occurs twice; the first one is used.")
                fields.setdefault(name[1].lower(), value)
                comma = False
            else:
                self.skip_what_is_no_field(entry)
                comma = True

    def skip_what_is_no_field(self, entry: BibtexEntry) -> None:
        rest = REST_OF_LINE.match(self.text, self.at, self.limit)
        words = rest[0].strip() if rest else ""
        if not words:
            raise Broken  # a brace where none can be
        self.note(entry, f"{quoted(words)} is no field and is not used.")
        self.at = rest.end() if rest else self.limit

    def read_value(self, entry: BibtexEntry) -> str:
        """A value, which may be of several parts joined by "#". Raises Broken."""
        parts = [self.read_part(entry)]
        while joint := re.compile(r"\s*#\s*").match(self.text, self.at, self.limit):
            self.at = joint.end()
            parts.append(self.read_part(entry))
        return "".join(parts)

    def read_part(self, entry: BibtexEntry) -> str:
        first = self.text[self.at : self.at + 1] if self.at < self.limit else ""
        if first in ("{", '"'):
            return self.read_enclosed(first)
        bare = BARE.match(self.text, self.at, self.limit)
        if not bare:
            return ""  # `title = ,`
        self.at = bare.end()
        rest = REST_OF_LINE.match(self.text, self.at, self.limit)
        if rest and rest[0].strip() and not rest[0].lstrip().startswith("#") and not NAME.match(rest[0].lstrip()):
            self.note(entry, f"the value {quoted(bare[0] + rest[0])} has no braces.")
            self.at = rest.end()
            return bare[0] + rest[0].rstrip()
        return self.macros.get(bare[0].lower(), bare[0])

    def read_enclosed(self, opening: str) -> str:
        """The text between braces or quotes. A brace behind a backslash counts, as in BibTeX, unless the value then has
        no end. Raises Broken."""
        start = self.at + 1
        for escapes in (False, True):
            depth = 0
            for sign in (QUOTE if opening == '"' else BRACE).finditer(self.text, start, self.limit):
                what = sign[0] if len(sign[0]) == 1 else "" if escapes else sign[0][1:]
                if what == CLOSING.get(opening, opening) and depth == 0:
                    self.at = sign.end()
                    return self.text[start : sign.end() - 1]
                depth += (what == "{") - (what == "}")
        raise Broken

    def skip_braces(self, opening: str) -> None:
        """Go behind the brace that closes the one before `at`. Raises Broken."""
        if opening == "(":
            return
        self.at -= 1
        self.read_enclosed(opening)

    def note(self, entry: BibtexEntry, message: str) -> None:
        entry.repaired.append((self.at, message))
