"""What a version of the index knows beside its passages, worked out once for each version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from qa.analysis import analyze
from qa.conditions import Vocabulary
from qa.coverage import background
from qa.indexes import OpenIndex
from qa.models import CoveredCondition, Passage
from qa.showing import count_conditions
from qa.spelling import correct


@dataclass(frozen=True, slots=True)
class Knowledge:
    """`vocabulary` has the abbreviations that the documents define, `covered` what they cover, `correct` gives the
    nearest known word for an unknown one. `tagged_as` says under which condition the passages on a condition are
    tagged: under its own id, or, for a state that a heading and a word name together, under the heading's."""

    vocabulary: Vocabulary
    covered: tuple[CoveredCondition, ...]
    tagged_as: Mapping[str, str]
    correct: Callable[[str], str | None]


@lru_cache(maxsize=4)
def knowledge_of(index: OpenIndex) -> Knowledge:
    """The knowledge of a version; kept for the newest ones."""
    catalogue = index.catalogue
    vocabulary = Vocabulary(catalogue.conditions).learn("\n\n".join(d.text for d in catalogue.documents))
    covered = tuple(condition for condition in count_conditions(index, vocabulary) if condition.passages)
    names = analyze(" ".join(name for c in catalogue.conditions for name in (c.label, *c.names, *c.asked_as)))
    terms = {token.term for token in names}

    def knows(term: str) -> bool:
        return term in terms or index.statistics.frequency(term) > 0 or background().knows(term)

    words = {**Counter(token.form for token in names), **index.words}
    tagged_as = {condition.id: condition.id for condition in covered} | dict(states(vocabulary, covered, index))
    return Knowledge(vocabulary, covered, tagged_as, partial(correct, words=words, knows=knows))


def states(
    vocabulary: Vocabulary, covered: tuple[CoveredCondition, ...], index: OpenIndex
) -> Iterator[tuple[str, str]]:
    """Conditions that no passage names in full, but a heading and a sentence below it do together: "withdrawal" under
    "Opioid use disorder" speaks of opioid withdrawal. With the condition of the heading.

    Not below a condition that stands at the top: under "Substance use disorders" a word says too little.
    """
    known = {condition.id for condition in covered}
    for condition in vocabulary.conditions.values():
        above = condition.parent
        if condition.id in known or above not in known or vocabulary.conditions[above].parent is None:
            continue
        own = terms_of(vocabulary, condition.id) - names_around(vocabulary, condition.id, above)
        if own and any(own <= index.terms(p.id).counts.keys() for p in passages_on(above, vocabulary, index)):
            yield condition.id, above


def terms_of(vocabulary: Vocabulary, id: str) -> set[str]:
    return {token.term for token in analyze(vocabulary.label(id))}


def names_around(vocabulary: Vocabulary, id: str, above: str) -> set[str]:
    """The terms by which the condition above is named, and the others below it."""
    others = [vocabulary.conditions[other] for other in (above, *vocabulary.descendants(above)) if other != id]
    return {token.term for c in others for name in (c.label, *c.names) for token in analyze(name)}


def passages_on(id: str, vocabulary: Vocabulary, index: OpenIndex) -> Iterator[Passage]:
    wanted = {id, *vocabulary.descendants(id)}
    for document in index.catalogue.documents:
        yield from (p for p in document.passages if wanted & {tag.id for tag in p.conditions})
