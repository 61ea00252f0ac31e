"""Find the questions in a message: people often describe themselves and what happened before they ask."""

from __future__ import annotations

import re

from qa.models import Span

# Up to the next full stop followed by a blank, except after an abbreviation.
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
# Where a clause that asks begins within a sentence: another question, or the first one after a statement. "or" does not
# start another question: "a drip or is it a tablet" asks one thing.
ANOTHER = re.compile(rf"(?:[,;:–—-]\s*(?:and |but |so |then )?|\b(?:and|but|so) )(?={BEGINS})", re.IGNORECASE)
AFTER_STATEMENT = re.compile(rf"{ANOTHER.pattern}|(?<=\w) (?={AUXILIARY} {SUBJECT}\b)", re.IGNORECASE)
# A clause that begins with a person is a statement ("my uncle has been on heroin for years, does it help"); any other
# words before the clause that asks belong to the question ("in adults with chronic migraine, does it help").
STATEMENT = re.compile(
    r"^\W*(?:(?:and|but|so|well|hi|hello|dear|please)\W+)*"
    r"(?:i|we|he|she|they|my|our|his|her|their|(?:i|we|he|she|they)['’]?(?:m|ve|re|s|d|ll))\b",
    re.IGNORECASE,
)
FEWEST = 4  # minimum words of a clause


def find_questions(text: str) -> list[Span]:
    """The spans of a message that ask something, in order; the whole message when none does."""
    sentences = [Span(*match.span()) for match in SENTENCE.finditer(text) if re.search(r"\w", match[0])]
    asking = [s for s in sentences if text[s.end - 1] == "?" or ASKS.search(text[s.start : s.end])]
    asking = asking or [s for s in sentences if AFTER_STATEMENT.search(text, s.start, s.end)]
    return [span for s in asking for span in clauses(text, s)] or [Span(0, len(text))]


def clauses(text: str, sentence: Span) -> list[Span]:
    """The clauses of a sentence that ask something, each with the words that lead up to it.

    A statement about a person before the first one is left out.
    """
    asks = start = sentence.start
    if not ASKS.search(text[start : sentence.end]):
        asks = next(
            (end for end in clause_starts(AFTER_STATEMENT, text, sentence) if is_clause(text[start:end])), start
        )
        start = asks if STATEMENT.search(text[start:asks]) else start
    starts = [start]
    for another in clause_starts(ANOTHER, text, Span(asks, sentence.end)):
        if is_clause(text[max(starts[-1], asks) : another]) and is_clause(text[another : sentence.end]):
            starts.append(another)
    return [Span(begin, end) for begin, end in zip(starts, [*starts[1:], sentence.end], strict=True)]


def clause_starts(pattern: re.Pattern[str], text: str, within: Span) -> list[int]:
    """The offsets at which clauses begin, according to a pattern."""
    return [match.end() for match in pattern.finditer(text, within.start, within.end)]


def is_clause(words: str) -> bool:
    """Whether words are enough for a clause of their own."""
    return len(words.split()) >= FEWEST
