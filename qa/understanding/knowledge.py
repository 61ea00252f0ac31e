"""What understanding a question needs to know about the documents, worked out once, when they are published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from qa.conditions import Vocabulary
from qa.conditions.abbreviations import Definition, find_definitions
from qa.models import AttributedWork, Catalogue, CoveredCondition, Document, Intervention, Knowledge, Note, Sentence
from qa.text.analysis import PassageTerms, analyze, in_terms
from qa.text.phrases import words_of
from qa.understanding.covered import Tagged, count_conditions, implied_conditions
from qa.understanding.illnesses import illnesses
from qa.understanding.interventions import names_of_both
from qa.understanding.lexicon import merge_entries
from qa.understanding.mentions import NamesInPassages, forms_in
from qa.understanding.shipped import interventions


def gather_knowledge(content: Catalogue, terms: Sequence[PassageTerms]) -> Knowledge:
    """What is known about the documents. `terms` are those of their passages, in order."""
    treatments = merge_entries(interventions(), content.interventions)
    definitions = once_or_twice(d for document in content.documents for d in find_definitions(document.text))
    vocabulary = Vocabulary(content.conditions).learn_definitions(definitions)
    names = names_of_both(content.conditions, treatments).learn_definitions(definitions)
    passages = [passage for document in content.documents for passage in document.passages]
    tags = (frozenset(tag.id for tag in passage.conditions) for passage in passages)
    conditions, tagged_as = covered_conditions(vocabulary, [Tagged(*each) for each in zip(tags, terms, strict=True)])
    works = find_attributions(content)
    supported = [p for p in passages if any(sentence.id in works.sentences for sentence in p.sentences)]
    found = NamesInPassages({*names_of_illnesses(), *map(in_terms, all_names(treatments))}, terms)
    return Knowledge(
        definitions=tuple(d for d in definitions if vocabulary.defines(d.short) or names.defines(d.short)),
        conditions=conditions,
        tagged_as=tagged_as,
        subject_treatments=tuple(
            each.names[0]
            for each in treatments
            if found.number_with(map(in_terms, each.names)) >= max(2, len(terms) / 2)
        ),
        names=frozenset(name for name in found.passages if " " in name),
        authors=frozenset(token.term for token in analyze(" . ".join(surnames(content)))),
        works=works.works,
        called=works.called,
        places={s.id: place for place, p in enumerate(supported) for s in p.sentences if s.id in works.sentences},
        supported=tuple(passage.id for passage in supported),
        own=frozenset(word.form for document in content.documents for word in words_of(about_document(document))),
        forms=forms_in(text for d in content.documents for text in (d.text, d.provenance.title)),
        disputed=frozenset(disputed_sentences(content)),
    )


def once_or_twice(definitions: Iterable[Definition]) -> list[Definition]:
    """The definitions in order, without those between the first and the last of the same: they change nothing."""
    every = list(definitions)
    last = {definition: place for place, definition in enumerate(every)}
    first = {definition: place for place, definition in reversed(list(enumerate(every)))}
    return [each for place, each in enumerate(every) if place in (first[each], last[each])]


def covered_conditions(
    vocabulary: Vocabulary, passages: Sequence[Tagged]
) -> tuple[tuple[CoveredCondition, ...], dict[str, str]]:
    """The conditions with their numbers of passages, and what the passages on each covered one are tagged with."""
    named = count_conditions(passages, vocabulary)
    implied = implied_conditions(vocabulary, named, passages)
    counted = (replace(c, passages=implied[c.id].passages) if c.id in implied else c for c in named)
    own = {condition.id: condition.id for condition in named if condition.passages}
    return tuple(counted), own | {id: state.above for id, state in implied.items()}


def all_names(treatments: Iterable[Intervention]) -> Iterator[str]:
    """The names of treatments and of the kinds that they belong to."""
    return (name for each in treatments for name in (*each.names, *each.kinds))


@cache
def names_of_illnesses() -> frozenset[str]:
    """The names of several words of the illnesses of the package, as terms."""
    return frozenset(
        term for names in illnesses().names for name in names if not name.isalnum() and " " in (term := in_terms(name))
    )


def surnames(content: Catalogue) -> Iterator[str]:
    """The surnames of the authors of all works."""
    return (author.get("family", "") for each in content.references for author in each.csl.get("author", ()))


def about_document(document: Document) -> str:
    """What names a document itself: its author and its year are no cited work's."""
    known = document.provenance
    return " ".join(part for part in (known.title, known.owner, known.date) if part)


# --- sentences and the works that support them --------------------------------------------------


class Attributions(NamedTuple):
    """The works that sentences of passages are supported by, what sentences call works without a reference, and the
    ids of all these sentences."""

    works: tuple[AttributedWork, ...]
    called: tuple[tuple[str, str], ...]
    sentences: frozenset[str]


def find_attributions(content: Catalogue) -> Attributions:
    """The works of the documents with the sentences that each supports: those that cite it, those that inherit it, and
    those with a reviewer's note on it. A work without a reference is known by what the sentence calls it ("A 2023
    review")."""
    notes: dict[str, list[Note]] = defaultdict(list)
    for note in content.notes:
        notes[note.document].append(note)
    supported: dict[str, dict[str, None]] = defaultdict(dict)  # ids of sentences by work, in order
    called: list[tuple[str, str]] = []
    for document in content.documents:
        marks = {mark.id: mark.text for mark in document.citations if mark.unresolved}
        for sentence in (sentence for passage in document.passages for sentence in passage.sentences):
            for id in (*backing_works(sentence), *noted_works(sentence, notes[document.id])):
                supported[id][sentence.id] = None
            called += [(text, sentence.id) for text in names_of_works(sentence, marks)]
    csl = {reference.id: reference.csl for reference in content.references}
    works = tuple(attributed_work(csl[id], tuple(sentences)) for id, sentences in supported.items())
    in_works = {id for work in works for id in work.sentences}
    return Attributions(works, tuple(called), frozenset(in_works.union(id for _, id in called)))


def disputed_sentences(content: Catalogue) -> Iterator[str]:
    """The ids of the sentences that a reviewer's note contradicts, whose works are all retracted, or whose document
    is."""
    retracted = {each.id for each in content.references if is_retracted(each.csl)}
    contradicted = {(note.document, note.start) for note in content.notes if note.status == "contradicted"}
    for document in content.documents:
        own = document.provenance.retraction
        withdrawn = own is not None and own.status == "retracted"
        for sentence in document.sentences:
            works = set(backing_works(sentence))
            if withdrawn or (document.id, sentence.start) in contradicted or (works and works <= retracted):
                yield sentence.id


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
