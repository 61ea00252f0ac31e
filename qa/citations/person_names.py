"""Names of people and organisations, as written in citations and reference lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def word_set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PARTICLES = word_set(
    "van von de der den del della di da dal dos das du la le les ten ter te el al bin ibn af av zu zur vom aan het op "
    "'t las los lo e"
)
UPPER = r"[^\W\d_a-zß-öø-ÿ]"
PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES))}|st\.|d['’])[ \-]?(?<=[ \-'’]))"
# "Ó Súilleabháin": the first word has one letter
SURNAME = rf"(?:{PARTICLE}){{0,3}}(?:[ÓÒ] )?{UPPER}[\w'’ʼ´`′‘‐-]+"


APOSTROPHES = str.maketrans(dict.fromkeys("’ʼ´`′‘", "'"))


def with_one_apostrophe(name: str) -> str:
    """The name with the same apostrophe, however it is typed: O’Brien, OʼBrien, O´Brien."""
    return name.translate(APOSTROPHES)


# Letters that Unicode normalisation does not decompose.
UNDECOMPOSED = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def fold_name(text: str) -> str:
    """The letters a-z of a name in lower case, without accents, for comparing spellings."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(UNDECOMPOSED))
    return re.sub(r"[^a-z]", "", plain)


# Letters that some citations write as two: Müller, Mueller.
AS_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def name_keys(name: str) -> set[str]:
    """Lookup keys of a name: in full, and without particles, each also with two letters for one ("Mueller")."""
    keys: set[str] = set()
    lowered = unicodedata.normalize("NFC", name.lower())
    for spelling in {lowered, lowered.translate(AS_TWO_LETTERS)}:
        words = [fold_name(word) for word in spelling.split()]
        keys |= {"".join(words), "".join(word for word in words if word and word not in PARTICLES)}
    return keys - {""}


def last_name(name: str) -> str:
    """The last word of a double surname, which some citations use alone."""
    return fold_name("".join(name.split()[-1:]))


def acronym(words: Iterable[str]) -> str:
    """The acronym in lower case: 'who' for 'World Health Organization'; "" for a single word."""
    initials = [word[0] for word in words if word[:1].isupper()]
    return fold_name("".join(initials)) if len(initials) > 1 else ""
