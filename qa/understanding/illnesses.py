"""Illnesses that a question names but the owner's vocabulary lacks, so that they are recognised as another subject."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from qa.text.analysis import WORD_OR_NUMBER, form_of, read_lines
from qa.text.phrases import singular_form

FILE = "illnesses.txt.gz"
EVERYDAY = "illnesses.txt"
LONGEST = 4  # words in a name


class Illness(NamedTuple):
    """An illness named at `text[start:end]`.

    `names` are those under which a document may mention it: its own and those of its kinds.
    """

    start: int
    end: int
    names: tuple[str, ...]


class Illnesses:
    """The illnesses of both lists, by number, with their names and kinds.

    `named` maps the words of a name to the number of its illness and whether the name counts in capitals only.
    """

    def __init__(self) -> None:
        self.named: dict[str, tuple[int, bool]] = {}
        self.names: list[list[str]] = []
        self.kinds: dict[int, list[int]] = {}
        wider: list[tuple[int, str]] = []
        for line in chain(read_lines(FILE), read_lines(EVERYDAY)):
            own, above = names_in_line(line)
            number = self._add(own)
            wider += [(number, name) for name in above]
        for number, name in wider:
            self.kinds.setdefault(self.named[key_of(name)][0], []).append(number)
        self.begins = frozenset(key.split(" ", 1)[0] for key in self.named)

    def _add(self, names: list[str]) -> int:
        """Add names to the illness that already has one of them, or to a new one; return its number."""
        naming = {key_of(name): name for name in names if not name.startswith("(")}
        number = next((self.named[key][0] for key in naming if key in self.named), len(self.names))
        if number == len(self.names):
            self.names.append([])
        self.names[number] += [name.strip("()") for name in names]
        for key, name in naming.items():
            self.named.setdefault(key, (number, name.isupper()))
        return number

    @lru_cache(1 << 10)  # noqa: B019  there is one instance per process
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
    known, place = illnesses(), 0
    words = [(singular_form(form_of(match[0])), *match.span()) for match in WORD_OR_NUMBER.finditer(text)]
    while place < len(words):
        longest = min(LONGEST, len(words) - place) if words[place][0] in known.begins else 0
        for length in range(longest, 0, -1):
            named = known.named.get(" ".join(word for word, *_ in words[place : place + length]))
            start, end = words[place][1], words[place + length - 1][2]
            if named and (not named[1] or in_capitals(start, end, text)):
                yield Illness(start, end, known.names_with_kinds(named[0]))
                place += length - 1
                break
        place += 1


def in_capitals(start: int, end: int, text: str) -> bool:
    """Whether a span is in capitals while the rest of the text is not."""
    return text[start:end].isupper() and not (text[:start] + text[end:]).isupper()


def key_of(name: str) -> str:
    """A name as a lookup key: its words folded, in American spelling and singular.

    Unlike in other phrases, tense counts: to delay puberty is not delayed puberty.
    """
    return " ".join(singular_form(form_of(match[0])) for match in WORD_OR_NUMBER.finditer(name))
