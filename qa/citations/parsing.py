"""Parse reference strings into CSL-JSON fields with regular expressions.

A field that does not parse is left out, never guessed; callers keep the raw string.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from qa.citations.author_lists import read_authors
from qa.citations.identifiers import Identifier, find_identifiers, identifier_fields
from qa.citations.person_names import UPPER
from qa.models import CSL

# Characters; no real entry is longer, and the rest is ignored.
LONGEST_REFERENCE = 4000
DASH = "[-–—‐‑−]"
YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?P<suffix>[a-z])?"
MONTH = r"(?:[ .,]{1,2}(?:\d{1,2}|[A-Z][a-z]{2,8}(?:-[A-Z][a-z]{2,8})?)\.?){0,3}"
VOLUME = r"(?:[Vv]ol(?:ume|\.)?[ ]?)?(?P<volume>(?:\b[A-Z] ?)?\d{1,4}[A-Z]?\d{0,2}(?![\d.]))"
SUPPLEMENT = r"(?P<supplement>[ ,]{1,2}(?:Suppl(?:ement)?|Pt|Part|Spec No)\.?(?: ?\w{1,3}\b)?)"
ISSUE = r"(?:[ ,]{0,2}(?:\((?P<issue>[^()]{1,40})\)|[Nn]o\.?[ ]?(?P<number>\w{1,6})))"
PAGE_NUMBER = r"[A-Za-z]{0,4}\d[\dA-Za-z]*(?:\.[a-z]?\d+)?"
PAGE = rf"(?:pp?\.? ?)?(?P<page>{PAGE_NUMBER}(?: ?{DASH} ?[A-Za-z]{{0,2}}\d[\dA-Za-z]*)?)"
RANGE = rf"(?:pp?\.? ?)?(?P<page>{PAGE_NUMBER} ?{DASH} ?[A-Za-z]{{0,2}}\d[\dA-Za-z]*)"

# Year, volume, issue and pages; the first pattern that matches counts, the most specific first.
JOURNAL_PLACES = tuple(
    re.compile(shape)
    for shape in (
        # vol. 4, no. 2, May 2019, pp. 10–19
        rf"\b[Vv]ol\. ?(?P<volume>\d{{1,4}}), (?:[Nn]o\. ?(?P<number>\w{{1,6}}), )?(?:[A-Z][\w.–-]{{2,14}} )?{YEAR}"
        rf"(?:, {PAGE})?",
        # 2022;179(2):152-162 and 2000 4;5(2):144–51
        rf"(?<!\d){YEAR}{MONTH}[;:] ?{VOLUME}{SUPPLEMENT}?{ISSUE}?(?: ?[:,] ?{PAGE})?",
        # 2014:CD002990
        rf"\b{YEAR}[;:]{{1,2}} ?(?:\((?P<issue>\d{{1,3}})\):)?{PAGE}",
        # (2010) 105(2):99–106
        rf"\({YEAR}\)[;,:]? ?{VOLUME}{SUPPLEMENT}?{ISSUE}? ?[:,] ?{PAGE}",
        # 28: 11165–11173, 2008 and 179, 152–162 (2022)
        rf"(?:(?<=[\s,.)])|(?<=[a-z])){VOLUME}{SUPPLEMENT}?{ISSUE}? ?[:,] ?{PAGE}[,.]? ?\(?{MONTH} ?(?<!\d){YEAR}\b",
        # 179(2):152-162, 6:e9, Lancet373, 746-758, 65 627-638; the year is elsewhere
        rf"(?:(?<=[\s,.)])|(?<=[a-z])){VOLUME}{SUPPLEMENT}?{ISSUE} ?[:,.]? ?{PAGE}",
        rf"(?:(?<=[\s,.)])|(?<=[a-zA-Z])){VOLUME}{SUPPLEMENT}? ?: ?{PAGE}",
        rf"(?:(?<=[\s,.)])|(?<=[a-zA-Z])){VOLUME}{SUPPLEMENT}?[ ,] ?{RANGE}",
        rf"(?<=[\s,.)a-zA-Z]){VOLUME}{SUPPLEMENT}?, {PAGE}(?=[.,;]?\s*$)",
    )
)
EDITORS = re.compile(
    r"[\s,]*(?:\((?:editors?|eds?\.?|hrsg\.?|hg\.?|éds?\.?|coords?\.?)\)|(?:editors?|eds?)\b)[.,]*", re.IGNORECASE
)
SENTENCE_END = re.compile(r"(?<=[^\W_]{3})[.?!)]+\s+")  # within what could be a place: "A review. London"
TITLE_END = re.compile(r"(?<!\bSt)(?<!\bDr)(?<!\bMt)(?<!\bvs)(?<!\bNo)(?<!\.[A-Z])\. ")
IN_BOOK = re.compile(r"[.?!,]?\s+In: |[.?!]\s+In (?=[A-Z][\w.]* [A-Z&])")
BOOK_END = re.compile(r"\.(?:\s|$)|,? \(?(?:pp?\.|\d{1,2}(?:st|nd|rd|th) ed)")
EDITION = re.compile(r"[\s,.]*\(?(?P<number>\d{1,2})(?:st|nd|rd|th) ed(?:ition|n)?\b\.?\)?")
THESIS = re.compile(r"\s*[\[(][^\[\]()]{0,40}\b(?:[Tt]hesis|[Dd]issertation)\b[^\[\]()]{0,20}[\])]")
ACCESSED = re.compile(
    r"[\[(]?\b(?:last )?(?:accessed|retrieved|cited|viewed)\b:?(?: on)? [\w ,./-]{0,24}?(?:19|20)\d\d"
    r"(?:[ -][\w-]{1,9}){0,2}[\])]?",
    re.IGNORECASE,
)
YEAR_BEHIND = re.compile(r"\s*\((?:1[6-9]|20)\d\d[a-z]?\)?$")
TWO_YEARS = re.compile(r"(?:1[6-9]|20)\d\d,? (?:1[6-9]|20)\d\d")  # "Reyes, 2019, 2020"
STATUS = re.compile(
    r"[\s.,]*\(?(?:in press|forthcoming|accepted|(?-i:n\.?\s?d)\.?(?P<letter>[a-z]\b)?|no date)\b\.?\)?[.,]?",
    re.IGNORECASE,
)
QUOTED_TITLE = re.compile(
    r"[\s.,]*(?:[“\"](?P<title>[^“”\"]{3,400})[”\"][.,]?\s*|[‘'](?P<british>[^‘]{3,400}?)[’'][.,](?:\s+|$))"
)
# Places for a year that is not next to the volume.
YEARS = tuple(
    re.compile(shape)
    for shape in (
        rf"\({YEAR}(?:,[^()]{{1,30}})?\)",
        rf"[;,.:] ?{YEAR}[.;, ]*(?:p\.? .{{1,20}})?$",
        rf"\b{YEAR}\b",
    )
)
LABEL = re.compile(
    r"\A\s*(?:[-*+•]\s|[¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2}\s?|\[\^?[^\]\s]{1,20}\]:?|\(\d{1,4}\)|\d{1,4}[.)](?=\s)|\d{1,3}(?=\s+[^\W\d]))\s*"
)
MARKUP = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
PUBLISHER = re.compile(
    rf"(?P<place>{UPPER}(?:[^\W\d]|[ .’-]){{2,40}}(?:, [A-Z][\w.]{{1,14}})?): ?"
    rf"(?P<publisher>{UPPER}[^;:,]{{2,80}}?(?:, (?:Inc|Ltd)\.?)?)(?:[;,.] ?(?:1[6-9]|20)\d\d|[.;,]?\s*$)"
)


def parse_reference(raw: str) -> CSL:
    """CSL-JSON fields of one reference string, without an id; fields that did not parse are absent."""
    text = LABEL.sub("", raw[:LONGEST_REFERENCE], count=1)
    identifiers = list(find_identifiers(text))
    text = ACCESSED.sub("", without_markup(text, identifiers))
    authors = read_authors(text)
    role = "author"
    if authors.people and (editors := EDITORS.match(text, authors.end)):
        authors, role = authors._replace(end=editors.end()), "editor"
    status = STATUS.match(text, authors.end) if authors.people else None
    if status:
        authors = authors._replace(end=status.end())
    csl: CSL = {role: authors.people} if authors.people else {}
    if authors.others:
        csl["custom"] = {"etAl": True}
    found = (shape.search(text, authors.end) for shape in JOURNAL_PLACES)
    place = next((match for match in found if match and not TWO_YEARS.fullmatch(match[0].strip(" ,"))), None)
    csl |= place_fields(place) if place else {}
    if status:
        csl["status"] = publication_status(status[0])
        csl |= {"year-suffix": status["letter"]} if status["letter"] else {}
    year = place if place and "year" in place.re.groupindex else find_year(text, authors.end, place)
    if year:
        csl["issued"] = {"date-parts": [[int(year["year"])]]}
        if year["suffix"]:
            csl["year-suffix"] = year["suffix"]
    csl |= title_fields(text, authors.end, place, year)
    csl |= identifier_fields(identifiers)
    return {"type": work_type(csl, text)} | csl


def publication_status(words: str) -> str:
    """The status of a work without a year, from "in press" or "n.d."."""
    return "no date" if re.search(r"\bn\.?\s?d|\bno\b", words, re.IGNORECASE) else "in press"


def without_markup(text: str, identifiers: Iterable[Identifier]) -> str:
    """The string without markup, and without identifiers, whose digits could be taken for pages."""
    kept, position = [], 0
    for found in sorted(identifiers):
        kept.append(text[position : found.start])
        position = max(position, found.end)
    return " ".join(MARKUP.sub("", " ".join([*kept, text[position:]])).replace("--", "–").split())


def find_year(text: str, start: int, place: re.Match[str] | None) -> re.Match[str] | None:
    """The year in brackets, at the end, or the only one; None if several others remain. A page number ("106:1865") is
    not a year."""

    def outside(year: re.Match[str]) -> bool:
        page = place.span("page") if place and place["page"] else (-1, -1)
        return year.end("year") <= page[0] or page[1] <= year.start("year")

    for shape in YEARS[:-1]:
        if (match := shape.search(text, start)) and outside(match):
            return match
    years = [year for year in YEARS[-1].finditer(text, start) if outside(year)]
    close = [year for year in years if year.start() - start <= 3]
    return close[0] if close else years[0] if len(years) == 1 else None


def place_fields(place: re.Match[str]) -> CSL:
    found = {key: value for key, value in place.groupdict().items() if value}
    fields: CSL = {key: found[key] for key in ("volume", "issue", "page") if key in found}
    if re.fullmatch(r"(?:1[6-9]|20)\d\d", fields.get("issue", "")) and not found.get("year"):
        del fields["issue"]  # the year in brackets: "Journal of Roads 4 (2016): 1–9"
    if "page" in fields:
        fields["page"] = re.sub(rf" ?{DASH} ?", "-", fields["page"])
    if number := found.get("number"):
        fields.setdefault("issue", number)
    if supplement := found.get("supplement"):
        fields.setdefault("issue", supplement.strip(" ,"))
    return fields


def title_fields(text: str, start: int, place: re.Match[str] | None, year: re.Match[str] | None) -> CSL:
    """Title, container and publisher: the text between the authors and the journal volume or year."""
    if year and 0 <= year.start() - start <= 3:
        start = year.end()
    end = place.start() if place else year.start() if year and year.start() > start else len(text)
    body = text[start:end].strip(" .,;:()")
    fields: CSL = {}
    publisher = PUBLISHER.search(text, start)
    if publisher and not place:
        ends = [end.end() for end in SENTENCE_END.finditer(publisher["place"])]
        begin = publisher.start() + (ends[-1] if ends else 0)
        found = text[begin : publisher.end("place")].strip()
        fields = {"publisher": publisher["publisher"].strip(), "publisher-place": found}
        body = text[start:begin].strip(" .,;:()")
    quoted = QUOTED_TITLE.match(text, start)
    if quoted and not fields:
        title = (quoted["title"] or quoted["british"]).strip(" .,")
        container = text[quoted.end() : max(end, quoted.end())].strip(" .,;:()")
    else:
        title, container = split_title(body) if place else (TITLE_END.split(body, maxsplit=1)[0], "")
    if not place and (inside := IN_BOOK.search(body)):
        title = body[: inside.start()]
        fields |= book_fields(body[inside.end() :])
    if edition := EDITION.search(body if not place else ""):
        fields["edition"] = edition["number"]
        title = EDITION.sub("", title)
    title = THESIS.sub("", YEAR_BEHIND.sub("", title))
    fields |= {"title": title} if title else {}
    return fields | ({"container-title": container} if container else {})


def book_fields(words: str) -> CSL:
    """Editors and title of the book that a chapter is in: "White P, Green Q, editors. Roads."."""
    editors = read_authors(words)
    said = EDITORS.match(words, editors.end) if editors.people else None
    start = said.end() if said else 0
    end = BOOK_END.search(words, start)
    book = words[start : end.start() if end else len(words)].strip(" .,;:()")
    return ({"editor": editors.people} if said else {}) | ({"container-title": book} if book else {})


def split_title(body: str) -> tuple[str, str]:
    """(title, journal): the journal is the last segment plus abbreviations before it ("Proc. Natl. Acad. Sci")."""
    segments = re.split(r"(?<=[.?!])\s+", body)
    first = len(segments) - 1
    while first > 1 and re.fullmatch(r"(?:[A-Z][\w-]{0,9}\.?,?\s?){1,3}", segments[first - 1]):
        first -= 1
    if first == 0:
        return "", body
    return " ".join(segments[:first]).rstrip("."), " ".join(segments[first:]).strip(" .,")


def work_type(csl: CSL, text: str) -> str:
    if "number" in csl:
        return "document"
    if "volume" in csl and "container-title" in csl:
        return "article-journal"
    if THESIS.search(text):
        return "thesis"
    if re.search(r"\b[Ii]n: ", text) or {"editor", "container-title"} <= csl.keys():
        return "chapter"
    if re.search(r"\b(?:Act|Regulation|Directive|Code of Federal Regulations|Statute)\b", text):
        return "legislation"
    if "publisher" in csl:
        return "book"
    if "URL" in csl:
        return "webpage"
    return "report" if "literal" in csl.get("author", [{}])[0] else "document"
