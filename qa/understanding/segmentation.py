"""What a message asks, apart from what it tells: people write who they are and what happened before they ask."""

from __future__ import annotations

import re

from qa.models import Span

# To the next stop before a blank; not the one of an abbreviation.
SENTENCE = re.compile(
    r"\S(?:(?:\b(?:al|no|vs|cf|dr|e\.g|i\.e|etc)\.|[^.?!\n]|[.?!](?=[^\s.?!]))*)[.?!]*", re.IGNORECASE
)
QUESTION_WORD = r"(?:whats?|which|who|whose|when|where|why|how)"
AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|might|am)(?:n['’]?t)?"
SUBJECT = (
    r"(?:it|this|that|these|those|they|there|he|she|i|we|you|the|any|anyone|anybody|people|patients|my|a|an|some|its)"
)
BEGINS = rf"(?:{QUESTION_WORD}|{AUXILIARY}\s+\w+|any|is there)\b"
ASKS = re.compile(rf"^\W*(?:(?:and|but|so|or|then|just)\s+)?{BEGINS}", re.IGNORECASE)
# Where a clause that asks begins within a sentence: another question, or the first one after something told. "or"
# begins no other question: "a drip or is it a tablet" asks one thing.
ANOTHER = re.compile(rf"(?:[,;:–—-]\s*(?:and |but |so |then )?|\b(?:and|but|so) )(?={BEGINS})", re.IGNORECASE)
AFTER_TOLD = re.compile(rf"{ANOTHER.pattern}|(?<=\w) (?={AUXILIARY} {SUBJECT}\b)", re.IGNORECASE)
# Who begins with a person tells ("my uncle has been on heroin for years, does it help"); any other words before the
# clause that asks are part of the question ("in adults with chronic migraine, does it help").
TELLS = re.compile(
    r"^\W*(?:(?:and|but|so|well|hi|hello|dear|please)\W+)*"
    r"(?:i|we|he|she|they|my|our|his|her|their|(?:i|we|he|she|they)['’]?(?:m|ve|re|s|d|ll))\b",
    re.IGNORECASE,
)
FEWEST = 4  # words that are a clause of their own


def find_questions(text: str) -> list[Span]:
    """The stretches of a message that ask, in order; all of it as one when none does."""
    sentences = [Span(*match.span()) for match in SENTENCE.finditer(text) if re.search(r"\w", match[0])]
    asking = [s for s in sentences if text[s.end - 1] == "?" or ASKS.search(text[s.start : s.end])]
    asking = asking or [s for s in sentences if AFTER_TOLD.search(text, s.start, s.end)]
    return [span for s in asking for span in clauses(text, s)] or [Span(0, len(text))]


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence that ask, each with the words before it; what is told of a person before the first is
    left out."""
    asks = start = sentence.start
    if not ASKS.search(text[start : sentence.end]):
        asks = next((end for end in openings(AFTER_TOLD, text, sentence) if long(text[start:end])), start)
        start = asks if TELLS.search(text[start:asks]) else start
    starts = [start]
    for another in openings(ANOTHER, text, Span(asks, sentence.end)):
        if long(text[max(starts[-1], asks) : another]) and long(text[another : sentence.end]):
            starts.append(another)
    return [Span(begin, end) for begin, end in zip(starts, [*starts[1:], sentence.end], strict=True)]


def openings(pattern: re.Pattern[str], text: str, within: Span) -> list[int]:
    return [match.end() for match in pattern.finditer(text, within.start, within.end)]


def long(words: str) -> bool:
    return len(words.split()) >= FEWEST
