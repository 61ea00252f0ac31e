"""The authors at the beginning of a reference string, in the styles in which lists write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.citations.person_names import SURNAME, UPPER

# "Am J Psychiatry. 2022;179:152" looks like an author but is a journal without authors or title.
JOURNAL_ALONE = re.compile(r"[A-Z][\w&: ]{2,80}\.? (?:1[89]|20)\d\d;")
INITIALS = rf"(?:{UPPER}{{1,3}}(?![a-z]\w)|(?:{UPPER}\.[ -]?){{1,4}})"
LONG_SURNAME = rf"{SURNAME}(?: {SURNAME}){{0,2}}?"
# (one person, separator) for each style of author list; all authors of a list follow the same style.
# The separator may be missing where a reference list was pasted from markup ("Rita LCox JMSeleny FL").
# "Aert, R. C. M. van", "Berg, J. van der"
TRAILING_PARTICLE = r"(?:v[ao]n(?: de[rn]?)?|de(?: l[ao]s?)?|de[rn]|d[aoi]s?|du|del|te[rn])"
AND = r"[,;]?\s*(?:&|and|und|et)\s+(?!al\b)"
PERSONS = tuple(
    (re.compile(person), re.compile(between))
    for person, between in (
        # Grabski M, McAndrew AB, van der Velden VH
        (
            rf"(?P<family>{LONG_SURNAME}) (?P<given>{UPPER}(?:-?{UPPER}){{0,3}})(?=[\s,.;:(]|$|{UPPER}[\w'’-]*[a-z])"
            r"(?: (?:Jr|Sr|III?|IV|2nd|3rd)\b\.?)?",
            rf"\s?(?:{AND}|[,;]\s*)|(?={UPPER})",
        ),
        # Axmacher N., Henseler M. M.
        (rf"(?P<family>{LONG_SURNAME}) (?P<given>(?:{UPPER}\. ?-?){{1,4}})", rf"\s*(?:{AND}|[,;]\s*|(?=\w))"),
        # Grabski, M., McAndrew, A. B.
        (
            rf"(?P<family>{LONG_SURNAME}), (?P<given>(?:[^\W\d_]\. ?-?){{1,4}}|{UPPER}{{1,3}}(?=[,.;&\s]))"
            rf"(?: ?(?P<particle>{TRAILING_PARTICLE})(?=[,.;&\s(]))?",
            rf"\s*(?:{AND}|[,;]\s*)",
        ),
        # M. Grabski, A. B. McAndrew
        (rf"(?P<given>(?:{UPPER}\.[ -]?){{1,4}}) ?(?P<family>{SURNAME})", rf"\s*(?:{AND}|[,;]\s*)"),
    )
)
ET_AL = re.compile(r"[\s,;]*(?:\.{3}|…|\bet\.? ?al\b\.?|\band others\b)", re.IGNORECASE)
BODY_WORD = re.compile(
    r"\b(?:Organi[sz]ation|Association|Institut\w*|Committee|Groups?|Ministry|Departments?|Society|Agency|Office|"
    r"Cent(?:er|re)s?|Council|Federation|Collaborat\w+|Panel|Commission|Bank|College|Foundation|Consortium|Force|"
    r"Network|Team|Investigators|Board|Bureau|Service|Administration|Government|Authority|Alliance|University|Academy|Union|"
    r"Nations|Parliament|Congress|Excellence|Trust|Initiative|Program(?:me)?)\b"
)
ACRONYM = re.compile(r"[A-Z][A-Z/& ]{1,12}")
GIVEN = rf"{UPPER}[\w'’-]*\.?"
INVERTED = re.compile(rf"(?P<family>{LONG_SURNAME}), (?P<given>{GIVEN}(?: {GIVEN}){{0,2}}?)(?=[.,:;]? |\.? ?\(|\.$)")
GIVEN_FIRST = re.compile(
    rf"(?P<given>{GIVEN}(?: {UPPER}\.?){{0,2}}) (?P<family>{LONG_SURNAME})(?=[.,:;]? |\.? ?\(|\.$)"
)
BETWEEN_FULL_NAMES = re.compile(r",? (?:and|&|und|et) (?!al\b|others\b)|[,;] ")
AFTER_INVERTED = re.compile(r"[.,:]?\s+(?:\(?(?:1[6-9]|20)\d\d|[“\"‘*_]|\(?n\.\s?d|\(?in press|\(?forthcoming)")
AFTER_FULL_NAMES = re.compile(rf"\.\s+[“\"‘*_]?{UPPER}|[.,]?\s+\(?(?:1[6-9]|20)\d\d")

# "Hoebert et al. Melatonin use.", "Atkins (2018). 20mph research study."
SURNAME_ALONE = re.compile(rf"(?P<family>{SURNAME}),? (?i:et\.? al\b\.?)(?= {UPPER}[\w-]+ (?:[\w-]+ ){{2}})")
NAME_BEFORE_YEAR = re.compile(rf"(?P<name>{UPPER}[\w&’'-]+) \((?:1[6-9]|20)\d\d[a-z]?\)[.:,]? (?=(?:\S+ ){{3}})")


class Authors(NamedTuple):
    people: list[dict[str, str]]
    others: bool
    end: int


NO_AUTHORS = Authors([], False, 0)


def read_authors(text: str) -> Authors:
    """The authors at the start of the text: people in one style, or an organisation."""
    if JOURNAL_ALONE.match(text):
        return NO_AUTHORS
    best = max((read_people(text, *shapes) for shapes in PERSONS), key=lambda authors: authors.end)
    best = max(best, read_full_names(text), key=lambda authors: authors.end)
    if best.people:
        return best
    if alone := SURNAME_ALONE.match(text):
        return Authors([{"family": alone["family"]}], True, alone.end())
    if named := NAME_BEFORE_YEAR.match(text):
        return Authors([{"literal": named["name"]}], False, named.end("name"))
    head = re.match(r"([^.;:()]{2,120}?)\.?[:;]? (?=\(|[^\W\d_])", text[:160])
    first = re.split(r"[.:(]", text[:160], maxsplit=1)[0].strip()
    if head and 0 < len(first) < len(text) - 4 and (BODY_WORD.search(first) or ACRONYM.fullmatch(first)):
        return Authors([{"literal": first}], False, len(first))
    return NO_AUTHORS


def as_person(found: re.Match[str]) -> dict[str, str]:
    particle = found.groupdict().get("particle")
    return {"family": f"{particle or ''} {found['family']}".strip(), "given": found["given"].strip()}


def read_full_names(text: str) -> Authors:
    """Authors whose given names are written out: "Reyes, Ana, and Bo Ito." before a year or a title in quotation marks,
    "Ana Reyes, Bo Ito. " with at least two people."""
    inverted = read_full_list(text, INVERTED, AFTER_INVERTED)
    if inverted.people:
        return inverted
    listed = read_full_list(text, GIVEN_FIRST, AFTER_FULL_NAMES)
    return listed if len(listed.people) > 1 else NO_AUTHORS


def read_full_list(text: str, first: re.Pattern[str], after: re.Pattern[str]) -> Authors:
    found, person, position = [], first.match(text), 0
    while person:
        found.append(as_person(person))
        position = person.end()
        gap = BETWEEN_FULL_NAMES.match(text, position)
        person = GIVEN_FIRST.match(text, gap.end()) if gap else None
    others = ET_AL.match(text, position) if found else None
    position = others.end() if others else position
    if not found or not after.match(text, position) or BODY_WORD.search(text[:position]):
        return NO_AUTHORS
    return Authors(found, bool(others), position)


def read_people(text: str, person: re.Pattern[str], between: re.Pattern[str]) -> Authors:
    people: list[dict[str, str]] = []
    position = 0
    while found := person.match(text, position):
        people.append(as_person(found))
        position = found.end()
        gap = between.match(text, position)
        if not gap or ET_AL.match(text, position):
            break
        position = gap.end()
    others = ET_AL.match(text, position) if people else None
    return Authors(people, bool(others), others.end() if others else position)
