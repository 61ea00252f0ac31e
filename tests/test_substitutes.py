"""Substitutes: a passage found and highlighted by a synonym of the question's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.text.analysis import passage_terms
from qa.views.hits import highlights
from testkit.corpora import corpus_of_page

OWN = '[[group]]\nwords = ["bag", "pouch"]\n'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    """A page whose owner lists one group of synonyms."""
    folder = corpus_of_page("school-phones", tmp_path_factory.mktemp("page") / "school-phones")
    Path(folder, "synonyms.toml").write_text(OWN, encoding="utf-8")
    return open_published(folder, "memory:")


def test_a_passage_is_found_by_an_owners_synonym_and_the_user_is_shown(page: OpenIndex) -> None:
    result = answer("what do lockable bags cost", page, Options(explain=True))
    first = result.answers[0]
    assert "Pouches cost about 18 euros a pupil" in first.text
    assert {each.term for each in first.why if each.kind == "alike"} >= {"bag"}
    assert "lockable" in result.missing
    assert "bags" not in result.missing, "a synonym is the same thing"
    shown = {(h.term, first.text[h.start : h.end].lower()) for h in first.highlights}
    assert ("bag", "pouches") in shown, "the synonym is highlighted in the passage"


def test_a_word_that_occurs_needs_no_substitute(page: OpenIndex) -> None:
    result = answer("what do pouches cost", page, Options(explain=True))
    assert result.answers
    assert not [each for each in result.answers[0].why if each.kind == "alike" and each.term == "pouch"]


def test_a_question_as_written_uses_no_substitutes(page: OpenIndex) -> None:
    asked = "what do lockable bags cost"
    found = [answer(asked, page, Options(explain=True, as_written=written)).answers for written in (False, True)]
    kinds = [{each.kind for hit in hits for each in hit.why} for hits in found]
    assert "alike" in kinds[0]
    assert "alike" not in kinds[1]


def test_a_substitute_phrase_is_highlighted_whole() -> None:
    text = "After seven days, in one of seven schools, pupils had back their phones."
    terms = passage_terms(text)
    shown = [
        (text[h.start : h.end], h.term) for h in highlights(terms.tokens, [("week", "seven day"), ("phone", "phone")])
    ]
    assert shown == [("seven days", "week"), ("phones", "phone")]


def test_a_word_of_the_question_is_highlighted_as_itself(page: OpenIndex) -> None:
    """Not as the substitute for another word of the question."""
    (hit, *_) = answer("what do bags or pouches cost", page).answers
    shown = {hit.text[h.start : h.end].lower(): h.term for h in hit.highlights}
    assert shown["pouches"] == "pouch"
