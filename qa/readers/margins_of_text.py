"""Heads and feet of pages in a text file: what a printer or a typesetter put there is no sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from qa.readers.lines import Line

APART = re.compile(r".*\S {3,}\S")  # words at the left and the right of one line
PAGE_NUMBER = re.compile(r".*\[Page (?:\d+|[ivxl]+)\]$")
DIGITS = re.compile(r"\d+")
LEAST_REPEATED = 3


def find_margin_lines(text: str, single: Sequence[Line]) -> set[Line]:
    """The lines that are heads or feet of pages: with a page number in brackets, or with words apart from each other
    that are repeated, apart from their numbers, or come before all other text."""
    words = {line: text[line.start : line.end] for line in single}
    apart = [line for line in single if APART.match(words[line])]
    often = Counter(DIGITS.sub("0", words[line]) for line in apart)
    found = {line for line in single if PAGE_NUMBER.match(words[line])}
    found |= {line for line in apart if often[DIGITS.sub("0", words[line])] >= LEAST_REPEATED}
    if found:  # a text in pages; its first lines say who published it and when
        first = next((place for place, line in enumerate(single) if line not in apart), len(single))
        found |= set(single[:first])
    return found
