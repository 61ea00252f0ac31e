"""How much of a question a passage covers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieval.coverage import Allowances, Coverage, cover
from qa.text.analysis import Statistics, analyze, passage_terms, term_of
from qa.text.background import background, generic_words

ONE_PAGE = Statistics(7, 40.0, {"ketamin": 7, "craving": 2, "relaps": 2, "infus": 3})


def covered(question: str, passage: str, *, discounted: bool = True) -> Coverage:
    allowing = Allowances(generic_words() if discounted else frozenset())
    return cover(analyze(question), passage_terms(passage), ONE_PAGE, allowing)


PASSAGE = "Ketamine infusions led to lower relapse risk. Craving scores fell. The study found it."


@pytest.mark.parametrize(
    ("question", "above", "below", "missing"),
    [
        ("ketamine craving", 1, 1, ""),
        ("What is the capital of Mongolia?", 0, 0, "capital mongolia"),
        # a rare word that the passage lacks weighs more than a common one that it has
        ("ketamine for zebrafish", 0.2, 0.55, "zebrafish"),
        # missing generic words count half and are not reported
        ("Is there any evidence that people who struggle with craving get help from ketamine?", 0.45, 0.55, ""),
        # but a question of generic words only is not covered by every passage
        ("Does it help people?", 0, 0, "help people"),
        # ... and they count where they occur
        ("What did the study conclude?", 0.1, 0.9, "conclude"),
        ("ketamine for boozers", 0.2, 0.6, "boozers"),
        # another form of a word counts half
        ("cravings", 0.49, 0.51, ""),
        ("zebrafish relapse risk", 0.3, 0.6, "zebrafish"),
        # a repeated word is reported as missing once
        ("methadone methadone", 0, 0, "methadone"),
        ("", 1, 1, ""),
    ],
)
def test_cover(question: str, above: float, below: float, missing: str) -> None:
    coverage = covered(question, PASSAGE)
    assert above <= coverage.share <= below
    assert [token.form for token in coverage.missing] == missing.split()


WORDS = st.lists(
    st.sampled_from(["ketamine", "craving", "relapse", "study", "help", "zebrafish", "boozers", "week", "infusion"]),
    max_size=6,
)


@given(WORDS, WORDS, WORDS)
def test_properties_of_coverage(question: list[str], passage: list[str], more: list[str]) -> None:
    """Between 0 and 1; 1 exactly when nothing is missing; a longer passage never covers less."""
    asked = " ".join(question)
    coverage = covered(asked, " ".join(passage))
    assert 0 <= coverage.share <= 1
    assert (coverage.share == 1) == ({t.term for t in analyze(asked)} <= {t.term for t in analyze(" ".join(passage))})
    assert covered(asked, " ".join(passage + more)).share >= coverage.share - 1e-12
    assert {t.term for t in coverage.missing} <= {t.term for t in analyze(asked)}


def test_the_background_weighs_words_that_one_page_cannot() -> None:
    """On a page about ketamine every passage contains the word, although it is rare in the language."""
    assert background().weight("ketamin", ONE_PAGE) > background().weight("patient", ONE_PAGE) > 0
    assert ONE_PAGE.idf("ketamin") < ONE_PAGE.idf("patient")
    heaviest = background().weight("nosuchword", ONE_PAGE)
    assert all(background().weight(term, ONE_PAGE) <= heaviest for term in ("ketamin", "zebrafish", "relaps"))


def test_the_background_uses_the_same_terms() -> None:
    """With a table made by another stemmer words would be unknown."""
    table = background()
    assert table.passages > max(table.frequencies.values()) > 60_000
    assert table.passages == 75_778  # the first line of the table, which is not a comment
    for word in ("studies", "therapy", "relapse", "patients", "disorder", "randomised", "naïve"):
        assert table.knows(term_of(word)), word


def test_generic_words_name_no_subject() -> None:
    """Populations, illnesses, treatments, outcomes and costs are subjects of questions."""
    subjects = "child children pregnant price cost safe drug dose disease disorder pain death alcohol therapy elderly"
    assert not generic_words() & {term_of(word) for word in subjects.split()}
