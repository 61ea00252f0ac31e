"""Text to terms: what is a word, what is dropped, and that every token stands where it says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.text.analysis import STOP_WORDS, Statistics, analyze, fold, lucene_idf, passage_terms, read_words

TEXT = st.text(st.one_of(st.sampled_from("abcdeé ẞßİıﬁ½²³'’-.,·0123456789(\u0301µΑß\n"), st.characters()), max_size=60)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Infusions infused", "infus infus"),  # inflections are one term
        ("0.8 mg/kg", "0.8 mg kg"),  # a decimal is one number: 0 and 8 would match any trial
        ("0·8 mg", "0.8 mg"),  # the decimal point of The Lancet
        ("1,000 and 1000", "1000 1000"),  # thousands, with a comma or without
        ("patients [1,2,3]", "patient 1 2 3"),  # an enumeration is no thousands
        ("2023;12(3),100", "2023 12 3 100"),
        ("non-opioid", "non opioid"),  # a hyphen splits: kept whole it lost .027 nDCG on scifact
        ("abstinence¹² was", "abstin"),  # the mark of a citation, glued to its word
        ("CO₂ and 10⁶", "co2 10"),  # a subscript belongs to the word
        ("the patient's drug", "patient drug"),
        ("the patients’ drug", "patient drug"),
        ("O'Brien’s", "obrien"),
        ("naïve NAÏVE nai\u0308ve", "naiv naiv naiv"),  # accents, composed and not
        ("ﬁbrosis", "fibrosi"),  # a ligature, as PDF files have it
        ("What would you like to know about relapse?", "like relaps"),  # words of grammar and of asking
        ("don't doesn’t", ""),
        ("randomised tumour Behaviour", "random tumor behavior"),  # British and American are one term
        ("four analyses raised", "four analys rais"),  # which is a list of words, not a rule
        ("", ""),
        ("¹²³ — … ()", ""),
        ("STRAẞE straße", "strass strass"),
        ("Häufigkeit 高血圧 гипертония", "haufigkeit 高血圧 гипертония"),  # other scripts are kept as they are
    ],
)
def test_terms(text: str, terms: str) -> None:
    assert [token.term for token in analyze(text)] == terms.split()


@given(TEXT)
def test_a_token_stands_where_it_says(text: str) -> None:
    """Offsets are into the text as it is; what stands there gives the same token by itself; tokens do not overlap."""
    end = 0
    for token in analyze(text):
        assert end <= token.start < token.end <= len(text)
        end = token.end
        assert [(t.term, t.form) for t in analyze(text[token.start : token.end])] == [(token.term, token.form)]
        assert token.form not in STOP_WORDS
        assert token.term.strip() == token.term != ""


@example("0'À0", "NFD")  # an accent behind an apostrophe
@given(TEXT, st.sampled_from(["NFC", "NFD"]))
def test_composed_and_decomposed_text_have_the_same_terms(text: str, form: str) -> None:
    """A document may be in one form and the question in the other."""
    common = unicodedata.normalize("NFC", text.replace("\u0345", ""))
    written = unicodedata.normalize(form, common)  # type: ignore[arg-type]
    if all(unicodedata.category(c) != "Mn" or "\u0300" <= c <= "\u036f" for c in written):
        assert [t.term for t in analyze(written)] == [t.term for t in analyze(common)]


@given(TEXT)
def test_folding_is_done_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_data_files_are_folded_and_say_what_they_are() -> None:
    """A word with a capital or an accent in a list would never be met."""
    for name in ("function_words.txt", "question_words.txt", "discounted.txt", "drug_endings.txt", "drug_names.txt"):
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
    assert " relaps rare " in terms.order  # words that follow one another once the stop words are gone
    assert " relaps relaps " not in terms.order  # the heading and the text are not one stretch
    assert [token.form for token in terms.within(18, 32)] == ["relapses", "fell"]
    assert terms.within(18, 18) == ()


def test_idf_is_above_zero_and_falls() -> None:
    """rank-bm25's own is below zero for a word that most passages have."""
    weights = [lucene_idf(n, 7) for n in range(8)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0
    statistics = Statistics(7, 10.0, {"ketamin": 7})
    assert statistics.idf("ketamin") == weights[7]
    assert statistics.idf("unheard") == weights[0]
