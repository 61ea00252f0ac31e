"""Which conditions the documents cover, and in how many passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.models import CoveredCondition
from qa.models.addresses import condition_url
from qa.text.analysis import analyze


class ImpliedCondition(NamedTuple):
    """A condition named only by a heading and a word together: the heading's condition, and the number of passages."""

    above: str
    passages: int


class NamedTogether(NamedTuple):
    """A condition that a heading and a sentence below it may name together: its id, the tags of passages under such a
    heading, and the terms that the sentence must have."""

    id: str
    tags: frozenset[str]
    terms: frozenset[str]


def named_together(vocabulary: Vocabulary) -> Iterator[NamedTogether]:
    """The conditions that a heading and a sentence below it may name together.

    "Withdrawal" under "Opioid use disorder" means opioid withdrawal. A heading on a top-level condition does not count:
    under "Substance use disorders" a single word is too unspecific.
    """
    for condition in vocabulary.conditions.values():
        above = condition.parent
        if above is None or above not in vocabulary.conditions or vocabulary.conditions[above].parent is None:
            continue
        if own := own_terms(vocabulary, condition.id, above):
            yield NamedTogether(condition.id, frozenset({above, *vocabulary.descendants(above)}), frozenset(own))


def implied_conditions(
    vocabulary: Vocabulary, covered: Iterable[CoveredCondition], together: Mapping[str, int]
) -> dict[str, ImpliedCondition]:
    """The conditions that no passage names in full but that a heading and a sentence below it name together, by id;
    `together` has in how many passages they do."""
    known = {condition.id for condition in covered if condition.passages}
    found = {}
    for condition in vocabulary.conditions.values():
        number, above = together.get(condition.id, 0), condition.parent
        if number and above in known and condition.id not in known:
            found[condition.id] = ImpliedCondition(above, number)
    return found


def own_terms(vocabulary: Vocabulary, id: str, above: str) -> set[str]:
    """The terms of a condition's label that its parent and its siblings do not have."""
    return terms_of(vocabulary, id) - names_around(vocabulary, id, above)


def terms_of(vocabulary: Vocabulary, id: str) -> set[str]:
    """The terms of a condition's label."""
    return {token.term for token in analyze(vocabulary.label(id))}


def names_around(vocabulary: Vocabulary, id: str, above: str) -> set[str]:
    """The terms of the names of the parent condition and of the conditions below it, except `id`."""
    others = [vocabulary.conditions[other] for other in (above, *vocabulary.descendants(above)) if other != id]
    return {token.term for c in others for name in (c.label, *c.names) for token in analyze(name)}


def count_conditions(tagged: Mapping[frozenset[str], int], vocabulary: Vocabulary) -> tuple[CoveredCondition, ...]:
    """Every condition of the vocabulary, in order, with the number of passages tagged with it or a narrower one.
    `tagged` has the number of passages for each combination of tags."""
    wanted = ((c, {c.id, *vocabulary.descendants(c.id)}) for c in vocabulary.conditions.values())
    return tuple(
        CoveredCondition(
            c.id, c.label, c.parent, sum(n for tags, n in tagged.items() if tags & ids), condition_url(c.id), c.everyday
        )
        for c, ids in wanted
    )
