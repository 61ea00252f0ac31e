"""Vocabularies of the owner and of the package: conditions, aspects, treatments, synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["sentence", "heading", "ancestor"]


@dataclass(frozen=True, slots=True)
class Cued:
    """Ambiguous words that count only when the same text contains one of the cues ("snow" with "sniff")."""

    words: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """An abbreviation, and the ids of other conditions that it may also mean."""

    text: str
    ambiguous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """The code of a condition in a public terminology (ICD-10-CM, MeSH, DOID)."""

    system: str
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the vocabulary. `names` match in documents and questions, `asked_as` in questions only. `everyday`
    is what a patient calls it ("smoking"), for sentences about what is covered; empty for the label."""

    id: str
    label: str
    parent: str | None = None
    abbreviations: tuple[Abbreviation, ...] = ()
    names: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    asked_as_with_cue: tuple[Cued, ...] = ()
    codes: tuple[Code, ...] = ()
    remark: str = ""
    everyday: str = ""


@dataclass(frozen=True, slots=True)
class Aspect:
    """What a question can ask about its subject: the words that ask it (`cues`) and the words of a sentence that
    addresses it (`evidence`). Patterns are regular expressions over lower-case text."""

    id: str
    label: str
    kind: Literal["general", "soft", "specific"]
    cues: tuple[str, ...] = ()
    cue_patterns: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    evidence_patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    """A treatment that questions name. `short_names` are recognised only next to a condition or another treatment;
    `kinds` are names of its class, which are relevant if no passage names the treatment itself."""

    id: str
    names: tuple[str, ...]
    short_names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SynonymGroup:
    """Words and phrases used with the same meaning in questions and documents."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionTag:
    """A condition that a sentence, section or passage is about, and the basis for the tag."""

    id: str
    basis: Basis
