"""Abbreviations defined in a text: "Alcohol Use Disorder (AUD)", "AUD (alcohol use disorder)".

The first form is parsed as in A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions
in biomedical text", Pacific Symposium on Biocomputing 2003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SHORT = r"[^\W_](?:[\w.-]{0,8}[^\W_])?"
IN_BRACKETS = re.compile(rf"\((?P<short>{SHORT})[;,)]")
SIGN = re.compile(r"[(=]")
EXPLAINED = re.compile(r"[(=](?P<long>[^()\n=]{4,80}?)(?=[),;.\n]|$)")
SHORT_BEFORE = re.compile(rf"(?<![\w-])(?P<short>{SHORT}) ?$")
LONGEST_SHORT = 12
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
LOOK_BACK = 120
# Words that an acronym leaves out.
SMALL = frozenset(["a", "an", "and", "for", "from", "in", "of", "on", "or", "the", "to", "with"])


class Definition(NamedTuple):
    """A short form and the long form that the text gives for it. `acronym`: its letters are the words' initials."""

    short: str
    long: str
    acronym: bool


def find_definitions(text: str) -> Iterator[Definition]:
    for match in IN_BRACKETS.finditer(text):
        short = singular(match["short"])
        before = text[max(0, match.start() - LOOK_BACK) : match.start()].rstrip()
        if is_short_form(short) and (long := long_form(short, before)):
            yield Definition(short, long, is_acronym(short, long))
    for sign in SIGN.finditer(text):
        before = text[max(0, sign.start() - LONGEST_SHORT) : sign.start()]
        if before.lower() == before:  # no capital, so no short form
            continue
        short = singular(found["short"]) if (found := SHORT_BEFORE.search(before)) else ""
        explained = EXPLAINED.match(text, sign.start()) if is_short_form(short) else None
        if explained and long_form(short, long := explained["long"].strip()) == long:
            yield Definition(short, long, is_acronym(short, long))


def singular(short: str) -> str:
    """The singular of a short form: "SUD" for "SUDs"; a lower-case s after a capital marks the plural."""
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short


def is_short_form(short: str) -> bool:
    """Whether this is a short form: two characters or more and a capital, as in "DTs" and "EtOH", not "e.g" or "mg"."""
    return len(short) >= 2 and any(map(str.isupper, short))


def long_form(short: str, before: str) -> str | None:
    """The shortest ending of `before` that contains the letters of the short form in order, the first at the start of a
    word; None if that takes more words than Schwartz and Hearst allow."""
    place = len(before)
    letters = [letter for letter in short.lower() if letter.isalnum()]
    lowered = before.lower()
    if len(lowered) != len(before):  # a letter with a longer lower case would shift the offsets
        return None
    for number, letter in reversed(list(enumerate(letters))):
        place = lowered.rfind(letter, 0, place)
        while number == 0 and place > 0 and lowered[place - 1].isalnum():
            place = lowered.rfind(letter, 0, place)
        if place < 0:
            return None
    long = before[place:]
    words = len(WORD.findall(long))
    return long if len(long) > len(short) and words <= min(len(letters) + 5, 2 * len(letters)) else None


def is_acronym(short: str, long: str) -> bool:
    initials = [word[0].lower() for word in WORD.findall(long) if word.lower() not in SMALL]
    return initials == [letter for letter in short.lower() if letter.isalnum()]
