"""Headings that a text file marks by signs: "== Lanes ==", "*** Lanes ***", "# Lanes", or a line of signs below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.models import Block
from qa.readers.lines import Line, adjacent

SURROUNDED = re.compile(r"(?P<sign>={1,6}|\*{2,6})[ \t]*(?P<words>\S(?:.{0,198}\S)?)[ \t]*(?P=sign)")
NUMBER_SIGN = re.compile(r"(?P<sign>#{1,6})[ \t]+(?P<words>[^\s#].{0,198})")
RULE = re.compile(r"([=~^\"'`*+#:._-])\1{2,}")
LONGEST_UNDERLINED = 160
LEAST_UNDERLINE = 0.6  # of the length of the words above it
NO_TITLE = re.compile(r".*[.;,]$|.*\S(?:[ ]{2,}|\t)\S")  # a sentence, or the head row of a table
MOST_ASTERISKS = 6


def find_typed_headings(text: str, single: Sequence[Line]) -> Iterator[Block]:
    """The headings marked by signs. A block may cover a line of signs above or below the words."""
    signs: list[str] = []  # of underlines, in the order in which levels appear
    done = 0
    for place, line in enumerate(single):
        words = text[line.start : line.end]
        if place < done:
            continue
        match = SURROUNDED.fullmatch(words) or NUMBER_SIGN.fullmatch(words)
        if match and any(map(str.isalpha, match["words"])):
            yield Block("heading", *line, level=level_of(match["sign"]))
        elif lines := underlined(text, single[place : place + 3]):
            sign = text[lines[-1].start] * len(lines)
            signs += [sign] if sign not in signs else []
            yield Block("heading", lines[0].start, lines[-1].end, level=signs.index(sign) + 1)
            done = place + len(lines)


def level_of(sign: str) -> int:
    """Of "=" and "#", one more is one level lower; of asterisks, one less is."""
    return MOST_ASTERISKS + 1 - len(sign) if sign[0] == "*" else len(sign)


def underlined(text: str, lines: Sequence[Line]) -> Sequence[Line]:
    """The two lines of a heading with a line of signs below, or three with one above too; else none."""
    for first in (0, 1):
        heads = lines[first : first + 2]
        if len(heads) == 2 and all(adjacent(text, one, other) for one, other in pairwise(lines[: first + 2])):
            words, rule = (text[line.start : line.end] for line in heads)
            above = text[lines[0].start : lines[0].end] if first else rule
            if is_underline(words, rule) and RULE.fullmatch(above) and above[0] == rule[0]:
                return lines[: first + 2]
    return ()


def is_underline(words: str, rule: str) -> bool:
    if not RULE.fullmatch(rule) or RULE.fullmatch(words) or len(words) > LONGEST_UNDERLINED:
        return False
    return len(rule) >= LEAST_UNDERLINE * len(words) and any(map(str.isalpha, words)) and not NO_TITLE.match(words)
