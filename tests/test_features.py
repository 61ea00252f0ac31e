"""The second stage on arrays gives the same as the reference on objects, passage by passage."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.indexes import OpenIndex
from qa.indexing.publish import open_content
from qa.models import Catalogue, Document, Passage, Provenance, Site
from qa.retrieval.features import WordFeatures, word_scores
from qa.retrieval.ranking import contribute, weigh
from qa.text.analysis import analyze, occurs_in

WORDS = ["infusion", "infusions", "craving", "relapse", "placebo", "ketamine", "therapy", "days", "the", "2.5"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


def index_of(passages: list[tuple[str, tuple[str, ...], str]]) -> OpenIndex:
    documents = tuple(
        Document(
            f"d{n}",
            "",
            "",
            Provenance(title),
            "",
            (),
            (),
            (),
            (),
            (),
            (Passage(f"p{n}", f"d{n}", 0, 0, text, path, ()),),
        )
        for n, (text, path, title) in enumerate(passages)
    )
    return open_content(Catalogue("", documents, (), (), (), (), Site("", "", "", "")))


@given(TEXT, st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT), min_size=1, max_size=6))
@pytest.mark.parametrize("sentences", [1, 3])
def test_word_scores_are_the_sums_of_contributions(sentences, question, passages) -> None:
    index = index_of(passages)
    ids = [f"p{n}" for n in range(len(passages))]
    tokens, statistics = analyze(question), index.statistics
    features = WordFeatures(index.gather(ids), [token.term for token in tokens])
    weights = weigh(tokens, sentences, statistics)
    scores = word_scores(features, weights, statistics.average_length)
    for row, (id, found) in enumerate(zip(ids, scores.tolist(), strict=True)):
        wanted = sum(each.value for each in contribute(index.terms(id), weights, statistics.average_length))
        own = sum(each.value for each in contribute(features.terms_of(row), weights, statistics.average_length))
        assert isclose(found, wanted, rel_tol=1e-9)
        assert isclose(found, own, rel_tol=1e-9)


@given(
    TEXT.filter(analyze), st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT), min_size=1, max_size=6)
)
def test_phrases_are_found_where_passages_have_them(phrase, passages) -> None:
    """Never across stop words that were taken out twice, parts or passages."""
    index = index_of(passages)
    ids = [f"p{n}" for n in range(len(passages))]
    terms = " ".join(token.term for token in analyze(phrase))
    features = WordFeatures(index.gather(ids), terms.split())
    assert features.has(terms).tolist() == [occurs_in(terms, index.terms(id)) for id in ids]
    for row, id in enumerate(ids):
        few, every = features.terms_of(row), index.terms(id)
        looked_at = set(terms.split())
        assert few.counts == {term: n for term, n in every.counts.items() if term in looked_at}
        assert few.title == every.title & looked_at
        assert few.given == every.given & looked_at
        assert few.length == every.length
        assert occurs_in(terms, few) == occurs_in(terms, every)


def test_a_phrase_that_begins_a_sentence() -> None:
    """Given as the row and the number of words of the text before it; one in a heading does not count."""
    index = index_of([("Ketamine therapy. Relapse and ketamine therapy.", ("Ketamine therapy",), "")])
    features = WordFeatures(index.gather(["p0"]), ["ketamin", "therapi"])
    assert features.begins("ketamin therapi") == [(0, 0), (0, 3)]
