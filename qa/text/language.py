"""Which language a question is in, as far as it takes to say that it is none of the documents'."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from qa.text.analysis import STOP_WORDS, read_lines, term_of
from qa.text.background import background

ENGLISH = "en"
COMMON = 75  # passages of the background, one in a thousand: names and loans are in fewer
FEWEST = 2  # small words of a language that must stand in a question of it
LONGEST_ACRONYM = 3  # "CJK"
LETTERS = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")  # "min-till" and "GtC/yr" are no small words


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

    `covered` are codes of the documents' languages ("en", "pt-BR"); with none, any language is taken. By small words,
    which every question has: FEWEST of another language at the least and more than of each covered one; where English
    is covered, more than all its words that English knows ("min-till potential, GtC/yr"). What cannot be told is taken
    as covered.
    """
    codes = {code.split("-")[0].lower() for code in covered}
    if not codes:
        return None
    if script := foreign_script(text):
        return script if codes <= {language.code for language in languages()} else None
    written = WORD.findall(text)
    words = {word.casefold() for word in written if not word.isupper() or text.isupper()}  # "EM" abbreviates
    counts = {language: len(words & language.words) for language in languages()}
    best = max(counts, key=lambda language: counts[language])
    home = max((n for language, n in counts.items() if language.code in codes), default=len(words))
    home += sum(map(is_english, words - best.words - STOP_WORDS)) if ENGLISH in codes else 0
    return best.name if best.code not in codes and counts[best] >= max(FEWEST, home + 1) else None


def is_english(word: str) -> bool:
    return background().frequencies.get(term_of(word), 0) >= COMMON


def foreign_script(text: str) -> str | None:
    """The script of a text that is hardly in Latin letters: "Cyrillic", "Arabic", "CJK"."""
    letters = [letter for word in LETTERS.findall(text) if len(word) > 1 for letter in word]  # "α" is a sign
    others = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if len(others) * 2 <= len(letters):
        return None
    name = unicodedata.name(others[0], "another").split()[0]
    return f"{name if len(name) <= LONGEST_ACRONYM else name.capitalize()} script"


def language_names(codes: Collection[str]) -> list[str]:
    """The names of languages by their codes; a code as it stands where none is known."""
    names = {language.code: language.name for language in languages()}
    return sorted({names.get(code.split("-")[0].lower(), code) for code in codes})
