"""Contract tests of `qa.indexes`, run for every kind of index."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache, partial
from tempfile import TemporaryDirectory, mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.cache import temporary_cache
from qa.encoder import Encoder
from qa.errors import IndexUnavailable, NotFound
from qa.indexes import OpenIndex, has_version, open_index
from qa.indexes.memory import LuceneBM25
from qa.indexes.stored import K1, B
from qa.indexes.vectors import MOST_COMPARED
from qa.indexing.content import digest_of_content
from qa.indexing.publish import open_content, publish_content
from qa.indexing.vectors import open_with_vectors
from qa.models import Catalogue, ConditionTag, Document, Note, Passage, Provenance, Reference, Site
from qa.text.analysis import analyze, passage_terms
from testkit import opensearch_nodes
from testkit.encoders import tiny_encoder


def open_with_tiny_vectors(content: Catalogue, url: str) -> OpenIndex:
    kept = temporary_cache()
    return open_with_vectors(url, publish_content(content, url, kept), kept, tiny_encoder())


def open_in_cluster(content: Catalogue, encoder: Encoder | None = None) -> OpenIndex:
    """The same in a real cluster of three nodes. What is there already is not stored again."""
    if reason := opensearch_nodes.missing():
        pytest.skip(reason)
    url = f"opensearch+http://{','.join(opensearch_nodes.shared_cluster().hosts)}/tests?shards=3"
    kept, version = temporary_cache(), content.version or digest_of_content(content)
    if not has_version(url, version, kept):
        publish_content(content, url, kept)
    return open_with_vectors(url, version, kept, encoder)


FOLDERS = TemporaryDirectory()


def new_folder() -> str:
    return f"disk:{mkdtemp(dir=FOLDERS.name)}/index"


FACTORIES: dict[str, Callable[[Catalogue], OpenIndex]] = {
    "memory": partial(open_content, url="memory:"),
    "memory with vectors": partial(open_with_tiny_vectors, url="memory:"),
    "opensearch": open_in_cluster,
    "opensearch with vectors": lambda content: open_in_cluster(content, tiny_encoder()),
    "disk": lambda content: open_content(content, new_folder()),
    "disk with vectors": lambda content: open_with_tiny_vectors(content, new_folder()),
}
IN_CLUSTER = (pytest.mark.slow, pytest.mark.cluster)
KINDS = [pytest.param(kind, marks=IN_CLUSTER if "opensearch" in kind else ()) for kind in FACTORIES]

REFERENCE = Reference("shen2025", {"id": "shen2025", "type": "article-journal"})

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
        version="",
        documents=documents,
        references=(REFERENCE,),
        conditions=(),
        notes=(
            Note("a", 20, 30, "partly", "Later.", "2025-01-01"),
            Note("a", 5, 9, "agrees", "Earlier.", "2025-01-01"),
        ),
        notices=(),
        site=Site("", "", "", ""),
    )


TWO = catalogue(document("a", "Treating addiction", PARTS[0]), document("b", "Planning care", PARTS[1]))


@pytest.fixture(params=KINDS)
def publish(request: pytest.FixtureRequest) -> Callable[[Catalogue], OpenIndex]:
    return FACTORIES[request.param]


@pytest.fixture
def index(publish: Callable[[Catalogue], OpenIndex]) -> OpenIndex:
    return publish(TWO)


def found(index: OpenIndex, words: str, limit: int = 10, conditions: Sequence[str] | None = None) -> list[str]:
    return list(index.candidates([t.term for t in analyze(words)], limit, conditions).ids)


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


def test_passages_are_added_to_those_found(index: OpenIndex) -> None:
    found = index.candidates(["cocain"], 10, also=["b.0", "a.1", "b.0"])
    assert ([*found.ids], found.matched) == (["a.1", "b.2", "b.0"], 2)
    assert list(found.scores)[2:] == [0]
    assert [*index.gather(["b.0", "a.1"]).ids] == ["b.0", "a.1"]
    with pytest.raises(NotFound):
        index.gather(["<no such id>"])


def test_candidates_have_the_words_of_their_passages(index: OpenIndex) -> None:
    """In order: title, headings and text, with a break between them."""
    found = index.gather(["a.2", "b.1"])
    row = " ".join(found.lexicon.form(number) for number in found.words[: found.starts[1]].tolist())
    assert row == "treating addiction  opioid use disorder  withdrawal easier shen found fewer relapses"
    assert found.titles.tolist() == [2, 2]
    assert found.texts.tolist() == [7, 3]
    assert found.lengths.tolist() == [11, 2]
    opioid = found.lexicon.forms_of("opioid")
    assert [found.lexicon.form(number) for number in opioid] == ["opioid"]
    assert not found.lexicon.forms_of("unheard")


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


@cache
def opened(kind: str) -> OpenIndex:
    return FACTORIES[kind](TWO)


@given(WORDS, st.integers(1, 7), st.none() | st.sets(st.sampled_from(["alcohol", "cocaine", "stimulants", "no such"])))
@pytest.mark.parametrize("kind", KINDS)
def test_properties_of_search(kind: str, words: list[str], limit: int, conditions: set[str] | None) -> None:
    index = opened(kind)
    terms = [token.term for token in analyze(" ".join(words))]
    matches = index.candidates(terms, limit, conditions)
    assert len(matches) == matches.matched <= limit
    again = index.candidates(terms + terms, limit, conditions)  # repeated terms count once
    assert ([*matches.ids], matches.scores) == ([*again.ids], again.scores)
    order = [passage.id for document in TWO.documents for passage in document.passages]
    ranked = list(zip(matches.scores, matches.ids, strict=True))
    assert ranked == sorted(ranked, key=lambda match: (-match[0], order.index(match[1])))
    for score, id in ranked:
        assert score > 0
        assert set(terms) & index.terms(id).counts.keys()
        tags = {tag.id for tag in index.passage(id).conditions}
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
    assert not len(index.candidates(["infus"], 10))
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


def test_the_term_of_a_word_is_that_of_the_analyzer(index: OpenIndex) -> None:
    words = [token for each in PAGE for token in analyze(f"{each[0]} {' '.join(each[1])}")]
    assert {word.form: index.term_of(word.form) for word in words} == {word.form: word.term for word in words}
    assert index.term_of("methamphetamine") is None, "no passage has it"


def test_words_for_spelling_correction(index: OpenIndex) -> None:
    assert index.words["infusion"] == 2
    assert "shen" not in index.words  # a name: no spelling is corrected to it
    assert "the" not in index.words


# --- the store ---------------------------------------------------------------------------------


def test_the_store_returns_what_was_published(index: OpenIndex) -> None:
    assert tuple(index.documents()) == TWO.documents
    assert index.document("b") == TWO.documents[1]
    assert index.passage("b.0") == TWO.documents[1].passages[0]
    assert tuple(index.references()) == (REFERENCE,)
    assert index.references_by_id(["shen2025"]) == [REFERENCE]
    assert [note.text for note in index.notes("a")] == ["Earlier.", "Later."]  # in reading order
    assert index.notes("b") == ()


def test_the_manifest_sums_up_what_was_published(index: OpenIndex) -> None:
    manifest = index.manifest
    assert manifest.passages == 6
    assert [(d.document.title, d.passages) for d in manifest.documents] == [
        ("Treating addiction", 3),
        ("Planning care", 3),
    ]
    assert index.overview("b") == manifest.documents[1]


def test_a_quotation_names_the_passages_around_it(index: OpenIndex) -> None:
    assert [(index.quotation(id).before, index.quotation(id).after) for id in ("a.0", "a.1", "a.2")] == [
        (None, "a.1"),
        ("a.0", "a.2"),
        ("a.1", None),
    ]


@pytest.mark.parametrize(
    "method", ["passage", "quotation", "document", "overview", "references_by_id", "uses", "notes", "terms"]
)
def test_an_unknown_id(index: OpenIndex, method: str) -> None:
    several = method == "references_by_id"
    with pytest.raises(NotFound) as caught:
        getattr(index, method)(["shen2025", "<no such id>"] if several else "<no such id>")
    assert "<no such id>" not in str(caught.value)  # input is not echoed


def test_publishing_again_creates_a_new_version(publish: Callable[[Catalogue], OpenIndex]) -> None:
    old = publish(TWO)
    new = publish(catalogue(document("c", "", [("Withdrawal was easy.", (), ())])))
    assert found(old, "withdrawal") == ["a.2"]
    assert found(new, "withdrawal") == ["c.0"]


@pytest.mark.parametrize("url", ["", "memory", "disk:", "memory:x"])
def test_an_unknown_kind_of_index(url: str) -> None:
    with pytest.raises(IndexUnavailable):
        open_content(TWO, url)


def test_a_version_that_is_not_there() -> None:
    with pytest.raises(IndexUnavailable, match="Publish it again"):
        open_index("memory:", "0123456789abcdef", temporary_cache())


# --- the same at any size ----------------------------------------------------------------------

SIZES = [
    ("memory", 500),
    ("memory", 5_000),
    ("memory with vectors", MOST_COMPARED + 1),
    ("disk", 500),
    ("disk", 5_000),
    ("disk with vectors", MOST_COMPARED + 1),
]


@cache
def large(size: int) -> Catalogue:
    """Documents of ten passages, of words that are as unevenly distributed as in real texts."""
    chance = random.Random(size)
    words = [f"w{number}" for number in range(2_000)]
    weights = [1 / (number + 1) for number in range(len(words))]
    ids = ["alcohol", "cocaine", "opioids"]
    parts = [
        (
            " ".join(chance.choices(words, weights, k=chance.randint(1, 60))),
            tuple(chance.choices(words, k=2)),
            tuple(id for id in ids if chance.random() < 0.2),
        )
        for _ in range(size)
    ]
    return catalogue(*(document(f"d{n}", f"Title w{n}", parts[n : n + 10]) for n in range(0, size, 10)))


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_search_ranks_as_rank_bm25(kind: str, size: int) -> None:
    """The scores are those of the reference implementation to the last digit, ties in document order."""
    index, content, chance = FACTORIES[kind](large(size)), large(size), random.Random(1)
    passages = [passage for document in content.documents for passage in document.passages]
    titles = {document.id: document.provenance.title for document in content.documents}
    bags = [list(passage_terms(p.text, p.path, titles[p.document]).counts.elements()) for p in passages]
    reference = LuceneBM25(bags, k1=K1, b=B)
    for _ in range(20):
        terms = list({f"w{int(2_000 ** chance.random())}": None for _ in range(chance.randint(1, 8))})
        tags = chance.choice([None, {"alcohol"}, {"cocaine", "opioids"}])
        scores = reference.get_scores(terms).tolist()
        wanted = [n for n, p in enumerate(passages) if tags is None or tags & {tag.id for tag in p.conditions}]
        best = sorted((n for n in wanted if scores[n] > 0), key=lambda n: -scores[n])[:100]
        matches = index.candidates(terms, 100, tags)
        found = list(zip(matches.ids, matches.scores, strict=True))
        assert found == [(passages[n].id, scores[n]) for n in best]
        assert matches.lengths.tolist() == [len(bags[n]) for n in best]
        assert [set(tags) for tags in matches.conditions] == [{t.id for t in passages[n].conditions} for n in best]


@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_a_large_store_returns_what_was_published(kind: str, size: int) -> None:
    index, content = FACTORIES[kind](large(size)), large(size)
    assert index.manifest.passages == index.statistics.passages == size
    for document in content.documents[:: size // 50]:
        assert index.document(document.id) == document
        for passage in document.passages:
            assert index.passage(passage.id) == passage
            assert index.terms(passage.id) == passage_terms(passage.text, passage.path, document.provenance.title)


@pytest.mark.parametrize("size", [500, MOST_COMPARED + 1])
def test_vectors_of_a_large_index(size: int) -> None:
    """Up to MOST_COMPARED passages, a question is compared with all; above, with the candidates that words found."""
    index = FACTORIES["memory with vectors"](large(size))
    assert index.vectors
    question = index.vectors.encode("red blue")
    assert index.vectors.compares_all == (size <= MOST_COMPARED)
    assert len(index.vectors.nearest(question, 10, {"alcohol"})) == (10 if size <= MOST_COMPARED else 0)
    last = large(size).documents[-1].passages[-1].id
    close, _, again = index.vectors.closeness(question, [last, "d0.0", last])
    assert close.passage == pytest.approx(again.passage)
    assert -1 <= close.passage <= 1
    with pytest.raises(NotFound):
        index.vectors.closeness(question, ["<no such id>"])
