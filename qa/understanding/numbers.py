"""Questions that ask for a number, a time, a dose, a share or a cost, and the sentences that give one of that kind."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from qa.understanding.aspects import compiled, folded_alike

NumberKind = Literal["cost", "time", "dose", "share", "number"]

# The first that matches counts: "how many weeks" asks for a time.
ASKS: dict[NumberKind, re.Pattern[str]] = {
    "cost": compiled(r"\b(?:costs?|prices?|how expensive|how cheap|charged?|fees?)\b"),
    "time": compiled(
        r"\bhow (?:long|soon|old|often|frequently|fast|quickly|many (?:times|nights|<time>))\b"
        r"|\b(?:what|which) (?:age|year)\b"
    ),
    "dose": compiled(r"\b(?:what|which) (?:dose|dosage)\b"),
    "share": compiled(
        r"\b(?:what|which) (?:percentage|percent|proportion|share|fraction|rate)\b|\bhow (?:likely|common)\b"
    ),
    "number": compiled(
        r"\bhow (?:many|much|high|low|large|big|deep|far|wide|tall|small|thick|hot|cold|warm|heavy|strong)\b"
        r"|\b(?:what|which) (?:number|temperature|amount|size|depth|distance|level)\b"
    ),
}
WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER = (
    rf"(?:\d[\d.,]*|\b(?:one|{'|'.join(WORDS)}|half|third|quarter|dozen|hundred|thousand|million|billion|once|twice)\b)"
)
GIVES: dict[NumberKind, re.Pattern[str]] = {
    "cost": compiled("<money>"),
    "time": compiled(
        rf"{NUMBER}[\s-]*(?:(?:to|or|and|–|-)\s*{NUMBER}\s*)?(?:\w+[\s-]+)?(?:<time>|nights?|decades?|centur(?:y|ies))\b"
        r"|\b(?:an?|per|each|every|few|several) (?:\w+ )?<time>\b|\b(?:hourly|daily|weekly|monthly|yearly|annual\w*)\b"
        r"|\b(?:at once|immediately|always|never|overnight|times)\b|\b(?:1[5-9]|20)\d\d\b"
    ),
    "dose": compiled(r"\d\s*(?:mg|mcg|µg|μg|g|kg|ml|l|iu|units?|milligrams?|grams?)\b"),
    "share": compiled(rf"{NUMBER}|%|\b(?:percent|most|none|all)\b"),
    "number": compiled(NUMBER),
}
DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")
# "One", "first" and "second" have other meanings as well.
ORDINALS = ("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
VALUES = {word: str(n) for words, least in ((WORDS, 2), (ORDINALS, 3)) for n, word in enumerate(words, least)}
UNITS = {"min": "minute", "hr": "hour"}
VALUE = rf"\b(?:\d+(?:[.,]\d+)*|{'|'.join(VALUES)})"
# The unit is that of a range's second number for both: "four to six weeks".
QUANTITY = compiled(rf"({VALUE})(?:st|nd|rd|th)?(?=(?:[\s-]*(?:to|or|and|–|-)[\s-]*{VALUE})?[\s-]*(?:(<time>)\b)?)")


class Quantity(NamedTuple):
    """A number and, if it counts units of time, the unit: ("5", "year"), ("60", "")."""

    value: str
    unit: str


def asked_number(question: str) -> NumberKind | None:
    """The kind of number that a question asks for, if any."""
    text = folded_alike(question)
    return next((kind for kind, pattern in ASKS.items() if pattern.search(text)), None)


def gives_number(sentence: str, kind: NumberKind, question: str = "") -> bool:
    """Whether a sentence gives a number of this kind, other than those that the question names itself."""
    named = set(DIGITS.findall(question))
    text = DIGITS.sub(lambda number: " " if number[0] in named else number[0], folded_alike(sentence))
    return GIVES[kind].search(text) is not None


def lacks_quantity(passage: str, question: str) -> bool:
    """Whether a passage lacks a number of the question, in digits or words, or has it only with another unit of time:
    at six months, where five years are asked about."""
    given = quantities(passage)
    values = {each.value for each in given}
    return any(each not in given if each.unit else each.value not in values for each in quantities(question))


def quantities(text: str) -> set[Quantity]:
    found = (match.groups("") for match in QUANTITY.finditer(folded_alike(text)))
    return {
        Quantity(VALUES.get(value, value.replace(",", "")), UNITS.get(unit.rstrip("s"), unit.rstrip("s")))
        for value, unit in found
    }
