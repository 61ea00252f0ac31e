"""Many patterns at once: none that matches is left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.necessary import is_within_words, most_pieces
from qa.text.patterns import Patterns
from qa.understanding.aspects import compiled
from qa.understanding.shipped import aspects
from testkit.corpora import PAGES, ROOT

SHIPPED = [compiled(p) for aspect in aspects() for p in (*aspect.cue_patterns, *aspect.evidence_patterns)]
TEXTS = [
    line.lower()
    for path in (*sorted((ROOT / "tests" / "data" / "questions").glob("*.jsonl"))[:2], *sorted(PAGES.glob("*.txt"))[:4])
    for line in path.read_text(encoding="utf-8").splitlines()
]

TRIED = [
    (r"\bphase [1-4]\b", "a phase 2 trial", True, "a word and one of some digits"),
    (r"\bphase [1-4]\b", "emphases of 2 trials", False, "the word begins within another"),
    (r"\d{1,3}p\b", "it costs 12p", True, "a repeated digit before a letter"),
    (r"\d{1,3}p\b", "up to 12", False, "no digit before the letter"),
    (r"(?:a|the) (?:mg|ml)", "the ml", True, "choices one after the other"),
    (r"[$€]\d", "it costs €5", True, "a symbol"),
    (r"[$€]\d", "it costs 5", False, "no symbol"),
    (r"\bco-?operate", "they cooperate", True, "a hyphen that may be missing"),
    (r"(?i)LOUD", "loud", True, "case that is ignored"),
    (r".*", "", True, "what matches everything"),
    (r"(ab)\1", "abab", True, "a reference to a group"),
    (r"x|\s+", " ", True, "nothing to look for in one of two choices"),
    (r"(?<!not )\bgiven", "was given", True, "a condition on what is before"),
    (r"٣ days", "3 days", True, "any digit stands for any other: tried, though it does not match"),
]


@pytest.mark.parametrize(("pattern", "text", "tried", "why"), TRIED)
def test_patterns_tried(pattern: str, text: str, tried: bool, why: str) -> None:
    patterns = Patterns([(re.compile(pattern), None)])
    assert bool(patterns.possible(text)) == tried, why
    assert bool(patterns.possible(text, remember=True)) == tried, why


def test_the_shipped_patterns_find_the_same_one_by_one() -> None:
    together = Patterns((pattern, number) for number, pattern in enumerate(SHIPPED))
    for text in TEXTS:
        alone = [(m.span(), n) for n, pattern in enumerate(SHIPPED) for m in pattern.finditer(text)]
        assert [(match.span(), number) for match, number in together.find(text)] == alone
        remembered = {number for pattern, number in together.possible(text, remember=True) if pattern.search(text)}
        assert remembered == {number for _, number in alone}


LITERAL = st.sampled_from(["a", "ab", "b ", " ", "1", "12", "-", "%", "é"])
PART = LITERAL.map(re.escape) | st.sampled_from(
    [r"\b", r"\d", r"\w", r"\s", "[ab1]", "[^a]", ".", "(?=a)", "(?<!b)", r"\B"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    repeat = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "+?", "{0,2}"])
    return (
        several.map("".join)
        | several.map(lambda each: f"(?:{'|'.join(each)})")
        | st.tuples(inner, repeat).map(lambda each: f"(?:{each[0]}){each[1]}")
    )


@given(st.recursive(PART, grown, max_leaves=8), st.text("ab 12-%é.", max_size=12))
def test_a_pattern_that_matches_is_tried(pattern: str, text: str) -> None:
    read = re.compile(pattern)
    patterns = Patterns([(read, None)])
    if read.search(text):
        assert patterns.possible(text)
        assert patterns.possible(text, remember=True)


WITHIN_WORDS = [
    (r"\bfollow-?up\b", True, "the edge of a word is that of a piece too"),
    (r"\d+(?:[.,]\d+)?(?![\d;:)])", True, "what may not follow is no white space"),
    (r"(?<!\w)[a-z]{2,}", True, "a range of letters"),
    (r"\d\s?%", False, "there may be white space within"),
    (r"one of", False, "there is a blank within"),
    (r"(?<!not )given", False, "it looks at a blank before"),
    (r"a[^b]", False, "white space is among all but some characters"),
    (r"a.c", False, "white space is any character too"),
    (r"\d$", False, "it looks for the end of the text"),
    (r"\d*", False, "it matches a text without pieces"),
]


@pytest.mark.parametrize(("pattern", "within", "why"), WITHIN_WORDS)
def test_patterns_that_look_at_no_white_space(pattern: str, within: bool, why: str) -> None:
    assert is_within_words(re.compile(pattern)) == within, why


MANY = 99
PIECES_OF_MATCHES = [
    (r"\d\s*mg", 2, "white space, however long, is between two pieces"),
    (r"(?:a|half a|one in two) day", 4, "the longest choice"),
    (r"\d (?:\w+ ){0,2}days", 4, "a repeated blank"),
    (r"\(\w[^()]{2,5}\d", 6, "any of the other characters may be a blank"),
    (r"\d[\s-]+days", MANY, "there may be any number of pieces that are only hyphens"),
    (r"(?<!page )\d", 1, "what is before is not matched"),
]


@pytest.mark.parametrize(("pattern", "most", "why"), PIECES_OF_MATCHES)
def test_over_how_many_pieces_a_match_extends(pattern: str, most: float, why: str) -> None:
    assert min(MANY, most_pieces(re.compile(pattern))) == most, why


@given(st.recursive(PART, grown, max_leaves=8), st.text("ab 12-%é.\n", max_size=12))
def test_no_match_extends_over_more_pieces(pattern: str, text: str) -> None:
    read = re.compile(pattern)
    assert all(len(match[0].split()) <= most_pieces(read) for match in read.finditer(text))


@given(st.recursive(PART, grown, max_leaves=8), st.text("ab 12-%é.\n", max_size=12))
def test_such_a_pattern_matches_a_text_if_it_matches_a_piece(pattern: str, text: str) -> None:
    read = re.compile(pattern)
    if is_within_words(read):
        assert bool(read.search(text)) == any(map(read.search, text.split()))


def test_words_of_many_texts_have_what_each_has() -> None:
    many, each = (Patterns((pattern, number) for number, pattern in enumerate(SHIPPED)) for _ in range(2))
    for texts in (TEXTS[::2], TEXTS, []):
        many.learn(texts)
    assert [many.bits_in(text) for text in TEXTS] == [each.bits_in(text) for text in TEXTS]
