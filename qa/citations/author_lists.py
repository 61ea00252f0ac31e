"""The authors at the beginning of a reference string, in the styles in which lists write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.citations.person_names import SURNAME, UPPER, acronym, fold_name

# "Am J Psychiatry. 2022;179:152" looks like an author but is a journal without authors or title.
JOURNAL_ALONE = re.compile(r"[A-Z][\w&: ]{2,80}\.? (?:1[89]|20)\d\d;")
INITIALS = rf"(?:{UPPER}{{1,3}}(?![a-z]\w)|(?:{UPPER}\.[ -]?){{1,4}})"
LONG_SURNAME = rf"{SURNAME}(?: {SURNAME}){{0,2}}?"
# (one person, separator) for each style of author list; all authors of a list follow the same style.
# The separator may be missing where a reference list was pasted from markup ("Rita LCox JMSeleny FL").
# "Aert, R. C. M. van", "Berg, J. van der"
TRAILING_PARTICLE = r"(?:v[ao]n(?: de[rn]?)?|de(?: l[ao]s?)?|de[rn]|d[aoi]s?|du|del|te[rn])"
AND = r"[,;]?\s*(?:&|and|und|et|y|och|og)\s+(?!al\b)"
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
        (
            rf"(?P<given>(?:{UPPER}\.[ -]?){{1,4}}(?:(?<= ){UPPER}[\w'’-]+ (?={UPPER}))?) ?(?P<family>{SURNAME})",
            rf"\s*(?:{AND}|[,;]\s*)",
        ),
    )
)
ET_AL = re.compile(r"[\s,;]*(?:\.{3}|…|\bet\.? ?al\b\.?|\band others\b)", re.IGNORECASE)
BODY_WORD = re.compile(
    r"\b(?:Organi[sz]ation|Association|Institut\w*|Committee|Groups?|Ministry|Departments?|Society|Agency|Office|"
    r"Cent(?:er|re)s?|Council|Federation|Collaborat\w+|Panel|Commission|Bank|College|Foundation|Consortium|Force|"
    r"Network|Team|Investigators|Board|Bureau|Service|Administration|Government|Authority|Alliance|University|Academy|Union|"
    r"Nations|Parliament|Congress|Excellence|Trust|Initiative|Program(?:me)?)\b"
)
ENDS_IN_BODY = re.compile(rf"(?:{BODY_WORD.pattern})\Z")
ACRONYM = re.compile(r"[A-Z][A-Z/& ]{1,12}")
GIVEN = rf"{UPPER}[\w'’-]*\.?"
INVERTED = re.compile(rf"(?P<family>{LONG_SURNAME}), (?P<given>{GIVEN}(?: {GIVEN}){{0,2}}?)(?=[.,:;]? |\.? ?\(|\.$)")
GIVEN_FIRST = re.compile(
    rf"(?P<given>(?:{UPPER}\. {UPPER}[\w'’-]+(?= {UPPER})|{GIVEN}(?: {UPPER}\.?){{0,2}})) (?P<family>{LONG_SURNAME})"
    rf"(?=[.,:;] | (?!{UPPER})|\.? ?\(|\.$)"
)
BETWEEN_FULL_NAMES = re.compile(r",? (?:and|&|und|et|y|och|og) (?!al\b|others\b)|[,;] ")
AFTER_INVERTED = re.compile(
    r"[.,:]?\s+(?:\(?(?:1[6-9]|20)\d\d|[“\"‘*_]|\(?n\.\s?d|\(?in press|\(?forthcoming|\(?[Ee]ds?\.)"
)
AFTER_FULL_NAMES = re.compile(rf"[.:]\s+[“\"‘„«*_]?{UPPER}|[.,]?\s+\(?(?:1[6-9]|20)\d\d|[.,]?\s+[“\"„«]")
QUOTED_NEXT = re.compile(r"[.,:]?\s+[“\"„«]")

# "Hoebert et al. Melatonin use.", "Atkins (2018). 20mph research study."
SURNAME_ALONE = re.compile(
    rf"(?P<family>{SURNAME}),? (?i:et\.? al\b\.?)(?= (?:[“\"„«]|{UPPER}[\w-]+ (?:[\w-]+ ){{2}}))"
)
# Surnames without initials: several before a year, "Hu & Ito (2015)", and any before a title in quotation marks or a
# journal, "Hu, “Lanes,” J Roads 7 (2015)", "Hu, J Roads 7 (2015)".
AND_SURNAME = re.compile(r",? (?:&|and) |, ")
SURNAMES = re.compile(
    rf"(?P<families>{SURNAME}(?P<more>(?:, {SURNAME}){{0,5}},? (?:&|and) {SURNAME})?)(?P<others>,? et al\.?)?"
    r"(?:(?(more)|(?(others)|(?!)))(?= \((?:1[6-9]|20)\d\d)|,(?= [“\"„«])"
    rf"|,(?= (?:{UPPER}[\w-]*[.,]? (?:(?:&|and|of|in|the) ){{0,2}}){{1,6}}\d{{1,4}} \((?:1[6-9]|20)\d\d\)))"
)
# The name of an organisation, with its acronym: "National Institute for Clinical Excellence (NICE)". A full stop in it
# is one of initials: "U.S. Department of Health".
ORGANISATION = re.compile(
    rf"(?P<name>(?:(?:{UPPER}\.){{2,4}} )?[^\W_a-z](?:[^.;:()]|(?<=\bSt)\. ){{1,120}}?)"
    r"(?P<short> \([A-Z][\w&-]{1,15}\))?"
    r"(?=(?P<dated>[.,]? \((?:(?:1[6-9]|20)\d\d|n\.\s?d|in press|forthcoming)|[.,] (?:1[6-9]|20)\d\d[a-z]?[.,:])"
    r"|\.[:;]? (?:[^\W\d_“\"]|\d{1,3}[a-z-])|[:;] [^\W\d_“\"]| \((?!\s))"
)
NAME_WORD = re.compile(r"(?:of|for|on|the|in|and|de|des|du|la|für|&|[^\W_a-z][\w’'&-]*|[a-z]?[A-Z][\w-]*),?")
MOST_WORDS_OF_A_BODY = 9
PUBLISHED = re.compile(
    rf"[.?!] {UPPER}(?:[^\W\d]|[ ’-]){{2,40}}(?:, [A-Z][\w.]{{1,14}})?: ?(?P<publisher>[^;:,.]{{2,80}})[;,.]"
)
TITLE_BETWEEN = re.compile(r"\.? (?:[^\s.]+ ){2}")
ONE_WORD = re.compile(rf"{UPPER}[\w’'&-]{{2,}}")
OF_A_COUNTRY = re.compile(
    rf"(?:{UPPER}[\w’'-]+ (?:and |& )?){{1,4}}(?:England|Scotland|Wales|Ireland|Britain|UK|Europe|Australia|Canada|"
    r"New Zealand|Netherlands|Sweden|Norway|Denmark|Finland|Germany|France|Spain|Italy|India|Japan|USA|America|"
    r"International)"
)
FOR_A_GROUP = re.compile(
    r"[\s,;]*(?:(?:and|&) )?(?:(?:for|on behalf of) (?:the )?|the |(?<=; ))"
    rf"(?P<name>{UPPER}[^.;:()]{{2,100}}?)(?=[.;:] |\.? \()"
)
BETWEEN_BODIES = re.compile(r",? and |, ")


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
        return with_group(text, best)
    if alone := SURNAME_ALONE.match(text):
        return Authors([{"family": alone["family"]}], True, alone.end())
    if listed := SURNAMES.match(text):
        families = AND_SURNAME.split(listed["families"])
        return Authors([{"family": each} for each in families], bool(listed["others"]), listed.end())
    return read_organisation(text)


def with_group(text: str, authors: Authors) -> Authors:
    """The authors with the group in whose name they write: ", for the ORBIT Investigators."."""
    group = FOR_A_GROUP.match(text, authors.end)
    if not group or not BODY_WORD.search(group["name"]):
        return authors
    return Authors([*authors.people, {"literal": group["name"]}], authors.others, group.end())


def read_organisation(text: str) -> Authors:
    """The organisation at the start of the text, known by a word such as "Institute", by its acronym, or by capital
    letters if the year comes next."""
    head = ORGANISATION.match(text, 0, 160)
    if not head or head.end() >= len(text) - 4:
        return NO_AUTHORS
    name, end = head["name"].strip(), head.end()
    named = is_capitalised(name) and re.match(r"[.,]? \(|\. \d", head["dated"] or "")
    if not (BODY_WORD.search(name) or ACRONYM.fullmatch(name) or named or is_publisher(name, text, end)):
        return NO_AUTHORS
    bodies = BETWEEN_BODIES.split(name)
    if len(bodies) < 2 or not all(ENDS_IN_BODY.search(body) for body in bodies):
        bodies = [name + (head["short"] or "")]
    return Authors([{"literal": body} for body in bodies], False, end)


def is_publisher(name: str, text: str, end: int) -> bool:
    """Whether a name before the title of a book or report is that of a body: it is one word, ends in a country, or is
    the publisher's, in full or by its initials: "Public Health England. Alcohol in towns. London: PHE; 2014"."""
    published = PUBLISHED.search(text, end)
    if not published or not is_capitalised(name) or not TITLE_BETWEEN.match(text, end, published.start()):
        return False
    publisher = published["publisher"].strip()
    same = publisher == name or (len(name.split()) > 1 and fold_name(publisher) == acronym(name.split()))
    return same or bool(ONE_WORD.fullmatch(name) or OF_A_COUNTRY.fullmatch(name))


def is_capitalised(name: str) -> bool:
    """Whether each word begins with a capital letter, apart from "of" and the like: "Statistics Netherlands"."""
    words = name.split()
    return len(words) <= MOST_WORDS_OF_A_BODY and all(map(NAME_WORD.fullmatch, words))


def as_person(found: re.Match[str]) -> dict[str, str]:
    particle = found.groupdict().get("particle")
    return {"family": f"{particle or ''} {found['family']}".strip(), "given": found["given"].strip()}


def read_full_names(text: str) -> Authors:
    """Authors whose given names are written out: "Reyes, Ana, and Bo Ito." before a year or a title in quotation marks,
    "Ana Reyes, Bo Ito. ", "Ana Reyes et al. ". One alone must come before a title in quotation marks: "Public Health.
    A history" begins with a title."""
    inverted = read_full_list(text, INVERTED, AFTER_INVERTED)
    if inverted.people:
        return inverted
    listed = read_full_list(text, GIVEN_FIRST, AFTER_FULL_NAMES)
    sure = len(listed.people) > 1 or listed.others or QUOTED_NEXT.match(text, listed.end)
    return listed if sure else NO_AUTHORS


def read_full_list(text: str, first: re.Pattern[str], after: re.Pattern[str]) -> Authors:
    found, person, position = [], first.match(text), 0
    while person:
        found.append(as_person(person))
        position = person.end()
        gap = BETWEEN_FULL_NAMES.match(text, position)
        again = (INVERTED, GIVEN_FIRST) if gap and gap[0] == "; " else (GIVEN_FIRST,)  # "Ito, Bo; Reyes, Ana"
        person = next(filter(None, (shape.match(text, gap.end()) for shape in again)), None) if gap else None
    others = ET_AL.match(text, position) if found else None
    position = others.end() if others else position
    if not found or not (others or after.match(text, position)) or BODY_WORD.search(text[:position]):
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
