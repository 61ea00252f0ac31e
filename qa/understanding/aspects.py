"""What a question asks about its subject (cost, dose, whether it is safe), and which sentences speak to that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from qa.models import Aspect
from qa.text.analysis import fold
from qa.text.phrases import Phrases

# What patterns may say in short, so that they can be read.
SHORT = {
    "<number>": r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve)",
    "<time>": r"(?:second|minute|min|hour|hr|day|week|month|year)s?",
    # "5p", but no page 12p; "12 pounds", but none that a baby weighs or somebody has lost.
    "<money>": r"(?:(?:[$£€]|\b(?:eur|usd|gbp)) ?\d|\b\d[\d,.]* ?(?:(?:thousand|million|billion) )?"
    r"(?:€|(?:euros?|dollars?|cents|pence|quid|eur|usd|gbp)\b)|(?<!page )(?<!= )\b\d{1,3}p\b"
    r"|(?<!lost )(?<!lose )(?<!gain )(?<!gained )(?<!weigh )(?<!weighs )(?<!weighed )(?<!baby of )"
    r"\b\d[\d,.]* ?(?:(?:thousand|million|billion) )?pounds?\b(?! (?:lighter|heavier|of (?:body )?weight|per square)))",
}
CUE = "cue"  # the group of a pattern that is the cue, where the pattern says more than that


class Cue(NamedTuple):
    """An aspect asked about at `text[start:end]`. `named`: by a thing of its own, which is also a word to be found."""

    id: str
    start: int
    end: int
    named: bool = False


class Aspects:
    """A vocabulary of aspects."""

    def __init__(self, aspects: Iterable[Aspect]) -> None:
        self.entries = {aspect.id: aspect for aspect in aspects}
        every = self.entries.values()
        self.cues = Phrases((cue, (a.id, cue in a.named)) for a in every for cue in (*a.cues, *a.named))
        self.evidence = Phrases((phrase, a.id) for a in every for phrase in a.evidence)
        patterns = [(a.id, compiled(pattern)) for a in every for pattern in a.cue_patterns]
        self.cue_patterns = [(id, pattern, CUE if CUE in pattern.groupindex else 0) for id, pattern in patterns]
        self.evidence_patterns = [(a.id, compiled(pattern)) for a in every for pattern in a.evidence_patterns]
        told = [aspect for aspect in every if aspect.told]
        self._told = Aspects(replace(aspect, told=False) for aspect in told) if told else None

    def asked(self, text: str) -> list[Cue]:
        """The aspects that a question asks about, in order; a cue within a longer one of another aspect is none, nor is
        one of an aspect of which another asked about is a part."""
        cues = [Cue(p.value[0], p.start, p.end, p.value[1]) for p in self.cues.find(text)]
        folded = folded_alike(text)
        for id, pattern, group in self.cue_patterns:
            cues += [Cue(id, *m.span(group if m[group] is not None else 0)) for m in pattern.finditer(folded)]
        kept = [cue for cue in cues if not any(encloses(other, cue) for other in cues)]
        wider = {self.entries[cue.id].narrows for cue in kept}
        return sorted((cue for cue in kept if cue.id not in wider), key=lambda cue: cue.start)

    def told(self, text: str) -> list[Cue]:
        """The aspects that are asked about also by what is only told."""
        return self._told.asked(text) if self._told else []

    def tells(self, text: str) -> bool:
        """Whether a question asks about something more than whether its subject does any good."""
        return any(self.entries[cue.id].kind != "general" for cue in self.asked(text))

    @lru_cache(1 << 14)  # noqa: B019  a vocabulary lives as long as the version of the index that it belongs to
    def shown(self, text: str) -> frozenset[str]:
        """The aspects that a sentence speaks to."""
        folded = folded_alike(text)
        return frozenset(p.value for p in self.evidence.find(text)) | frozenset(
            id for id, pattern in self.evidence_patterns if pattern.search(folded)
        )

    def labels(self, ids: Iterable[str]) -> Iterator[str]:
        return (self.entries[id].label for id in ids)


def compiled(pattern: str) -> re.Pattern[str]:
    for short, long in SHORT.items():
        pattern = pattern.replace(short, long)
    return re.compile(pattern)


def folded_alike(text: str) -> str:
    """Lower case without accents, of the same length, so that places in it are places in the text."""
    folded = fold(text)
    return folded if len(folded) == len(text) else text.lower() if len(text.lower()) == len(text) else text


def encloses(other: Cue, cue: Cue) -> bool:
    return other.id != cue.id and other.start <= cue.start and cue.end <= other.end and other[1:3] != cue[1:3]
