"""Which conditions the documents cover, and in how many passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex, Store
from qa.models import CoveredCondition, Passage
from qa.text.analysis import analyze


class ImpliedCondition(NamedTuple):
    """A condition named only by a heading and a word together: the heading's condition, and the number of passages."""

    above: str
    passages: int


def implied_conditions(
    vocabulary: Vocabulary, tagged: Iterable[CoveredCondition], index: OpenIndex
) -> dict[str, ImpliedCondition]:
    """The conditions that no passage names in full but that a heading and a sentence below it name together, by id.

    "Withdrawal" under "Opioid use disorder" means opioid withdrawal. A heading on a top-level condition does not count:
    under "Substance use disorders" a single word is too unspecific.
    """
    known = {condition.id for condition in tagged if condition.passages}
    found = {}
    for condition in vocabulary.conditions.values():
        above = condition.parent
        if condition.id in known or above not in known or vocabulary.conditions[above].parent is None:
            continue
        own = terms_of(vocabulary, condition.id) - names_around(vocabulary, condition.id, above)
        passages = passages_on(above, vocabulary, index) if own else ()
        if number := sum(own <= index.terms(passage.id).counts.keys() for passage in passages):
            found[condition.id] = ImpliedCondition(above, number)
    return found


def terms_of(vocabulary: Vocabulary, id: str) -> set[str]:
    """The terms of a condition's label."""
    return {token.term for token in analyze(vocabulary.label(id))}


def names_around(vocabulary: Vocabulary, id: str, above: str) -> set[str]:
    """The terms of the names of the parent condition and of the conditions below it, except `id`."""
    others = [vocabulary.conditions[other] for other in (above, *vocabulary.descendants(above)) if other != id]
    return {token.term for c in others for name in (c.label, *c.names) for token in analyze(name)}


def passages_on(id: str, vocabulary: Vocabulary, index: OpenIndex) -> Iterator[Passage]:
    """The passages tagged with a condition or a narrower one."""
    wanted = {id, *vocabulary.descendants(id)}
    for document in index.catalogue.documents:
        yield from (p for p in document.passages if wanted & {tag.id for tag in p.conditions})


def count_conditions(store: Store, vocabulary: Vocabulary) -> tuple[CoveredCondition, ...]:
    """Every condition of the vocabulary, in order, with the number of passages tagged with it or a narrower one."""
    tags = [frozenset(tag.id for tag in p.conditions) for d in store.catalogue.documents for p in d.passages]
    return tuple(
        CoveredCondition(c.id, c.label, c.parent, sum(1 for t in tags if t & {c.id, *vocabulary.descendants(c.id)}))
        for c in store.catalogue.conditions
    )
