"""Aspects: what a question asks about its subject (cost, dose, safety), and which sentences answer that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from qa.models import Aspect
from qa.text.analysis import fold
from qa.text.phrases import PhraseMatcher, words_of

# Placeholders that keep the patterns readable.
SHORT = {
    "<number>": r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve)",
    "<time>": r"(?:second|minute|min|hour|hr|day|week|month|year)s?",
    # "5p" but not "page 12p"; "12 pounds" but not the weight of a baby or weight that somebody lost.
    "<money>": r"(?:(?:[$£€]|\b(?:eur|usd|gbp)) ?\d|\b\d[\d,.]* ?(?:(?:thousand|million|billion) )?"
    r"(?:€|(?:euros?|dollars?|cents|pence|quid|eur|usd|gbp)\b)|(?<!page )(?<!= )\b\d{1,3}p\b"
    r"|(?<!lost )(?<!lose )(?<!gain )(?<!gained )(?<!weigh )(?<!weighs )(?<!weighed )(?<!baby of )"
    r"\b\d[\d,.]* ?(?:(?:thousand|million|billion) )?pounds?\b(?! (?:lighter|heavier|of (?:body )?weight|per square)))",
}
CUE = "cue"  # the group of a pattern that holds the cue, where the pattern also matches words around it


class Cue(NamedTuple):
    """An aspect's cue at `text[start:end]`. `named`: the cue also counts as a word of the question."""

    id: str
    start: int
    end: int
    named: bool = False


class Aspects:
    """A vocabulary of aspects, compiled for matching."""

    def __init__(self, aspects: Iterable[Aspect]) -> None:
        self.entries = {aspect.id: aspect for aspect in aspects}
        entries = self.entries.values()
        self.cues = PhraseMatcher((cue, (a.id, cue in a.named)) for a in entries for cue in (*a.cues, *a.named))
        self.evidence = PhraseMatcher((phrase, a.id) for a in entries for phrase in a.evidence)
        patterns = [(a.id, compiled(pattern)) for a in entries for pattern in a.cue_patterns]
        self.cue_patterns = [(id, pattern, CUE if CUE in pattern.groupindex else 0) for id, pattern in patterns]
        self.evidence_patterns = [(a.id, compiled(pattern)) for a in entries for pattern in a.evidence_patterns]
        contextual = [aspect for aspect in entries if aspect.told]
        self._contextual = Aspects(replace(aspect, told=False) for aspect in contextual) if contextual else None

    def asked(self, text: str) -> list[Cue]:
        """The cues for the aspects that a question asks about, in text order.

        A cue within a longer one of another aspect is dropped, and so is the cue for an aspect that another one asked
        about narrows.
        """
        found = self.cues.find(words_of(text))
        cues = [Cue(id, phrase.start, phrase.end, named) for phrase in found for id, named in phrase.values]
        folded = folded_alike(text)
        for id, pattern, group in self.cue_patterns:
            cues += [Cue(id, *m.span(group if m[group] is not None else 0)) for m in pattern.finditer(folded)]
        kept = [cue for cue in cues if not any(encloses(other, cue) for other in cues)]
        wider = {self.entries[cue.id].narrows for cue in kept}
        return sorted((cue for cue in kept if cue.id not in wider), key=lambda cue: cue.start)

    def asked_in_context(self, text: str) -> list[Cue]:
        """The cues for those aspects that may also be asked about in the rest of a message."""
        return self._contextual.asked(text) if self._contextual else []

    def asks_specifics(self, text: str) -> bool:
        """Whether a question asks about more than a general effect."""
        return any(self.entries[cue.id].kind != "general" for cue in self.asked(text))

    @lru_cache(1 << 14)  # noqa: B019  a vocabulary lives as long as its index version
    def shown(self, text: str) -> frozenset[str]:
        """The aspects that a sentence has evidence for."""
        folded = folded_alike(text)
        phrases = self.evidence.find(words_of(text))
        return frozenset(id for phrase in phrases for id in phrase.values) | frozenset(
            id for id, pattern in self.evidence_patterns if pattern.search(folded)
        )


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern with its placeholders expanded, compiled."""
    for short, long in SHORT.items():
        pattern = pattern.replace(short, long)
    return re.compile(pattern)


def folded_alike(text: str) -> str:
    """The text in lower case, without accents and line breaks, at the same length: offsets into it fit the text."""
    text = text.replace("\n", " ")  # "20 euros" may be wrapped between number and unit
    folded = fold(text)
    return folded if len(folded) == len(text) else text.lower() if len(text.lower()) == len(text) else text


def encloses(other: Cue, cue: Cue) -> bool:
    """Whether a cue lies within a different cue of another aspect."""
    return other.id != cue.id and other.start <= cue.start and cue.end <= other.end and other[1:3] != cue[1:3]
