"""Works, the marks that cite them, and what a sentence is supported by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

SupportStatus = Literal["cited", "inherited", "named_source", "uncited"]

CSL = dict[str, Any]


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
