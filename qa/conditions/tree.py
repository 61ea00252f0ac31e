"""The tree of words in which names are kept, and the words that lead through it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qa.conditions.words import NameToken, spellings

MOST_WORDS = 200_000
# Keys of the tree that are no words: of names of one word, compared more strictly, and of words that keep their case.
ONE_WORD_KEY = "\0one "
EXACT_KEY = "\0exact "

CueWords = tuple[str, ...]


@dataclass(slots=True)
class Node:
    """A place in the tree. `always`, `asked` and `cued` are the conditions that a name ending here stands for: in any
    text, in questions, and in questions beside one of the cues; `taken`: as an abbreviation."""

    below: dict[str, Node] = field(default_factory=dict)
    ends: bool = False
    taken: bool = False
    always: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    cued: tuple[tuple[str, tuple[CueWords, ...]], ...] = ()

    def at(self, keys: Iterable[str]) -> Node:
        """The node below, made where it is missing."""
        node = self
        for key in keys:
            node = node.below.setdefault(key, Node())
        return node


class NameMatch(NamedTuple):
    """A name at tokens `first` to `stop`; `keys` is its way through the tree, empty for names of one word."""

    first: int
    stop: int
    ids: tuple[str, ...]
    keys: tuple[str, ...] = ()


class Beginnings(dict[str, bool]):
    """Whether a word as written begins a name; worked out once for each word."""

    def __init__(self) -> None:
        super().__init__()
        self.keys_of_names: set[str] = set()

    def __missing__(self, raw: str) -> bool:
        if len(self) > MOST_WORDS:
            self.clear()
        self[raw] = found = not self.keys_of_names.isdisjoint({raw, raw.removesuffix("s"), *spellings(raw)})
        return found


def key_of_one(token: NameToken) -> str:
    """A name of one word also stands for its plural, but not the other way round: "spirits" is not "spirit"."""
    return token.plain if token.singular == token.plain[:-1] else token.singular


def steps(tokens: Sequence[NameToken], place: int, node: Node) -> Iterator[tuple[int, Node, str]]:
    """The nodes that the next word leads to, or the next two when a hyphen joins them."""
    if place >= len(tokens):
        return
    token = tokens[place]
    keys = [(place + 1, token.base)]
    if not token.raw.islower():
        keys += [(place + 1, EXACT_KEY + token.raw), (place + 1, EXACT_KEY + token.raw.removesuffix("s"))]
    if place + 1 < len(tokens) and tokens[place + 1].hyphened:
        keys.append((place + 2, spellings(token.raw + tokens[place + 1].raw)[2]))
    for stop, key in keys:
        if below := node.below.get(key):
            yield stop, below, key


def meaning(node: Node, tokens: Sequence[NameToken], first: int, stop: int, asking: bool) -> tuple[str, ...] | None:
    """What the name that ends at a node stands for in this text. None: nothing, and a shorter name may; none but
    found: an abbreviation that may stand for several things."""
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
