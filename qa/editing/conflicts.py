"""Conflicts in an owner's word lists: ambiguous names and cues, and entries without effect.

The owner's entries are compared with each other and with the lists in the package. Without this check nobody would
notice: a wrong cue raises no error, it only changes answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qa.models import Aspect, Condition, Intervention, SynonymGroup
from qa.text.analysis import STOP_WORDS, analyze, read_words
from qa.text.phrases import in_words


class Conflict(NamedTuple):
    """A word or phrase in an owner's file, and what is wrong with it."""

    file: str
    words: str
    message: str


class Lists(NamedTuple):
    """A set of word lists: those of the owner, or those in the package."""

    conditions: Sequence[Condition]
    aspects: Sequence[Aspect]
    interventions: Sequence[Intervention]
    synonyms: Sequence[SynonymGroup]


def find_conflicts(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    for look in (everyday_names, shared_cues, shared_names, unreachable):
        yield from look(own, shipped)


def everyday_names(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Yield names that are everyday words in lower case: "us" would match every second question."""
    everyday = STOP_WORDS | read_words("discounted.txt")
    for file, _, names in named_entries(own):
        for name in names:
            if name in everyday:
                yield Conflict(
                    file, name, "is an everyday word and would match where it is not meant. Use a longer name."
                )


def shared_cues(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Yield cues that belong to several aspects. An owner's aspect replaces the one in the package with the same id."""
    ids = {aspect.id for aspect in own.aspects}
    every = [*own.aspects, *(aspect for aspect in shipped.aspects if aspect.id not in ids)]
    owners = ids_by_phrase((aspect.id, aspect.cues) for aspect in every)
    for aspect in own.aspects:
        for cue in dict.fromkeys(aspect.cues):
            if others := sorted(owners[in_words(cue)] - {aspect.id}):
                yield Conflict(
                    "aspects.toml", cue, f"is also a cue of {', '.join(others)}: a question with it asks about both."
                )


def shared_names(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Yield names shared by two treatments, by two conditions, or by a treatment and a condition of the owner.

    Treatments in the package give way to conditions (see `names_of_both`), so those are no conflict."""
    ids = {intervention.id for intervention in own.interventions}
    others = [i for i in shipped.interventions if i.id not in ids]
    owners = ids_by_phrase((id, names) for _, id, names in named_entries(own))
    treatments = ids_by_phrase((each.id, each.names) for each in (*own.interventions, *others))
    for file, id, names in named_entries(own):
        for name in dict.fromkeys(names):
            sharing = owners[in_words(name)] | (treatments[in_words(name)] if id in ids else set())
            if sharing := sharing - {id}:
                message = f"is also a name of {', '.join(sorted(sharing))}: a question with it asks about both."
                yield Conflict(file, name, message)


def unreachable(own: Lists, shipped: Lists) -> Iterator[Conflict]:
    """Yield synonym groups without effect, because their words are one to the search."""
    for group in own.synonyms:
        if len({tuple(token.term for token in analyze(word)) for word in group.words} - {()}) < 2:
            yield Conflict(
                "synonyms.toml",
                ", ".join(group.words),
                "are one and the same word to the search, so the group has no effect.",
            )


def named_entries(lists: Lists) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield file, id and names of each condition and intervention."""
    for condition in lists.conditions:
        yield "conditions.toml", condition.id, (condition.label, *condition.names, *condition.asked_as)
    for intervention in lists.interventions:
        yield "interventions.toml", intervention.id, intervention.names


def ids_by_phrase(entries: Iterable[tuple[str, Iterable[str]]]) -> dict[str, set[str]]:
    """Return for each phrase the ids of the entries that have it."""
    found: dict[str, set[str]] = defaultdict(set)
    for id, phrases in entries:
        for phrase in phrases:
            found[in_words(phrase)].add(id)
    return found
