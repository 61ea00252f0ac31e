"""The lexicon that questions are interpreted with: shipped words, the owner's, and those of the documents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeVar

from qa.conditions import Vocabulary
from qa.indexes import OpenIndex
from qa.models import Span
from qa.text.analysis import analyze, form_of, term_of
from qa.text.background import background
from qa.text.phrases import in_words
from qa.text.spelling import correct, is_known
from qa.understanding.aspects import Aspects
from qa.understanding.expansion import Synonyms
from qa.understanding.illnesses import Illness
from qa.understanding.named_works import NamedWork
from qa.understanding.shipped import aspects, interventions, synonyms


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that questions are interpreted with.

    `names` finds conditions and treatments; `illnesses` finds those missing from the owner's vocabulary, with the names
    used in the documents. `works` finds the cited works that a question names. `correct` returns the nearest known word
    for an unknown one. `divide` finds the questions of a message. `generic` are terms that say nothing about a subject
    by themselves, `languages` the language codes of the documents.
    """

    names: Vocabulary
    aspects: Aspects
    synonyms: Synonyms
    illnesses: Callable[[str], Iterable[Illness]]
    works: Callable[[str], Iterable[NamedWork]]
    correct: Callable[[str], str | None]
    is_drug: Callable[[str], bool]
    divide: Callable[[str], list[Span]]
    generic: Collection[str]
    languages: Collection[str]


class HasId(Protocol):
    """An entry with an id."""

    @property
    def id(self) -> str: ...


Identified = TypeVar("Identified", bound=HasId)


def merge_entries(shipped: Sequence[Identified], own: Sequence[Identified]) -> tuple[Identified, ...]:
    """The shipped entries and the owner's; the owner's replace shipped entries with the same id."""
    ids = {entry.id for entry in own}
    return (*(entry for entry in shipped if entry.id not in ids), *own)


def corrector(index: OpenIndex) -> Callable[[str], str | None]:
    """A function that returns the nearest known word for one unknown to index, vocabularies and background."""
    manifest = index.manifest
    named = (name for c in manifest.conditions for name in (c.label, *c.names, *c.asked_as))
    treatments = (name for each in (*interventions(), *manifest.interventions) for name in each.names)
    synonymous = (word for group in (*synonyms(), *manifest.synonyms) for word in group.words)
    entries = (*aspects(), *manifest.aspects)
    cues = (cue for aspect in entries for cue in aspect.cues)
    analyze(" . ".join(phrase for aspect in entries for phrase in aspect.evidence), remember=True)
    words = analyze(" . ".join((*named, *treatments, *synonymous, *cues)), remember=True)
    terms = {token.term for token in words} | manifest.knowledge.authors

    def knows(term: str) -> bool:
        return term in terms or background().knows(term) or index.statistics.frequency(term) > 0

    @cache
    def known() -> dict[str, dict[str, int]]:
        """The words by their first letter, which is assumed to be right; sorted when a word is first unknown."""
        found: dict[str, dict[str, int]] = defaultdict(dict)
        for form, number in {**Counter(token.form for token in words), **index.words}.items():
            found[form[0]][form] = number
        return found

    def nearest(word: str) -> str | None:
        """The nearest known word, also for the singular of a plural; never another form of the same word."""
        form = form_of(word)
        if all(is_known(term_of(each), knows) for each in {form, form_of(word.removesuffix("s"))}):
            return None
        alike = known().get(form[:1], {})
        found = correct(word, alike, knows) or (correct(word[:-1], alike, knows) if word.endswith("s") else None)
        return found if found and in_words(found) != in_words(form) and term_of(found) != term_of(form) else None

    return nearest
