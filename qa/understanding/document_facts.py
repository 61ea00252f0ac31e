"""What understanding a question needs to know of documents: gathered document by document, so that they need not all be
in memory, and put together when they are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from qa.conditions import Vocabulary
from qa.models import Catalogue, Condition, CoveredCondition, Document, Intervention, Knowledge, Note, Passage
from qa.text.analysis import WORD_OR_NUMBER, analyze, form_of, in_terms
from qa.text.phrases import words_of
from qa.understanding.covered import count_conditions, implied_conditions, named_together
from qa.understanding.gathering import PassageFacts
from qa.understanding.interventions import names_of_both
from qa.understanding.knowledge import (
    about_document,
    all_names,
    attributed_work,
    backing_works,
    names_of_illnesses,
    names_of_works,
    noted_works,
    surnames,
)
from qa.understanding.lexicon import merge_entries
from qa.understanding.mentions import american
from qa.understanding.shipped import interventions


@dataclass(slots=True)
class DocumentFacts:
    """What some documents contain: the facts of their passages, where treatments have the numbers of the owner's and
    the package's; how many passages have each combination of tags (`tagged`), and name each condition by heading and
    word `together`.

    `works` are pairs of a work and a sentence of a passage that it supports, `called` of what a sentence calls a work
    without a reference and the sentence, `supported` of a passage and those of its sentences, all by id and in order.
    `disputed` are the sentences that a note contradicts, whose works are all retracted, or whose document is.
    """

    passages: PassageFacts = field(default_factory=PassageFacts)
    tagged: Counter[frozenset[str]] = field(default_factory=Counter)
    together: Counter[str] = field(default_factory=Counter)
    works: list[tuple[str, str]] = field(default_factory=list)
    called: list[tuple[str, str]] = field(default_factory=list)
    supported: list[tuple[str, list[str]]] = field(default_factory=list)
    disputed: list[str] = field(default_factory=list)

    def add(self, later: DocumentFacts) -> None:
        """Add the facts of later documents."""
        self.passages.add(later.passages)
        self.tagged.update(later.tagged)
        self.together.update(later.together)
        self.works += later.works
        self.called += later.called
        self.supported += later.supported
        self.disputed += later.disputed


@lru_cache(1 << 17)
def written_form(word: str) -> str:
    """A word of the owner's documents, folded, in American spelling."""
    return american(form_of(word))


class FactFinder:
    """Finds the facts of a document, with the owner's conditions and treatments."""

    def __init__(self, conditions: Sequence[Condition], treatments: Sequence[Intervention]) -> None:
        every = merge_entries(interventions(), treatments)
        self._together = list(named_together(Vocabulary(conditions)))
        self._names: dict[str, list[str]] = {}  # as terms, by the first one
        for name in {*names_of_illnesses(), *map(in_terms, all_names(every))} - {""}:
            self._names.setdefault(name.partition(" ")[0], []).append(name)
        self._treatments: dict[str, set[int]] = {}
        for number, each in enumerate(every):
            for name in map(in_terms, each.names):
                self._treatments.setdefault(name, set()).add(number)

    def __call__(
        self, document: Document, notes: Sequence[Note], retracted: Collection[str], terms: Sequence[Sequence[str]]
    ) -> DocumentFacts:
        """The facts of a document with these notes, of whose works these are retracted. `terms` are those of each
        passage, with an empty one between its parts."""
        facts = DocumentFacts()
        facts.passages.add_definitions(document.text)
        texts = (document.text, document.provenance.title)
        facts.passages.written = {written_form(word) for text in texts for word in set(WORD_OR_NUMBER.findall(text))}
        facts.passages.own = {word.form for word in words_of(about_document(document))}
        for passage, its_terms in zip(document.passages, terms, strict=True):
            self._look_at(passage, its_terms, facts)
        add_attributions(document, notes, facts)
        facts.disputed = list(disputed_sentences(document, notes, retracted))
        return facts

    def _look_at(self, passage: Passage, terms: Sequence[str], facts: DocumentFacts) -> None:
        """Add the tags and names of a passage."""
        tags, has = frozenset(tag.id for tag in passage.conditions), set(terms)
        facts.tagged[tags] += 1
        facts.together.update(each.id for each in self._together if tags & each.tags and each.terms <= has)
        found = list(self._names_in(terms, has))
        facts.passages.names.update(name for name in found if " " in name)
        facts.passages.treatments.update({number for name in found for number in self._treatments.get(name, ())})

    def _names_in(self, terms: Sequence[str], has: Collection[str]) -> Iterator[str]:
        in_order = ""
        for first in has & self._names.keys():
            for name in self._names[first]:
                in_order = in_order or f" {' '.join(terms)} "
                if name == first or f" {name} " in in_order:
                    yield name


def add_attributions(document: Document, notes: Sequence[Note], facts: DocumentFacts) -> None:
    """Add the works with the sentences that each supports: those that cite it, those that inherit it, and those with a
    reviewer's note on it. A work without a reference is known by what the sentence calls it ("A 2023 review")."""
    marks = {mark.id: mark.text for mark in document.citations if mark.unresolved}
    for passage in document.passages:
        supported = []
        for sentence in passage.sentences:
            works = [*backing_works(sentence), *noted_works(sentence, notes)]
            called = list(names_of_works(sentence, marks))
            facts.works += [(id, sentence.id) for id in works]
            facts.called += [(text, sentence.id) for text in called]
            if works or called:
                supported.append(sentence.id)
        if supported:
            facts.supported.append((passage.id, supported))


def disputed_sentences(document: Document, notes: Sequence[Note], retracted: Collection[str]) -> Iterator[str]:
    own = document.provenance.retraction
    withdrawn = own is not None and own.status == "retracted"
    contradicted = {note.start for note in notes if note.status == "contradicted"}
    for sentence in document.sentences:
        works = set(backing_works(sentence))
        if withdrawn or sentence.start in contradicted or (works and works.issubset(retracted)):
            yield sentence.id


# --- when all documents are known -----------------------------------------------------------------


def knowledge_of_documents(facts: DocumentFacts, passages: int, content: Catalogue) -> Knowledge:
    """What is known of all documents of a catalogue, which has so many passages; their texts are not looked at."""
    treatments = merge_entries(interventions(), content.interventions)
    of_passages = facts.passages
    definitions = of_passages.definitions()
    vocabulary = Vocabulary(content.conditions).learn_definitions(definitions)
    names = names_of_both(content.conditions, treatments).learn_definitions(definitions)
    conditions, tagged_as = covered_conditions(vocabulary, facts.tagged, facts.together)
    csl = {reference.id: reference.csl for reference in content.references}
    supported: dict[str, dict[str, None]] = {}
    for work, sentence in facts.works:
        supported.setdefault(work, {})[sentence] = None
    return Knowledge(
        definitions=tuple(d for d in definitions if vocabulary.defines(d.short) or names.defines(d.short)),
        conditions=conditions,
        tagged_as=tagged_as,
        subject_treatments=tuple(
            each.names[0]
            for number, each in enumerate(treatments)
            if of_passages.treatments[number] >= max(2, passages / 2)
        ),
        names=frozenset(of_passages.names),
        authors=frozenset(token.term for token in analyze(" . ".join(surnames(content.references)))),
        works=tuple(attributed_work(csl[id], tuple(sentences)) for id, sentences in supported.items()),
        called=tuple(facts.called),
        places={id: place for place, (_, sentences) in enumerate(facts.supported) for id in sentences},
        supported=tuple(passage for passage, _ in facts.supported),
        own=frozenset(of_passages.own),
        forms="".join(f"\n{form}" for form in sorted(of_passages.written)),
        disputed=frozenset(facts.disputed),
    )


def covered_conditions(
    vocabulary: Vocabulary, tagged: Mapping[frozenset[str], int], together: Mapping[str, int]
) -> tuple[tuple[CoveredCondition, ...], dict[str, str]]:
    """The conditions with their numbers of passages, and what the passages on each covered one are tagged with."""
    named = count_conditions(tagged, vocabulary)
    implied = implied_conditions(vocabulary, named, together)
    counted = (replace(c, passages=implied[c.id].passages) if c.id in implied else c for c in named)
    own = {condition.id: condition.id for condition in named if condition.passages}
    return tuple(counted), own | {id: state.above for id, state in implied.items()}
