"""Misspelt words of a question to the words of the corpus that they were most likely meant as.

Only what nobody knows is corrected, and the asker is told. One typing error in a question costs .01 to .11 nDCG on
public sets, corrected .002 or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein

from qa.analysis import form_of, read_words, term_of

SHORTEST = 5  # shorter words have too many neighbours: "ward", "word", "wood"
TWO_ERRORS_FROM = 8  # letters; with shorter words a second error leads to another word as often as to the right one


@cache
def drug_endings() -> tuple[str, ...]:
    return tuple(sorted(read_words("drug_endings.txt")))


def correct(word: str, words: Mapping[str, int], knows: Callable[[str], bool]) -> str | None:
    """The word that was most likely meant, or None to leave it as it is.

    `words` are those that may be meant, folded, with their number; `knows` says whether a term is known anywhere
    (corpus, vocabularies, background). The first letter is taken to be right. Nearest first, then the most frequent.
    """
    form = form_of(word)
    if len(form) < SHORTEST or not form.isalpha() or form.endswith(drug_endings()) or knows(term_of(form)):
        return None
    most = 2 if len(form) >= TWO_ERRORS_FROM else 1
    near = (
        (distance, -number, other)
        for other, number in words.items()
        if other[0] == form[0]
        and abs(len(other) - len(form)) <= most
        and len(other) >= SHORTEST
        and (distance := DamerauLevenshtein.distance(form, other, score_cutoff=most)) <= most
    )
    return min(near, default=(0, 0, None))[2]
