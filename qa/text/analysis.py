"""Text to terms: one chain for passages and for questions, so that the same word is the same term on both sides.

Words and numbers are taken from the text as it stands, folded, stripped of stop words and stemmed (Snowball English).
Each step was measured on five public sets: docs/benchmarks.md.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import log
from typing import NamedTuple

from nltk.stem.snowball import EnglishStemmer

# A number with its decimals ("0.8", "0·8", "1,000"), or a word with its apostrophes and accents. A hyphen splits.
# Superscript digits are marks of citations, glued to the word they stand behind: never part of it.
WORD_OR_NUMBER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:[.·]\d+)?(?![\d,])|\d+(?:[.·]\d+)+|(?:(?![¹²³⁰⁴-⁹])[\w\u0300-\u036f])+(?:['’](?!\d)[\w\u0300-\u036f]+)*"
)
POSSESSIVE = re.compile(r"['’]s$")
WITHIN_WORDS = str.maketrans({"'": "", "’": "", ",": "", "·": "."})
REMEMBERED = 1 << 17  # words of owners whose terms are kept: those of a large corpus, some 20 MB


class Token(NamedTuple):
    """A content word in its place: `text[start:end]` as written, `form` folded, `term` its stem."""

    term: str
    form: str
    start: int
    end: int


def read_lines(name: str) -> list[str]:
    """The lines of a data file of the package, packed or not, without its remarks, which start with #."""
    return [line for line in read_every_line(name) if line and not line.startswith("#")]


def read_every_line(name: str) -> list[str]:
    """The lines of a data file of the package, as they are."""
    data = files("qa").joinpath("data", name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()


def read_words(name: str) -> frozenset[str]:
    """The words of a data file of the package."""
    return frozenset(word for line in read_lines(name) for word in line.split())


STOP_WORDS = read_words("function_words.txt") | read_words("question_words.txt")
AMERICAN = dict(line.split() for line in read_lines("british_american.txt"))
_stemmer = EnglishStemmer()
_remembered: dict[str, tuple[str, str]] = {}


def fold(text: str) -> str:
    """The text in lower case, without accents and in compatibility form, for comparing; its length may differ."""
    if text.isascii():
        return text.lower()
    # Decomposed before and after: "ⱽ" has no small letter until it is a "V", and some small letters come apart anew.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def form_of(word: str) -> str:
    """A word as it is compared: folded, without a possessive 's, apostrophes and thousands commas."""
    return fold(POSSESSIVE.sub("", word)).translate(WITHIN_WORDS)


def term_of(word: str) -> str:
    """The term of a word, British and American spellings alike, or "" for a stop word."""
    return read_word(word)[0]


def read_word(word: str) -> tuple[str, str]:
    """The term and the form of a word."""
    if read := _remembered.get(word):
        return read
    form = form_of(word)
    return "" if form in STOP_WORDS else str(_stemmer.stem(AMERICAN.get(form, form))), form


def analyze(text: str, *, remember: bool = False) -> list[Token]:
    """The content words of a text, in order, with their place in it. `remember`: it is an owner's text, whose words
    may be kept to be read faster; words of a question are kept nowhere."""
    tokens = []
    for match in WORD_OR_NUMBER.finditer(text):
        read = read_word(match[0])
        if remember and len(_remembered) < REMEMBERED:
            _remembered[match[0]] = read
        if read[0]:
            tokens.append(Token(*read, match.start(), match.end()))
    return tokens


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """What ranking, coverage and highlighting need to know of a passage, worked out once when it is published.

    `counts` and `forms` count the terms and forms of title, headings and text together, `length` is their number.
    `order` holds the terms one after another between blanks, so that " a b " in it says that a stands before b;
    a bar keeps title, headings and text apart. `given` are the terms of title and headings, `tokens` the content
    words of the text alone. The head of a table is one of the headings.
    """

    counts: Counter[str]
    forms: Counter[str]
    length: int
    order: str
    title: frozenset[str]
    given: frozenset[str]
    tokens: tuple[Token, ...]

    def within(self, start: int, end: int) -> tuple[Token, ...]:
        """The content words of a stretch of the text; offsets into it."""
        first = bisect_left(self.tokens, start, key=lambda token: token.start)
        last = bisect_left(self.tokens, end, key=lambda token: token.start)
        return self.tokens[first:last]


def passage_terms(text: str, path: Sequence[str] = (), title: str = "", head: str = "") -> PassageTerms:
    """The terms of a passage with those of the headings above it, of its document's title and of its table's head."""
    parts = [analyze(part) for part in (title, *path, *([head] if head else []), text)]
    every = [token for part in parts for token in part]
    return PassageTerms(
        counts=Counter(token.term for token in every),
        forms=Counter(token.form for token in every),
        length=len(every),
        order=" | ".join(["", *(" ".join(token.term for token in part) for part in parts), ""]),
        title=frozenset(token.term for token in parts[0]),
        given=frozenset(token.term for part in parts[:-1] for token in part),
        tokens=tuple(parts[-1]),
    )


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of all passages that weights rest on: `frequencies` says in how many of them a term occurs."""

    passages: int
    average_length: float
    frequencies: Mapping[str, int]

    def frequency(self, term: str) -> int:
        return self.frequencies.get(term, 0)

    def idf(self, term: str) -> float:
        return lucene_idf(self.frequency(term), self.passages)


def lucene_idf(frequency: int, passages: int) -> float:
    """Lucene's inverse document frequency: above zero also for a word that every passage has."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
