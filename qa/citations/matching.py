"""Match a citation or reference string with a work: no field given by both may differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.citations.parsing import LONGEST_REFERENCE
from qa.citations.person_names import fold_name, word_set
from qa.models import CSL, Reference, makers_of

NOT_IN_SHORT = word_set("the of and for in on de la le et der die das und a an")


def year_of(csl: CSL) -> int | None:
    parts = csl.get("issued", {}).get("date-parts") or [[None]]
    return int(parts[0][0]) if parts[0] and parts[0][0] else None


def author_names(csl: CSL) -> list[str]:
    return [str(name.get("family") or name.get("literal") or "") for name in makers_of(csl)]


def first_page(csl: CSL) -> str:
    return str(csl.get("page", "")).split("-")[0]


def place_in_journal(csl: CSL) -> tuple[int | None, str, str]:
    return year_of(csl), fold_field(str(csl.get("volume", ""))), fold_field(first_page(csl))


def compatible(mark: CSL, work: CSL) -> bool:
    """Whether no field given by both differs: year letter, status, volume, first page, first author's initial, second
    author.

    A citation with two authors or "et al." does not match the work of a single author.
    """
    if (second_name(mark) or (et_al(mark) and not same_place(mark, work))) and of_one_person(work):
        return False
    pairs = [
        (initial(mark), initial(work)),
        (mark.get("year-suffix"), work.get("year-suffix")),
        (mark.get("volume"), work.get("volume")),
        (mark.get("status"), work.get("status")),
        (first_page(mark), first_page(work)),
    ]
    return same_second_author(mark, work) and all(
        fold_field(str(one)) == fold_field(str(other)) for one, other in pairs if one and other
    )


def same_place(mark: CSL, work: CSL) -> bool:
    return "volume" in mark and "page" in mark and place_in_journal(mark) == place_in_journal(work)


def of_one_person(csl: CSL) -> bool:
    return len(author_names(csl)) == 1 and "family" in makers_of(csl)[0] and not et_al(csl)


def initial(csl: CSL) -> str:
    """The first letter of the first author's given name, or "" if it is not given."""
    return fold_name(str((makers_of(csl) or [{}])[0].get("given", "")))[:1]


def same_journal(mark: CSL, work: Reference) -> bool:
    """Whether the journal or book in a citation, abbreviated or in full, can be that of the work.

    True if volume and page agree, or if either name has no Latin letters to compare.
    """
    named = title_words(description_of(mark))
    if not named or same_place(mark, work.csl):
        return True
    journals = [str(work.csl[field]) for field in ("container-title", "container-title-short") if field in work.csl]
    if any(same_title(named, title_words(journal)) for journal in journals):
        return True
    other = (work.raw or "")[:LONGEST_REFERENCE] or " ".join(
        str(work.csl.get(field, "")) for field in ("title", "publisher")
    )
    for journal in journals:
        other = other.replace(journal, " ")
    there = title_words(other)
    if not journals and not there:
        return True
    lengths = range(1, 8) if len(named) == 1 else (1, len(named))
    return any(same_title(named, there[start : start + n]) for n in lengths for start in range(len(there)))


def title_words(title: str) -> list[str]:
    """The words of a title that an abbreviation keeps, without those in brackets ("BMJ (Clinical research)")."""
    found = re.findall(r"[^\W\d_]+", re.sub(r"\([^()]*\)", " ", title))
    return [folded for word in found if (folded := fold_name(word)) and folded not in NOT_IN_SHORT]


def same_title(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two titles are the same: word by word, in full or abbreviated, or one as the initials of the other."""
    if len(one) == len(other) and one:
        if len(one) == 1 and min(len(one[0]), len(other[0])) < 3:
            return list(one) == list(other)  # "L" is a person's initial, not the Lancet
        return all(shortens(a, b) or shortens(b, a) for a, b in zip(one, other, strict=True))
    short, full = sorted((one, other), key=len)
    initials = "".join(word[0] for word in full)
    return len(short) == 1 and len(short[0]) > 2 and initials.startswith(short[0])


def shortens(short: str, full: str) -> bool:
    """ "natl" and "national", "psychol" and "psychology": the same beginning, and its letters in their order."""
    letters = iter(full)
    return short[0] == full[0] and all(letter in letters for letter in short)


def et_al(csl: CSL) -> bool:
    return bool(csl.get("custom", {}).get("etAl"))


def second_name(csl: CSL) -> str:
    return fold_name("".join(author_names(csl)[1:2]))


def same_second_author(mark: CSL, work: CSL) -> bool:
    """Whether the second authors are the same, if both are given; a double surname may be shortened to either part."""
    one, other = second_name(mark), second_name(work)
    if not one or not other or one == other:
        return True
    parts = [fold_name(part) for part in re.split(r"[\s-]", author_names(work)[1]) if len(part) > 2]
    named = [fold_name(part) for part in re.split(r"[\s-]", author_names(mark)[1]) if len(part) > 2]
    return bool(set(parts) & set(named)) and 1 in (len(parts), len(named))


def description_of(csl: CSL) -> str:
    return str(csl.get("note") or csl.get("container-title") or csl.get("title") or "")


def same_author_count(mark: CSL, work: CSL) -> bool:
    """Whether both have the same number of authors: one, two, or more ("et al.")."""
    return author_count(mark) == author_count(work)


def author_count(csl: CSL) -> int:
    return min(len(author_names(csl)) + 2 * et_al(csl), 3)


def select_by_letter(works: list[Reference], letter: str) -> list[Reference]:
    """The works that a year letter selects; without printed letters, a, b, c … follow the order of the list."""
    index = "abcdefghijklmnopqrstuvwxyz".find(letter) if letter else -1
    if len(works) == 1 and letter and not works[0].csl.get("year-suffix"):
        return []  # "2019b" is not the only work of 2019
    if len(works) > 1 and 0 <= index < len(works) and not any(work.csl.get("year-suffix") for work in works):
        return works[index : index + 1]
    return works


def same_work(one: CSL, other: CSL) -> bool:
    """Whether two descriptions with the same author and year are of one work: DOI, volume, note and first page agree
    where both give them, and both give at least one."""
    telling = [(str(one.get(key, "")), str(other.get(key, ""))) for key in ("DOI", "volume", "note")]
    telling.append((first_page(one), first_page(other)))
    shared = [fold_field(left) == fold_field(right) for left, right in telling if left and right]
    return bool(shared) and all(shared)


def printed_alike(one: CSL, other: CSL) -> bool:
    """Whether two descriptions with the same author and year are of one work, by their titles too."""
    titles = {fold_field(str(csl.get("title", ""))) for csl in (one, other)}
    return same_work(one, other) or (len(titles) == 1 and titles != {""})


def fold_field(value: str) -> str:
    return "".join(character for character in value.lower() if character.isalnum())
