"""The main job, end to end: `qa serve` with the shipped corpus answers questions with verbatim passages and their
citations, on the page and as JSON, and refuses questions that the document does not answer."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlencode

import pytest

from testkit.corpora import SHIPPED
from testkit.page_reading import texts

TEXT = (SHIPPED / "documents" / "ketamine-substance-use-disorders.txt").read_bytes().decode("utf-8")

# (question, words of the answering sentence, its support, the work)
ANSWERED = [
    ("What dose was given in the alcohol trial?", "0.8 mg/kg over 40 minutes", "cited", "grabski2022"),
    ("Does ketamine help people stop drinking?", "significantly higher percentage of", "inherited", "grabski2022"),
    ("Does one infusion help against relapse to cocaine?", "a single ketamine infusion", "cited", "dakwar2019"),
    ("Does ketamine reduce cocaine craving?", "Craving scores were", "inherited", "dakwar2019"),
    ("Is one session enough for heroin?", "with repeated sessions", "cited", "shen2025"),
    ("Can ketamine help with opioid withdrawal?", "help manage withdrawal", "uncited", None),
]
REFUSED = ["What is the capital of France?", "Which planet has the most moons?"]


def get(url: str, path: str, question: str) -> str:
    with urllib.request.urlopen(f"{url}{path}?{urlencode({'q': question})}", timeout=30) as response:
        assert response.status == 200
        return str(response.read().decode("utf-8"))


def ask(url: str, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(get(url, "/api/v1/ask", question))
    return answer


@pytest.mark.parametrize(("question", "words", "status", "work"), ANSWERED)
def test_a_question_is_answered(live_server: str, question: str, words: str, status: str, work: str | None) -> None:
    """The first passage, the marked sentence and the cited work are the right ones."""
    answer = ask(live_server, question)
    assert (answer["status"], answer["generated_text"]) == ("answered", False)
    first = answer["answers"][0]
    [sentence] = [s for s in first["sentences"] if words in first["text"][s["start"] : s["end"]]]
    support = sentence["support"]
    works = [*support["references"], *(each["reference"] for each in support["inherited"])]
    assert (sentence["answers"], support["status"], works) == (True, status, [work] if work else [])
    assert {work} <= {each["id"] for each in answer["references"]} | {None}


@pytest.mark.parametrize("question", [question for question, *_ in ANSWERED])
def test_page_and_json_are_verbatim(live_server: str, question: str) -> None:
    answer, page = ask(live_server, question), get(live_server, "/", question)
    hits = answer["answers"]
    assert hits
    for hit in hits:
        assert TEXT[hit["start"] : hit["end"]] == hit["text"]
        for citation in hit["citations"]:
            assert hit["text"][citation["start"] : citation["end"]] == citation["text"]
    assert texts(page, "blockquote") == [hit["text"] for hit in hits]
    marked = [hit["text"][s["start"] : s["end"]] for hit in hits for s in hit["sentences"] if s["answers"]]
    assert texts(page, "mark") == marked
    first_authors = [reference["author"][0]["family"] for reference in answer["references"] if "author" in reference]
    assert [name for name in first_authors if name not in page] == []


@pytest.mark.parametrize("question", REFUSED)
def test_other_questions_are_refused_with_a_reason(live_server: str, question: str) -> None:
    answer, page = ask(live_server, question), get(live_server, "/", question)
    assert (answer["status"], answer["answers"]) == ("abstained", [])
    assert answer["abstention"]["message"]
    assert answer["abstention"]["headline"] in "".join(texts(page, "main"))
    assert texts(page, "mark") == []
