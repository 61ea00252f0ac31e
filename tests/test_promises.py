"""The promises of docs/design.md, checked on every test corpus and with random questions."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer
from qa.errors import QuestionError
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.models import Answer, Hit
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import all_corpora, page_names, shipped

CORPORA = ["shipped", *page_names()]


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OpenIndex]:
    return dict(all_corpora(tmp_path_factory.mktemp("corpora")))


@pytest.mark.parametrize("name", CORPORA)
def test_every_quotation_matches_its_offsets(corpora: dict[str, OpenIndex], name: str) -> None:
    """Promise 1: every quotation is the document's text at the stated offsets."""
    for document in corpora[name].documents():
        assert document.passages
        for passage in document.passages:
            assert document.text[passage.start : passage.end] == passage.text
            assert all(passage.start <= s.start < s.end <= passage.end for s in passage.sentences)
        for citation in document.citations:
            assert document.text[citation.start : citation.end] == citation.text
        for sentence in document.sentences:
            assert not document.text[sentence.start : sentence.end].isspace()
            for source in sentence.support.named_sources:
                assert document.text[source.start : source.end] == source.text
            for inherited in sentence.support.inherited:
                assert document.text[inherited.cue_start : inherited.cue_end] == inherited.cue


@pytest.mark.parametrize("name", CORPORA)
def test_sources_are_attached_never_guessed(corpora: dict[str, OpenIndex], name: str) -> None:
    """Promise 2: an inherited reference names the earlier sentence that it comes from, which has that reference."""
    known = {reference.id for reference in corpora[name].references()}
    for document in corpora[name].documents():
        before: dict[str, set[str]] = {}
        for sentence in document.sentences:
            support = sentence.support
            for inherited in support.inherited:
                assert inherited.reference in before[inherited.antecedent]
                assert re.fullmatch(r"I[1-5]", inherited.rule)
                assert 1 <= inherited.steps <= 2
            assert {*support.references, *(i.reference for i in support.inherited)} <= known
            assert not set(support.references) & {i.reference for i in support.inherited}
            before[sentence.id] = {*support.references, *(i.reference for i in support.inherited)}


FIRST_LIST = "## References\n\n1. Reyes A. Protected lanes. J Roads. 2019;4(2):10-19.\n\n"
SECOND_LIST = "## References\n\n1. Osei C. More paint. Lancet. 2021;6(3):40-49.\n\n"
SAME_NUMBER = (
    # (text, works of the sentences with [1], why)
    (
        f"# One\n\nLanes help [1].\n\n{FIRST_LIST}# Two\n\nPaint fails [1].\n\n{SECOND_LIST}",
        [("reyes2019",), ("osei2021",)],
        "each chapter has its own list",
    ),
    (
        f"# One\n\nLanes help [1].\n\nPaint fails [1].\n\n{FIRST_LIST}{SECOND_LIST}",
        [(), ()],
        "two lists stand together: nothing says which is meant",
    ),
)


@pytest.mark.parametrize(("text", "works", "why"), SAME_NUMBER)
def test_a_number_used_by_two_reference_lists(
    text: str, works: list[tuple[str, ...]], why: str, tmp_path: Path
) -> None:
    """Promise 2: attached, never guessed."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text(text)
    (tmp_path / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "A"\n')
    (document,) = open_published(tmp_path, "memory:").documents()
    assert [s.support.references for s in document.sentences] == works, why


WORDS = st.sampled_from(
    [
        "does",
        "ketamine",
        "help",
        "alcohol",
        "cocaine",
        "heroin",
        "relapse",
        "craving",
        "trial",
        "2022",
        "dose",
        "review",
        "therapy",
        "weeks",
        "children",
        "and",
        "the",
        "of",
        "migraine",
        "cycling",
        "lanes",
        "heat",
        "wound",
        "dressing",
        "unknownword",
        "grabski",
        "<b>",
        "&amp;",
        "“quoted”",
        "½",
    ]
)
QUESTIONS = st.one_of(st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=80))


@given(QUESTIONS)
def test_answers_are_quotations_or_reasons(question: str) -> None:
    """Promises 1 and 3: every question gets the documents' own words, or a reason for abstaining."""
    index = shipped()
    try:
        result = answer(question, index)
    except QuestionError:
        return  # random text may be invalid; tests/test_answer.py lists the cases
    assert (result.status == "abstained") == (not result.answers) == (result.abstention is not None)
    hits = result.answers or (result.abstention.nearest if result.abstention else ())
    for place, hit in enumerate(hits, start=1):
        assert hit.rank == place
        check_hit(hit, result, index)
    if result.answers:
        assert any(sentence.answers for sentence in result.answers[0].sentences)
        assert all(sum(sentence.answers for sentence in hit.sentences) <= 2 for hit in result.answers)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def check_hit(hit: Hit, result: Answer, index: OpenIndex) -> None:
    document = index.document(hit.document)
    assert document.text[hit.start : hit.end] == hit.text
    references = {reference["id"] for reference in result.references}
    for sentence in hit.sentences:
        assert {*sentence.support.references, *(i.reference for i in sentence.support.inherited)} <= references
        assert all(i.text in document.text for i in sentence.support.inherited)
    for citation in hit.citations:
        assert hit.text[citation.start : citation.end] == citation.text
    terms = index.terms(hit.id)
    for highlight in hit.highlights:
        assert terms.within(highlight.start, highlight.end)[0].start == highlight.start
    assert all(one.end <= other.start for one, other in pairwise(hit.highlights))


@given(QUESTIONS)
def test_the_same_question_gets_the_same_answer(question: str) -> None:
    """Same version, same question, same bytes."""
    try:
        first, second = (orjson.dumps(answer(question, shipped())) for _ in range(2))
    except QuestionError:
        return
    assert first == second


def test_a_work_cited_only_in_notes_supports_no_sentence() -> None:
    """A work used only by a reviewer's note is marked as such and never appears as the document's citation."""
    index = shipped()
    note_only = {reference.id for reference in index.references() if reference.note_only}
    assert note_only
    for document in index.documents():
        for sentence in document.sentences:
            support = sentence.support
            assert not note_only & {*support.references, *(i.reference for i in support.inherited)}
        assert not note_only & {id for citation in document.citations for id in citation.references}


def test_one_truth_two_faces(corpora: dict[str, OpenIndex], tmp_path: Path) -> None:
    """Promise 4: the page shows the passages of the JSON verbatim and in the same order."""
    from html import unescape

    index = corpora["shipped"]
    client = create_app(Settings(), index).test_client()
    for question in index.manifest.examples:
        found: Any = client.get("/api/v1/ask", query_string={"q": question}).json
        page = unescape(re.sub(r"<[^>]+>", "", client.get("/", query_string={"q": question}).get_data(as_text=True)))
        flat = " ".join(page.split())
        shown = [hit["text"][s["start"] : s["end"]] for hit in found["answers"] for s in hit["sentences"]]
        place = 0
        for sentence in shown:
            place = flat.find(" ".join(sentence.split()), place) + 1
            assert place, f"not on the page, or out of order: {sentence}"
        assert len(shown) > len(found["answers"])
