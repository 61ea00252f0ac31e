"""The owner's notices that apply to a text, whether or not it is answered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from qa.conditions import Vocabulary
from qa.models import Notice

WORD = re.compile(r"\w+")


def matching_notices(notices: Iterable[Notice], text: str, vocabulary: Vocabulary) -> tuple[Notice, ...]:
    """The notices that are always shown or are triggered by a condition or phrase of the text, urgent ones first.

    Accepts any text, even one that is rejected as a question: someone whose message about wanting to die is too long
    must still be shown where to find help.
    """
    named = {mention.id for mention in vocabulary.find(text, asking=True)}
    named |= {ancestor for id in named for ancestor in vocabulary.ancestors(id)}
    padded = padded_words(text)
    matching = [
        n for n in notices if n.always or named & set(n.conditions) or any(phrase(w) in padded for w in n.words)
    ]
    return tuple(sorted(matching, key=lambda notice: not notice.urgent))


def padded_words(text: str) -> str:
    """The words of a text separated and surrounded by blanks, so that "od" does not match within "food".

    Case and compatibility characters are normalised and apostrophes removed: "don't", "don’t" and "dont" are equal.
    """
    folded = re.sub("['’]", "", unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(WORD.findall(folded))} "


# Caches the owner's phrases only: questions must not be kept in memory.
phrase = lru_cache(maxsize=10_000)(padded_words)
