"""Which language a question is in, as far as it takes to say that it is none of the documents'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from qa.analysis import STOP_WORDS, read_lines

ENGLISH = "en"
FEWEST = 2  # small words of a language that must stand in a question of it
LONGEST_ACRONYM = 3  # "CJK"
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")


class Language(NamedTuple):
    code: str
    name: str
    words: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """English with its function words, and those of data/languages.txt with theirs."""
    others = (re.fullmatch(r"(\w+) (\w+): (.*)", line) for line in read_lines("languages.txt"))
    read = (Language(m[1], m[2], frozenset(m[3].split()) - STOP_WORDS) for m in others if m)
    return (Language(ENGLISH, "English", STOP_WORDS), *read)


def foreign_language(text: str, covered: Collection[str]) -> str | None:
    """The name of the language, or of the script, that a question is in when no document is; else None.

    `covered` are codes of the documents' languages ("en", "pt-BR"). By small words, which every question has: most of
    another language, FEWEST at the least and more than of each covered one. What cannot be told is taken as covered.
    """
    codes = {code.split("-")[0].lower() for code in covered}
    if script := foreign_script(text):
        return script if codes <= {language.code for language in languages()} else None
    written = WORD.findall(text)
    words = {word.casefold() for word in written if not word.isupper() or text.isupper()}  # "EM" abbreviates
    counts = {language: len(words & language.words) for language in languages()}
    at_home = max((n for language, n in counts.items() if language.code in codes), default=len(words))
    best = max(counts, key=lambda language: counts[language])
    return best.name if best.code not in codes and counts[best] >= max(FEWEST, at_home + 1) else None


def foreign_script(text: str) -> str | None:
    """The script of a text that is hardly in Latin letters: "Cyrillic", "Arabic", "CJK"."""
    letters = LETTER.findall(text)
    others = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if len(others) * 2 <= len(letters):
        return None
    name = unicodedata.name(others[0], "another").split()[0]
    return f"{name if len(name) <= LONGEST_ACRONYM else name.capitalize()} script"


def language_names(codes: Collection[str]) -> list[str]:
    """The names of languages by their codes; a code as it stands where none is known."""
    names = {language.code: language.name for language in languages()}
    return sorted({names.get(code.split("-")[0].lower(), code) for code in codes})
