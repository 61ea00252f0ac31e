"""The tree of words that stores condition names, and the steps through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.conditions.words import NameToken, spellings

CACHE_SIZE = 200_000
# Key prefixes for names of one word, which are matched more strictly, and for case-sensitive words.
ONE_WORD_KEY = "\0one "
EXACT_KEY = "\0exact "

CueWords = tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A node of the tree. `always`, `asked` and `cued` are the conditions that a name ending here means in any text, in
    questions, and in questions with one of the cues. `taken`: an abbreviation ends here."""

    below: dict[str, Node] = field(default_factory=dict)
    ends: bool = False
    taken: bool = False
    always: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    cued: tuple[tuple[str, tuple[CueWords, ...]], ...] = ()

    def at(self, keys: Iterable[str]) -> Node:
        """The node for these keys, created if missing."""
        node = self
        for key in keys:
            node = node.below.setdefault(key, Node())
        return node


class NameMatch(NamedTuple):
    """A name at tokens `first` to `stop` (exclusive); `keys` is its path in the tree, empty for a name of one word."""

    first: int
    stop: int
    ids: tuple[str, ...]
    keys: tuple[str, ...] = ()


class NameStarts:
    """Whether a word, as written, can start a name."""

    def __init__(self) -> None:
        self.keys_of_names: set[str] = set()
        self.known: dict[str, bool] = {}  # by word; of the owner's texts only

    def allow(self, raw: str, *, remember: bool) -> bool:
        """`remember`: cache the word; only for the owner's texts, because words of a question must not be stored."""
        if (cached := self.known.get(raw)) is not None:
            return cached
        found = not self.keys_of_names.isdisjoint({raw, raw.removesuffix("s"), *spellings(raw)})
        if remember and len(self.known) < CACHE_SIZE:
            self.known[raw] = found
        return found


def one_word_key(token: NameToken) -> str:
    """The key of a name of one word. A singular name also matches its plural, but not vice versa: "spirits" does not
    match "spirit"."""
    return token.plain if token.singular == token.plain[:-1] else token.singular


def steps(tokens: Sequence[NameToken], place: int, node: Node) -> Iterator[tuple[int, Node, str]]:
    """The nodes reached by the next word, or by the next two if a hyphen joins them."""
    if place >= len(tokens):
        return
    token = tokens[place]
    keys = [(place + 1, token.base)]
    if not token.raw.islower():
        keys += [(place + 1, EXACT_KEY + token.raw), (place + 1, EXACT_KEY + token.raw.removesuffix("s"))]
    if place + 1 < len(tokens) and tokens[place + 1].hyphenated:
        keys.append((place + 2, spellings(token.raw + tokens[place + 1].raw)[2]))
    for stop, key in keys:
        if below := node.below.get(key):
            yield stop, below, key


def meaning(node: Node, tokens: Sequence[NameToken], first: int, stop: int, asking: bool) -> tuple[str, ...] | None:
    """The conditions that a name ending at a node means in this text. None: no match, so a shorter name may apply; an
    empty tuple: an ambiguous abbreviation, which matches but means no condition."""
    if not asking:
        return None if not node.always and (node.asked or node.cued) else node.always
    ids = dict.fromkeys((*node.always, *node.asked))
    if node.cued:
        outside = bases(tokens, 0, first) + bases(tokens, stop, len(tokens))
        ids |= dict.fromkeys(id for id, cues in node.cued if any(contains_cue(outside, cue) for cue in cues))
    return None if node.cued and not ids else tuple(ids)


def bases(tokens: Sequence[NameToken], first: int, stop: int) -> list[str]:
    return [token.base for token in tokens[first:stop]]


def contains_cue(words: Sequence[str], cue: CueWords) -> bool:
    return any(tuple(words[place : place + len(cue)]) == cue for place in range(len(words) - len(cue) + 1))
