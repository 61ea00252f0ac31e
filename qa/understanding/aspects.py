"""Aspects: what a question asks about its subject (cost, dose, safety), and which sentences answer that."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from qa.models import Aspect
from qa.text.analysis import WORD_OR_NUMBER, fold, form_of
from qa.text.patterns import Patterns
from qa.text.phrases import PhraseMatcher, bare, words_of

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
KEPT_SENTENCES = 1 << 11  # of which it is kept which aspects they have evidence for


class Cue(NamedTuple):
    """An aspect's cue at `text[start:end]`."""

    id: str
    start: int
    end: int


class Aspects:
    """A vocabulary of aspects, compiled for matching."""

    def __init__(self, aspects: Iterable[Aspect]) -> None:
        self.entries = {aspect.id: aspect for aspect in aspects}
        entries = self.entries.values()
        self.cues = PhraseMatcher((cue, a.id) for a in entries for cue in a.cues)
        self.evidence = PhraseMatcher((phrase, a.id) for a in entries for phrase in a.evidence)
        # Of documents' words only: words of a question must not be kept in memory.
        self._bare = lru_cache(1 << 16)(lambda word: bare(form_of(word)))
        self.shown = lru_cache(KEPT_SENTENCES)(self._shown)
        self.cue_patterns = Patterns((compiled(pattern), a.id) for a in entries for pattern in a.cue_patterns)
        self.evidence_patterns = Patterns((compiled(pattern), a.id) for a in entries for pattern in a.evidence_patterns)
        self._fitting = lru_cache(1 << 14)(self.evidence_patterns.fitting)

    def asked(self, text: str) -> list[Cue]:
        """The cues for the aspects that a question asks about, in text order.

        A cue within a longer one of another aspect is dropped.
        """
        found = self.cues.find(words_of(text))
        cues = [Cue(id, phrase.start, phrase.end) for phrase in found for id in phrase.values]
        cues += [Cue(id, *match.span()) for match, id in self.cue_patterns.find(folded_alike(text))]
        kept = [cue for cue in cues if not any(encloses(other, cue) for other in cues)]
        return sorted(kept, key=lambda cue: cue.start)

    def asks_specifics(self, text: str) -> bool:
        """Whether a question asks about more than a general effect."""
        return any(self.entries[cue.id].kind != "general" for cue in self.asked(text))

    def _shown(self, text: str) -> frozenset[str]:
        """The aspects that a sentence of the documents has evidence for."""
        words = list(map(self._bare, WORD_OR_NUMBER.findall(text)))
        found = {id for _, _, values in self.evidence.among(words) for id in values}
        folded = folded_alike(text)
        for pattern, id in self._fitting(self.evidence_patterns.bits_in(folded)):
            if id not in found and pattern.search(folded):
                found.add(id)
        return frozenset(found)


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
