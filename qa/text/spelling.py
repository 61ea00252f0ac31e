"""Spelling correction: replace a misspelt word of a question by the most likely word of the corpus.

Only unknown words are corrected, and the user is told. One typing error in a question costs .01 to .11 nDCG on public
data sets; after correction, .002 or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.process import extract_iter

from qa.text.analysis import STOP_WORDS, form_of, read_lines, read_words, term_of

SHORTEST = 5  # letters; shorter words have too many neighbours: "ward", "word", "wood"
TWO_ERRORS_FROM = 8  # letters; in shorter words, allowing a second error finds a wrong word as often as the right one

REPEATED = re.compile(r"(.)\1+")
DRUGS_FROM = 8  # letters; shorter drug names are not corrected, longer ones by one letter only …
DRUGS_BEGIN = 3  # … which is not one of the first three


def correct(word: str, words: Mapping[str, int], knows: Callable[[str], bool]) -> str | None:
    """The word that was most likely meant, or None to leave the word unchanged.

    `words` are the possible corrections, folded, with their frequencies; `knows` says whether a term is in the corpus,
    the vocabularies or the background. The first letter is assumed to be right. The closest word wins, then the most
    frequent.
    """
    form = form_of(word)
    if not form.isalpha() or is_known(term_of(form), knows):
        return None
    if grammar := function_word(form):
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
    as_close = {other for distance, _, other in near if distance == errors} | drugs_as_close(form, errors)
    return None if as_close & drug_names() and len(set(map(term_of, as_close))) > 1 else meant


def function_word(written: str) -> str | None:
    """The function word that was meant ("teh", "wiht", "woud"), if two letters are swapped or, in longer words, one is
    missing or doubled."""
    near = (word for word in sorted(STOP_WORDS) if DamerauLevenshtein.distance(written, word, score_cutoff=1) == 1)
    return next((word for word in near if is_slip(written, word)), None)


def is_slip(written: str, meant: str) -> bool:
    swapped = len(written) > 2 and sorted(written) == sorted(meant)
    doubled = REPEATED.sub(r"\1", written) == REPEATED.sub(r"\1", meant)
    return swapped or (len(meant) >= SHORTEST and written[0] == meant[0] and (doubled or len(written) < len(meant)))


def drugs_as_close(written: str, errors: int) -> set[str]:
    """Other drugs at the same distance: "codaine" is one letter away from both cocaine and codeine."""
    found = extract_iter(written, drug_names(), scorer=DamerauLevenshtein.distance, score_cutoff=errors)
    return {drug for drug, *_ in found}


def same_drug(written: str, meant: str) -> bool:
    """Whether a word that ends like a drug name is a misspelling of the drug `meant`.

    Of 4,795 substance names in a terminology that are not listed here, 37 are this close to a listed one, and all 37
    name the same drug. Doubling a letter, or failing to, never gives the name of another drug ("coccaine").
    """
    if REPEATED.sub(r"\1", written) == REPEATED.sub(r"\1", meant):
        return True
    long = min(len(written), len(meant)) >= DRUGS_FROM
    return long and meant in drug_names() and DamerauLevenshtein.distance(written, meant, score_cutoff=1) == 1


def is_known(term: str, knows: Callable[[str], bool]) -> bool:
    return not term or knows(term) or term in known_terms()


def is_typing_error(written: str, meant: str, errors: int) -> bool:
    """Whether this number of edits may be a typing error. With two edits the last letter must be right: otherwise the
    words are usually different ones ("colistin", "colitis")."""
    return len(meant) >= SHORTEST and (errors == 1 or (errors == 2 and meant[-1] == written[-1]))


@cache
def drug_endings() -> tuple[str, ...]:
    return tuple(sorted(read_words("drug_endings.txt")))


@cache
def known_terms() -> frozenset[str]:
    """Terms of English words, illnesses and drugs that are missing from the background. Without them, one in ten
    off-topic questions had a word "corrected" ("mayor" to "major"); with them, none of 94."""
    terms = frozenset(read_lines("known_terms.txt.gz"))
    return terms | {term_of(name) for name in drug_names()}


@cache
def drug_names() -> frozenset[str]:
    return read_words("drug_names.txt")
