"""Misspelt words of a question to the words of the corpus that they were most likely meant as.

Only what nobody knows is corrected, and the asker is told. One typing error in a question costs .01 to .11 nDCG on
public sets, corrected .002 or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract_iter

from qa.text.analysis import STOP_WORDS, form_of, read_lines, read_words, term_of

SHORTEST = 5  # shorter words have too many neighbours: "ward", "word", "wood"
TWO_ERRORS_FROM = 8  # letters; with shorter words a second error leads to another word as often as to the right one

REPEATED = re.compile(r"(.)\1+")
DRUGS_FROM = 8  # letters of a drug's name that may be corrected, by one letter …
DRUGS_BEGIN = 3  # … that is none of the first


def correct(word: str, words: Mapping[str, int], knows: Callable[[str], bool]) -> str | None:
    """The word that was most likely meant, or None to leave it as it is.

    `words` are those that may be meant, folded, with their number; `knows` says whether a term is known to corpus,
    vocabularies or background. The first letter is taken to be right. Nearest first, then the most frequent.
    """
    form = form_of(word)
    if not form.isalpha() or is_known(term_of(form), knows):
        return None
    if grammar := small_word(form):
        return grammar
    if len(form) < SHORTEST:
        return None
    is_drug = form.endswith(drug_endings())
    begin = form[:DRUGS_BEGIN] if is_drug else form[0]
    most = 2 if len(form) >= TWO_ERRORS_FROM else 1
    near = [
        (errors, -words[other], other)
        for other, errors, _ in extract_iter(form, words.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=most)
        if other.startswith(begin)
        and is_typing_error(form, other, int(errors))
        and (not is_drug or same_drug(form, other))
    ]
    errors, _, meant = min(near, default=(0, 0, None))
    if meant is None:
        return None
    as_near = {other for least, _, other in near if least == errors} | drugs_as_near(form, errors)
    return None if as_near & drug_names() and len(set(map(term_of, as_near))) > 1 else meant


def small_word(written: str) -> str | None:
    """The word of grammar that was meant ("teh", "wiht", "woud"): with two letters swapped, or, of longer ones, one
    left out or written twice."""
    near = (word for word in sorted(STOP_WORDS) if DamerauLevenshtein.distance(written, word, score_cutoff=1) == 1)
    return next((word for word in near if is_slip(written, word)), None)


def is_slip(written: str, meant: str) -> bool:
    swapped = len(written) > 2 and sorted(written) == sorted(meant)
    doubled = REPEATED.sub(r"\1", written) == REPEATED.sub(r"\1", meant)
    return swapped or (len(meant) >= SHORTEST and written[0] == meant[0] and (doubled or len(written) < len(meant)))


def drugs_as_near(written: str, errors: int) -> set[str]:
    """The drugs that may be meant just as well: "codaine" is one letter from cocaine, and from codeine."""
    found = extract_iter(written, drug_names(), scorer=DamerauLevenshtein.distance, score_cutoff=errors)
    return {drug for drug, *_ in found}


def same_drug(written: str, meant: str) -> bool:
    """Whether what ends like the name of a drug is another spelling of this one. Of 4,795 names of substances in a
    terminology that are not listed here, 37 stand so near to a listed one; all 37 name the same drug. A letter written
    twice, or once for twice, makes no other name of any length ("coccaine")."""
    if REPEATED.sub(r"\1", written) == REPEATED.sub(r"\1", meant):
        return True
    long = min(len(written), len(meant)) >= DRUGS_FROM
    return long and meant in drug_names() and DamerauLevenshtein.distance(written, meant, score_cutoff=1) == 1


def is_known(term: str, knows: Callable[[str], bool]) -> bool:
    return not term or knows(term) or term in known_terms()


def is_typing_error(written: str, meant: str, errors: int) -> bool:
    """Whether so many letters left out, added, changed or swapped may be a slip. Two errors must leave the last letter
    right: where they do not, the words are two as a rule ("colistin", "colitis")."""
    return len(meant) >= SHORTEST and (errors == 1 or (errors == 2 and meant[-1] == written[-1]))


@cache
def drug_endings() -> tuple[str, ...]:
    return tuple(sorted(read_words("drug_endings.txt")))


@cache
def known_terms() -> frozenset[str]:
    """Terms of English words, illnesses and drugs that the background lacks. Without them one question in ten on
    other subjects had a word "corrected" ("mayor" to "major"), with them none of 94."""
    terms = frozenset(read_lines("known_terms.txt.gz"))
    return terms | {term_of(name) for name in drug_names()}


@cache
def drug_names() -> frozenset[str]:
    return read_words("drug_names.txt")
