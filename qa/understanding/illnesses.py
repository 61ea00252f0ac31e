"""Illnesses that a question names but the owner's vocabulary lacks, so that they are recognised as another subject."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from qa.text.analysis import read_lines
from qa.text.phrases import Phrase, PhraseMatcher, singular_form, words_of

FILE = "illnesses.txt.gz"
EVERYDAY = "illnesses.txt"


class Illness(NamedTuple):
    """An illness named at `text[start:end]`.

    `names` are those under which a document may mention it: its own and those of its kinds.
    """

    start: int
    end: int
    names: tuple[str, ...]


class Illnesses:
    """The illnesses of both lists, by number, with their names and kinds.

    `named` finds a name's illness by number, and whether the name counts in capitals only. Tense counts: to delay
    puberty is not delayed puberty.
    """

    def __init__(self) -> None:
        self.named: PhraseMatcher[tuple[int, bool]] = PhraseMatcher((), singular_form)
        self.names: list[list[str]] = []
        self.kinds: dict[int, list[int]] = {}
        wider: list[tuple[int, str]] = []
        for line in chain(read_lines(FILE), read_lines(EVERYDAY)):
            own, above = names_in_line(line)
            number = self._add(own)
            wider += [(number, name) for name in above]
        for number, name in wider:
            self.kinds.setdefault(self.named.get(name)[0][0], []).append(number)

    def _add(self, names: list[str]) -> int:
        """Add names to the illness that already has one of them, or to a new one; return its number."""
        naming = [name for name in names if not name.startswith("(")]
        number = next((values[0][0] for name in naming if (values := self.named.get(name))), len(self.names))
        if number == len(self.names):
            self.names.append([])
        self.names[number] += [name.strip("()") for name in names]
        for name in naming:
            if not self.named.get(name):
                self.named.add(name, (number, name.isupper()))
        return number

    @lru_cache(1 << 12)  # noqa: B019  there is one list, which lives as long as the process
    def names_with_kinds(self, number: int) -> tuple[str, ...]:
        """The names of an illness and of all its kinds."""
        found, pending = {number}, [number]
        while pending:
            below = [kind for kind in self.kinds.get(pending.pop(), ()) if kind not in found]
            found.update(below)
            pending += below
        return tuple(dict.fromkeys(name for each in sorted(found) for name in self.names[each]))


def names_in_line(line: str) -> tuple[list[str], list[str]]:
    """The names of the illness on a line, common words in brackets, and those of the illnesses that it is a kind of."""
    own, _, above = line.partition("<")
    return [name.strip() for name in own.split(";")], [name.strip() for name in above.split(";") if name]


@cache
def illnesses() -> Illnesses:
    """The illnesses of the package, read once."""
    return Illnesses()


def find_illnesses(text: str) -> Iterator[Illness]:
    """The illnesses named in a text, from left to right, the longest match first."""
    known = illnesses()

    def is_meant(phrase: Phrase[tuple[int, bool]]) -> bool:
        return not phrase.values[0][1] or in_capitals(phrase.start, phrase.end, text)

    for phrase in known.named.longest(words_of(text), is_meant):
        yield Illness(phrase.start, phrase.end, known.names_with_kinds(phrase.values[0][0]))


def in_capitals(start: int, end: int, text: str) -> bool:
    """Whether a span is in capitals while the rest of the text is not."""
    return text[start:end].isupper() and not (text[:start] + text[end:]).isupper()
