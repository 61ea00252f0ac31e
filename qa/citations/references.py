"""The works that a document cites: its own reference list, and which of the known works a mark points at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product, takewhile

from qa.citations.matching import (
    author_names,
    by_letter,
    compatible,
    description_of,
    fold_field,
    place_in_journal,
    same_company,
    same_journal,
    same_work,
    year_of,
)
from qa.citations.parsing import LABEL, parse_reference
from qa.citations.person_names import acronym, fold_name, last_name, name_keys
from qa.models import CSL, Block, Reading, Reference

# More works of one name and year than anybody writes; further ones would make look-ups slow, not better.
MOST_NAMESAKES = 50
IDENTIFIERS = ("DOI", "PMID", "PMCID", "number", "URL")
WORK_FIELDS = ("author", "container-title", "DOI", "PMID", "URL", "number", "publisher")


def read_references(reading: Reading, known: Mapping[str, Reference] | None = None) -> dict[str, Reference]:
    """The document's own works: the entries of its reference list, and the footnotes that are references (all of
    them where most are).

    A work that is among the `known` ones keeps its id; other ids are made to differ from theirs.
    """
    names = ReferenceIds(known or {})
    listed = ((block, raw, parse_reference(raw)) for block, raw in entries(reading))
    parsed = [(block, raw, csl) for block, raw, csl in listed if not is_remark(raw, csl)]
    notes = [is_work(csl) for block, _, csl in parsed if block.kind == "footnote"]
    all_notes = sum(notes) > len(notes) / 2
    works = [
        names.give(csl, raw, block.end - len(raw))
        for block, raw, csl in parsed
        if block.kind == "reference" or all_notes or is_work(csl)
    ]
    return {work.id: work for work in works}


def entries(reading: Reading) -> Iterator[tuple[Block, str]]:
    """Blocks that may be references, with their words after the label."""
    for block in reading.blocks:
        if block.kind in ("reference", "footnote"):
            yield block, LABEL.sub("", reading.text[block.start : block.end], count=1)


def is_work(csl: CSL) -> bool:
    """Whether a footnote is a reference rather than a remark: dated, and by somebody or somewhere."""
    return any(field in csl for field in ("DOI", "PMID", "URL")) or (
        "issued" in csl and any(field in csl for field in WORK_FIELDS)
    )


# What is said of the list or of its entries: "The following sources were used.", "Sources (accessed in 2020):".
ABOUT_LIST = re.compile(
    r"\A(?!.*[\w)]\. ).*(?:\b(?:sources?|references?|works?|list|links?|papers?|publications?|entries|citations?|"
    r"titles|numbers?)\b.*\b(?:follow\w*|below|listed|sorted|ordered|order|arranged|numbered|cited|consulted|used|"
    r"accessed|checked|given|relied|alphabetical\w*|appear\w*)\b|\b(?:follow\w*|below|listed|cited|consulted|used|accessed|"
    r"checked|these)\b.*\b(?:sources?|references?|works?|links?|papers?|publications?|entries|citations?)\b|:\s*\Z)",
    re.IGNORECASE | re.DOTALL,
)
FIELDS_OF_A_WORK = frozenset({"author", "volume", "page", *IDENTIFIERS})


def is_remark(raw: str, csl: CSL) -> bool:
    """Whether a line of the list is no entry but says something of the list."""
    return not FIELDS_OF_A_WORK & csl.keys() and len(raw) < 400 and bool(ABOUT_LIST.match(raw))


def labelled(blocks: Sequence[Block], references: Iterable[Reference]) -> tuple[dict[str, str], bool]:
    """Reference ids by the labels that marks use, and whether these are printed: the entries of an unnumbered list
    go by their place in it."""
    by_end = {reference.end: reference for reference in references if reference.end is not None}
    listed = [block for block in blocks if block.end in by_end and block.kind in ("reference", "footnote")]
    numbered = any(block.label for block in listed)
    entries = listed if numbered else list(takewhile(lambda block: not is_heading_like(by_end[block.end]), listed))
    works: dict[str, set[str]] = {}
    for place, block in enumerate(entries, start=1):
        works.setdefault(block.label or ("" if numbered else str(place)), set()).add(by_end[block.end].id)
    # A label that stands for two works, as in two lists in one document, stands for neither.
    return {label: found.pop() for label, found in works.items() if label and len(found) == 1}, numbered


def is_heading_like(work: Reference) -> bool:
    """ "Guidelines", "Web pages" in a list without numbers: from there on, which number an entry has is not known."""
    raw = work.raw or ""
    return not (FIELDS_OF_A_WORK | {"issued"}) & work.csl.keys() and not re.search(r"[.,;\d]|\S+(?:\s+\S+){4}", raw)


def index_keys(reference: Reference) -> set[str]:
    """The names that a work may be asked for by: its first author's, or those its string begins with."""
    keys: set[str] = set()
    for name in author_names(reference.csl)[:1]:
        keys |= keys_of_name(name)
    if reference.raw and not keys:
        words = reference.raw[:160].split()
        keys |= {fold_name("".join(words[:length])) for length in range(1, 9)}
    return keys - {""}


@lru_cache(maxsize=1 << 16)  # each document of a corpus looks through the owner's works
def keys_of_name(name: str) -> frozenset[str]:
    return frozenset({*name_keys(name), acronym(name.split()), last_name(name)})


def index_years(reference: Reference) -> set[int | None]:
    """The year of a work; where it did not parse, each year that its string mentions."""
    year = year_of(reference.csl)
    mentioned = re.findall(r"\b(?:1[6-9]|20)\d\d", reference.raw or "") if year is None else []
    return {year, *map(int, mentioned)}


class ReferenceIndex:
    """Works by the name and year, identifier and key that a mark may give."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self.works: dict[str, Reference] = {}
        self.by_name: dict[tuple[str, int | None], list[Reference]] = {}
        self.by_place: dict[tuple[int | None, str, str], list[str]] = {}
        self.by_identifier: dict[tuple[str, str], list[str]] = {}
        self.answers: dict[str, tuple[str, ...]] = {}
        for reference in references:
            self.place(reference)

    def place(self, reference: Reference) -> None:
        self.works[reference.id] = reference
        self.answers.clear()
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
        """Ids of the works that a description fits: by identifier, else by name, year and all else it gives; without
        a name, by year, volume and page."""
        question = repr(csl)
        if question not in self.answers:
            self.answers[question] = tuple(self.look_up(csl))
        return self.answers[question]

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
        fits = narrowed(fits, lambda work: same_company(csl, work.csl))
        return [work.id for work in by_letter(fits, csl.get("year-suffix", ""))]

    def namesakes(self, csl: CSL) -> list[Reference]:
        """Works whose first author and year a mark or string gives."""
        names = author_names(csl)
        if not names:
            return []
        # Where volume or page confirm it, the last word of a double surname is enough.
        keys = name_keys(names[0]) | ({last_name(names[0])} if "volume" in csl or "page" in csl else set())
        found = [work for key in sorted(keys) for work in self.by_name.get((key, year_of(csl)), ())]
        return list({work.id: work for work in found}.values())


def narrowed(works: list[Reference], fits: Callable[[Reference], bool]) -> list[Reference]:
    """Those that fit better, if any do; a single work needs no better fit."""
    return ([work for work in works if fits(work)] or works) if len(works) > 1 else works


class ReferenceIds:
    """Gives ids to the works of a document: `grabski2022`, then `grabski2022b`, …

    A work that is among the `known` ones keeps its id there; no other id is given twice or is one of theirs.
    """

    def __init__(self, known: Mapping[str, Reference]) -> None:
        self.others = known
        self.given: set[str] = set()
        self.counts: Counter[str] = Counter()

    @cached_property
    def known(self) -> ReferenceIndex:
        """Made when the first work asks: most pages of a large corpus have none."""
        return ReferenceIndex(self.others.values())

    def give(self, csl: CSL, raw: str, start: int) -> Reference:
        same = [work for work in self.known.namesakes(csl) if same_work(csl, work.csl)]
        if len(same) == 1 and same[0].id not in self.given:
            key, csl = same[0].id, csl | same[0].csl
        else:
            key = self.fresh(stem(csl, raw))
        self.given.add(key)
        return Reference(key, csl | {"id": key}, raw, start, start + len(raw))

    def fresh(self, name: str) -> str:
        while True:
            self.counts[name] += 1
            key = name + ordinal(self.counts[name], after_digit=name[-1:].isdigit())
            if key not in self.given and key not in self.known.works:
                return key


def stem(csl: CSL, raw: str) -> str:
    """First author and year; for a work without author the first word of its string."""
    names = author_names(csl)
    short = acronym(names[0].split()) if names and "literal" in csl["author"][0] else ""
    name = short or fold_name("".join(names[:1])) or fold_name("".join(raw[:60].split()[:1])) or "work"
    return f"{name}{year_of(csl) or ''}{csl.get('year-suffix', '')}"


def ordinal(number: int, *, after_digit: bool) -> str:
    if number == 1:
        return ""
    return chr(ord("a") + number - 1) if after_digit and number <= 26 else f"-{number}"
