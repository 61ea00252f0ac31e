"""Author-year citations: "(Smith & Jones, 2010a,b; WHO, 2012)", "Lee et al. (2019)"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qa.citations.candidates import TRAIL, CitationCandidate, Item, Target, TextBlock, innermost, merge
from qa.citations.parsing import publication_status
from qa.citations.person_names import PARTICLES, UPPER, word_set
from qa.citations.reference_index import ReferenceIndex
from qa.models import CSL

LONGEST_NAMES = 200
MOST_NAME_WORDS = 14
ONE_YEAR = r"(?:(?:1[6-9]|20)\d\d(?!\d)(?:[a-z]\b(?:\s?[,/&]\s?[a-z]\b)*)?|n\.\s?d\.(?:[a-z]\b)?|in press\b)"
# After a page behind a colon: "Wu (2020: 31)", "(Reyes 2019:12–14; Wu 2020)". Otherwise the colon is of a journal.
PAGES_END = r"\d{0,3}(?:\s?[,–-]\s?\d{1,4}){0,3}\s?[)\];]"
YEARS = re.compile(
    rf"(?<![\w.–—-]){ONE_YEAR}(?:\s?(?:[,;&]|,? and)\s?{ONE_YEAR})*(?![\w–—-]|;\s?\d|:\s?\d(?!{PAGES_END}))"
)
JOINED = re.compile(r"&|\b(?:and|und)\b")
# Between the names and the year: "(", ", ", and the acronym of an organisation, "(NICE), ".
TO_YEAR = re.compile(r"[*_]{0,3}(?:\s*[(\[][A-Z][\w-]{1,11}[)\]])?(?:,?\s*[(\[]|,)?\s*$")
TOKEN = re.compile(r"[^\W_][\w'’ʼ´`′‘‐.-]*|[^\s*_]")
ET_AL = re.compile(
    r"(?:al|alii|alia|coll|colleagues|co-?workers|others|associates|andere[nr]?|Mitarbeiter\w*|Kolleg\w+)\.?(?:['’]s?)?"
)
U_A = re.compile(r"[ue]\.a\.?|[ue]\. a\.?")  # "und andere", "en anderen"
SEPARATORS = frozenset({",", "&", "and", "und", "/"})
CAPITALISED = re.compile(rf"{UPPER}[\w'’ʼ´`′‘‐.-]*")
INITIALS = re.compile(rf"(?:{UPPER}\.?-?){{1,4}}")
# Capitalised words that are never a first author: months, and words that often begin a sentence.
MONTHS = word_set(
    "January February March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug "
    "Sep Sept Oct Nov Dec"
)
NO_NAME = MONTHS | word_set(
    "Spring Summer Autumn Fall Winter In The See For From By As At On Of To And But Since Until "
    "After Before During Between Version Copyright Table Figure Fig Section Chapter Appendix"
)
# "the May (2019) election", "3 May (2019)", "in early May (2019)"; "as May (2019) found" is a person.
OF_A_DATE = re.compile(
    r"(?:\b(?:in|on|of|the|this|that|last|next|early|mid|late|since|until|till|by|from|to|through|before|after|during|"
    r"between|every|each)|\d(?:st|nd|rd|th)?|[–-])[\s-]*\Z",
    re.IGNORECASE,
)
IN_BODIES = word_set("of for on the and in & de für la et")


class PlacedWord(NamedTuple):
    start: int
    text: str


class WrittenNames(NamedTuple):
    """The capitalised words before a year, split at commas and "and"; `others` is true for "et al."."""

    parts: tuple[tuple[PlacedWord, ...], ...]
    others: bool


def find_author_year(block: TextBlock, reference_index: ReferenceIndex) -> Iterator[CitationCandidate]:
    """Names with years; among several readings of the names, one in `reference_index` is preferred."""
    return merge(block, author_year_items(block, reference_index))


def author_year_items(block: TextBlock, reference_index: ReferenceIndex) -> Iterator[Item]:
    for years in YEARS.finditer(block.text, block.start, block.end):
        before = block.before(years.start(), LONGEST_NAMES)
        gap = TO_YEAR.search(before)
        names = names_before(before[: gap.start()]) if gap else None
        if names is None:
            continue
        offset = years.start() - len(before)
        reading = known_reading(names, years[0], reference_index) or plain_reading(names)
        if reading is None or is_date(names, before, bare=gap is not None and not gap[0].strip()):
            continue
        start, people = offset + reading[0], reading[1]
        bracketed = innermost(block.groups, start, years.end()) is not None
        end = end_of_citation(block, start, years.end())
        text = block.text[start:end]
        firm = names.others or (bracketed and bool(JOINED.search(text) or people[0].get("given")))
        targets = tuple(Target(text, csl=csl, firm=firm) for csl in works_by_year(people, names.others, years[0]))
        yield Item(start, end, targets)


def is_date(names: WrittenNames, before: str, *, bare: bool) -> bool:
    """Whether a surname that is also a month is a month here: "in May (2019)", or "(May 2019)" without a comma."""
    word = names.parts[-1][-1]
    alone = len(names.parts) == 1 and not names.others
    if not alone or word.text not in MONTHS:
        return False
    return bare or bool(OF_A_DATE.search(before[: word.start]))


def end_of_citation(block: TextBlock, start: int, end: int) -> int:
    """The end of the citation, including "(2010)" or "(2010, p. 3)" if the names come before the bracket."""
    group = innermost(block.groups, end - 1, end)
    if group and group.start > start and TRAIL.fullmatch(block.text, end, group.end - 1):
        return group.end
    return end


def names_before(text: str) -> WrittenNames | None:
    """The names at the end of a text: "Smith", "van den Brink and Jones", "Lee et al.", an organisation; or None."""
    tokens = list(TOKEN.finditer(text))
    others = number_of_et_al([token[0] for token in tokens[-2:]]) if len(tokens) > 1 else 0
    if others:
        del tokens[-others:]
        if tokens and tokens[-1][0] == ",":
            tokens.pop()
    first = len(tokens)
    while first and len(tokens) - first < MOST_NAME_WORDS and belongs(tokens, first - 1):
        first -= 1
    while first < len(tokens) and not CAPITALISED.fullmatch(tokens[first][0]) and tokens[first][0] not in PARTICLES:
        first += 1
    if first == len(tokens):
        return None
    words = [PlacedWord(token.start(), re.sub(r"['’]s?$", "", token[0])) for token in tokens[first:]]
    return WrittenNames(split_people(words), others > 0)


def number_of_et_al(last: Sequence[str]) -> int:
    """How many of the last two words mean "et al."."""
    if U_A.fullmatch(last[-1]):
        return 1
    joined = last[0] in ("et", "and", "&", "und") and ET_AL.fullmatch(last[-1])
    return 2 if joined or U_A.fullmatch(" ".join(last)) else 0


def belongs(tokens: Sequence[re.Match[str]], index: int) -> bool:
    word = tokens[index][0]
    if CAPITALISED.fullmatch(word):
        return not (word.endswith(".") and len(word) > 4)
    if word in PARTICLES or word in IN_BODIES or word in SEPARATORS:
        return index < len(tokens) - 1
    return False


def split_people(words: Sequence[PlacedWord]) -> tuple[tuple[PlacedWord, ...], ...]:
    """The words of each person; initials after a comma ("Costello, C., 2008") belong to the person before."""
    parts: list[list[PlacedWord]] = [[]]
    for word in words:
        if word.text in SEPARATORS:
            parts.append([])
        elif is_initial(word) and not parts[-1] and len(parts) > 1:
            parts.pop()
            parts[-1].append(word)
        else:
            parts[-1].append(word)
    return tuple(tuple(part) for part in parts if part)


def is_initial(word: PlacedWord) -> bool:
    return "." in word.text and bool(INITIALS.fullmatch(word.text))


def readings(names: WrittenNames) -> Iterator[tuple[int, list[CSL]]]:
    """Yield (start, authors) for each way to read a run of capitalised words as authors, longest first.

    Initials stay with their name, since "B. Smith" is not "A. Smith".
    """
    words = [word for part in names.parts for word in part]
    if len(words) > 2 and not any(map(is_initial, words)):
        yield words[0].start, [{"family": " ".join(word.text for word in words)}]
    for index, part in enumerate(names.parts):
        rest = [read_person(other) for other in names.parts[index + 1 :]]
        for cut in range(len(part)):
            if not cut or not is_initial(part[cut - 1]):
                yield part[cut].start, [read_person(part[cut:]), *rest]


def read_person(words: Sequence[PlacedWord]) -> CSL:
    """Surname and initials of one person: "J. Smith", "Watson N"."""
    initials = [word for word in words if len(words) > 1 and INITIALS.fullmatch(word.text) and word.text not in "ÓÒ"]
    kept = [word.text for word in words if word not in initials]
    family = " ".join(kept or [word.text for word in words])
    # A capital letter without a full stop before the name is often a word: "A Smith study".
    given = next((word.text for word in initials if is_initial(word) or word == words[-1]), "")
    return {"family": family, "given": given} if kept and given else {"family": family}


def known_reading(names: WrittenNames, years: str, reference_index: ReferenceIndex) -> tuple[int, list[CSL]] | None:
    for start, people in readings(names):
        if any(reference_index.find(csl) for csl in works_by_year(people, names.others, years)):
            return start, people
    return None


def plain_reading(names: WrittenNames) -> tuple[int, list[CSL]] | None:
    """The reading of names that no reference matches: as written, minus words that only begin the sentence; or None."""
    for start, people in readings(WrittenNames(names.parts, names.others)):
        words = people[0]["family"].split()
        if len(people) == len(names.parts) and words[0] not in NO_NAME and len(words) <= 3:
            return start, people
    return None


def works_by_year(people: Sequence[CSL], others: bool, years: str) -> Iterator[CSL]:
    """Yield one CSL description per year and letter: "2010a,b, 2012" gives three."""
    base: CSL = {"author": list(people)}
    if others:
        base["custom"] = {"etAl": True}
    for year, letters in re.findall(r"(\d{4})((?:[a-z]\b(?:\s?[,/&]\s?(?=[a-z]\b))?)*)", years):
        fields = base | {"issued": {"date-parts": [[int(year)]]}}
        suffixes = re.findall(r"[a-z]", letters)
        yield from ({**fields, "year-suffix": suffix} for suffix in suffixes) if suffixes else [fields]
    if not re.search(r"\d", years):
        letter = re.search(r"d\.([a-z])\b", years)
        suffix = {"year-suffix": letter[1]} if letter else {}
        yield base | {"status": publication_status(years)} | suffix
