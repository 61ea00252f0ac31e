"""The page of a condition: everything on it and on narrower ones, no more than that, and counted right."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from qa.engine import Service
from qa.errors import NotFound
from qa.indexing.publish import open_published
from qa.messages import MESSAGES
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import SHIPPED, corpus_of_page, page_names, shipped


def services(tmp_path: Path) -> list[Service]:
    folders = [SHIPPED, *(corpus_of_page(name, tmp_path / name) for name in page_names()[:3])]
    return [Service(Settings(corpus=folder), open_published(folder, "memory:")) for folder in folders]


def test_the_passages_listed_are_those_counted(tmp_path: Path) -> None:
    """Also for a condition that a heading and a word name together, and page by page."""
    counted = 0
    for service in services(tmp_path):
        for condition in service.conditions():
            topic = service.condition(condition.id)
            pages = [service.condition(condition.id, page, 1).documents for page in range(1, topic.total + 1)]
            assert [each for page in pages for each in page] == list(topic.documents)
            assert sum(len(each.passages) for each in topic.documents) == condition.passages
            assert bool(topic.total) == bool(condition.passages)
            counted += condition.passages
    assert counted > 20


def test_they_are_word_for_word_and_about_the_condition(tmp_path: Path) -> None:
    for service in services(tmp_path):
        parents = {condition.id: condition.parent for condition in service.conditions()}
        for condition in service.conditions():
            for on in service.condition(condition.id).documents:
                for shown in on.passages:
                    passage = service.passage(shown.id)
                    assert (shown.text, shown.url, passage.document) == (passage.text, passage.url, on.document.id)
                    lines = {above for tag in passage.conditions for above in line_of(tag.id, parents)}
                    assert condition.id in lines or parents[condition.id] in lines
                    assert not set(words(shown.plain)) - set(words(passage.text))


def line_of(id: str | None, parents: dict[str, str | None]) -> list[str]:
    found = []
    while id:
        found.append(id)
        id = parents[id]
    return found


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_questions_are_about_it_and_answered() -> None:
    service = Service(Settings(corpus=SHIPPED), shipped())
    asked = {id: service.condition(id).questions for id in ("opioid-use-disorder", "cocaine-use-disorder")}
    assert all(asked.values())
    assert not set(asked["opioid-use-disorder"]) & set(asked["cocaine-use-disorder"])
    for question in (question for questions in asked.values() for question in questions):
        assert service.ask(question).status == "answered"


@pytest.fixture
def client() -> Any:
    return create_app(Settings(corpus=SHIPPED), shipped()).test_client()


def test_the_page_leads_to_every_passage_document_and_work(client: Any) -> None:
    topic = client.get("/api/v1/conditions/alcohol-use-disorder").json
    page = unescape(client.get("/conditions/alcohol-use-disorder").text)
    for on in topic["documents"]:
        assert f'href="{on["document"]["url"]}"' in page
        for passage in on["passages"]:
            assert f'href="{passage["url"]}"' in page
            assert passage["plain"] in page
            assert all(f"{each['word']}:" in page and each["line"] in page for each in passage["verdicts"])
    works = client.get("/api/v1/references?condition=alcohol-use-disorder").json
    assert len(works) == topic["references"]
    assert all(f'href="{work["url"]}"' in page for work in works)


def test_a_disputed_passage_looks_disputed(client: Any) -> None:
    page = client.get("/conditions/alcohol-use-disorder").text
    disputed = [part for part in page.split("<article")[1:] if "Key finding" in part]
    assert len(disputed) == 1
    assert 'class="against disputed"' in disputed[0]


def test_what_is_not_covered_is_said(client: Any) -> None:
    page = client.get("/conditions/tobacco-use-disorder").text
    assert MESSAGES["topic"]["none"] in page
    assert "<blockquote" not in page


def test_an_unknown_condition_leads_to_the_list(client: Any) -> None:
    response = client.get("/conditions/nowhere")
    assert response.status_code == 404
    assert 'href="/conditions">' + MESSAGES["not_found"]["to_list"] in response.text
    with pytest.raises(NotFound):
        Service(Settings(corpus=SHIPPED), shipped()).condition("nowhere")


def test_a_question_asked_there_is_about_it(client: Any) -> None:
    assert '<input type="hidden" name="condition" value="cocaine-use-disorder">' in (
        client.get("/conditions/cocaine-use-disorder").text
    )


@pytest.mark.parametrize(("page", "status"), [("2", 200), ("0", 422), ("x", 422)])
def test_a_page_that_is_none(client: Any, page: str, status: int) -> None:
    """A page after the last has no document; a page that cannot be is refused."""
    for address in ("/conditions/cocaine-use-disorder", "/api/v1/conditions/cocaine-use-disorder"):
        assert client.get(f"{address}?page={page}").status_code == status
