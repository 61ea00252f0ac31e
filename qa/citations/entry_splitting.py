"""Entries of a list of works within running words: where each begins, and whether it is one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from qa.citations.author_lists import read_authors
from qa.citations.parsing import parse_reference
from qa.citations.references import ANOTHER_YEAR, ANY_AUTHOR
from qa.models import CSL, makers_of

LONGEST_ENTRY = 800  # characters
MOST_ENTRIES = 500  # of one block
MOST_WORDS_BEHIND = 8  # behind the last number of an entry: more are a summary of the work
PLACES = frozenset({"volume", "container-title", "publisher", "DOI", "PMID", "PMCID", "URL"})
NUMBER = re.compile(r"(?:(?<=\s)|\A)(?:\[(\d{1,3})\]|\((\d{1,3})\)|(\d{1,3})[.):])\s+(?=\S)")
BETWEEN = re.compile(r"\s+[•·|/]\s+|(?<=[.;:)\]”\"’»])\s+|\s*\n\s*")
BEHIND_ENTRY = " \t\n;•·|/"
YEAR = r"(?:1[6-9]|20)\d\d"
DATED = re.compile(rf"[\s.,:]{{0,2}}\(?(?:{YEAR}|n\.\s?d|in press|forthcoming|no date)", re.IGNORECASE)
ANOTHER = re.compile(rf"(?:;|.\s+/)\s+\(?{YEAR}[a-z]?[.)]\s")  # work of the same authors
BEGINS_TITLE = re.compile(r"[\W\d]*[^\W\d_a-zß-öø-ÿ]")
LAST_NUMBER = re.compile(r".*(?:\d|https?://\S+)", re.DOTALL)
# Words of sentences, which entries do not have outside their titles.
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|do|can|could|may|might|will|would|should|must|we|our|found|"
    r"shows|showed|reports|reported|concludes|concluded|suggests|suggested|say|says|said)\b"
)


class PlacedEntry(NamedTuple):
    """An entry in the words of a block. `content` is where it begins without its printed number, `label`."""

    start: int
    content: int
    end: int
    label: str | None


def split_by_numbers(words: str, start: int) -> list[PlacedEntry]:
    """The entries behind numbers that count up; none if the first number is not at `start`."""
    found: list[re.Match[str]] = []
    for number in NUMBER.finditer(words, start):
        if number.start() == start or (found and value_of(number) == value_of(found[-1]) + 1):
            found.append(number)
    starts = [number.start() for number in found] + [len(words)]
    return [
        PlacedEntry(number.start(), number.end(), end_of(words, end), str(value_of(number)))
        for number, end in zip(found, starts[1:], strict=True)
    ]


def value_of(number: re.Match[str]) -> int:
    return int(number[number.lastindex or 0])


def split_by_authors(words: str, start: int) -> list[PlacedEntry]:
    """The entries, of which each begins with its authors and is a whole work where the next begins; a single one if the
    first does not begin so."""
    authors = begins(words, start)
    dated = bool(authors and DATED.match(words, authors))
    edges = [start]
    for gap in BETWEEN.finditer(words, start) if authors else ():
        if gap.start() - edges[-1] > LONGEST_ENTRY or len(edges) > MOST_ENTRIES:
            return []
        authors = begins(words, gap.end())
        again = dated and ANOTHER.match(words, gap.start() - 1)
        fits = authors and bool(DATED.match(words, authors)) >= dated
        if (fits or again) and read_entry(words[edges[-1] : gap.start()], follows=len(edges) > 1):
            edges.append(gap.end())
    return [PlacedEntry(one, one, end_of(words, other), None) for one, other in pairwise([*edges, len(words)])]


def begins(words: str, start: int) -> int:
    """Where the authors of an entry that begins at `start` end; 0 if none does. An organisation
    needs a year behind it."""
    authors = read_authors(words[start : start + LONGEST_ENTRY])
    end = start + authors.end
    of_people = any("family" in each for each in authors.people)
    return end if of_people or (authors.people and DATED.match(words, end)) else 0


def end_of(words: str, end: int) -> int:
    """The end of an entry, without the blanks and signs behind it."""
    return len(words[:end].rstrip(BEHIND_ENTRY))


def read_entry(raw: str, *, follows: bool) -> CSL | None:
    """The fields of an entry, if these words are one and nothing else: they say when a work was published, and by whom
    or where, and no sentence tells more about it. One that `follows` another may leave out its authors."""
    raw = raw.rstrip(BEHIND_ENTRY)
    raw = f"{ANY_AUTHOR} {raw}" if follows and ANOTHER_YEAR.match(raw) else raw
    csl = parse_reference(raw) if len(raw) <= LONGEST_ENTRY else {}
    title = str(csl.get("title") or csl.get("container-title") or "")
    if not ("issued" in csl or "status" in csl) or (title and not BEGINS_TITLE.match(title)):
        return None
    if not tells_place(csl):
        return csl if makers_of(csl) and title and ("?" in raw or not FINITE.search(raw)) else None
    numbers = LAST_NUMBER.match(raw) if "volume" in csl else None
    behind = raw[numbers.end() :] if numbers else ""
    told = FINITE.search(raw[raw.find(title) + len(title) :])
    return csl if not told and len(behind.split()) <= MOST_WORDS_BEHIND else None


def tells_place(csl: CSL) -> bool:
    """Whether an entry says where the work was published."""
    return not PLACES.isdisjoint(csl)
