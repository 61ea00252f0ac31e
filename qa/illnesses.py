"""Illnesses that a question names and the owner's vocabulary does not have: what is known to be another subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from qa.analysis import read_lines
from qa.phrases import in_words, words_of

LONGEST = 4  # words of a name


class Illness(NamedTuple):
    """An illness named at `text[start:end]`, and all its names, in words without plural and final e."""

    start: int
    end: int
    names: tuple[str, ...]


@cache
def names_of_illnesses() -> Mapping[str, tuple[str, ...]]:
    """Each name with all names of the same illness: those of everyday and those of terminologies."""
    everyday = ([in_words(name) for name in line.split(";")] for line in read_lines("illnesses.txt"))
    scholarly = (line.split(";") for line in read_lines("illnesses.txt.gz"))
    found: dict[str, tuple[str, ...]] = {}
    for names in chain(scholarly, everyday):
        for name in names:
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *names)))
    return found


@cache
def first_words() -> frozenset[str]:
    return frozenset(name.split(" ", 1)[0] for name in names_of_illnesses())


def find_illnesses(text: str) -> Iterator[Illness]:
    """The illnesses named in a text, from left to right, the longest name at each place."""
    known, begins, words, place = names_of_illnesses(), first_words(), words_of(text), 0
    while place < len(words):
        longest = min(LONGEST, len(words) - place) if words[place].bare in begins else 0
        for length in range(longest, 0, -1):
            if names := known.get(" ".join(word.bare for word in words[place : place + length])):
                yield Illness(words[place].start, words[place + length - 1].end, names)
                place += length - 1
                break
        place += 1
