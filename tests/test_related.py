"""Related words: the shipped table, and how answers use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.text.analysis import in_terms, passage_terms, term_of
from qa.understanding.expansion import related_terms, table
from qa.understanding.illnesses import illnesses
from qa.views.hits import highlights
from testkit.corpora import corpus_of_page


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    folder: Path = tmp_path_factory.mktemp("page") / "school-phones"
    return open_published(corpus_of_page("school-phones", folder), "memory:")


RELATED = [
    # (word, other, related, why)
    ("lorry", "truck", True, "one thing, two words"),
    ("bags", "pouches", True, "a wider word"),
    ("snore", "apnoea", True, "associated with it"),
    ("summer", "winter", False, "words of time are never related: one season does not answer for another"),
    ("six", "seven", False, "nor numbers"),
    ("women", "men", False, "nor opposites"),
    ("hot", "cold", False, "nor opposites"),
    ("methadone", "buprenorphine", False, "one drug is not another"),
    ("ketamine", "anaesthetic", False, "nor its kind, which interventions.toml lists"),
    ("cocaine", "heroin", False, "nor are drugs that nobody prescribes"),
    ("wine", "alcohol", True, "but wine is alcohol"),
    ("headache", "nausea", False, "one symptom is not another"),
    ("glaucoma", "epilepsy", False, "nor is one illness another"),
    ("syphilis", "autism", False, "nor is one illness another, in whatever branch of WordNet"),
    ("diarrhoea", "dysentery", False, "nor is a symptom the illness that causes it"),
    ("prostate", "cancer", False, "nor is a part of the body its illness"),
    ("cancer", "leukaemia", True, "but leukaemia is a cancer"),
    ("tongue", "throat", True, "and parts of the body are related"),
    ("headache", "migraine", True, "but a migraine is a headache"),
    ("france", "germany", False, "nor names"),
]


@pytest.mark.parametrize(("word", "other", "near", "why"), RELATED)
def test_related_words(word: str, other: str, near: bool, why: str) -> None:
    assert (term_of(other) in related_terms(term_of(word))) is near, why


def test_every_line_of_the_table_can_be_parsed() -> None:
    assert len(table()) > 20_000
    for term in table():
        others = related_terms(term)
        assert others
        assert term not in others
        assert all(0 < share <= 1 for share in others.values())


def test_no_illness_is_related_to_another() -> None:
    """Among the illnesses with one-word names, unless one is a kind of the other."""
    known = illnesses()
    alike: dict[str, set[str]] = {}
    for number, names in enumerate(known.names):
        kinds = {in_terms(name) for name in known.names_with_kinds(number)}
        for term in map(in_terms, names):
            alike.setdefault(term, set()).update(kinds)
    listed = alike.keys() & table().keys()
    assert len(listed) > 50
    pairs = [(a, b) for a in listed for b in related_terms(a) if b in alike]
    assert pairs
    others = {frozenset(pair) for pair in pairs if pair[1] not in alike[pair[0]] and pair[0] not in alike[pair[1]]}
    kinds_by_wordnet = {("bronchiti", "bronchiol"), ("carcinoma", "melanoma"), ("herp", "shingl")}
    assert others <= set(map(frozenset, kinds_by_wordnet))


def test_a_passage_is_found_by_a_related_word_and_the_user_is_told(page: OpenIndex) -> None:
    result = answer("what do lockable bags cost", page, Options(explain=True))
    assert result.status in ("answered", "closest")
    assert "Pouches cost about 18 euros a pupil" in result.answers[0].text
    assert {"bag"} <= {each.term for each in result.answers[0].why if each.kind == "related"}
    assert {"lockable", "bags"} <= set(result.missing), "related is not the same: the words are reported as not found"
    shown = {(h.term, result.answers[0].text[h.start : h.end]) for h in result.answers[0].highlights}
    assert ("bag", "Pouches") in shown or ("bag", "pouches") in shown, "the related word is highlighted in the passage"


def test_a_word_that_occurs_needs_no_related_word(page: OpenIndex) -> None:
    result = answer("what do pouches cost", page, Options(explain=True))
    assert result.answers
    assert not [each for each in result.answers[0].why if each.kind == "related"]


def test_a_related_word_alone_is_no_answer(page: OpenIndex) -> None:
    """Related words rank and count in passages that have a word of the question or a synonym; they find none."""
    assert answer("bags", page).status == "abstained"
    assert answer("bags, what do they cost", page).answers


def test_a_question_as_written_uses_no_related_words(page: OpenIndex) -> None:
    asked = "what do lockable bags cost"
    kinds = [{each.kind for hit in answer(asked, page, Options(explain=True, as_written=written)).answers for each in hit.why}
             for written in (False, True)]  # fmt: skip
    assert "related" in kinds[0]
    assert "related" not in kinds[1]


def test_a_substitute_phrase_is_highlighted_whole() -> None:
    text = "After seven days, in one of seven schools, pupils had back their phones."
    terms = passage_terms(text)
    shown = [(text[h.start : h.end], h.term) for h in highlights(terms, [("week", "seven day"), ("phone", "phone")])]
    assert shown == [("seven days", "week"), ("phones", "phone")]


def test_a_word_of_the_question_is_highlighted_as_itself(page: OpenIndex) -> None:
    """Not as the substitute for another word of the question."""
    (hit, *_) = answer("what do bags or pouches cost", page).answers
    shown = {hit.text[h.start : h.end].lower(): h.term for h in hit.highlights}
    assert shown["pouches"] == "pouch"
