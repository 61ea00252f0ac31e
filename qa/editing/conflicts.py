"""Where words that questions are understood by get in each other's way: what an owner's lists say twice or for nothing.

Only what an owner has written is looked at, against itself and against what ships: cues misfire silently, so nobody
would notice otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qa.models import Aspect, Condition, Intervention, SynonymGroup
from qa.text.analysis import STOP_WORDS, analyze, read_words
from qa.text.phrases import in_words


class Conflict(NamedTuple):
    """A word or phrase of a file of the owner, and what is wrong with it."""

    file: str
    words: str
    message: str


class Lists(NamedTuple):
    """The lists of words: those of the owner, or those that ship."""

    conditions: Sequence[Condition]
    aspects: Sequence[Aspect]
    interventions: Sequence[Intervention]
    synonyms: Sequence[SynonymGroup]


def find_conflicts(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    for look in (everyday_names, shared_cues, shared_names, unreachable):
        yield from look(own, shipped)


def everyday_names(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Names in lower case that are words of talking: "us" would be found in every second question."""
    everyday = STOP_WORDS | read_words("chatter.txt") | read_words("discounted.txt")
    for file, _, names in named_entries(own):
        for name in names:
            if name in everyday:
                yield Conflict(file, name, "is an everyday word, so it is found where nobody means it. Say more.")


def shared_cues(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """A cue that is also another aspect's; an owner's aspect with the id of one that ships stands in its place."""
    ids = {aspect.id for aspect in own.aspects}
    every = [*own.aspects, *(aspect for aspect in shipped.aspects if aspect.id not in ids)]
    owners = holders((aspect.id, (*aspect.cues, *aspect.named)) for aspect in every)
    for aspect in own.aspects:
        for cue in dict.fromkeys((*aspect.cues, *aspect.named)):
            if others := sorted(owners[in_words(cue)] - {aspect.id}):
                yield Conflict("aspects.toml", cue, f"is a cue of {', '.join(others)} too: both are asked about.")


def shared_names(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """A name of two treatments, or of a treatment and a condition of the owner. (Treatments that ship give way to
    conditions: see `names_of_both`.)"""
    ids = {intervention.id for intervention in own.interventions}
    others = [i for i in shipped.interventions if i.id not in ids]
    owners = holders((id, names) for _, id, names in named_entries(own))
    treatments = holders((each.id, each.names) for each in (*own.interventions, *others))
    for file, id, names in named_entries(own):
        for name in dict.fromkeys(names):
            held = owners[in_words(name)] | (treatments[in_words(name)] if id in ids else set())
            if held := held - {id}:
                message = f"is a name of {', '.join(sorted(held))} too: questions with it ask about both."
                yield Conflict(file, name, message)


def unreachable(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Groups of words that are one word to every question, and ids that name nothing."""
    ids = {aspect.id for aspect in (*own.aspects, *shipped.aspects)}
    for aspect in own.aspects:
        if aspect.narrows and aspect.narrows not in ids:
            yield Conflict("aspects.toml", aspect.narrows, "is narrowed, but it is the id of no aspect.")
    for group in own.synonyms:
        if len({tuple(token.term for token in analyze(word)) for word in group.words} - {()}) < 2:
            yield Conflict("synonyms.toml", ", ".join(group.words), "is one word, so nothing stands for another.")


def named_entries(lists: Lists) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """File, id and names of everything that has names."""
    for condition in lists.conditions:
        yield "conditions.toml", condition.id, (condition.label, *condition.names, *condition.asked_as)
    for intervention in lists.interventions:
        yield "interventions.toml", intervention.id, intervention.names


def holders(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    """For each phrase the ids that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for id, phrases in entries:
        for phrase in phrases:
            found[in_words(phrase)].add(id)
    return found
