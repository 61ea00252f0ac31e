"""The frozen dataclasses that the stages hand on: the only set of models.

Offsets are Unicode code points, 0-based, end exclusive, into `Document.text`
unless a field says otherwise. JSON schemas are derived from these classes by
`pydantic.TypeAdapter`; bytes are written by orjson.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Basis = Literal["sentence", "heading", "ancestor"]
BlockKind = Literal[
    "heading", "paragraph", "list_item", "quotation", "table", "code", "footnote", "reference", "metadata"
]
SentenceKind = Literal["claim", "lead_in"]
SupportStatus = Literal["cited", "inherited", "named_source", "uncited"]
NoteStatus = Literal["agrees", "partly", "contradicted", "unchecked"]
AnswerStatus = Literal["answered", "partial", "abstained"]
CSL = dict[str, Any]


class Span(NamedTuple):
    """A stretch of text: `text[start:end]`."""

    start: int
    end: int


# --- what a reader gives -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is one thing: a heading, a paragraph, an entry of the reference list.

    `level` is the rank of a heading where the format gives one (Markdown's `##` is 2); None for a bare line.
    `label` is what marks point at: the number of a reference entry, the label of a footnote. `head` is the place of the
    row that names the columns of a table, from its first cell to its last; None where no row is known to do so.
    """

    kind: BlockKind
    start: int
    end: int
    level: int | None = None
    label: str | None = None
    head: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: the stored text, its blocks in order, and what the file says of itself.

    For text and Markdown `text` is the file itself; for formats that are not text it is what was extracted.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: dict[str, Any] = field(default_factory=dict)


# --- vocabularies ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cued:
    """Ambiguous words that count only when one of the cues stands in the same text ("snow" beside "sniff")."""

    words: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form, and the ids of other conditions that it may also stand for."""

    text: str
    ambiguous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """The place of a condition in a public terminology (ICD-10-CM, MeSH, DOID)."""

    system: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """An entry of the vocabulary. `names` tag documents and questions, `asked_as` questions only."""

    id: str
    label: str
    parent: str | None = None
    abbreviations: tuple[Abbreviation, ...] = ()
    names: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    asked_as_with_cue: tuple[Cued, ...] = ()
    codes: tuple[Code, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a question can ask about its subject, by which words, and which words a sentence shows that speaks to it.
    `named` are cues that are also words of the question. Patterns are regular expressions over lower-case text.
    `medical`: understood only where the owner has conditions. `told`: asked also by what a message tells beside its
    question ("my son is nine"). `bound`: shown only by a sentence about the same thing, as a number is. `narrows` is
    the id of a wider aspect, which is not asked about besides."""

    id: str
    label: str
    kind: Literal["general", "soft", "specific"]
    cues: tuple[str, ...] = ()
    cue_patterns: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    evidence_patterns: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    medical: bool = False
    told: bool = False
    bound: bool = False
    narrows: str = ""


@dataclass(frozen=True, slots=True)
class Intervention:
    """A treatment that questions name. `beside` are short names, understood only beside a condition or another one;
    `kinds` are names of what it is one of, which bear on it where no passage names the treatment itself."""

    id: str
    names: tuple[str, ...]
    beside: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words and phrases that askers and documents use for one another."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionTag:
    """A condition that a sentence, section or passage speaks of, and how that is known."""

    id: str
    basis: Basis


# --- citations and support ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """A work that is cited. `csl` is CSL-JSON with the same id; extensions stand under its `custom` key.

    `raw` is the reference string as it stands in the document, `start` and `end` its place there; all three are
    None for a work known only from `references.json` or a bibliography file. `note_only` marks a work that a
    reviewer's note uses and the document does not cite.
    """

    id: str
    csl: CSL
    raw: str | None = None
    start: int | None = None
    end: int | None = None
    note_only: bool = False


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A target of a citation that fits no reference (`candidates` empty) or several."""

    text: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """The mark in the text. `text` is the mark as it stands; ranges are expanded in `references`.

    `family` names the shape of the mark (`ama`, `author_year`, `numeric`, `superscript`, `footnote`, `pandoc`,
    `doi`, `pmid`, `link`, …). Nothing is guessed: what fits two references or none is in `unresolved`.
    """

    id: str
    start: int
    end: int
    text: str
    family: str
    references: tuple[str, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A work that a sentence speaks of, by its noun phrase.

    `references` is empty for a source that is only named ("A 2023 systematic review of 11 studies (854 adults)").
    `kind` is `trial`, `review`, `meta-analysis`, `cohort`, `guideline`, …, or `actor` for people and bodies; `generic`
    ones ("reviews", "other research") are never an antecedent; `definite` ones refer back.
    """

    id: str
    start: int
    end: int
    text: str
    kind: str
    definite: bool = False
    generic: bool = False
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inheritance:
    """A reference that a sentence takes over from an earlier one, by which rule and on which words.

    `antecedent` is the id of the sentence that the rule took the source from, even if that one inherited it too;
    `steps` counts how far back along the chain the direct citation stands (1 = the antecedent is cited itself).
    `cue` is the text that fired the rule, at `cue_start` to `cue_end`.
    """

    reference: str
    antecedent: str
    rule: str
    cue: str
    cue_start: int
    cue_end: int
    steps: int = 1


@dataclass(frozen=True, slots=True)
class Support:
    """What the document itself gives as backing for a sentence. The status is the first that holds of
    `cited`, `inherited`, `named_source`, `uncited`; a cited sentence may also name sources.

    `citations` are ids of marks, `references` the works they resolve to. A source named earlier and only taken up
    here ("The review also found") stands in `named_sources` too, with the place where it was named.
    """

    status: SupportStatus
    citations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    inherited: tuple[Inheritance, ...] = ()
    named_sources: tuple[Source, ...] = ()


UNCITED = Support("uncited")


# --- documents ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch with its path of headings (empty before the first). `heading` is the place of its own heading;
    `start` and `end` enclose what stands below it, up to the next heading."""

    path: tuple[str, ...]
    start: int
    end: int
    heading: Span | None = None
    conditions: tuple[ConditionTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in its place. `section` is the index in `Document.sections`, `block` in `Document.blocks`."""

    id: str
    start: int
    end: int
    kind: SentenceKind
    section: int
    block: int
    conditions: tuple[ConditionTag, ...] = ()
    support: Support = UNCITED


@dataclass(frozen=True)
class TableHead:
    """The row that names the columns of a table, word for word: `document.text[start:end] == text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section: the unit that is indexed and shown. Rows of a table come with its `head`, which
    stands above them in the document and is indexed and shown with them."""

    id: str
    document: str
    start: int
    end: int
    text: str
    path: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    conditions: tuple[ConditionTag, ...] = ()
    head: TableHead | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file cannot say of itself, from `documents.toml`. None is 'not given', never a guess."""

    title: str
    owner: str | None = None
    date: str | None = None
    language: str = "en"
    licence: str | None = None
    origin: str | None = None
    kind: Literal["summary", "research"] = "summary"


@dataclass(frozen=True, slots=True)
class Document:
    """One source with its text exactly as read. `digest` is the SHA-256 of the file's bytes."""

    id: str
    file: str
    digest: str
    provenance: Provenance
    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    references: tuple[str, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What a reviewer found about one exact sentence; `bears_on` are words of a question that call it up first."""

    document: str
    start: int
    end: int
    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    bears_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A standing message. It is shown always, or when a question names one of its conditions or words."""

    id: str
    title: str
    text: str
    urgent: bool = False
    always: bool = False
    conditions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """What the owner says on every page."""

    owner: str
    intro: str
    footer: str
    contact: str


@dataclass(frozen=True, slots=True)
class Judgment:
    """A question and the sentences that answer it, each quoted by how it starts; none: not answered here. `batch` names
    the questions that were written together, so that those for tuning and those held out can be told apart."""

    question: str
    document: str | None = None
    sentences: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    example: bool = False
    kind: str = ""
    asker: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything of one index version but the term lists: what is published beside the index."""

    version: str
    documents: tuple[Document, ...]
    references: tuple[Reference, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[Note, ...]
    notices: tuple[Notice, ...]
    site: Site
    examples: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()


class Contribution(NamedTuple):
    """What one term, or something else that was asked for, adds to the score of a passage, and for what.

    `bm25`, `exact` form, `pair` (both terms, with a blank between), `title`; `alike`: the term stands there in another
    word; `related`: a word near it does; `cited`: it names a work that the passage rests on; `condition` and `aspect`
    by their ids; `coverage`: how much of the question the passage speaks to in all.
    """

    term: str
    kind: Literal["bm25", "exact", "pair", "title", "alike", "related", "cited", "condition", "aspect", "coverage"]
    value: float


# --- answers -----------------------------------------------------------------------------------
# Without slots: orjson writes these in 7 µs where it takes 25 µs with them (an answer of three passages).


@dataclass(frozen=True)
class AskedCondition:
    """A condition found in the question or chosen by hand; `asked_as` is how the question put it."""

    id: str
    label: str
    asked_as: str | None
    covered: bool


@dataclass(frozen=True)
class AskedIntervention:
    """A treatment that the question names, by any of its `names`; covered when the documents speak of it."""

    label: str
    asked_as: str
    covered: bool
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedAspect:
    """What a question asks about its subject; shown when a passage that bears on the question speaks to it."""

    id: str
    label: str
    asked_as: str
    shown: bool


@dataclass(frozen=True)
class Correction:
    """A word that the corpus does not know, and the nearest one that it does and that was searched instead."""

    written: str
    read_as: str


@dataclass(frozen=True)
class Interpretation:
    """What was understood of a question, always shown. `terms` are the content words searched for, `questions` the
    parts of the message that ask, `language` is the one it seems to be written in when it is none of the documents'."""

    terms: tuple[str, ...]
    conditions: tuple[AskedCondition, ...] = ()
    corrections: tuple[Correction, ...] = ()
    interventions: tuple[AskedIntervention, ...] = ()
    aspects: tuple[AskedAspect, ...] = ()
    questions: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True)
class Highlight:
    """What in the passage matched the question: one of its words, or what stands for one ("pouch" for "bag"). Offsets
    into the text of the hit; `term` is the question's."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class ShownCitation:
    """A mark within a hit; offsets into the text of the hit."""

    id: str
    start: int
    end: int
    text: str
    references: tuple[str, ...]
    unresolved: tuple[Unresolved, ...] = ()


@dataclass(frozen=True)
class Antecedent:
    """The sentence that support is carried on from, quoted so that it can be shown wherever it stands."""

    reference: str
    sentence: str
    text: str
    rule: str
    cue: str
    steps: int


@dataclass(frozen=True)
class NamedSource:
    """A source that is spoken of without a reference, quoted by its own words."""

    text: str
    kind: str


@dataclass(frozen=True)
class ShownSupport:
    """What the document gives as backing for a sentence, with all that is needed to show it."""

    status: SupportStatus
    references: tuple[str, ...] = ()
    inherited: tuple[Antecedent, ...] = ()
    named_sources: tuple[NamedSource, ...] = ()


@dataclass(frozen=True)
class ShownNote:
    """A reviewer's note on a sentence; `bears_on_question` when the question's own words call it up."""

    status: NoteStatus
    text: str
    date: str
    reference: str | None = None
    bears_on_question: bool = False


@dataclass(frozen=True)
class ShownCondition:
    """A condition that a passage or sentence is tagged with. `general` marks a wider condition than was asked."""

    id: str
    label: str
    basis: Basis
    general: bool = False


@dataclass(frozen=True)
class HitSentence:
    """A sentence of a hit; `start` and `end` are offsets into the text of the hit."""

    id: str
    start: int
    end: int
    answers: bool
    support: ShownSupport
    conditions: tuple[ShownCondition, ...] = ()
    notes: tuple[ShownNote, ...] = ()


@dataclass(frozen=True)
class Hit:
    """A passage, word for word, with its rank, score, place and support. `start` and `end` are offsets into the
    document's text; every other offset below is into `text`. `general` says that the passage speaks of a wider
    condition than the one asked about. `head` is the head of the table that the passage has rows of, to be shown above
    them; its offsets are into the document's text. `why` holds what the score is the sum of, where that was asked for.
    """

    id: str
    rank: int
    score: float
    text: str
    document: str
    start: int
    end: int
    heading_path: tuple[str, ...]
    conditions: tuple[ShownCondition, ...]
    sentences: tuple[HitSentence, ...]
    citations: tuple[ShownCitation, ...]
    highlights: tuple[Highlight, ...]
    general: bool = False
    why: tuple[Contribution, ...] = ()
    head: TableHead | None = None


@dataclass(frozen=True)
class CoveredCondition:
    """A condition, and how many passages are about it or a narrower one: by its name, or by a heading and a word
    together ("withdrawal" under "Opioid use disorder")."""

    id: str
    label: str
    parent: str | None
    passages: int


@dataclass(frozen=True)
class Abstention:
    """Why there is no answer: a code for programs, a sentence for people, and what is near but not an answer."""

    reason: Literal[
        "no_searchable_words",
        "language_not_covered",
        "condition_not_covered",
        "intervention_not_covered",
        "aspect_not_covered",
        "not_enough_of_the_question_found",
    ]
    message: str
    missing: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class ShownDocument:
    """What is known of a document that a hit comes from; None is 'not given'."""

    id: str
    title: str
    digest: str
    owner: str | None
    date: str | None
    language: str
    licence: str | None
    origin: str | None


@dataclass(frozen=True)
class IndexInfo:
    """Which published version answered, and what it holds."""

    version: str
    documents: int
    passages: int


@dataclass(frozen=True)
class Answer:
    """What was asked and what the documents say to it. Page, JSON and terminal are all rendered from this.

    `answers` is empty exactly when `status` is `abstained`; then `abstention` says why. `missing` are the words of
    the question that the first hit does not speak to (status `partial` when they weigh).
    """

    question: str
    status: AnswerStatus
    interpretation: Interpretation
    answers: tuple[Hit, ...]
    missing: tuple[str, ...]
    abstention: Abstention | None
    references: tuple[CSL, ...]
    documents: tuple[ShownDocument, ...]
    conditions: tuple[CoveredCondition, ...]
    notices: tuple[Notice, ...]
    index: IndexInfo
    api_version: Literal["1"] = "1"
    generated_text: Literal[False] = False
    offset_unit: Literal["unicode_code_point"] = "unicode_code_point"


# --- views of what is held ---------------------------------------------------------------------


@dataclass(frozen=True)
class SupportCounts:
    """How many sentences the documents back in which way."""

    cited: int = 0
    inherited: int = 0
    named_source: int = 0
    uncited: int = 0


@dataclass(frozen=True)
class HeldDocument:
    """A document in a list: what is known of it, its size, and how its sentences are backed."""

    document: ShownDocument
    passages: int
    support: SupportCounts


@dataclass(frozen=True)
class Held:
    """What the documents cover: every condition of the vocabulary with its number of passages (0: known and not
    covered), every document, and how the sentences are backed."""

    conditions: tuple[CoveredCondition, ...]
    documents: tuple[HeldDocument, ...]
    support: SupportCounts
    index: IndexInfo


@dataclass(frozen=True)
class RestingSentence:
    """A sentence that rests on a work: by a mark of its own (`cited`) or carried on (`inherited`)."""

    document: str
    sentence: str
    start: int
    end: int
    text: str
    status: SupportStatus


@dataclass(frozen=True)
class PlacedNote:
    """A reviewer's note that uses a work, with the sentence it is on."""

    document: str
    sentence: str
    text: str
    note: Note


@dataclass(frozen=True)
class WorkUse:
    """A work with everything in the documents that rests on it, and the notes that use it."""

    reference: Reference
    sentences: tuple[RestingSentence, ...]
    notes: tuple[PlacedNote, ...]
