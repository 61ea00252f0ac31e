"""Many regular expressions at once: each is tried only on texts that have what it cannot match without.

Dozens of patterns are searched in every sentence, and nearly none of them matches. What a pattern cannot match without
is read from its syntax tree: "\\b(?:\\d+|two) (?:mg|ml)\\b" needs a word that begins with a digit or "two", and "mg" or
"ml".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

from qa.text.necessary import ANY_DIGIT, DIGIT, EDGE, EMPTY, WHOLE_WORD, Strings, necessary, rarity

Value = TypeVar("Value")

EDGES = re.compile(r"\b")
ALWAYS = 1  # the bit of what every text has
MOST_REMEMBERED = 1 << 17  # words of the owner's texts


class Patterns(Generic[Value]):
    """Regular expressions, each with a value."""

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], Value]]) -> None:
        self._bits = {"": ALWAYS}
        masks = ((pattern, value, self._masks(necessary(pattern))) for pattern, value in patterns)
        self._all = [(pattern, value, first, others) for pattern, value, (first, *others) in masks]
        self._symbols = [
            (string, bit) for string, bit in self._bits.items() if string and not WHOLE_WORD.search(string)
        ]
        self._pieces = [
            (string, bit)
            for string, bit in self._bits.items()
            if WHOLE_WORD.search(string) and not (len(string) == 1 and string.isalpha())
        ]
        self._everywhere = ALWAYS + sum(
            bit for string, bit in self._bits.items() if len(string) == 1 and string.isalpha()
        )
        self._known: dict[str, int] = {}

    def __iter__(self) -> Iterator[tuple[re.Pattern[str], Value, Sequence[int]]]:
        """Each pattern, with masks of bits: a text that it matches has a bit of each mask."""
        return ((pattern, value, (first, *others)) for pattern, value, first, others in self._all)

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
        for word in WHOLE_WORD.findall(text):
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

    def learn(self, texts: Iterable[str]) -> None:
        """Work out what the words of many texts of the owner have, in a fraction of the time of one by one."""
        words = list({word for text in texts for word in WHOLE_WORD.findall(text)} - self._known.keys())
        del words[max(0, MOST_REMEMBERED - len(self._known)) :]
        starts = list(accumulate((len(word) + 3 for word in words), initial=0))
        marked = "".join([f"{EDGE}{word}{EDGE}\n" for word in ANY_DIGIT.sub(DIGIT, "\n".join(words)).split("\n")])
        found = dict.fromkeys(words, 0)
        for string, bit in self._pieces:
            for place in {bisect_right(starts, match.start()) for match in re.finditer(re.escape(string), marked)}:
                found[words[place - 1]] |= bit
        self._known |= found

    def _remembered(self, word: str) -> int:
        found = self._pieces_in(word)
        if len(self._known) < MOST_REMEMBERED:
            self._known[word] = found
        return found

    def _pieces_in(self, text: str) -> int:
        """The bits of the parts of words that are in a text."""
        marked = EDGES.sub(EDGE, ANY_DIGIT.sub(DIGIT, text))
        return sum(bit for string, bit in self._pieces if string in marked)

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Value]]:
        """The matches of each pattern, pattern by pattern."""
        return ((match, value) for pattern, value in self.possible(text) for match in pattern.finditer(text))
