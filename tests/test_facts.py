"""What the record of a work says of it, and where things are: labels, facts, addresses, texts of sentences in the JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa.corpus.csl import CSL_TYPES
from qa.engine import Service, open_service
from qa.messages import MESSAGES
from qa.models import CSL
from qa.settings import Settings
from qa.views.works import facts_of
from qa.web import create_app
from testkit.page_reading import ids

ROOT = Path(__file__).parent.parent
QUESTION = "Does ketamine lower the odds of relapse?"

FACTS: list[tuple[CSL, str, str]] = [
    # (record, line, why)
    ({"type": "article-journal"}, "Journal article", "the type of the record has a name"),
    ({"type": "document"}, "", "a type that says nothing is not shown"),
    ({}, "", "nothing is known"),
    ({"type": "book", "custom": {"study_type": "Cohort"}}, "Cohort", "the owner's word comes before the type"),
    ({"type": "book", "custom": {"participants": 1}}, "Book · 1 person", "one person is in the singular"),
    ({"custom": {"participants": 1234}}, "1,234 people", "the number can be read"),
    (
        {"type": "article", "custom": {"study_type": "Trial", "participants": 96, "registration": ["NCT1", "E 2"]}},
        "Trial · 96 people · NCT1 · E 2",
        "everything in one line",
    ),
    ({"type": "book", "custom": {"participants": None, "registration": None}}, "Book", "empty values are not given"),
    (
        {"type": "article-journal", "title": "A randomised trial of 96 people"},
        "Journal article",
        "nothing is taken out of a title",
    ),
]


@pytest.mark.parametrize(("csl", "line", "why"), FACTS)
def test_facts_come_from_the_record(csl: CSL, line: str, why: str) -> None:
    assert facts_of(csl | {"id": "w"}).line == line, why


@pytest.mark.parametrize(
    ("issued", "year"),
    [({"date-parts": [[2022, 3]]}, 2022), ({"literal": "in press"}, None), ({"date-parts": [[]]}, None), (None, None)],
)
def test_the_year_is_a_number_or_not_given(issued: Any, year: int | None) -> None:
    assert facts_of({"id": "w", "issued": issued}).year == year


def test_every_type_has_a_name() -> None:
    """All but those that say nothing about a work."""
    assert set(CSL_TYPES.split()) - {"document"} == set(MESSAGES["kind"])


@pytest.fixture(scope="module")
def service() -> Service:
    return open_service(Settings(corpus=ROOT / "corpus", encoder="off"))


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    return create_app(service.settings, service.index).test_client()


def test_an_answer_has_what_a_client_needs_to_show_it(client: Any) -> None:
    """The text of each sentence without counting code points, a label for each work, an address for everything."""
    answer = client.get("/api/v1/ask", query_string={"q": QUESTION}).json
    sentences = [(hit, sentence) for hit in answer["answers"] for sentence in hit["sentences"]]
    assert len(sentences) > 2
    for hit, sentence in sentences:
        assert sentence["text"] == hit["text"][sentence["start"] : sentence["end"]]
    labels = {work["id"]: work["label"] for work in answer["references"]}
    assert labels["grabski2022"] == "Grabski et al. 2022"
    facts = {work["id"]: work["facts"]["line"] for work in answer["references"]}
    assert facts["grabski2022"].startswith("Randomised trial · 96 people")
    for hit in answer["answers"]:
        assert hit["url"] == next((s["url"] for s in hit["sentences"] if s["answers"]), hit["sentences"][0]["url"])


def test_every_address_leads_to_its_page(client: Any, service: Service) -> None:
    """Of documents, sentences, works, notes and conditions, wherever they are in the JSON."""
    found = set()
    first = client.get("/api/v1/documents").json[0]["document"]["id"]
    for path in (
        f"ask?q={QUESTION}",
        "documents",
        f"documents/{first}",
        "references",
        "references/grabski2022",
        "conditions",
        "coverage",
    ):
        found |= set(urls_in(client.get(f"/api/v1/{path}").json))
    kinds = {re.split("[/?#]", url)[1] or "?" for url in found}
    assert kinds == {"documents", "references", "glossary", "conditions"}
    for url in found:
        page, _, anchor = url.partition("#")
        response = client.get(page)
        assert response.status_code == 200, url
        assert not anchor or anchor in ids(response.text), url


def urls_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (node["url"] for _ in range("url" in node))
        for each in node.values():
            yield from urls_in(each)
    elif isinstance(node, list):
        for each in node:
            yield from urls_in(each)


def test_a_work_is_the_same_wherever_it_is_shown(client: Any) -> None:
    """In the list, alone and with an answer: the same label, address and facts."""
    listed = {work["id"]: work for work in client.get("/api/v1/references").json}
    assert len(listed) == 4
    for id, work in listed.items():
        assert client.get(f"/api/v1/references/{id}").json["reference"] == work
    for work in client.get("/api/v1/ask", query_string={"q": QUESTION}).json["references"]:
        assert {key: work[key] for key in ("label", "url", "facts")} == {
            key: listed[work["id"]][key] for key in ("label", "url", "facts")
        }
        exported = client.get(f"/api/v1/references/{work['id']}.json").get_json(force=True)
        assert not {"label", "url", "facts"} & exported[0].keys(), "exports are CSL-JSON and nothing else"


def test_a_list_says_how_each_document_was_read(client: Any) -> None:
    [document] = client.get("/api/v1/documents").json
    assert (document["format"], document["extracted"], document["trouble"]) == ("txt", False, 0)
    assert document["references"] == 3
    assert "alcohol-use-disorder" in document["conditions"]
