"""Decide whether a name refers to the source known by it ("Lee et al. found", "in ORBIT,") or to something else: the
town of London, the month of May, Dr Smith of the agency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qa.citations.author_year import MONTHS, NO_NAME
from qa.citations.noun_phrases import REPORTS, VERB_AHEAD
from qa.citations.person_names import word_set as listed

COLLEAGUES = r"(?: et al\.?| and (?:(?:his|her|their) )?(?:colleagues|co-?workers|co-?authors|associates))"
AUTHORS = re.compile(rf"(?:['’]s)?{COLLEAGUES}")
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
    rf"(?!['’]|,? \(?(?:18|19|20)\d\d|,? [\[(]|{COLLEAGUES}|\s(?:and|&) [A-Z]|\s(?:trial|study|survey|cohort|paper|"
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
        trial_name = sum(map(str.isupper, name)) > 1 and not name.startswith(("Mc", "Mac", "O'", "O’", "De", "Le"))
        before, rest = words[: match.start()], match.start() + len(name)
        if TITLED.search(before) or (not trial_name and self.is_other_person(before)):
            return None
        doubtful = not trial_name and self.has(name)
        if doubtful and NEAR_A_PLACE.search(before):
            return None
        after = AUTHORS.match(words, rest) or (None if doubtful else WORK.match(words, rest))
        if after:
            gone = UNPUBLISHED.match(words, after.end()) or AFTERWARDS.match(words, after.end())
            return None if gone else after.end()
        if doubtful or AFTERWARDS.match(words, match.end()):
            return None
        if REPORTS.match(words, match.end()) or (sum(map(str.isupper, name)) > 1 and is_trial_mention(words, match)):
            return match.end()
        return None

    def is_other_person(self, before: str) -> bool:
        """Whether a first name or initial comes before: "Adam Smith" need not be the Smith of the reference list."""
        first = FIRST_NAME.search(before)
        return first is not None and first[1] not in OPENERS and first[1].lower() not in self.common


def is_trial_mention(words: str, match: re.Match[str]) -> bool:
    before, after = words[: match.start()], words[match.end() :]
    return bool(re.search(r"\b[Ii]n\s\Z", before) and re.match(r",|\s(?:was|were|the)\b|\s\w+ed\b", after)) or bool(
        VERB_AHEAD.match(after) and not re.search(r"\w\s\Z", before)
    )
