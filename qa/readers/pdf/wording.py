"""The text of a group of lines: words that were divided at the end of a line are joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from qa.readers.pdf.glyphs import Glyph
from qa.readers.pdf.groups import Group
from qa.readers.pdf.lines import PrintedLine

HYPHENS = ("-", "\u2010")
DASHES = ("–", "/", "—")
WORD = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")
LAST_PART = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)[-\u2010]$")
FIRST_PART = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
CUT_ADDRESS = re.compile(r"https?://\S+$|doi(?:\.org/|:)\s?(?:10\.\S*)?$|doi\.?\s*10\.\S+$", re.IGNORECASE)
REST_OF_ADDRESS = re.compile(r"[\w/.#?=&%-]*[\d/_.=&%-]")
ENDED_ADDRESS = re.compile(r"\d[.,]?$")
LONGEST_WORD = 300  # characters, of an address
LONGEST_SHORT_PART = 3  # letters of a part that may be one of a word or a word
Sources = list[Glyph | None]


def count_words(lines: Iterable[PrintedLine]) -> Counter[str]:
    """How often each word is in the text; parts at the ends of lines are no words."""
    counts: Counter[str] = Counter()
    cut = False
    for line in lines:
        words = WORD.findall(line.text)[1 if cut else 0 :]
        cut = line.text.rstrip().endswith(HYPHENS)
        counts.update(word.lower() for word in (words[:-1] if cut else words))
    return counts


def join_lines(group: Group, counts: Counter[str]) -> tuple[str, Sources]:
    """The text of a group that is no table, and where each character comes from."""
    text, sources = "", Sources()
    for line in group.lines:
        words, of_words = bare_line(line)
        if text:
            end = text[-LONGEST_WORD:]
            if is_divided(end, words, counts):
                text = text[:-1]
                sources.pop()
            elif not is_one_word(end, words, is_entry=group.kind == "reference"):
                text += " "
                sources.append(None)
        text += words
        sources += of_words
    return text, sources


def bare_line(line: PrintedLine) -> tuple[str, Sources]:
    start = len(line.text) - len(line.text.lstrip())
    end = len(line.text.rstrip())
    return line.text[start:end], line.sources[start:end]


def is_divided(text: str, words: str, counts: Counter[str]) -> bool:
    """Whether the hyphen at the end only divides a word: the whole word is elsewhere in the document, or the one with a
    hyphen is not."""
    last, first = LAST_PART.search(text), FIRST_PART.match(words)
    if not last or not first or not words[0].islower():
        return False
    part, rest = last[1].lower(), first[0].lower()
    whole, hyphened = counts[part + rest], counts[f"{part}-{rest}"]
    if whole or hyphened:
        return whole >= hyphened
    both_words = counts[part] > 0 and counts[rest.partition("-")[0]] > 0
    # "state-of-the-art" is divided at a hyphen of its own, and so is what consists of two long words
    return not (both_words and ("-" in rest or min(len(part), len(rest)) > LONGEST_SHORT_PART))


def is_one_word(text: str, words: str, *, is_entry: bool) -> bool:
    """Whether there is no blank between two lines."""
    if text.endswith(HYPHENS) and len(text) > 1 and text[-2].isalpha() and words[:1].isalpha():
        return True
    if text.endswith(DASHES) and not text[:-1].endswith(" "):
        return True
    cut = is_entry and CUT_ADDRESS.search(text) and not ENDED_ADDRESS.search(text)
    return bool(cut and REST_OF_ADDRESS.match(words))


def cells_of_row(line: PrintedLine) -> Sequence[tuple[str, Sources]]:
    """The cells of a row: what is between wide gaps."""
    edges = [0, *line.gaps, len(line.text)]
    cells = []
    for start, end in pairwise(edges):
        words = line.text[start:end]
        left = start + len(words) - len(words.lstrip())
        right = start + len(words.rstrip())
        cells.append((line.text[left:right], line.sources[left:right]))
    return cells
