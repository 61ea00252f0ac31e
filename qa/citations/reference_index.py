"""Look up which work a citation points to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product

from qa.citations.matching import (
    author_names,
    compatible,
    description_of,
    fold_field,
    place_in_journal,
    same_author_count,
    same_journal,
    select_by_letter,
    year_of,
)
from qa.citations.person_names import acronym, fold_name, last_name, name_keys
from qa.models import CSL, Reference

# Most works indexed per name and year; more would only slow down lookups.
MOST_NAMESAKES = 50
YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d")
SEVERAL_YEARS = re.compile(
    rf"\({YEAR.pattern}(?:(?:,|;| and| &) ?{YEAR.pattern})+\)|\({YEAR.pattern}\) and \d+ \({YEAR.pattern}\)"
)
IDENTIFYING_FIELDS = ("DOI", "PMID", "PMCID", "number", "URL")


def index_keys(reference: Reference) -> set[str]:
    """Name keys of a work: those of its first author, or else of the first words of its raw string."""
    keys: set[str] = set()
    for name in author_names(reference.csl)[:1]:
        keys |= keys_of_name(name)
    if reference.raw and not keys:
        words = reference.raw[:160].split()
        keys |= {fold_name("".join(words[:length])) for length in range(1, 9)}
    return keys - {""}


@lru_cache(maxsize=1 << 16)  # every document of a corpus indexes the owner's references
def keys_of_name(name: str) -> frozenset[str]:
    """In full, without particles, by its last word, and by the acronym that it has or would have."""
    name, _, short = name.removesuffix(")").partition(" (")
    return frozenset({*name_keys(name), acronym(name.split()), last_name(name), fold_name(short)} - {""})


def index_years(reference: Reference) -> set[int | None]:
    """The years of a work, of which an entry may have several ("Reyes A (2016, 2019) …", "31 (2018) and 34 (2021)"); if
    none parsed, None and every year in its raw string."""
    year = year_of(reference.csl)
    several = SEVERAL_YEARS.search(reference.raw or "")
    mentioned = re.findall(YEAR, (several[0] if several else "") if year else reference.raw or "")
    return {year, *map(int, mentioned)}


class ReferenceIndex:
    """Index of works by author and year, journal volume and page, identifier, and id. A work that is added again, with
    more fields, replaces the one with its id."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self.works: dict[str, Reference] = {}
        self.by_name: dict[tuple[str, int | None], list[str]] = {}
        self.by_place: dict[tuple[int | None, str, str], list[str]] = {}
        self.by_identifier: dict[tuple[str, str], list[str]] = {}
        self.cache: dict[str, tuple[str, ...]] = {}
        for reference in references:
            self.add(reference)

    def add(self, reference: Reference) -> None:
        self.works[reference.id] = reference
        self.cache.clear()
        for key in product(index_keys(reference), index_years(reference)):
            namesakes = self.by_name.setdefault(key, [])
            if len(namesakes) < MOST_NAMESAKES:
                append_new(namesakes, reference.id)
        if "volume" in reference.csl and "page" in reference.csl:
            append_new(self.by_place.setdefault(place_in_journal(reference.csl), []), reference.id)
        for kind in IDENTIFYING_FIELDS:
            if value := reference.csl.get(kind):
                append_new(self.by_identifier.setdefault((kind, str(value).lower()), []), reference.id)

    def find(self, csl: CSL) -> tuple[str, ...]:
        """Ids of the works that match a description: by identifier; else by author, year and all other fields given;
        without an author, by year, volume and page."""
        description = repr(csl)
        if description not in self.cache:
            self.cache[description] = tuple(self.look_up(csl))
        return self.cache[description]

    def look_up(self, csl: CSL) -> list[str]:
        for kind in IDENTIFYING_FIELDS:
            if (kind, str(csl.get(kind, "")).lower()) in self.by_identifier:
                return self.by_identifier[kind, str(csl[kind]).lower()]
        if "volume" in csl and not csl.get("author"):
            return self.by_place.get(place_in_journal(csl), [])
        fits = [work for work in self.namesakes(csl) if compatible(csl, work.csl) and same_journal(csl, work)]
        fits = narrowed(
            fits, lambda work: fold_field(description_of(csl)) in fold_field(work.raw or description_of(work.csl))
        )
        fits = narrowed(fits, lambda work: same_author_count(csl, work.csl))
        return [work.id for work in select_by_letter(fits, csl.get("year-suffix", ""))]

    def namesakes(self, csl: CSL) -> list[Reference]:
        """Works with the same first author and year."""
        names = author_names(csl)
        if not names:
            return []
        # Where volume or page confirm it, the last word of a double surname is enough.
        keys = name_keys(names[0]) | ({last_name(names[0])} if "volume" in csl or "page" in csl else set())
        found = [id for key in sorted(keys) for id in self.by_name.get((key, year_of(csl)), ())]
        return [self.works[id] for id in dict.fromkeys(found)]


def append_new(ids: list[str], id: str) -> None:
    if id not in ids:
        ids.append(id)


def narrowed(works: list[Reference], fits: Callable[[Reference], bool]) -> list[Reference]:
    """The works for which `fits` is true, or all if there are none; a single work is kept as it is."""
    return ([work for work in works if fits(work)] or works) if len(works) > 1 else works
