"""Tokens for matching names: case, plural, British or American spelling, accents and possessives are ignored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, overload

from qa.text.analysis import fold
from qa.text.once import once_a_question

# Words, and any other character that ends a name; spaces, hyphens and Markdown emphasis do not.
TOKEN = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad])*(?:['’][^\W_]+)*|\n[ \t]*\n|[^\s\w*`‐‑\u00ad\u0300-\u036f-]"
)
CACHE_SIZE = 1 << 16  # words of the owner's texts
_cache: dict[str, tuple[str, str, str]] = {}
HYPHEN_SIGNS = frozenset("-‐‑")
HYPHENATED = re.compile(r"(?=(?<![^\W_])([^\W_]+[-‐‑][^\W_]+))")
# The first pattern that matches is applied.
PLURALS = (
    (re.compile(r"(?<=\w\w)ies$"), "y"),
    (re.compile(r"(?<=\w\w)sis$"), "se"),  # psychosis, psychoses
    (re.compile(r"(?<=ss|ch|sh|us)es$|(?<=x)es$"), ""),
    (re.compile(r"(?<=\w\w[^sui])s$"), ""),
)


class NameToken(NamedTuple):
    """A word as written (`raw`), in plain spelling, in the singular, and as the `base` that names of several words are
    compared by; `hyphenated` if a hyphen joins it to the previous word."""

    raw: str
    plain: str
    singular: str
    base: str
    start: int
    end: int
    hyphenated: bool


class NameTokens(Sequence[NameToken]):
    """The tokens of a text. Few of them are ever accessed, so everything but `raws` is computed on demand."""

    def __init__(self, text: str, *, remember: bool = False) -> None:
        """`remember`: cache the words; only for the owner's texts, because words of a question must not be stored."""
        self.text = text
        self.remember = remember
        self.raws: list[str] = TOKEN.findall(text)
        self._tokens: dict[int, NameToken] = {}

    def __len__(self) -> int:
        return len(self.raws)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in TOKEN.finditer(self.text)]

    @overload
    def __getitem__(self, place: int) -> NameToken: ...
    @overload
    def __getitem__(self, place: slice) -> list[NameToken]: ...
    def __getitem__(self, place: int | slice) -> NameToken | list[NameToken]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        if place not in self._tokens:
            raw, (start, end) = self.raws[place], self.spans[place]
            hyphenated = place > 0 and start - self.spans[place - 1][1] == 1 and self.text[start - 1] in HYPHEN_SIGNS
            read = _cache.get(raw) or spellings(raw)
            if self.remember and len(_cache) < CACHE_SIZE:
                _cache[raw] = read
            self._tokens[place] = NameToken(raw, *read, start, end, hyphenated)
        return self._tokens[place]


@once_a_question
def spellings(word: str) -> tuple[str, str, str]:
    """Plain spelling, singular and base of a word. The base is the same for dependent, dependence and dependency; it is
    not a stem: different words stay distinct."""
    plain = fold(word.replace("\u00ad", ""))
    if "'" in plain or "’" in plain:
        plain = re.sub(r"['’]s$|['’]", "", plain)
    if len(plain) >= 6:
        plain = plain.replace("ae", "e").replace("oe", "e")
        plain = re.sub(r"our(?=s?$|al$)", "or", plain) if "our" in plain else plain
        plain = re.sub(r"is(?=(?:e|ed|er|es|ing|ations?)$)", "iz", plain) if "is" in plain else plain
    singular = plain
    if plain.endswith("s"):
        singular = next((pattern.sub(end, plain) for pattern, end in PLURALS if pattern.search(plain)), plain)
    base = re.sub(r"(?<=\w{4}en)(?:t|ce|cy)$", "c", singular) if "en" in singular else singular
    return plain, singular, base
