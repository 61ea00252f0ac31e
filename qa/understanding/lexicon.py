"""What questions are understood by: the words that ship, the owner's, and the documents'."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.models import Span
from qa.text.analysis import Statistics, analyze, form_of, read_words, term_of
from qa.text.background import background
from qa.text.phrases import in_words
from qa.text.spelling import correct
from qa.understanding.aspects import Aspects
from qa.understanding.expansion import Synonyms, related_terms
from qa.understanding.illnesses import Illness
from qa.understanding.shipped import aspects, interventions, synonyms


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What questions are understood by. `names` finds conditions and interventions, `illnesses` those that the owner's
    vocabulary has not, with the documents' names for them. `related` gives the terms of the documents that stand near a
    term, with what they count for, `correct` the nearest known word for one that nothing knows. `generic` are terms
    that say nothing of a question's subject by themselves, `subject` those that half of the passages have, `languages`
    the codes of those that the documents are in.
    """

    names: Vocabulary
    aspects: Aspects
    synonyms: Synonyms
    related: Callable[[str], Mapping[str, float]]
    illnesses: Callable[[str], Iterable[Illness]]
    correct: Callable[[str], str | None]
    is_drug: Callable[[str], bool]
    divide: Callable[[str], list[Span]]
    generic: Collection[str]
    subject: Collection[str]
    languages: Collection[str]


class HasId(Protocol):
    @property
    def id(self) -> str: ...


Identified = TypeVar("Identified", bound=HasId)


def with_own(shipped: Sequence[Identified], own: Sequence[Identified]) -> tuple[Identified, ...]:
    """The entries that ship and the owner's, which win over those with the same id."""
    ids = {entry.id for entry in own}
    return (*(entry for entry in shipped if entry.id not in ids), *own)


def related_in(term: str, statistics: Statistics) -> Mapping[str, float]:
    """The terms near a term that the documents have."""
    return {other: share for other, share in related_terms(term).items() if statistics.frequency(other)}


@cache
def chatter_words() -> frozenset[str]:
    """Terms that lay people put around what they ask about (data/chatter.txt)."""
    return frozenset(map(term_of, read_words("chatter.txt"))) - {""}


def corrector(index: OpenIndex) -> Callable[[str], str | None]:
    """Gives the nearest known word for one that neither index nor vocabularies nor background know."""
    named = (name for c in index.catalogue.conditions for name in (c.label, *c.names, *c.asked_as))
    catalogue = index.catalogue
    treatments = (name for each in (*interventions(), *catalogue.interventions) for name in each.names)
    spoken = (word for group in (*synonyms(), *catalogue.synonyms) for word in group.words)
    entries = (*aspects(), *catalogue.aspects)
    cues = (cue for aspect in entries for cue in aspect.cues)
    analyze(" . ".join(phrase for aspect in entries for phrase in aspect.evidence), remember=True)
    words = analyze(" . ".join((*named, *treatments, *spoken, *cues)), remember=True)
    terms = {token.term for token in words}

    def knows(term: str) -> bool:
        return term in terms or index.statistics.frequency(term) > 0 or background().knows(term)

    meant: dict[str, dict[str, int]] = defaultdict(dict)  # by their first letter, which is taken to be right
    for form, number in {**Counter(token.form for token in words), **index.words}.items():
        meant[form[0]][form] = number

    def nearest(word: str) -> str | None:
        """Of a plural also the singular, which may be the only one that is known; never another form of the word."""
        form = form_of(word)
        alike = meant.get(form[:1], {})
        found = correct(word, alike, knows) or (correct(word[:-1], alike, knows) if word.endswith("s") else None)
        return found if found and in_words(found) != in_words(form) and term_of(found) != term_of(form) else None

    return nearest
