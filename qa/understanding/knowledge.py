"""What is worth knowing of documents: names of treatments and illnesses, and the works that sentences are supported
by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from qa.models import AttributedWork, Document, Intervention, Note, Reference, Sentence
from qa.text.analysis import in_terms
from qa.understanding.illnesses import illnesses


def all_names(treatments: Iterable[Intervention]) -> Iterator[str]:
    """The names of treatments and of the kinds that they belong to."""
    return (name for each in treatments for name in (*each.names, *each.kinds))


@cache
def names_of_illnesses() -> frozenset[str]:
    """The names of several words of the illnesses of the package, as terms."""
    return frozenset(
        term for names in illnesses().names for name in names if not name.isalnum() and " " in (term := in_terms(name))
    )


def surnames(works: Iterable[Reference]) -> Iterator[str]:
    """The surnames of the authors of all works."""
    return (author.get("family", "") for each in works for author in each.csl.get("author", ()))


def about_document(document: Document) -> str:
    """What names a document itself: its author and its year are no cited work's."""
    known = document.provenance
    return " ".join(part for part in (known.title, known.owner, known.date) if part)


# --- sentences and the works that support them --------------------------------------------------


def is_retracted(csl: Mapping[str, Any]) -> bool:
    return bool(((csl.get("custom") or {}).get("retraction") or {}).get("status") == "retracted")


def backing_works(sentence: Sentence) -> Iterator[str]:
    """The ids of the works that a sentence cites or inherits."""
    yield from sentence.support.references
    yield from (each.reference for each in sentence.support.inherited)


def noted_works(sentence: Sentence, notes: Iterable[Note]) -> Iterator[str]:
    """The ids of the works that notes on a sentence cite."""
    return (n.reference for n in notes if n.reference and n.start < sentence.end and sentence.start < n.end)


def names_of_works(sentence: Sentence, marks: Mapping[str, str]) -> Iterator[str]:
    """What a sentence calls the works without a reference that support it; `marks` are unresolved citations by id."""
    yield from (source.text for source in sentence.support.named_sources if not source.generic)
    yield from (marks[id] for id in sentence.support.citations if id in marks)


def attributed_work(csl: Mapping[str, Any], sentences: tuple[str, ...]) -> AttributedWork:
    authors = tuple(author.get("family", "") for author in csl.get("author", ()))
    dates = csl.get("issued", {}).get("date-parts", ())
    return AttributedWork(authors, tuple(str(year) for date in dates for year in date[:1]), sentences)
