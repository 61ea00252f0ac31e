"""Find condition names in a text with a tree of words: one step per word, however many names there are.

The longest name wins, so a general name within a narrower one is not found. Names that share words ("alcohol and
cocaine use disorders") are all found. Abbreviations are case-sensitive.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from qa.conditions.tree import EXACT_KEY, ONE_WORD_KEY, NameMatch, NameStarts, Node, bases, meaning, one_word_key, steps
from qa.conditions.words import HYPHEN_SIGNS, HYPHENATED, NameToken, NameTokens, spellings
from qa.models import Abbreviation, Cued

JOINERS = frozenset({"and", "or", "nor", "&", "/", ",", "plus", "as", "well"})
MIDDLE_JOINERS = frozenset({"and", "or", "&", "/"})
LONGEST_SHARED = 3
LONGEST_CAPITALS = 6


class NameTree:
    """The tree of names, and the words that can start a name in any text or in a question."""

    def __init__(self) -> None:
        self.root = Node()
        self.starts, self.starts_asked = NameStarts(), NameStarts()

    # --- adding

    def add(self, id: str, names: Iterable[str]) -> None:
        for node in self.nodes_of(names, (self.starts, self.starts_asked)):
            node.always += (id,) * (id not in node.always)

    def add_asked(self, id: str, names: Iterable[str]) -> None:
        for node in self.nodes_of(names, (self.starts_asked,)):
            node.asked += (id,) * (id not in node.asked)

    def add_cued(self, id: str, cued: Cued) -> None:
        cues = tuple(tuple(token.base for token in NameTokens(cue)) for cue in cued.cues)
        for node in self.nodes_of(cued.words, (self.starts_asked,)):
            node.cued += ((id, cues),)

    def add_abbreviation(self, id: str, abbreviation: Abbreviation) -> None:
        """Add an abbreviation. An ambiguous one matches no condition unless the text defines it."""
        node = self.node_of_abbreviation(abbreviation.text)
        taken = node.taken and node.always != (id,)
        node.taken, node.always = True, () if taken or abbreviation.ambiguous else (id,)

    def nodes_of(self, names: Iterable[str], starts: Iterable[NameStarts]) -> Iterator[Node]:
        """The nodes where names end; a hyphenated name has two, with and without the hyphen ("posttraumatic")."""
        for name in names:
            if name.isalpha() and name.isupper() and 1 < len(name) <= LONGEST_CAPITALS:
                yield self.node_of_abbreviation(name)
                continue
            for variant in {name, re.sub(r"(?<=\w)[-‐‑](?=\w)", "", name)}:
                tokens = NameTokens(variant)
                keys = [token.base for token in tokens]
                if len(tokens) == 1:
                    yield self.node_of(one_word_key(tokens[0]), [ONE_WORD_KEY + one_word_key(tokens[0])], starts)
                elif keys:
                    yield self.node_of(keys[0], keys, starts)

    def node_of_abbreviation(self, text: str) -> Node:
        """The node where an abbreviation ends; words with a capital are case-sensitive: "EtOH use disorder"."""
        tokens = NameTokens(text)
        keys = [token.base if token.raw.islower() else EXACT_KEY + token.raw for token in tokens]
        return self.node_of(keys[0].removeprefix(EXACT_KEY), keys, (self.starts, self.starts_asked))

    def node_of(self, first: str, keys: Iterable[str], starts: Iterable[NameStarts]) -> Node:
        for words in starts:
            words.keys_of_names.add(first)
        node = self.root.at(keys)
        node.ends = True
        return node

    # --- finding

    def find(self, tokens: NameTokens, asking: bool, defined: Mapping[str, tuple[str, ...]]) -> Iterator[NameMatch]:
        """The names in a text, from left to right. `defined` are the abbreviations that the text defines."""
        last = 0
        for place in self.start_positions(tokens, asking, defined):
            if place < last:
                continue
            match = self.longest(tokens, place, asking, defined)
            if match is None:
                around = [*self.sharing_both_ends(tokens, place)]
                yield from around
                last = max([last, *(other.stop for other in around)])
                continue
            yield match
            if len(match.keys) > 1:
                yield from self.sharing_left(tokens, match)
                yield from self.sharing_right(tokens, match)
            last = match.stop

    def start_positions(self, tokens: NameTokens, asking: bool, defined: Mapping[str, tuple[str, ...]]) -> list[int]:
        """The few positions where a name can start."""
        starts = self.starts_asked if asking else self.starts
        allow = partial(starts.allow, remember=tokens.remember)
        known = starts.known  # looked up here, because this is done for every word of every document
        places = [place for place, raw in enumerate(tokens.raws) if (known[raw] if raw in known else allow(raw))]
        more: set[int] = set()
        if own := {part for short in defined for part in (short, short.split("-")[0])}:
            more |= {place for place, raw in enumerate(tokens.raws) if raw in own or raw.removesuffix("s") in own}
        hyphenated = () if HYPHEN_SIGNS.isdisjoint(tokens.text) else HYPHENATED.findall(tokens.text)
        if any(allow(re.sub("[-‐‑]", "", each)) for each in hyphenated):
            more |= {place - 1 for place, token in enumerate(tokens) if token.hyphenated}
        return sorted(more.union(places)) if more else places

    def longest(
        self, tokens: Sequence[NameToken], first: int, asking: bool, defined: Mapping[str, tuple[str, ...]]
    ) -> NameMatch | None:
        """The longest name that starts at a token and has a meaning there."""
        if first and tokens[first - 1].plain == "non":  # "non-alcoholic"
            return None
        own = defined_abbreviations(tokens, first, defined) if defined else ()
        return max([*own, *self.walk(tokens, first, asking)], key=lambda match: match.stop, default=None)

    def walk(self, tokens: Sequence[NameToken], first: int, asking: bool) -> Iterator[NameMatch]:
        """Every name that starts at a token."""
        stack: list[tuple[int, Node, tuple[str, ...]]] = [
            (s, node, ()) for s, node in self.one_word_names(tokens, first)
        ]
        stack += [(stop, node, (key,)) for stop, node, key in steps(tokens, first, self.root)]
        while stack:
            stop, node, keys = stack.pop()
            if node.ends and (ids := meaning(node, tokens, first, stop, asking)) is not None:
                yield NameMatch(first, stop, ids, keys)
            if node.below:
                stack += [(after, below, (*keys, key)) for after, below, key in steps(tokens, stop, node)]

    def one_word_names(self, tokens: Sequence[NameToken], first: int) -> Iterator[tuple[int, Node]]:
        written = [(first + 1, tokens[first].plain), (first + 1, tokens[first].singular)]
        if first + 1 < len(tokens) and tokens[first + 1].hyphenated:
            joined = spellings(tokens[first].raw + tokens[first + 1].raw)
            written += [(first + 2, joined[0]), (first + 2, joined[1])]
        for stop, word in written:
            if node := self.root.below.get(ONE_WORD_KEY + word):
                yield stop, node

    def named(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The conditions that the name with these keys means in any text."""
        node: Node | None = self.root
        for key in keys:
            node = node.below.get(key) if node else None
        return node.always if node else ()

    # --- names that share words

    def sharing_left(self, tokens: Sequence[NameToken], match: NameMatch) -> Iterator[NameMatch]:
        """Names before the match that share its ending: "alcohol, opioid and cocaine use disorders"."""
        stop = match.first
        while 0 <= (before := skip_joiners(tokens, stop - 1, -1)) < stop - 1:
            candidates = (
                NameMatch(first, before + 1, ids)
                for first in range(max(0, before + 1 - LONGEST_SHARED), before + 1)
                for cut in range(1, len(match.keys))
                if (ids := self.named([*bases(tokens, first, before + 1), *match.keys[cut:]]))
            )
            if (shared := next(candidates, None)) is None or shared.ids == match.ids:
                return
            yield shared
            stop = shared.first

    def sharing_right(self, tokens: Sequence[NameToken], match: NameMatch) -> Iterator[NameMatch]:
        """Names after the match that share its beginning: "hepatitis B, C and D"."""
        last = match.stop
        while last < (after := skip_joiners(tokens, last, 1)) < len(tokens):
            candidates = (
                NameMatch(after, stop, ids)
                for stop in range(min(len(tokens), after + LONGEST_SHARED), after, -1)
                for cut in range(len(match.keys) - 1, 0, -1)
                if (ids := self.named([*match.keys[:cut], *bases(tokens, after, stop)]))
            )
            if (shared := next(candidates, None)) is None or shared.ids == match.ids:
                return
            yield shared
            last = shared.stop

    def sharing_both_ends(self, tokens: Sequence[NameToken], first: int) -> Iterator[NameMatch]:
        """Two names that share both ends: "type 1 or 2 diabetes"."""
        node, place = self.root, first
        while place < len(tokens) and tokens[place].base in node.below:
            node, place = node.below[tokens[place].base], place + 1
        if place - first < 2 or place + 2 >= len(tokens) or tokens[place].base not in MIDDLE_JOINERS:
            return
        keys = bases(tokens, first, place)
        for stop in range(min(len(tokens), place + 2 + LONGEST_SHARED), place + 2, -1):
            ending = bases(tokens, place + 2, stop)
            one, other = self.named([*keys, *ending]), self.named([*keys[:-1], tokens[place + 1].base, *ending])
            if one and other:
                yield NameMatch(first, place, one)
                yield NameMatch(place + 1, stop, other)
                return


def defined_abbreviations(
    tokens: Sequence[NameToken], first: int, defined: Mapping[str, tuple[str, ...]]
) -> Iterator[NameMatch]:
    """Abbreviations defined by the text that start at a token, including hyphenated ones ("C-PTSD") and plurals."""
    short = ""
    for stop in range(first + 1, min(first + 4, len(tokens) + 1)):
        token = tokens[stop - 1]
        if stop > first + 1 and not token.hyphenated:
            return
        short += "-" * token.hyphenated * (stop > first + 1) + token.raw
        written = short if short in defined else short.removesuffix("s")
        if written in defined:
            yield NameMatch(first, stop, defined[written])


def skip_joiners(tokens: Sequence[NameToken], place: int, step: Literal[1, -1]) -> int:
    while 0 <= place < len(tokens) and tokens[place].plain in JOINERS:
        place += step
    return place
