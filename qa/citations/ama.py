"""In-text citations that describe the work, mostly in AMA style.

"(Grabski et al., Am J Psychiatry. 2022;179(2):152-162; Smith, A book. 2003)"
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from qa.citations.author_lists import BODY_WORD, JOURNAL_ALONE
from qa.citations.author_year import IN_BODIES
from qa.citations.candidates import LEAD_WORDS, CitationCandidate, Item, Target, TextBlock, merge
from qa.citations.identifiers import find_identifiers
from qa.citations.parsing import JOURNAL_PLACES, parse_reference, place_fields
from qa.citations.person_names import PARTICLES, UPPER
from qa.models import CSL, Span

LONGEST_ITEM = 600
AMA = re.compile(
    rf"(?P<names>(?:{UPPER}|(?:{'|'.join(sorted(PARTICLES))})\s)[^,;()\[\]]{{1,140}}?)"
    r"(?P<others>,?\s[*_]*et al\.?[*_]*)?,\s(?P<rest>.{4,400})",
    re.DOTALL,
)
TITLE_AND_YEAR = re.compile(
    r"(?P<title>[^\W\d_].{1,300}?)[.,]?\s(?:(?P<year>(?:1[6-9]|20)\d\d)[a-z]?|n\.\s?d)[.\s]*", re.DOTALL
)

YEAR_IN_TEXT = re.compile(r"(?:1[6-9]|20)\d\d")

# "Ito, and Osei", "B. Reyes, 2019": more names and years, which are no title.
ONLY_NAMES = re.compile(
    rf"(?:(?:{UPPER}[\w'’.-]*|(?:and|&)|(?:1[6-9]|20)\d\d[a-z]?|{'|'.join(sorted(PARTICLES))})[,;&\s]*)+(?<!\.)"
)


def is_names(title: str) -> bool:
    return bool(ONLY_NAMES.fullmatch(title) and re.search(r"[,&]|\band\b|\d{4}|\b\w\.", title))


def find_ama(block: TextBlock) -> Iterator[CitationCandidate]:
    """Brackets with one or more works, separated by semicolons."""
    for group in block.groups:
        if group.end - group.start < 12 or not re.search(r"\d", block.inner(group)):
            continue
        yield from merge(block, iter(ama_items(block, group)))


def ama_items(block: TextBlock, group: Span) -> list[Item]:
    items: list[Item] = []
    position = group.start + 1
    for piece in re.split(r"(;\s+(?=[^\W\d]))", block.inner(group)):
        end = position + len(piece)
        lead = LEAD_WORDS.match(piece)
        skipped = lead.end() if lead else 0
        if items and (numbers := numbers_alone(block.text, position, end)):
            first, _, (work,) = items.pop()
            items.append(Item(first, end, (replace(work, csl=work.csl | numbers, firm=True),)))
        elif len(piece) < LONGEST_ITEM and (target := read_inline_work(piece[skipped:], position + skipped)):
            items.append(Item(target.start, end, (target,)))
        position = end
    return items


def numbers_alone(text: str, start: int, end: int) -> CSL:
    """The identifiers in `text[start:end]` if it holds nothing else, otherwise {}.

    After a semicolon, such identifiers belong to the work before it.
    """
    found = list(find_identifiers(text, start, end, ("DOI", "PMID", "PMCID")))
    covered = sum(identifier.end - identifier.start for identifier in found)
    return {identifier.kind: identifier.value for identifier in found} if covered == end - start else {}


def read_inline_work(piece: str, start: int) -> Target | None:
    """The work described by one part of a citation (authors and where it was published), or None."""
    match = AMA.fullmatch(piece)
    people = split_names(match["names"]) if match else []
    if match and people:
        csl: CSL = {"author": people} | ({"custom": {"etAl": True}} if match["others"] else {})
        rest = match["rest"].strip()
        if fields := work_fields(rest):
            firm = "volume" in fields or bool(match["others"])
            return Target(piece, start, csl=csl | fields, firm=firm, whole=True)
    if not YEAR_IN_TEXT.search(piece):  # most brackets, which need not be parsed
        return None
    csl = parse_reference(piece)
    if {"volume", "page", "issued"} <= csl.keys() and ("author" in csl or JOURNAL_ALONE.match(piece)):
        return Target(piece, start, csl=csl, firm=True, whole=True)
    return None


def split_names(names: str) -> list[dict[str, str]]:
    """CSL names: 'Butler & Moseley' is two people, 'World Health Organization' an organisation.

    Empty for 'Lee K', which is the start of a complete reference, and for anything that is not a list of names.
    """
    words = names.split()
    if re.fullmatch(rf"{UPPER}{{1,3}}", words[-1]) and len(words) > 1:
        return []
    if not all(word[:1].isupper() or word in PARTICLES or word in IN_BODIES for word in words):
        return []
    if BODY_WORD.search(names):
        return [{"literal": names}]
    return [{"family": part} for part in re.split(r"\s(?:&|and)\s", names)]


def work_fields(rest: str) -> CSL:
    """CSL fields of 'Am J Psychiatry. 2022;179(2):152-162' or 'Explain pain. 2003'; {} for anything else.

    A bare title before the year may be a journal or a book, so it is kept as a note.
    """
    place = next(
        (found for shape in JOURNAL_PLACES if (found := shape.search(rest)) and "year" in found.re.groupindex), None
    )
    if place and not rest[place.end() :].strip(" ."):
        container = rest[: place.start()].strip(" .,")
        fields: CSL = {"type": "article-journal", "issued": {"date-parts": [[int(place["year"])]]}}
        return fields | place_fields(place) | ({"container-title": container} if container else {})
    match = TITLE_AND_YEAR.fullmatch(rest)
    if match and (rest[match.end("title")] == "." or not is_names(match["title"])):
        fields = {"type": "document", "note": match["title"].strip()}
        return fields | ({"issued": {"date-parts": [[int(match["year"])]]}} if match["year"] else {})
    return {}
