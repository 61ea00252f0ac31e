"""Language detection, just enough to tell that a question is in none of the documents' languages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from qa.text.analysis import STOP_WORDS, read_lines, term_of
from qa.text.background import background

ENGLISH = "en"
COMMON = 75  # background passages, one in a thousand: names and loanwords are in fewer
FEWEST = 2  # function words needed to recognise a language
LEAST_SHARE = 0.02  # of the words of a document that are function words of its language
CLEARLY = 2  # times as many as of any other language
LONGEST_ACRONYM = 3  # letters: "CJK"
LETTERS = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")  # whole, so that "min" in "min-till" is not a function word


class Language(NamedTuple):
    code: str
    name: str
    words: frozenset[str]


@cache
def languages() -> tuple[Language, ...]:
    """English and the languages of data/languages.txt, each with its function words."""
    others = (re.fullmatch(r"(\w+) (\w+): (.*)", line) for line in read_lines("languages.txt"))
    read = (Language(m[1], m[2], frozenset(m[3].split()) - STOP_WORDS) for m in others if m)
    return (Language(ENGLISH, "English", STOP_WORDS), *read)


def foreign_language(text: str, covered: Collection[str]) -> str | None:
    """The name of the question's language or script if no document is in it, else None.

    `covered` are the language codes of the documents ("en", "pt-BR"); if empty, every language counts as covered. The
    language is recognised by its function words, which every question has: at least FEWEST of them, and more than of
    each covered language. If English is covered, they must also outnumber the English words ("min-till potential,
    GtC/yr"). In doubt, the question counts as covered.
    """
    codes = {code.split("-")[0].lower() for code in covered}
    if not codes:
        return None
    if script := foreign_script(text):
        return script if codes <= {language.code for language in languages()} else None
    written = WORD.findall(text)
    words = {word.casefold() for word in written if not word.isupper() or text.isupper()}  # not "EM"
    counts = {language: len(words & language.words) for language in languages()}
    best = max(counts, key=lambda language: counts[language])
    if best.code in codes or counts[best] < FEWEST:
        return None
    home = max((n for language, n in counts.items() if language.code in codes), default=len(words))
    home += sum(map(is_english, words - best.words - STOP_WORDS)) if ENGLISH in codes else 0
    return best.name if counts[best] > home else None


def language_of(text: str) -> str | None:
    """The code of the language that a longer text is written in, by its function words; None if they do not tell."""
    words = Counter(map(str.casefold, WORD.findall(text)))
    counts = {language.code: sum(words[word] for word in words.keys() & language.words) for language in languages()}
    first, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    is_clear = counts[first] >= max(LEAST_SHARE * words.total(), CLEARLY * counts[second], FEWEST)
    return first if is_clear else None


def is_english(word: str) -> bool:
    return background().frequencies.get(term_of(word), 0) >= COMMON


def foreign_script(text: str) -> str | None:
    """The script of a text mostly in non-Latin letters ("Cyrillic script", "CJK script"), else None."""
    if text.isascii():
        return None
    letters = [letter for word in LETTERS.findall(text) if len(word) > 1 for letter in word]  # "α" is a symbol
    others = [letter for letter in letters if not unicodedata.name(letter, "").startswith("LATIN")]
    if len(others) * 2 <= len(letters):
        return None
    name = unicodedata.name(others[0], "another").split()[0]
    return f"{name if len(name) <= LONGEST_ACRONYM else name.capitalize()} script"


def language_names(codes: Collection[str]) -> list[str]:
    """The names of languages by their codes, sorted; an unknown code is returned as it is."""
    names = {language.code: language.name for language in languages()}
    return sorted({names.get(code.split("-")[0].lower(), code) for code in codes})
