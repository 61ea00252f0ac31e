"""What the owner and the package know by name: conditions, aspects, treatments, synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["sentence", "heading", "ancestor"]


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
