"""The analyzer: what is a word, what is dropped, and that offsets are right."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from qa.text.analysis import (
    STOP_WORDS,
    Statistics,
    analyze,
    fold,
    lucene_idf,
    passage_terms,
    read_lines,
    read_words,
    stemmed,
)

TEXT = st.text(st.one_of(st.sampled_from("abcdeé ẞßİıﬁ½²³'’-.,·0123456789(\u0301µΑß\n"), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Infusions infused", "infus infus"),  # inflected forms are one term
        ("0.8 mg/kg", "0.8 mg kg"),  # a decimal is one token: 0 and 8 would match any trial
        ("0·8 mg", "0.8 mg"),  # the decimal point of The Lancet
        ("1,000 and 1000", "1000 1000"),  # with and without a thousands comma
        ("patients [1,2,3]", "patient 1 2 3"),  # a list of numbers, not thousands
        ("2023;12(3),100", "2023 12 3 100"),
        ("non-opioid", "non opioid"),  # a hyphen splits: keeping it lost .027 nDCG on scifact
        ("abstinence¹² was", "abstin"),  # a citation directly after a word
        ("CO₂ and 10⁶", "co2 10"),  # a subscript belongs to the word
        ("the patient's drug", "patient drug"),
        ("the patients’ drug", "patient drug"),
        ("O'Brien’s", "obrien"),
        ("naïve NAÏVE nai\u0308ve", "naiv naiv naiv"),  # accents, composed and decomposed
        ("ﬁbrosis", "fibrosi"),  # a ligature, as in PDF files
        ("What would you like to know about relapse?", "like relaps"),  # function words and question words
        ("don't doesn’t", ""),
        ("randomised tumour Behaviour", "random tumor behavior"),  # British and American are one term
        ("four analyses raised", "four analys rais"),  # from a list of words, not by a rule
        ("", ""),
        ("¹²³ — … ()", ""),
        ("STRAẞE straße", "strass strass"),
        ("Häufigkeit 高血圧 гипертония", "haufigkeit 高血圧 гипертония"),  # other scripts are kept
    ],
)
def test_terms(text: str, terms: str) -> None:
    assert [token.term for token in analyze(text)] == terms.split()


@given(TEXT)
def test_offsets_of_tokens(text: str) -> None:
    """Tokens do not overlap, and the text at a token's offsets gives the same token when analysed alone."""
    end = 0
    for token in analyze(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        assert [(t.term, t.form) for t in analyze(text[token.start : token.end])] == [(token.term, token.form)]
        assert token.form not in STOP_WORDS
        assert token.term.strip() == token.term != ""


@example("0'À0", "NFD")  # an accent after an apostrophe
@given(TEXT, st.sampled_from(["NFC", "NFD"]))
def test_composed_and_decomposed_text_have_the_same_terms(text: str, form: str) -> None:
    """A document may be in one form and the question in the other."""
    common = unicodedata.normalize("NFC", text.replace("\u0345", ""))
    written = unicodedata.normalize(form, common)  # type: ignore[arg-type]
    if all(unicodedata.category(c) != "Mn" or "\u0300" <= c <= "\u036f" for c in written):
        assert [t.term for t in analyze(written)] == [t.term for t in analyze(common)]


@given(TEXT)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_word_lists_are_folded() -> None:
    """A listed word with a capital or an accent would never match."""
    for name in ("function_words.txt", "discounted.txt", "drug_endings.txt", "drug_names.txt"):
        words = read_words(name)
        assert words
        assert all(word == fold(word) and word.isalnum() for word in words), name


def test_the_terms_of_a_passage() -> None:
    terms = passage_terms("Relapse was rare. Relapses fell.", ("Opioid use", "Relapse"), "Treatment of opioid use")
    assert terms.counts == {"opioid": 2, "use": 2, "relaps": 3, "treatment": 1, "rare": 1, "fell": 1}
    assert terms.forms["relapse"] == 2
    assert terms.length == 10
    assert terms.title == {"treatment", "opioid", "use"}
    assert terms.given == {"treatment", "opioid", "use", "relaps"}
    assert " opioid use " in terms.order
    assert " relaps rare " in terms.order  # adjacent once stop words are removed
    assert " relaps relaps " not in terms.order  # heading and text are separate
    assert [token.form for token in terms.within(18, 32)] == ["relapses", "fell"]
    assert terms.within(18, 18) == ()


def test_idf_is_positive_and_decreasing() -> None:
    """rank-bm25's own idf is negative for a word in most passages."""
    weights = [lucene_idf(n, 7) for n in range(8)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    statistics = Statistics(7, 10.0, {"ketamin": 7})
    assert statistics.idf("ketamin") == weights[7]
    assert statistics.idf("unheard") == weights[0]


@given(TEXT)
def test_folding_letter_by_letter_is_folding_the_whole(text):
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    assert fold(text) == "".join(c for c in decomposed if not unicodedata.combining(c))


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz'0é", min_size=1, max_size=9)
ENDINGS_OF_WORDS = st.sampled_from(
    ["ational", "iviti", "ement", "edly", "ied", "sses", "y", "'s'", "e", "skis", "news", ""]
)


def test_words_that_have_no_ending_are_their_stems() -> None:
    """The stemmer is only asked about others; for each word the stem is what it says."""
    stem = EnglishStemmer().stem
    for word in read_lines("known_terms.txt.gz"):
        assert stemmed(word) == stem(word)


@given(LETTERS, ENDINGS_OF_WORDS)
def test_any_word_has_the_stem_of_the_stemmer(letters: str, ending: str) -> None:
    assert stemmed(letters + ending) == EnglishStemmer().stem(letters + ending)
