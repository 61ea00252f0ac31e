"""Decide whether a surname refers to the source known by it ("Lee et al. found") or to something else: the
town of London, the month of May, Dr Smith of the agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from qa.citations.author_year import MONTHS, NO_NAME
from qa.citations.matching import author_names
from qa.citations.noun_phrases import DID, REPORTS
from qa.citations.person_names import SURNAME, with_one_apostrophe
from qa.citations.person_names import word_set as listed
from qa.models import Citation, Reference

WITH_OTHERS = r"(?: et al\.?| and (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|associates))"
AUTHORS = re.compile(rf"(?:['’]s)?{WITH_OTHERS}")
WORK = re.compile(r"(?:['’]s)?(?: \d{4})? (?:trial|study|survey|cohort)\b")
UNPUBLISHED = re.compile(
    r",? \(?(?:in prep|in press|submitted|unpublished|personal|manuscript|under review)", re.IGNORECASE
)
# What they did afterwards is reported in another work.
AFTERWARDS = re.compile(r",? (?:later|subsequently|afterwards|previously|earlier|(?:has|have|had) since|went on)\b")
TITLED = re.compile(
    r"\b(?:Dr|Prof|Professor|Mrs?|Ms|Miss|Sir|Dame|Lord|Lady|Judge|Justice|Senator|President|Minister|Mayor|Governor|"
    r"Officer|Captain|Reverend|Rev|St)\.?\s\Z"
)
FIRST_NAME = re.compile(r"(?<![\w’'-])([A-Z][\w'’-]*\.?)\s\Z")
# A town, a titled person or a company; but not "in Lee (2010)", "the Lee study", "in Lee's trial".
ELSEWHERE = re.compile(
    r"\b(?:in|at|near|from|to|across|around|outside|the|Dr|Prof|Professor|Mrs?|Ms)\.? (?P<name>[A-Z][\w-]+)\b"
    rf"(?!['’]|,? \(?(?:18|19|20)\d\d|,? [\[(]|{WITH_OTHERS}|\s(?:and|&) [A-Z]|\s(?:trial|study|survey|cohort|paper|"
    r"review|report|model|test|group|team)\b)"
)
# Surnames that are better known as place names.
PLACES = listed(
    "London Paris Berlin Boston Washington Houston Lincoln Jordan Chad Israel Georgia Virginia Carolina Kent York "
    "Chester Lancaster Bath Reading Denver Austin Jackson Madison Cleveland Dallas Preston Bolton Sydney Victoria "
    "Florence Milan Vienna Holland Ireland England France Germany Wales Bristol Lund Cork Derby Nice Essex Sutton"
)
NEAR_A_PLACE = re.compile(r"\b(?:in|at|near|from|to|across|around|outside)\s\Z")
OPENERS = NO_NAME | listed(
    "However Moreover Furthermore Later Then Thus Hence Although Though While When Where Whereas Because If So Yet "
    "Still Both Also Earlier Recently Again Similarly Likewise Here There That This These Those With Within Without "
    "Like Unlike Following According Even Only Therefore Meanwhile Finally First Second Study Trial Authors "
    "Author Led Using Despite"
)


# Names that can identify a source in later sentences.
SURNAMES_IN_MARK = re.compile(rf"(?:^|[(\[; ])(?P<name>{SURNAME})(?=,? (?:et al|and |& )|,? ?\(?(?:19|20)\d\d|,)")
# "Lee et al. [1]", "Lee and colleagues [1]"; a bare name only as a subject: "Lee [1] used".
SURNAMES_BEFORE_MARK = re.compile(
    rf"(?P<name>{SURNAME})(?:,? et al\.?,?| (?:and|&) (?:colleagues|co-?workers|associates|{SURNAME}))(?:['’]s?)?\s*\Z"
)
SURNAME_BEFORE_MARK = re.compile(rf"(?:\A|[.,;:] |\b(?:by|of) )(?P<name>{SURNAME})\s*\Z")


def surnames_at(text: str, floor: int, mark: Citation) -> Iterator[str]:
    """The surnames in a citation and directly before it, from `floor` on; initials in capitals are no surname."""
    before = text[max(floor, mark.start - 60) : mark.start]
    leading = SURNAMES_BEFORE_MARK.search(before)
    if not leading and DID.match(text, mark.end):
        leading = SURNAME_BEFORE_MARK.search(before)
    found = [match["name"] for match in (leading, SURNAMES_IN_MARK.search(mark.text)) if match]
    yield from (with_one_apostrophe(name) for name in found if not name.isupper())


def works_of_surnames(works: Iterable[Reference]) -> dict[str, str]:
    """The id of the work of each first author who has only one."""
    ids: dict[str, set[str]] = {}
    for work in works:
        for name in author_names(work.csl)[:1]:
            ids.setdefault(with_one_apostrophe(name), set()).add(work.id)
    return {name: found.pop() for name, found in ids.items() if len(found) == 1}


@dataclass
class Namesakes:
    """Other meanings of surnames in one text, judged by how that text uses them."""

    text: str

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that the text also writes in lower case."""
        return frozenset(re.findall(r"(?<![\w@./-])[a-z]{3,}\b", self.text))

    @cached_property
    def others(self) -> frozenset[str]:
        """Names that the text uses for a place, a titled person or a company."""
        return frozenset(match["name"] for match in ELSEWHERE.finditer(self.text))

    def has(self, name: str) -> bool:
        """Whether a surname is also an ordinary word or another name in this text."""
        return name in MONTHS or name in PLACES or name.lower() in self.common or name in self.others

    def end_of_mention(self, words: str, match: re.Match[str], name: str) -> int | None:
        """Where the mention ends if the name refers to the work here, otherwise None."""
        before, rest = words[: match.start()], match.start() + len(name)
        if TITLED.search(before) or self.is_other_person(before):
            return None
        doubtful = self.has(name)
        if doubtful and NEAR_A_PLACE.search(before):
            return None
        after = AUTHORS.match(words, rest) or (None if doubtful else WORK.match(words, rest))
        if after:
            gone = UNPUBLISHED.match(words, after.end()) or AFTERWARDS.match(words, after.end())
            return None if gone else after.end()
        if doubtful or AFTERWARDS.match(words, match.end()):
            return None
        return match.end() if REPORTS.match(words, match.end()) else None

    def is_other_person(self, before: str) -> bool:
        """Whether a first name or initial comes before: "Adam Smith" need not be the Smith of the reference list."""
        first = FIRST_NAME.search(before)
        return first is not None and first[1] not in OPENERS and first[1].lower() not in self.common
