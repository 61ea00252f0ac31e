"""Contract tests of `qa.indexes`, run for every kind of index."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import IndexUnavailable, NotFound
from qa.indexes import OpenIndex, open_index
from qa.models import Catalogue, ConditionTag, Document, Note, Passage, Provenance, Reference, Site
from qa.text.analysis import analyze, passage_terms

FACTORIES: dict[str, Callable[[Catalogue], OpenIndex]] = {"memory": lambda catalogue: open_index("memory:", catalogue)}

# text, headings, conditions
PAGE = [
    ("Three infusions led to more days abstinent.", ("Alcohol use disorder",), ("alcohol",)),
    ("Craving fell after one infusion.", ("Cocaine use disorder",), ("cocaine", "stimulants")),
    ("Withdrawal may be easier. Shen found fewer relapses.", ("Opioid use disorder",), ("opioids",)),
    ("The care plan is an individual one.", (), ()),
    ("The and of.", (), ()),  # no terms
    ("Craving fell after one infusion.", ("Cocaine use disorder",), ("cocaine",)),  # duplicate text
]
PARTS = PAGE[:3], PAGE[3:]


def passage(document: str, number: int, text: str, path: Sequence[str], conditions: Sequence[str]) -> Passage:
    tags = tuple(ConditionTag(id, "heading") for id in conditions)
    return Passage(f"{document}.{number}", document, 0, len(text), text, tuple(path), (), tags)


def document(id: str, title: str, parts: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> Document:
    passages = tuple(passage(id, number, *part) for number, part in enumerate(parts))
    return Document(id, f"{id}.txt", "", Provenance(title), "", (), (), (), (), (), passages)


def catalogue(*documents: Document) -> Catalogue:
    return Catalogue(
        version="1",
        documents=documents,
        references=(Reference("shen2025", {"id": "shen2025", "type": "article-journal"}),),
        conditions=(),
        notes=(
            Note("a", 20, 30, "partly", "Later.", "2025-01-01"),
            Note("a", 5, 9, "agrees", "Earlier.", "2025-01-01"),
        ),
        notices=(),
        site=Site("", "", "", ""),
    )


TWO = catalogue(document("a", "Treating addiction", PARTS[0]), document("b", "Planning care", PARTS[1]))


@pytest.fixture(params=FACTORIES)
def publish(request: pytest.FixtureRequest) -> Callable[[Catalogue], OpenIndex]:
    return FACTORIES[request.param]


@pytest.fixture
def index(publish: Callable[[Catalogue], OpenIndex]) -> OpenIndex:
    return publish(TWO)


def found(index: OpenIndex, words: str, limit: int = 10, conditions: Sequence[str] | None = None) -> list[str]:
    return [match.passage for match in index.search([t.term for t in analyze(words)], limit, conditions)]


# --- search ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "passages"),
    [
        ("withdrawal", ["a.2"]),
        ("abstinent", ["a.0"]),
        ("cocaine", ["a.1", "b.2"]),  # a term of the heading; ties in document order
        ("addiction withdrawal", ["a.2", "a.0", "a.1"]),  # a term of the title; ties after the best
        ("methamphetamine", []),  # no match gives an empty list, never the first passages
        ("the", []),  # no terms to search for
    ],
)
def test_search(index: OpenIndex, words: str, passages: list[str]) -> None:
    ids = found(index, words)
    assert ids[:1] == passages[:1]
    assert set(ids) == set(passages)
    if words == "cocaine":
        assert ids == passages


def test_a_term_in_every_passage_is_found(publish: Callable[[Catalogue], OpenIndex]) -> None:
    """The idf of rank-bm25 itself is zero or negative for it."""
    texts = [("Ketamine helped.", (), ()), ("Ketamine did nothing.", (), ()), ("Ketamine", (), ())]
    index = publish(catalogue(document("a", "", texts)))
    assert set(found(index, "ketamine")) == {"a.0", "a.1", "a.2"}


WORDS = st.lists(
    st.sampled_from(
        [
            "infusion",
            "craving",
            "relapse",
            "disorder",
            "care",
            "plan",
            "withdrawal",
            "days",
            "nothing",
            "shen",
            "use",
            "addiction",
        ]
    )
)


@given(WORDS, st.integers(1, 7), st.none() | st.sets(st.sampled_from(["alcohol", "cocaine", "stimulants", "no such"])))
@pytest.mark.parametrize("kind", FACTORIES)
def test_properties_of_search(kind: str, words: list[str], limit: int, conditions: set[str] | None) -> None:
    index = FACTORIES[kind](TWO)
    terms = [token.term for token in analyze(" ".join(words))]
    matches = index.search(terms, limit, conditions)
    assert len(matches) <= limit
    assert matches == index.search(terms + terms, limit, conditions)  # repeated terms count once
    order = [passage.id for document in TWO.documents for passage in document.passages]
    assert matches == sorted(matches, key=lambda match: (-match.score, order.index(match.passage)))
    for match in matches:
        assert match.score > 0
        assert set(terms) & index.terms(match.passage).counts.keys()
        tags = {tag.id for tag in index.passage(match.passage).conditions}
        assert conditions is None or tags & conditions
    sharing = [
        id
        for id in order
        if set(terms) & index.terms(id).counts.keys()
        and (conditions is None or {tag.id for tag in index.passage(id).conditions} & conditions)
    ]
    assert len(matches) == min(limit, len(sharing))  # every passage that shares a term is found


@pytest.mark.parametrize(
    "documents",
    [
        (),  # no documents
        (document("a", "", []),),  # a document without passages
        (document("a", "", [("The and of.", (), ())]),),  # passages without terms
    ],
)
def test_an_empty_index_finds_nothing(
    publish: Callable[[Catalogue], OpenIndex], documents: tuple[Document, ...]
) -> None:
    index = publish(catalogue(*documents))
    assert index.search(["infus"], 10) == []
    assert index.statistics.frequency("infus") == 0
    assert index.statistics.average_length == 0
    assert not index.words


# --- statistics --------------------------------------------------------------------------------


def test_statistics(index: OpenIndex) -> None:
    lengths = [index.terms(p.id).length for d in TWO.documents for p in d.passages]
    assert index.statistics.passages == 6
    assert index.statistics.average_length == sum(lengths) / 6
    assert index.statistics.frequency("infus") == 3
    assert index.statistics.frequency("addict") == 3  # terms of the title count for each passage of the document
    assert index.statistics.frequency("unheard") == 0


def test_terms_are_those_of_passage_headings_and_title(index: OpenIndex) -> None:
    assert index.terms("a.1") == passage_terms(PAGE[1][0], PAGE[1][1], "Treating addiction")


def test_words_for_spelling_correction(index: OpenIndex) -> None:
    assert index.words["infusion"] == 2
    assert "shen" not in index.words  # a name: no spelling is corrected to it
    assert "the" not in index.words


# --- the store ---------------------------------------------------------------------------------


def test_the_store_returns_what_was_published(index: OpenIndex) -> None:
    assert index.catalogue == TWO
    assert index.document("b") == TWO.documents[1]
    assert index.passage("b.0") == TWO.documents[1].passages[0]
    assert index.reference("shen2025") == TWO.references[0]
    assert [note.text for note in index.notes("a")] == ["Earlier.", "Later."]  # in reading order
    assert index.notes("b") == ()


@pytest.mark.parametrize("method", ["passage", "document", "reference", "notes", "terms"])
def test_an_unknown_id(index: OpenIndex, method: str) -> None:
    with pytest.raises(NotFound) as caught:
        getattr(index, method)("<no such id>")
    assert "<no such id>" not in str(caught.value)  # input is not echoed


def test_publishing_again_creates_a_new_version(publish: Callable[[Catalogue], OpenIndex]) -> None:
    old = publish(TWO)
    new = publish(catalogue(document("c", "", [("Withdrawal was easy.", (), ())])))
    assert found(old, "withdrawal") == ["a.2"]
    assert found(new, "withdrawal") == ["c.0"]


@pytest.mark.parametrize("url", ["", "memory", "disk:/tmp/x", "memory:x"])
def test_an_unknown_kind_of_index(url: str) -> None:
    with pytest.raises(IndexUnavailable):
        open_index(url, TWO)
