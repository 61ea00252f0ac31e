"""Numbers that Word draws before paragraphs: they are not in the file, but computed here as Word does."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from qa.readers.docx.package import W, value
from qa.readers.docx.styles import Styles
from qa.readers.xml import Element, attribute

PLACEHOLDER = re.compile(r"%(\d)")
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
ROMAN_DIGITS = (*ROMAN, (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
LARGEST = 9_999
DEEPEST_LEVEL = 8
WITHOUT_NUMBER = frozenset({"bullet", "none"})


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list: the form of its number, where it starts, and the text around it ("%1.")."""

    form: str = "decimal"
    start: int = 1
    text: str = ""


@dataclass(slots=True)
class NumberedList:
    """A list: the definition it shares with others, its levels, and the levels that it starts again."""

    shared: str
    levels: dict[int, Level] = field(default_factory=dict)
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of all lists in the order in which `number` is asked for them."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self.styles = styles
        self.counts: dict[str, Counter[int]] = {}
        self.begun: set[str] = set()
        self.lists: dict[str, NumberedList] = {}
        self.by_style: dict[tuple[str, str], int] = {}
        if root is None:
            return
        shared = {attribute(each, f"{W}abstractNumId"): each for each in root.findall(f"{W}abstractNum")}
        numbers = {attribute(each, f"{W}numId"): each for each in root.findall(f"{W}num")}
        for id, element in numbers.items():
            self.lists[id] = self.read_list(element, shared, numbers)

    def read_list(self, element: Element, shared: dict[str, Element], numbers: dict[str, Element]) -> NumberedList:
        key = value(element, "abstractNumId") or ""
        definition = shared.get(key)
        if style := value(definition, "numStyleLink"):  # the definition is that of a style of lists
            key = (
                value(numbers.get(self.styles.inherited(style, "pPr", "numPr", "numId") or ""), "abstractNumId") or key
            )
            definition = shared.get(key)
        found = NumberedList(key)
        for level in definition.findall(f"{W}lvl") if definition is not None else ():
            place = as_number(level.get(f"{W}ilvl"), 0)
            found.levels[place] = read_level(level)
            if style := value(level, "pStyle"):
                self.by_style[key, style] = place
        for override in element.findall(f"{W}lvlOverride"):
            place = as_number(override.get(f"{W}ilvl"), 0)
            if (level := override.find(f"{W}lvl")) is not None:
                found.levels[place] = read_level(level)
            if (start := value(override, "startOverride")) is not None:
                found.restarts[place] = as_number(start, 1)
        return found

    def number(self, paragraph: Element) -> str | None:
        """The number before a paragraph; empty for a bullet, None for a paragraph of no list."""
        style = self.styles.of(paragraph)
        id = value(paragraph, "pPr", "numPr", "numId")
        place = value(paragraph, "pPr", "numPr", "ilvl")
        if id is None:
            id = self.styles.inherited(style, "pPr", "numPr", "numId")
            place = place or self.styles.inherited(style, "pPr", "numPr", "ilvl")
        found = self.lists.get(id or "0")
        if found is None or id is None:
            return None
        at = as_number(place, 0) if place else self.by_style.get((found.shared, style), 0)
        if at not in found.levels or at > DEEPEST_LEVEL:
            return ""
        self.count(id, found, at)
        level = found.levels[at]
        if level.form in WITHOUT_NUMBER:
            return ""
        return PLACEHOLDER.sub(lambda match: self.shown(found, int(match[1]) - 1), level.text)

    def count(self, id: str, found: NumberedList, at: int) -> None:
        counts = self.counts.setdefault(found.shared, Counter())
        if id not in self.begun:
            self.begun.add(id)
            for place, start in found.restarts.items():
                counts[place] = start - found.levels.get(place, Level()).start
        counts[at] += 1
        for deeper in [place for place in counts if place > at]:
            counts[deeper] = 0

    def shown(self, found: NumberedList, at: int) -> str:
        level = found.levels.get(at, Level())
        return as_form(max(self.counts[found.shared][at], 1) + level.start - 1, level.form)


def read_level(level: Element) -> Level:
    return Level(
        value(level, "numFmt") or "decimal", as_number(value(level, "start"), 1), value(level, "lvlText") or ""
    )


def as_number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else otherwise


def as_form(number: int, form: str) -> str:
    """The number as a letter, a Roman number or in digits."""
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 10 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < number <= LARGEST:
        roman = ""
        for worth, digit in ROMAN_DIGITS:
            roman, number = roman + digit * (number // worth), number % worth
        return roman if form == "lowerRoman" else roman.upper()
    return f"{number:02}" if form == "decimalZero" else str(number)
