"""The owner's glossary as shown, and which of its terms occur in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from qa.indexes import OpenIndex
from qa.indexes.derived import once_per_index
from qa.models import GlossaryEntry, GlossaryTerm, Hit
from qa.models.addresses import term_url
from qa.text.phrases import Phrase, PhraseMatcher, singular_form, words_of

NumberedForm = tuple[int, str]  # the number of a term, and one of its forms
FormMatcher = PhraseMatcher[NumberedForm]
KEPT_TEXTS = 1 << 11  # sentences of which it is kept which terms they have


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms in the order of the owner, and what finds the numbers of those in a text."""

    terms: tuple[GlossaryTerm, ...]
    find: Callable[[str], Sequence[int]]

    def occurring(self, texts: Iterable[str]) -> tuple[GlossaryTerm, ...]:
        """Return the terms that occur in the texts, each once, in order of first appearance."""
        found = (number for text in texts for number in self.find(text)) if self.terms else ()
        return tuple(self.terms[number] for number in dict.fromkeys(found))


def numbers_of_terms(matcher: FormMatcher, text: str) -> tuple[int, ...]:
    """Return the numbers of the terms in a text. Number, spelling and case do not matter, but an abbreviation ("OR") is
    found only in capitals."""

    def written_so(phrase: Phrase[NumberedForm]) -> list[int]:
        written = text[phrase.start : phrase.end]
        return [number for number, form in phrase.values if fits(form, written)]

    return tuple(number for phrase in matcher.longest(words_of(text), written_so) for number in written_so(phrase))


def fits(form: str, written: str) -> bool:
    """Return whether words of a text are this form of a term, as far as capitals go."""
    return not is_abbreviation(form) or written in (form, f"{form}s")


def is_abbreviation(form: str) -> bool:
    return form.isupper() or len(form) == 1


@once_per_index
def glossary_of(index: OpenIndex) -> Glossary:
    """Return the glossary of an index version."""
    return glossary_with(index.manifest.glossary)


def glossary_with(entries: Iterable[GlossaryEntry]) -> Glossary:
    """Return the glossary with these entries."""
    terms = tuple(shown_terms(entries))
    forms = [(form, number) for number, term in enumerate(terms) for form in (term.term, *term.forms)]
    phrases = [(form, (number, form)) for form, number in forms]
    phrases += [(f"{form}s", (number, form)) for form, number in forms if is_abbreviation(form)]
    return Glossary(terms, lru_cache(KEPT_TEXTS)(partial(numbers_of_terms, PhraseMatcher(phrases, singular_form))))


def shown_terms(entries: Iterable[GlossaryEntry]) -> Iterator[GlossaryTerm]:
    """Yield the terms with their places on the page: what they are called, in plain letters, or a number."""
    taken: set[str] = set()
    for number, entry in enumerate(entries, 1):
        plain = unicodedata.normalize("NFKD", entry.term).encode("ascii", "ignore").decode().lower()
        id = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"term-{number}"
        id = f"{id}-{number}" if id in taken else id
        taken.add(id)
        yield GlossaryTerm(id, entry.term, entry.meaning, entry.source, entry.forms, term_url(id))


def texts_shown(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield what readers see of passages: their sentences without markup, and the heads of their tables."""
    for hit in hits:
        yield from (hit.head.cells if hit.head else ())
        yield from (sentence.plain or sentence.text for sentence in hit.sentences)
