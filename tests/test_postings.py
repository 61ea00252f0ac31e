"""The benchmarks' first stage ranks as the index does, or their figures would not be the product's."""

from __future__ import annotations

from itertools import pairwise
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from qa.indexes.memory import LuceneBM25
from qa.indexes.stored import K1, B
from qa.text.analysis import passage_terms
from testkit.postings import Postings

TEXT = st.lists(st.sampled_from(["infusion", "craving", "relapse", "placebo", "ketamine"]), max_size=9).map(" ".join)


@given(
    st.lists(TEXT, min_size=1, max_size=9).filter(any), st.sets(st.sampled_from(["infus", "crave", "relaps", "none"]))
)
def test_postings_score_as_rank_bm25(texts: list[str], terms: set[str]) -> None:
    passages = [passage_terms(text) for text in texts]
    postings = Postings(passages)
    bm25 = LuceneBM25([list(p.counts.elements()) for p in passages], k1=K1, b=B)
    expected = bm25.get_scores(list(terms))
    found = postings.search(terms, len(texts))
    assert sorted(found) == [place for place, score in enumerate(expected) if score > 0]
    scores = [expected[place] for place in found]
    assert all(a > b or isclose(a, b) for a, b in pairwise(scores))
    assert postings.search(terms, 2) == found[:2]
