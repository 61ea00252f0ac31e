"""Question to what was understood of it: content words, conditions, corrections. What is understood is always shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from qa.analysis import Token, analyze
from qa.conditions import Mention, Vocabulary
from qa.errors import QuestionError
from qa.models import Correction

MAX_CHARACTERS = 1000
# Control characters but tab and line ends, and halves of surrogate pairs, which are no text in any encoding.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

# Questions that a figure or a finding answers; the sentence that answers is then likelier to show one
# (highlighting, rule B). Words of asking, so they are gone from the terms by then.
ASKS_NUMBER = re.compile(
    r"\b(how (many|much|often|long|high|low|large|big)|what (number|percentage|share|dose|rate))\b", re.I
)
ASKS_EFFECT = re.compile(
    r"\b(does|do|did|can|will|would|effects?|effective\w*|efficacy|works?|helps?|better|worse|improve\w*|reduce\w*|"
    r"difference|compared?|versus|vs)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    `tokens` are its content words in order, corrected where the corpus knows no such word. `mentions` are the
    conditions it names, by place in `searched` (the text after correction).
    """

    text: str
    searched: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    corrections: tuple[Correction, ...]
    sentences: int
    asks_number: bool
    asks_effect: bool


def check_question(text: str) -> str:
    """The question, trimmed and in composed form (NFC).

    Raises QuestionError when it is empty, longer than MAX_CHARACTERS or holds control characters, all as it was sent.
    """
    if not text.strip():
        raise QuestionError("q", "The question is empty. Type a question or a few words.")
    if len(text) > MAX_CHARACTERS:
        raise QuestionError("q", f"The question is longer than {MAX_CHARACTERS:,} characters. Shorten it.")
    if CONTROL.search(text):
        raise QuestionError("q", "The question holds control characters. Remove them.")
    return unicodedata.normalize("NFC", text.strip())


def parse_question(
    text: str, vocabulary: Vocabulary, correct: Callable[[str], str | None] = lambda word: None
) -> Question:
    """What a question asks for. `correct` gives the nearest known word for one that nothing knows, else None.

    Raises QuestionError as `check_question` does.
    """
    text = check_question(text)
    searched, corrections = correct_words(text, correct)
    return Question(
        text=text,
        searched=searched,
        tokens=tuple(analyze(searched)),
        mentions=tuple(vocabulary.find(searched, asking=True)),
        corrections=corrections,
        sentences=max(1, len(re.findall(r"\w[^.?!]*[.?!]+(?=\s|$)", searched))),
        asks_number=bool(ASKS_NUMBER.search(searched)),
        asks_effect=bool(ASKS_EFFECT.search(searched)),
    )


def correct_words(text: str, correct: Callable[[str], str | None]) -> tuple[str, tuple[Correction, ...]]:
    """The text with unknown words replaced by the nearest known ones, and what was replaced."""
    found: dict[str, Correction] = {}
    pieces, end = [], 0
    for token in analyze(text):
        written = text[token.start : token.end]
        if nearest := correct(written):
            found[written.casefold()] = Correction(written, nearest)
            pieces += [text[end : token.start], nearest]
            end = token.end
    return "".join([*pieces, text[end:]]), tuple(found.values())
