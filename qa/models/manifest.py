"""What every process of one version holds: the summary of its content, and what understanding a question needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.models.catalogue import GlossaryEntry, Notice, Site
from qa.models.document import Block, Passage
from qa.models.listing import CoveredCondition, DocumentOverview
from qa.models.source import Citation, Retraction
from qa.models.vocabulary import Aspect, Condition, Intervention, SynonymGroup


@dataclass(frozen=True, slots=True)
class AttributedWork:
    """A work that supports sentences: its authors' surnames (an unknown one is empty), its years, and the ids of
    the sentences."""

    authors: tuple[str, ...]
    years: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What understanding a question needs to know about the documents; worked out when they are published.

    `definitions` are the abbreviations that the texts define: short form, long form, whether it is an acronym.
    `conditions` gives the number of passages that cover each condition; `tagged_as` maps a covered condition to the id
    that its passages are tagged with. `subject_treatments` are the treatments in at least half of the passages. `names`
    are the names of several words (as terms) of known treatments and illnesses that occur in a passage. `authors` are
    the terms of all authors' surnames.

    `works` are those that sentences are supported by; `called` are pairs of what a sentence calls a work without a
    reference, and the sentence's id. `places` gives for each sentence supported by a work the number of its passage in
    `supported`, which lists passages in document order. `own` are the folded words by which the documents themselves
    are named. `forms` are all words of the documents, sorted, each after a line break. `disputed` are the ids of the
    sentences that a reviewer's note contradicts or whose works are all retracted.
    """

    definitions: tuple[tuple[str, str, bool], ...]
    conditions: tuple[CoveredCondition, ...]
    tagged_as: dict[str, str]
    subject_treatments: tuple[str, ...]
    names: frozenset[str]
    authors: frozenset[str]
    works: tuple[AttributedWork, ...]
    called: tuple[tuple[str, str], ...]
    places: dict[str, int]
    supported: tuple[str, ...]
    own: frozenset[str]
    forms: str
    disputed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A published version without its passages, documents and references, which its store has by id. `retractions` are
    those of works, by id, and the expressions of concern about works; `published` is the day (UTC) of publishing;
    `languages` are those of the documents; `answerable` are the questions to suggest: the examples, or without any,
    those with an answer."""

    version: str
    passages: int
    documents: Sequence[DocumentOverview]
    conditions: tuple[Condition, ...]
    notices: tuple[Notice, ...]
    site: Site
    knowledge: Knowledge
    examples: tuple[str, ...] = ()
    answerable: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
    glossary: tuple[GlossaryEntry, ...] = ()
    languages: tuple[str, ...] = ()
    retractions: dict[str, Retraction] = field(default_factory=dict)
    published: str = ""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A passage with all that showing it needs of its document: the citations within it, the sentences outside it that
    its sources are carried over from (by id: the text, and the same without markup), its blocks, with
    offsets into its text, and the ids of the passages before and after it."""

    passage: Passage
    citations: tuple[Citation, ...]
    antecedents: dict[str, tuple[str, str]]
    blocks: tuple[Block, ...] = ()
    before: str | None = None
    after: str | None = None
