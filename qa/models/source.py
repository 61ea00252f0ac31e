"""References, the citations that point to them, and the support of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

SupportStatus = Literal["cited", "inherited", "named_source", "uncited"]

RetractionStatus = Literal[
    "unknown", "not listed", "none found", "corrected", "reinstated", "expression of concern", "retracted"
]

CSL = dict[str, Any]


def makers_of(csl: CSL) -> list[dict[str, str]]:
    """Whom a work is cited by: its authors, or else the editors of a whole book, as CSL names."""
    editors = csl.get("editor", ()) if not csl.get("container-title") else ()
    return list(csl.get("author") or editors)


@dataclass(frozen=True, slots=True)
class Retraction:
    """What has become of a work since it was published; also under `custom.retraction` in its CSL-JSON, as given by the
    owner or by the corpus's list of retractions.

    `not listed`: the list does not have it; `reinstated`: a retraction was taken back. `checked` is when that was
    looked up, `date` that of the publisher's `notice` (a web address), and `reasons` are those that the list gives.
    """

    status: RetractionStatus
    checked: str | None = None
    date: str | None = None
    notice: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited work. `csl` is CSL-JSON with the same id; extensions are under its `custom` key.

    `raw` is the reference string in the document, `start` and `end` are its offsets; all three are None for a work
    known only from `references.json` or a bibliography file. `note_only` marks a work that only a reviewer's note
    cites. `key` is what the links of the document's file call the work.
    """

    id: str
    csl: CSL
    raw: str | None = None
    start: int | None = None
    end: int | None = None
    note_only: bool = False
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A citation target that matches no reference (`candidates` is empty) or more than one."""

    text: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in the text. `text` is the raw mark; `references` has its ranges expanded.

    `family` is the citation style (`ama`, `author_year`, `numeric`, `superscript`, `label`, `footnote`, `pandoc`,
    `doi`, `pmid`, `link`, …). Nothing is guessed: a target that matches no reference, or two, is in `unresolved`.
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
    """A work that a sentence mentions by a noun phrase.

    `references` is empty for a source that is named but not cited ("A 2023 systematic review of 11 studies (854
    adults)"). `kind` is `trial`, `review`, `meta-analysis`, `cohort`, `guideline`, …, or `actor` for people and
    organisations. `generic` sources ("reviews", "other research") are never an antecedent; `definite` ones refer back.
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
    """A reference that a sentence inherits from an earlier one, with the rule and the words that triggered it.

    `antecedent` is the id of the sentence that the source was carried over from, even if that sentence inherited it
    too; `steps` is the distance along the chain to the direct citation (1: the antecedent has its own citation). `cue`
    is the text that triggered the rule, at `cue_start` to `cue_end`.
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
    """The sources that the document gives for a sentence. `status` is the first that applies of `cited`, `inherited`,
    `named_source` and `uncited`; a cited sentence may also name sources.

    `citations` are ids of citations, `references` the works they resolve to. `named_sources` also includes a source
    named earlier and referred to here ("The review also found"), with the offsets where it was named.
    """

    status: SupportStatus
    citations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    inherited: tuple[Inheritance, ...] = ()
    named_sources: tuple[Source, ...] = ()


UNCITED = Support("uncited")
