"""The analyzer: text to terms, the same for passages and questions, so that a word is the same term in both.

Words and numbers are tokenised, folded, filtered by stop words and stemmed (Snowball English). Each step was measured
on five public data sets: docs/benchmarks.md.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple

from nltk.stem.snowball import EnglishStemmer

from qa.text.once import once_a_question, term_in_documents

# A number with decimals or thousands ("0.8", "0·8", "1,000"), or a word with its apostrophes and accents. A hyphen
# splits. Superscript digits after a word are citations, never part of the word.
# The first alternative is only for speed: most words have nothing but letters.
WORD_OR_NUMBER = re.compile(
    r"[A-Za-z]+(?![\w\u0300-\u036f'’])|"
    r"\d{1,3}(?:,\d{3})+(?:[.·]\d+)?(?![\d,])|\d+(?:[.·]\d+)+|(?:(?![¹²³⁰⁴-⁹])[\w\u0300-\u036f])+(?:['’](?!\d)[\w\u0300-\u036f]+)*"
)
POSSESSIVE = re.compile(r"['’]s$")
WITHIN_WORDS = str.maketrans({"'": "", "’": "", ",": "", "·": "."})
NOT_ASCII = re.compile(r"([^\x00-\x7f]+)")
CACHE_SIZE = 1 << 17  # words of the owner's texts: enough for a large corpus, about 20 MB


class Token(NamedTuple):
    """A content word and its location: `text[start:end]` as written, `form` folded, `term` stemmed."""

    term: str
    form: str
    start: int
    end: int


def read_lines(name: str) -> list[str]:
    """The lines of a data file of the package, gzipped or not, without blank lines and comments (#)."""
    return [line for line in read_every_line(name) if line and not line.startswith("#")]


def read_every_line(name: str) -> list[str]:
    """All lines of a data file of the package, gzipped or not."""
    data = files("qa").joinpath("data", name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode().splitlines()


def read_words(name: str) -> frozenset[str]:
    """The words of a data file of the package."""
    return frozenset(word for line in read_lines(name) for word in line.split())


STOP_WORDS = read_words("function_words.txt")
AMERICAN = dict(line.split() for line in read_lines("british_american.txt"))
_stemmer = EnglishStemmer()
ENDINGS = frozenset("cdegilmnrsty'")  # the last letters of all endings that the stemmer removes or replaces
_cache: dict[str, tuple[str, str]] = {}


def fold(text: str) -> str:
    """The text in lower case, without accents and in compatibility form, for comparison; its length may change."""
    if text.isascii():
        return text.lower()
    # Letter by letter, so that runs of plain letters need no more than lower case.
    return "".join([run.lower() if run.isascii() else fold_run(run) for run in NOT_ASCII.split(text)])


def fold_run(text: str) -> str:
    # Decomposed before and after: "ⱽ" has no lower case until it becomes "V", and lower case may need decomposing too.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def form_of(word: str) -> str:
    """The word folded, without possessive 's, apostrophes and thousands commas."""
    if word.isascii() and word.isalpha():
        return word.lower()
    return fold(POSSESSIVE.sub("", word)).translate(WITHIN_WORDS)


def term_of(word: str) -> str:
    """The term of a word, the same for British and American spelling; "" for a stop word."""
    return read_word(word)[0]


def read_word(word: str) -> tuple[str, str]:
    """The term and the form of a word."""
    return _cache.get(word) or read_new_word(word)


@once_a_question
def read_new_word(word: str) -> tuple[str, str]:
    form = form_of(word)
    return term_of_form(form), form


def term_of_form(form: str) -> str:
    """The term of a folded word; "" for a stop word."""
    if form in STOP_WORDS:
        return ""
    return term_in_documents(form) or stemmed(AMERICAN.get(form, form))


def stemmed(form: str) -> str:
    return str(_stemmer.stem(form)) if form[-1:] in ENDINGS else form


def analyze(text: str, *, remember: bool = False) -> list[Token]:
    """The content words of a text, in order, with their offsets. `remember`: cache the words; only for the owner's
    texts, because words of a question must not be stored."""
    tokens = []
    for match in WORD_OR_NUMBER.finditer(text):
        read = read_word(match[0])
        if remember and len(_cache) < CACHE_SIZE:
            _cache[match[0]] = read
        if read[0]:
            tokens.append(Token(*read, match.start(), match.end()))
    return tokens


@lru_cache(1 << 8)
def spans_of_words(text: str) -> tuple[tuple[int, int], ...]:
    """Where the content words of a text of the owner's are: the same as those of `analyze`, without their terms."""
    return tuple([match.span() for match in WORD_OR_NUMBER.finditer(text) if is_content(match[0])])


@lru_cache(1 << 16)
def is_content(word: str) -> bool:
    """Whether a word of the owner's texts is a content word."""
    form = form_of(word)
    return bool(form) and form not in STOP_WORDS


@dataclass(frozen=True, slots=True)
class PassageTerms:
    """The terms of a passage, as needed by ranking, coverage and highlighting; computed once, when publishing.

    `counts` and `forms` count the terms and forms of title, headings and text together; `length` is their total number.
    `order` is the sequence of terms separated by spaces: " a b " occurs in it if b directly follows a; " | " separates
    title, headings and text. `given` are the terms of title and headings, `tokens` the content words of the text only.
    A table's header row counts as a heading.
    """

    counts: Counter[str]
    forms: Counter[str]
    length: int
    order: str
    title: frozenset[str]
    given: frozenset[str]
    tokens: tuple[Token, ...]

    def within(self, start: int, end: int) -> tuple[Token, ...]:
        """The content words that start within `start` and `end`, which are offsets into the text."""
        first = bisect_left(self.tokens, start, key=lambda token: token.start)
        last = bisect_left(self.tokens, end, key=lambda token: token.start)
        return self.tokens[first:last]


def passage_parts(text: str, path: Sequence[str] = (), title: str = "", head: str = "") -> list[list[Token]]:
    """The content words of a passage by part: its document's title, its headings (`path`), its table's header row
    (`head`) if it has one, and its text. The words are cached: they are the owner's."""
    return [analyze(part, remember=True) for part in (title, *path, *([head] if head else []), text)]


def passage_terms(text: str, path: Sequence[str] = (), title: str = "", head: str = "") -> PassageTerms:
    """The terms of a passage with these parts."""
    return combine_parts(passage_parts(text, path, title, head))


def combine_parts(parts: Sequence[Sequence[Token]]) -> PassageTerms:
    """The terms of a passage from the content words of its parts: first the title, last the text."""
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


def in_terms(phrase: str) -> str:
    """The terms of a phrase, separated by blanks."""
    return " ".join(token.term for token in analyze(phrase))


# Never of a question: its words must not be stored.
@lru_cache(1 << 14)
def listed_in_terms(phrase: str) -> str:
    """The same for a phrase of a list of the package or the owner."""
    return in_terms(phrase)


def occurs_in(terms: str, passage: PassageTerms) -> bool:
    """Whether a passage contains a term, or several terms in sequence."""
    return terms in passage.counts if " " not in terms else f" {terms} " in passage.order


class Remembered(dict[str, int]):
    """Frequencies that are looked up once."""

    def __init__(self, frequencies: Mapping[str, int]) -> None:
        super().__init__()
        self._frequencies = frequencies

    def __missing__(self, term: str) -> int:
        self[term] = number = self._frequencies.get(term, 0)
        return number

    def get(self, term: str, default: Any = 0) -> Any:
        return self[term] or default


@dataclass(frozen=True, slots=True)
class Statistics:
    """Corpus statistics for term weights; `frequencies` are document frequencies, counted in passages."""

    passages: int
    average_length: float
    frequencies: Mapping[str, int]

    def frequency(self, term: str) -> int:
        return self.frequencies.get(term, 0)

    def remembering(self) -> Statistics:
        """The same for one question, which asks for few terms again and again; what it asks for is not kept longer."""
        return Statistics(self.passages, self.average_length, Remembered(self.frequencies))

    def idf(self, term: str) -> float:
        return lucene_idf(self.frequency(term), self.passages)


def lucene_idf(frequency: int, passages: int) -> float:
    """Lucene's inverse document frequency: positive even for a term that occurs in every passage."""
    return log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
