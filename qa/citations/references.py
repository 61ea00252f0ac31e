"""Read a document's reference list, and look up which reference a citation points to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import product, takewhile

from qa.citations.identifiers import find_identifiers, identifier_fields
from qa.citations.matching import (
    author_names,
    compatible,
    description_of,
    fold_field,
    place_in_journal,
    same_author_count,
    same_journal,
    same_work,
    select_by_letter,
    year_of,
)
from qa.citations.parsing import parse_reference
from qa.citations.person_names import acronym, fold_name, last_name, name_keys
from qa.models import CSL, Block, Reading, Reference

# Most works indexed per name and year; more would only slow down lookups.
MOST_NAMESAKES = 50
IDENTIFIERS = ("DOI", "PMID", "PMCID", "number", "URL")
WORK_FIELDS = ("author", "container-title", "DOI", "PMID", "URL", "number", "publisher")


def read_references(reading: Reading, known: Mapping[str, Reference] | None = None) -> dict[str, Reference]:
    """The document's own references by id: the entries of its reference list, footnotes that are references (all
    footnotes if most are), and works that the file describes without an entry.

    A work found among `known` keeps its id there; new ids differ from all of theirs.
    """
    names = ReferenceIds(known or {})
    listed = ((block, raw, described(reading, block, raw)) for block, raw in entries(reading))
    parsed = [(block, raw, csl) for block, raw, csl in listed if not is_remark(raw, csl)]
    notes = [is_work(csl) for block, _, csl in parsed if block.kind == "footnote"]
    all_notes = sum(notes) > len(notes) / 2
    works = [
        replace(names.assign(csl, raw, block.end - len(raw)), key=block.id)
        for block, raw, csl in parsed
        if block.kind == "reference" or all_notes or is_work(csl)
    ]
    printed = {block.id for block in reading.blocks}
    works += [names.listed(csl, key) for key, csl in reading.works.items() if key not in printed]
    return {work.id: work for work in works}


def entries(reading: Reading) -> Iterator[tuple[Block, str]]:
    """Yield blocks that may be references, with their text after the label."""
    for block in reading.blocks:
        if block.kind in ("reference", "footnote") and block.visible[0].start < block.end:
            yield block, reading.text[block.visible[0].start : block.end]


def described(reading: Reading, block: Block, raw: str) -> CSL:
    """The fields of an entry: those that the file gives, or else those read from its text."""
    if given := reading.works.get(block.id) if block.id else None:
        return dict(given)
    csl = parse_reference(raw)
    addresses = " ".join(style.value for style in block.styles if style.kind == "link")
    return identifier_fields(find_identifiers(addresses)) | csl if addresses else csl


def is_work(csl: CSL) -> bool:
    """Whether a footnote is a reference, not a remark: it has an identifier, or a year and an author or place."""
    return any(field in csl for field in ("DOI", "PMID", "URL")) or (
        "issued" in csl and any(field in csl for field in WORK_FIELDS)
    )


# Remarks about the list or its entries: "The following sources were used.", "Sources (accessed in 2020):".
ABOUT_LIST = re.compile(
    r"\A(?!.*[\w)]\. ).*(?:\b(?:sources?|references?|works?|list|links?|papers?|publications?|entries|citations?|"
    r"titles|numbers?)\b.*\b(?:follow\w*|below|listed|sorted|ordered|order|arranged|numbered|cited|consulted|used|"
    r"accessed|checked|given|relied|alphabetical\w*|appear\w*)\b|\b(?:follow\w*|below|listed|cited|consulted|used|accessed|"
    r"checked|these)\b.*\b(?:sources?|references?|works?|links?|papers?|publications?|entries|citations?)\b|:\s*\Z)",
    re.IGNORECASE | re.DOTALL,
)
FIELDS_OF_A_WORK = frozenset({"author", "volume", "page", *IDENTIFIERS})


def is_remark(raw: str, csl: CSL) -> bool:
    """Whether a line of the list is a remark about the list rather than an entry."""
    return not FIELDS_OF_A_WORK & csl.keys() and len(raw) < 400 and bool(ABOUT_LIST.match(raw))


def labelled(blocks: Sequence[Block], references: Iterable[Reference]) -> tuple[dict[str, str], bool]:
    """Reference ids by label, and whether the labels are printed; in an unnumbered list, positions from 1 are used."""
    by_end = {reference.end: reference for reference in references if reference.end is not None}
    listed = [block for block in blocks if block.end in by_end and block.kind in ("reference", "footnote")]
    numbered = any(block.label for block in listed)
    entries = listed if numbered else list(takewhile(lambda block: not is_heading_like(by_end[block.end]), listed))
    works: dict[str, set[str]] = {}
    for place, block in enumerate(entries, start=1):
        works.setdefault(block.label or ("" if numbered else str(place)), set()).add(by_end[block.end].id)
    # A label with two works, as when a document has two lists, is ambiguous and left out.
    return {label: found.pop() for label, found in works.items() if label and len(found) == 1}, numbered


def is_heading_like(work: Reference) -> bool:
    """Whether an entry is a subheading ("Guidelines", "Web pages"), after which positions in a list are unreliable."""
    raw = work.raw or ""
    return not (FIELDS_OF_A_WORK | {"issued"}) & work.csl.keys() and not re.search(r"[.,;\d]|\S+(?:\s+\S+){4}", raw)


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
    return frozenset({*name_keys(name), acronym(name.split()), last_name(name)})


def index_years(reference: Reference) -> set[int | None]:
    """The year of a work, or if it did not parse, None and every year in its raw string."""
    year = year_of(reference.csl)
    mentioned = re.findall(r"\b(?:1[6-9]|20)\d\d", reference.raw or "") if year is None else []
    return {year, *map(int, mentioned)}


class ReferenceIndex:
    """Index of works by author and year, journal volume and page, identifier, and id."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self.works: dict[str, Reference] = {}
        self.by_name: dict[tuple[str, int | None], list[Reference]] = {}
        self.by_place: dict[tuple[int | None, str, str], list[str]] = {}
        self.by_identifier: dict[tuple[str, str], list[str]] = {}
        self.cache: dict[str, tuple[str, ...]] = {}
        for reference in references:
            self.add(reference)

    def add(self, reference: Reference) -> None:
        self.works[reference.id] = reference
        self.cache.clear()
        for key in product(index_keys(reference), index_years(reference)):
            reference_index = self.by_name.setdefault(key, [])
            if len(reference_index) < MOST_NAMESAKES:
                reference_index.append(reference)
        if "volume" in reference.csl and "page" in reference.csl:
            self.by_place.setdefault(place_in_journal(reference.csl), []).append(reference.id)
        for kind in IDENTIFIERS:
            if value := reference.csl.get(kind):
                self.by_identifier.setdefault((kind, str(value).lower()), []).append(reference.id)

    def find(self, csl: CSL) -> tuple[str, ...]:
        """Ids of the works that match a description: by identifier; else by author, year and all other fields given;
        without an author, by year, volume and page."""
        description = repr(csl)
        if description not in self.cache:
            self.cache[description] = tuple(self.look_up(csl))
        return self.cache[description]

    def look_up(self, csl: CSL) -> list[str]:
        for kind in IDENTIFIERS:
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
        found = [work for key in sorted(keys) for work in self.by_name.get((key, year_of(csl)), ())]
        return list({work.id: work for work in found}.values())


def narrowed(works: list[Reference], fits: Callable[[Reference], bool]) -> list[Reference]:
    """The works for which `fits` is true, or all if there are none; a single work is kept as it is."""
    return ([work for work in works if fits(work)] or works) if len(works) > 1 else works


class ReferenceIds:
    """Assigns ids to the works of a document: `smith2022`, then `smith2022b`, …; without a year `smith`, `smith-2`, …

    A work found among `known` keeps its id there; every other id is new.
    """

    def __init__(self, known: Mapping[str, Reference]) -> None:
        self.others = known
        self.given: set[str] = set()
        self.counts: Counter[str] = Counter()

    @cached_property
    def known(self) -> ReferenceIndex:
        """Built on first use, since most pages of a large corpus have no references."""
        return ReferenceIndex(self.others.values())

    def assign(self, csl: CSL, raw: str, start: int) -> Reference:
        same = [work for work in self.known.namesakes(csl) if same_work(csl, work.csl)]
        if len(same) == 1 and same[0].id not in self.given:
            key, csl = same[0].id, csl | same[0].csl
        else:
            key = self.unused_id(stem(csl, raw))
        self.given.add(key)
        return Reference(key, csl | {"id": key}, raw, start, start + len(raw))

    def listed(self, csl: CSL, key: str) -> Reference:
        """A work that the file describes in its own fields but prints nowhere."""
        work = self.assign(csl, "", 0)
        return replace(work, raw=None, start=None, end=None, key=key)

    def unused_id(self, name: str) -> str:
        while True:
            self.counts[name] += 1
            key = name + ordinal(self.counts[name], after_digit=name[-1:].isdigit())
            if key not in self.given and key not in self.known.works:
                return key


def stem(csl: CSL, raw: str) -> str:
    """The base of an id: first author and year; without an author, the first word of the raw string."""
    names = author_names(csl)
    short = acronym(names[0].split()) if names and "literal" in csl["author"][0] else ""
    name = short or fold_name("".join(names[:1])) or fold_name("".join(raw[:60].split()[:1])) or "work"
    return f"{name}{year_of(csl) or ''}{csl.get('year-suffix', '')}"


def ordinal(number: int, *, after_digit: bool) -> str:
    if number == 1:
        return ""
    return chr(ord("a") + number - 1) if after_digit and number <= 26 else f"-{number}"
