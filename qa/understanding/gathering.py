"""What is known of ready passages, which have no references: gathered chunk by chunk, so that memory does not grow with
their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from qa.conditions import Vocabulary
from qa.conditions.abbreviations import Definition, find_definitions
from qa.models import Condition, CoveredCondition, Knowledge
from qa.models.addresses import condition_url
from qa.text.analysis import in_terms
from qa.understanding.interventions import names_of_both
from qa.understanding.knowledge import all_names, names_of_illnesses
from qa.understanding.mentions import american
from qa.understanding.shipped import interventions


@cache
def known_names() -> frozenset[str]:
    """The names, as terms, that are looked for: those of several words of known illnesses and treatments, and all by
    which treatments are counted."""
    several = {name for name in map(in_terms, all_names(interventions())) if " " in name}
    return frozenset({*names_of_illnesses(), *several, *treatments_named().keys()} - {""})


@cache
def lengths_of_names() -> Mapping[str, Sequence[int]]:
    """How many terms the known names of several terms have that begin with two terms."""
    found: dict[str, set[int]] = {}
    for terms in (name.split(" ") for name in known_names() if " " in name):
        found.setdefault(" ".join(terms[:2]), set()).add(len(terms))
    return {first: sorted(lengths) for first, lengths in found.items()}


@cache
def places_in_names() -> tuple[frozenset[str], frozenset[str]]:
    """The terms that begin known names of several terms, and those that come second."""
    pairs = [pair.split(" ") for pair in lengths_of_names()]
    return frozenset(first for first, _ in pairs), frozenset(second for _, second in pairs)


@cache
def treatments_named() -> Mapping[str, frozenset[int]]:
    """The numbers of the treatments that have a name, by the name as terms."""
    found: dict[str, set[int]] = {}
    for number, each in enumerate(interventions()):
        for name in map(in_terms, each.names):
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@dataclass(slots=True)
class PassageFacts:
    """What some passages contain: the abbreviations that they define, each where it is first and last defined; folded
    words in American spelling; those of their titles; known names; and how many have each treatment, by number.

    Of chunks, only stop words are noted: the numbers of a version have all others."""

    first: dict[Definition, int] = field(default_factory=dict)
    last: dict[Definition, int] = field(default_factory=dict)
    defined: int = 0
    written: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    treatments: Counter[int] = field(default_factory=Counter)

    def add_definitions(self, text: str) -> None:
        """Add the abbreviations that the text of the next passage defines."""
        for definition in find_definitions(text):
            self.first.setdefault(definition, self.defined)
            self.last[definition] = self.defined
            self.defined += 1

    def definitions(self) -> list[Definition]:
        """The definitions in order, without those between the first and the last of the same: they change nothing."""
        every = {(place, each) for of in (self.first, self.last) for each, place in of.items()}
        return [definition for _, definition in sorted(every)]

    def add_names(self, found: Collection[tuple[int, str]]) -> None:
        """Add the known names that occur, each with the number of the passage."""
        self.names.update(name for _, name in found)
        named = treatments_named()
        self.treatments.update(
            treatment for _, treatment in {(passage, each) for passage, name in found for each in named.get(name, ())}
        )

    def add_words(self, written: Iterable[str], own: Iterable[str]) -> None:
        """Add folded words, and those of titles."""
        self.written.update(map(american, written))
        self.own.update(own)

    def add(self, later: PassageFacts) -> None:
        """Add the facts of later passages."""
        for definition, place in later.first.items():
            self.first.setdefault(definition, self.defined + place)
        self.last |= {definition: self.defined + place for definition, place in later.last.items()}
        self.defined += later.defined
        self.written |= later.written
        self.own |= later.own
        self.names |= later.names
        self.treatments.update(later.treatments)


def knowledge_of_passages(
    facts: PassageFacts, passages: int, conditions: Sequence[Condition], tagged: Mapping[str, int]
) -> Knowledge:
    """What is known of all passages; `tagged` says how many of them are tagged with each condition."""
    definitions = facts.definitions()
    vocabulary = Vocabulary(conditions).learn_definitions(definitions)
    names = names_of_both(conditions, interventions()).learn_definitions(definitions)
    return Knowledge(
        definitions=tuple(d for d in definitions if vocabulary.defines(d.short) or names.defines(d.short)),
        conditions=tuple(
            CoveredCondition(each.id, each.label, each.parent, tagged[each.id], condition_url(each.id))
            for each in conditions
        ),
        tagged_as={each.id: each.id for each in conditions},
        subject_treatments=tuple(
            each.names[0]
            for number, each in enumerate(interventions())
            if facts.treatments[number] >= max(2, passages / 2)
        ),
        names=frozenset(name for name in facts.names if " " in name),
        authors=frozenset(),
        works=(),
        called=(),
        places={},
        supported=(),
        own=frozenset(facts.own),
        forms="".join(f"\n{form}" for form in sorted(facts.written)),
        disputed=frozenset(),
    )
