"""Marks that name the work: author and year, the inline AMA form, identifiers, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.citations.identifiers import find_identifiers
from qa.citations.names import PARTICLES, UPPER
from qa.citations.parsing import BODY, PLACES, parse_reference, place_fields
from qa.citations.references import Shelf
from qa.citations.shapes import Candidate, Prose, Target, innermost
from qa.models import CSL, Span

LONGEST_NAMES = 200
MOST_NAME_WORDS = 14
LONGEST_ITEM = 600
ONE_YEAR = r"(?:(?:1[6-9]|20)\d\d(?!\d)(?:[a-z]\b(?:\s?[,/&]\s?[a-z]\b)*)?|n\.\s?d\.(?:[a-z]\b)?|in press\b)"
YEARS = re.compile(rf"(?<![\w.–—-]){ONE_YEAR}(?:\s?(?:[,;&]|,? and)\s?{ONE_YEAR})*(?![\w–—-]|[;:]\s?\d)")
# Between the names and the year: "(", ", ", and the short form of a body's name, "(NICE), ".
TO_YEAR = re.compile(r"(?:\s*\([A-Z][\w-]{1,11}\))?(?:,?\s*[(\[]|,)?\s*$")
TOKEN = re.compile(r"[\w'’‐.*-]+|[,&]|\S")
ET_AL = re.compile(r"[*_]*(?:al|colleagues|co-?workers|others|associates)[.*_]*")
CAPITALISED = re.compile(rf"{UPPER}[\w'’‐.-]*")
INITIALS = re.compile(rf"(?:{UPPER}\.?-?){{1,4}}")
# Capitalised for their place in the sentence, or names of months: never a first author.
NO_NAME = frozenset(
    "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug "
    "Sep Sept Oct Nov Dec Spring Summer Autumn Fall Winter In The See For From By As At On Of To And But Since Until "
    "After Before During Between Version Copyright Table Figure Fig Section Chapter Appendix".split()
)
IN_BODIES = frozenset("of for on the and in & de für la et".split())
LEAD_WORDS = re.compile(
    r"(?:\s|[,;:]|\b(?:see|also|e\.g\.|eg|i\.e\.|cf\.?|reviewed|in|by|for|a|recent|review|and|but|compare|from|adapted|"
    r"data|but see|as)(?=[\s,:]))*",
    re.IGNORECASE,
)
TRAIL = re.compile(r"(?:,?\s?(?:pp?\.|chapter|for)\s?[^()\[\];]{1,40})?\s*")
GAP = re.compile(r"[\s,;&]*(?:(?:and|see|also|but see|e\.g\.)[,\s]*)*")


class Item(NamedTuple):
    """One name with its years, or one work, inside or outside brackets."""

    start: int
    end: int
    targets: tuple[Target, ...]


class Word(NamedTuple):
    start: int
    text: str


class Names(NamedTuple):
    """The capitalised words before a year, split where a comma or "and" stands; `others` is an "et al."."""

    parts: tuple[tuple[Word, ...], ...]
    others: bool


# --- author and year ---------------------------------------------------------------------------


def find_author_year(block: Prose, shelf: Shelf) -> Iterator[Candidate]:
    return merge(block, author_year_items(block, shelf))


def author_year_items(block: Prose, shelf: Shelf) -> Iterator[Item]:
    for years in YEARS.finditer(block.text, block.start, block.end):
        before = block.before(years.start(), LONGEST_NAMES)
        gap = TO_YEAR.search(before)
        names = names_before(before[: gap.start()]) if gap else None
        if names is None:
            continue
        offset = years.start() - len(before)
        reading = known_reading(names, years[0], shelf) or plain_reading(names)
        if reading is None:
            continue
        start, people = offset + reading[0], reading[1]
        bracketed = innermost(block.groups, start, years.end()) is not None
        firm = names.others or (bracketed and len(people) > 1)
        text = block.text[start : years.end()]
        targets = tuple(Target(text, csl=csl, firm=firm) for csl in dated(people, names.others, years[0]))
        yield Item(start, closed(block, start, years.end()), targets)


def closed(block: Prose, start: int, end: int) -> int:
    """The end of "(2010)" or "(2010, p. 3)" when the names stand before the bracket."""
    group = innermost(block.groups, end - 1, end)
    if group and group.start > start and TRAIL.fullmatch(block.text, end, group.end - 1):
        return group.end
    return end


def names_before(text: str) -> Names | None:
    """The names that a text ends with: "Smith", "van den Brink and Jones", "Lee et al.", a body's whole name."""
    tokens = list(TOKEN.finditer(text))
    others = len(tokens) > 2 and bool(ET_AL.fullmatch(tokens[-1][0])) and tokens[-2][0].strip("*_") in ("et", "and", "&")
    if others:
        del tokens[-2:]
        if tokens[-1][0] == ",":
            tokens.pop()
    first = len(tokens)
    while first and len(tokens) - first < MOST_NAME_WORDS and belongs(tokens, first - 1):
        first -= 1
    while first < len(tokens) and not CAPITALISED.fullmatch(tokens[first][0]) and tokens[first][0] not in PARTICLES:
        first += 1
    if first == len(tokens):
        return None
    words = [Word(token.start(), re.sub(r"['’]s?$", "", token[0])) for token in tokens[first:]]
    return Names(split_people(words), others)


def belongs(tokens: Sequence[re.Match[str]], index: int) -> bool:
    word = tokens[index][0]
    if CAPITALISED.fullmatch(word):
        return not (word.endswith(".") and len(word) > 4) or index == len(tokens) - 1
    if word in PARTICLES or word in IN_BODIES or word == ",":
        return index < len(tokens) - 1
    return False


def split_people(words: Sequence[Word]) -> tuple[tuple[Word, ...], ...]:
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.text in (",", "&", "and"):
            parts.append([])
        else:
            parts[-1].append(word)
    return tuple(tuple(part) for part in parts if part)


def readings(names: Names) -> Iterator[tuple[int, list[str]]]:
    """Ways to read a run of capitalised words as authors, the longest first, and where each begins."""
    words = [word for part in names.parts for word in part]
    if len(words) > 2:
        yield words[0].start, [" ".join(word.text for word in words)]
    for index, part in enumerate(names.parts):
        rest = [surname(other) for other in names.parts[index + 1 :]]
        for cut in range(len(part)):
            yield part[cut].start, [surname(part[cut:]), *rest]


def surname(words: Sequence[Word]) -> str:
    """The words of one person without the initials: "J. Smith", "Watson N"."""
    kept = [word.text for word in words if len(words) == 1 or not INITIALS.fullmatch(word.text)]
    return " ".join(kept or [word.text for word in words])


def known_reading(names: Names, years: str, shelf: Shelf) -> tuple[int, list[str]] | None:
    for start, people in readings(names):
        if any(shelf.find(csl) for csl in dated(people, names.others, years)):
            return start, people
    return None


def plain_reading(names: Names) -> tuple[int, list[str]] | None:
    """How to read names that no reference has: as they stand, without the words that only begin the sentence."""
    for start, people in readings(Names(names.parts, names.others)):
        words = people[0].split()
        if len(people) == len(names.parts) and words[0] not in NO_NAME and len(words) <= 3:
            return start, people
    return None


def dated(people: Sequence[str], others: bool, years: str) -> Iterator[CSL]:
    """One description for each year and letter: "2010a,b, 2012" is three works."""
    base: CSL = {"author": [{"family": person} for person in people]}
    if others:
        base["custom"] = {"etAl": True}
    for year, letters in re.findall(r"(\d{4})((?:[a-z]\b(?:\s?[,/&]\s?(?=[a-z]\b))?)*)", years):
        fields = base | {"issued": {"date-parts": [[int(year)]]}}
        suffixes = re.findall(r"[a-z]", letters)
        yield from ({**fields, "year-suffix": suffix} for suffix in suffixes) if suffixes else [fields]
    if not re.search(r"\d", years):
        yield base


def merge(block: Prose, items: Iterator[Item]) -> Iterator[Candidate]:
    """Neighbours in one bracket are one mark, which takes the bracket in when nothing else stands there."""
    run: list[Item] = []
    for item in items:
        if run and not joined(block, run[-1], item):
            yield as_candidate(block, run)
            run = []
        if not run or item.start >= run[-1].end:
            run.append(item)
    if run:
        yield as_candidate(block, run)


def joined(block: Prose, one: Item, other: Item) -> bool:
    group = innermost(block.groups, one.start, one.end)
    return group is not None and other.end < group.end and bool(GAP.fullmatch(block.text, one.end, other.start))


def as_candidate(block: Prose, run: Sequence[Item]) -> Candidate:
    start, end = run[0].start, run[-1].end
    group = innermost(block.groups, start, end)
    if (
        group
        and LEAD_WORDS.fullmatch(block.text, group.start + 1, start)
        and TRAIL.fullmatch(block.text, end, group.end - 1)
    ):
        start, end = group
    return Candidate(start, end, tuple(target for item in run for target in item.targets))


# --- inline AMA --------------------------------------------------------------------------------

AMA = re.compile(
    rf"(?P<names>(?:{UPPER}|(?:{'|'.join(sorted(PARTICLES))})\s)[^,;()\[\]]{{1,140}}?)(?P<others>,?\s[*_]*et al\.?[*_]*)?,\s(?P<rest>.{{4,400}})",
    re.DOTALL,
)
TITLE_AND_YEAR = re.compile(r"(?P<title>[^\W\d_].{1,300}?)[.,]\s(?:(?P<year>(?:1[6-9]|20)\d\d)(?P<suffix>[a-z])?|n\.\s?d)[.\s]*", re.DOTALL)


def find_ama(block: Prose) -> Iterator[Candidate]:
    for group in block.groups:
        if group.end - group.start < 12 or not re.search(r"\d", block.inner(group)):
            continue
        yield from merge(block, ama_items(block, group))


def ama_items(block: Prose, group: Span) -> Iterator[Item]:
    position = group.start + 1
    for piece in re.split(r"(;\s+(?=[^\W\d]))", block.inner(group)):
        lead = LEAD_WORDS.match(piece)
        skipped = lead.end() if lead else 0
        if len(piece) < LONGEST_ITEM and (target := read_work(piece[skipped:], position + skipped)):
            yield Item(target.start, position + len(piece), (target,))
        position += len(piece)


def read_work(piece: str, start: int) -> Target | None:
    """A work described in a mark: who, and where it appeared."""
    match = AMA.fullmatch(piece)
    people = split_names(match["names"]) if match else []
    if match and people:
        csl: CSL = {"author": people} | ({"custom": {"etAl": True}} if match["others"] else {})
        rest = match["rest"].strip()
        if fields := work_fields(rest):
            firm = "volume" in fields or bool(match["others"])
            return Target(piece, start, csl=csl | fields, firm=firm, whole=True)
    csl = parse_reference(piece)
    if {"author", "volume", "page", "issued"} <= csl.keys():
        return Target(piece, start, csl=csl, firm=True, whole=True)
    return None


def split_names(names: str) -> list[dict[str, str]]:
    """'Butler & Moseley' to two people, 'World Health Organization' to a body."""
    words = names.split()
    if not all(CAPITALISED.match(word) or word in PARTICLES or word in IN_BODIES for word in words):
        return []
    if BODY.search(names):
        return [{"literal": names}]
    return [{"family": part} for part in re.split(r"\s(?:&|and)\s", names)]


def work_fields(rest: str) -> CSL:
    """'Am J Psychiatry. 2022;179(2):152-162' or 'Explain pain. 2003'; what stands alone before the year may be a
    journal or a book, so it is kept as a note."""
    place = next((found for shape in PLACES if (found := shape.search(rest)) and "year" in found.re.groupindex), None)
    if place and not rest[place.end() :].strip(" ."):
        container = rest[: place.start()].strip(" .,")
        fields: CSL = {"type": "article-journal", "issued": {"date-parts": [[int(place["year"])]]}}
        return fields | place_fields(place) | ({"container-title": container} if container else {})
    if match := TITLE_AND_YEAR.fullmatch(rest):
        fields = {"type": "document", "note": match["title"].strip()}
        return fields | ({"issued": {"date-parts": [[int(match["year"])]]}} if match["year"] else {})
    return {}


# --- identifiers and keys ----------------------------------------------------------------------

KEY = r"[\w][\w:.#$%&+?<>~/-]*\w|\w"
PANDOC_KEY = re.compile(rf"(?<![\w@])-?@(?:\{{([^{{}}\s]{{1,80}})\}}|({KEY}))")
FOOTNOTE = re.compile(r"\[\^([^\]\s]{1,80})\](?!:)")


def find_identified(block: Prose) -> Iterator[Candidate]:
    """DOI, PMID and PMCID, each a work by itself."""
    found = [i for i in find_identifiers(block.text, block.start, block.end) if i.kind in ("DOI", "PMID", "PMCID")]
    items = (
        Item(i.start, i.end, (Target(block.text[i.start : i.end], i.start, csl={i.kind: i.value, "type": "document"}, firm=True, whole=True),))
        for i in sorted(found)
    )
    return merge(block, items)


def find_links(block: Prose) -> Iterator[Candidate]:
    """Web pages and trial registrations."""
    for found in sorted(i for i in find_identifiers(block.text, block.start, block.end) if i.kind in ("URL", "number")):
        csl: CSL = {"type": "webpage" if found.kind == "URL" else "document", found.kind: found.value}
        yield Candidate(found.start, found.end, (Target(found.value, found.start, csl=csl, whole=found.kind == "URL"),))


def find_pandoc(block: Prose) -> Iterator[Candidate]:
    items: list[Item] = []
    for match in PANDOC_KEY.finditer(block.text, block.start, block.end):
        group = innermost(block.groups, match.start(), match.end())
        bracketed = group is not None and block.text[group.start] == "["
        key = match[1] or match[2].rstrip(".:")
        target = Target(f"@{key}", label=key, firm=bracketed)
        items.append(Item(match.start(), match.start() + len(match[0]), (target,)))
    return in_square_brackets(block, items)


def in_square_brackets(block: Prose, items: Sequence[Item]) -> Iterator[Candidate]:
    """All keys of one square bracket are one mark, with whatever else the bracket says ("see", pages)."""
    marks: dict[Span, list[Item]] = {}
    for item in items:
        group = innermost(block.groups, item.start, item.end)
        square = group if group and block.text[group.start] == "[" else Span(item.start, item.end)
        marks.setdefault(square, []).append(item)
    for span, run in marks.items():
        yield Candidate(span.start, span.end, tuple(target for item in run for target in item.targets))


def find_footnotes(block: Prose) -> Iterator[Candidate]:
    for match in FOOTNOTE.finditer(block.text, block.start, block.end):
        if match.start() > block.start or not block.text.startswith(":", match.end()):
            yield Candidate(match.start(), match.end(), (Target(match[0], label=match[1], firm=True),))
