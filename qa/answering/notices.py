"""Standing messages: which of the owner's notices a text calls up, whatever was or was not found for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from qa.conditions import Vocabulary
from qa.models import Notice

WORD = re.compile(r"\w+")


def matching_notices(notices: Iterable[Notice], text: str, vocabulary: Vocabulary) -> tuple[Notice, ...]:
    """The notices that are always shown or that the text calls up by a condition or a word; urgent ones first.

    Takes any text, also one that is refused as a question: who writes too much about wanting to die still gets help.
    """
    named = {mention.id for mention in vocabulary.find(text, asking=True)}
    named |= {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    said = padded_words(text)
    called = [n for n in notices if n.always or named & set(n.conditions) or any(phrase(w) in said for w in n.words)]
    return tuple(sorted(called, key=lambda notice: not notice.urgent))


def padded_words(text: str) -> str:
    """The words of a text, each between two blanks, so that "od" is not found in "food".

    Case, marks and apostrophes are folded: "don't", "don’t" and "dont" are one.
    """
    folded = re.sub("['’]", "", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(WORD.findall(folded))} "


# Of the owner's phrases only, never of what is asked: a question is kept nowhere.
phrase = lru_cache(maxsize=10_000)(padded_words)
