"""Many regular expressions at once: each is tried only on texts that have what it cannot match without.

Dozens of patterns are searched in every sentence, and nearly none of them matches. What a pattern cannot match without
is read from its syntax tree: "\\b(?:\\d+|two) (?:mg|ml)\\b" needs a word that begins with a digit or "two", and "mg" or
"ml".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from re import _constants as ops
from re import _parser as parser
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")
Strings = frozenset[str]
Operation = tuple[Any, Any]  # of a syntax tree: what to match, and its arguments

DIGIT, EDGE = "0", "\b"  # stand for any digit, and for the beginning or end of a word
DIGITS = re.compile(r"\d")
EDGES = re.compile(r"\b")
WORD = re.compile(r"\w+")
EMPTY = frozenset({""})
MOST_STRINGS = 32  # that a part of a pattern is written out as: nine units of time, in singular and plural
ALWAYS = 1  # the bit of what every text has
MOST_REMEMBERED = 1 << 17  # words of the owner's texts
REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT)


class Patterns(Generic[Value]):
    """Regular expressions, each with a value."""

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], Value]]) -> None:
        self._bits = {"": ALWAYS}
        masks = ((pattern, value, self._masks(necessary(pattern))) for pattern, value in patterns)
        self._all = [(pattern, value, first, others) for pattern, value, (first, *others) in masks]
        self._symbols = [(string, bit) for string, bit in self._bits.items() if string and not WORD.search(string)]
        self._pieces = [
            (string, bit)
            for string, bit in self._bits.items()
            if WORD.search(string) and not (len(string) == 1 and string.isalpha())
        ]
        self._everywhere = ALWAYS + sum(
            bit for string, bit in self._bits.items() if len(string) == 1 and string.isalpha()
        )
        self._known: dict[str, int] = {}

    @property
    def number_of_bits(self) -> int:
        """Of all that patterns look for."""
        return len(self._bits)

    def _masks(self, needed: Sequence[Strings]) -> list[int]:
        """A number for each set of strings, with a bit for each string; the first is the least likely."""
        rare_first = sorted(needed, key=rarity, reverse=True) or [EMPTY]
        return [sum(self._bits.setdefault(each, 1 << len(self._bits)) for each in strings) for strings in rare_first]

    def possible(self, text: str, *, remember: bool = False) -> list[tuple[re.Pattern[str], Value]]:
        """The patterns that may match somewhere in a text, in order; the others do not. `remember`: what the words have
        is worked out once; only for the owner's texts, because words of a question must not be stored."""
        return self.fitting(self.bits_in(text) if remember else self.symbols_in(text) | self._pieces_in(text))

    def bits_in(self, text: str) -> int:
        """The bits of what is in a text of the owner; what its words have is worked out once."""
        has = self.symbols_in(text)
        for word in WORD.findall(text):
            known = self._known.get(word)
            has |= self._remembered(word) if known is None else known
        return has

    def symbols_in(self, text: str) -> int:
        """The bits of the symbols that are in a text, and of single letters, which nearly every text has."""
        return sum((bit for string, bit in self._symbols if string in text), self._everywhere)

    def fitting(self, has: int) -> list[tuple[re.Pattern[str], Value]]:
        """The patterns that may match a text with these bits, in order."""
        return [
            (pattern, value)
            for pattern, value, first, others in self._all
            if has & first and all(has & mask for mask in others)
        ]

    def _remembered(self, word: str) -> int:
        found = self._pieces_in(word)
        if len(self._known) < MOST_REMEMBERED:
            self._known[word] = found
        return found

    def _pieces_in(self, text: str) -> int:
        """The bits of the parts of words that are in a text."""
        marked = EDGES.sub(EDGE, DIGITS.sub(DIGIT, text))
        return sum(bit for string, bit in self._pieces if string in marked)

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Value]]:
        """The matches of each pattern, pattern by pattern."""
        return ((match, value) for pattern, value in self.possible(text) for match in pattern.finditer(text))


def necessary(pattern: re.Pattern[str]) -> list[Strings]:
    """Sets of strings: every match of the pattern contains one of each set. None for a pattern that ignores case."""
    if pattern.flags & re.IGNORECASE:
        return []
    return list(dict.fromkeys(map(shortest, of_sequence(parser.parse(pattern.pattern, pattern.flags)))))


def of_sequence(operations: Iterable[Operation], before: Strings = EMPTY) -> list[Strings]:
    """What is necessary for several operations one after the other, the first one after one of the strings `before`:
    what neighbouring ones match is joined."""
    found, here = [], before
    for operation in operations:
        written = written_out(operation)
        once = repeated(operation) if written is None else None
        joined = combined([here, written or once])
        if written and joined:
            here = joined
            continue
        found += [joined or here, *(() if written or once else of_operation(operation, here))]
        here = written or once or EMPTY
    pieces = (frozenset(map(telling_piece, strings)) for strings in (*found, here))
    return [strings for strings in pieces if all(strings)]


def of_operation(operation: Operation, before: Strings) -> list[Strings]:
    """What is necessary for an operation, after one of the strings `before`, that matches too many strings to write
    them out."""
    kind, arguments = operation
    if kind is ops.SUBPATTERN and not arguments[1]:
        return of_sequence(arguments[3], before)
    if kind in REPEATS and arguments[0]:
        return of_sequence(arguments[2], before)
    if kind is ops.BRANCH:
        each = [max(of_sequence(branch, before), key=rarity, default=EMPTY) for branch in arguments[1]]
        return [frozenset[str]().union(*each)]
    return []


def repeated(operation: Operation) -> Strings | None:
    """The strings that an operation repeats once or more often; None for another operation."""
    kind, arguments = operation
    return combined(map(written_out, arguments[2])) if kind in REPEATS and arguments[0] else None


def written_out(operation: Operation) -> Strings | None:
    """All strings that an operation matches; None if there are too many."""
    kind, arguments = operation
    if kind is ops.AT:
        return frozenset({EDGE}) if arguments is ops.AT_BOUNDARY else EMPTY
    if kind in (ops.ASSERT, ops.ASSERT_NOT):
        return EMPTY
    if kind is ops.LITERAL:
        return frozenset({simplified(chr(arguments))})
    if kind is ops.IN:
        return characters(arguments)
    if kind is ops.SUBPATTERN and not arguments[1]:
        return combined(map(written_out, arguments[3]))
    if kind is ops.BRANCH:
        branches = [combined(map(written_out, branch)) for branch in arguments[1]]
        return frozenset[str]().union(*filter(None, branches)) if all(branches) else None
    if kind in REPEATS and arguments[1] == 1:
        once = combined(map(written_out, arguments[2]))
        return once | EMPTY if once and not arguments[0] else once
    return None


def characters(members: Sequence[Operation]) -> Strings | None:
    """The characters of a class; None if there are too many."""
    found: set[str] = set()
    for kind, value in members:
        if kind is ops.LITERAL:
            found.add(simplified(chr(value)))
        elif kind is ops.RANGE and value[1] - value[0] < MOST_STRINGS:
            found.update(map(simplified, map(chr, range(value[0], value[1] + 1))))
        elif (kind, value) == (ops.CATEGORY, ops.CATEGORY_DIGIT):
            found.add(DIGIT)
        else:
            return None
    return frozenset(found)


def simplified(character: str) -> str:
    return DIGIT if DIGITS.match(character) else character


def combined(parts: Iterable[Strings | None]) -> Strings | None:
    """What one string of each part, one after the other, may be; None if that is too many."""
    every: Strings = EMPTY
    for part in parts:
        if part is None or len(every) * len(part) > MOST_STRINGS:
            return None
        every = frozenset(map("".join, product(every, part)))
    return every


# --- which strings to look for --------------------------------------------------------------------


def telling_piece(string: str) -> str:
    """What to look for instead of a string: its longest word or part of a word, with an EDGE where that begins or ends;
    a symbol if it has no letters; nothing if it has only white space."""
    pieces = [EDGE * (word.start() > 0) + word[0] + EDGE * (word.end() < len(string)) for word in WORD.finditer(string)]
    longest = max(pieces, key=len, default="")
    symbols = [character for character in string if not (character.isalnum() or character.isspace())]
    return longest if longest.strip(EDGE + DIGIT) else next((each for each in symbols if each not in EDGE), longest)


def rarity(strings: Strings) -> int:
    """How rare texts are that have one of these strings; digits are frequent, symbols are not."""
    return min(len(piece) * bool(piece.strip(EDGE + DIGIT)) + 3 * (len(piece) == 1) for piece in strings)


def shortest(strings: Strings) -> Strings:
    """The strings without those that contain another one."""
    return frozenset(each for each in strings if not any(other != each and other in each for other in strings))
