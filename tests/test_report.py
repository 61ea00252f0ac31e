"""An objection to a sentence: tied to it, stored only if that is turned on, read by the owner."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.feedback import LONGEST_REASON, FeedbackFolder, Objection, today
from qa.indexing.publish import open_published
from qa.messages import MESSAGES, say
from qa.settings import Settings
from qa.web import create_app
from qa.web.report import MOST_A_MINUTE
from testkit.corpora import SHIPPED, shipped
from testkit.page_reading import addresses
from tests.test_feedback import ANSWERED, OWN_PAGE

DOCUMENT = "ketamine-substance-use-disorders"
REASON = "The trial found no difference.\nSee its abstract."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feedback"


@pytest.fixture
def client(folder: Path) -> Any:
    return create_app(Settings(corpus=SHIPPED, feedback=folder), shipped()).test_client()


@pytest.fixture
def quiet() -> Any:
    """A service that stores nothing."""
    return create_app(Settings(corpus=SHIPPED), shipped()).test_client()


def disputed() -> tuple[str, str]:
    """The id and the words of a sentence."""
    document = shipped().document(DOCUMENT)
    found = next(s for s in document.sentences if "Craving scores" in document.text[s.start : s.end])
    return found.id, document.text[found.start : found.end]


def send(client: Any, reason: str = REASON, sentence: str = "", **headers: str) -> Any:
    sent = {"sentence": sentence or disputed()[0], "reason": reason}
    return client.post(f"/documents/{DOCUMENT}/report", data=sent, headers=headers or OWN_PAGE)


def stored(folder: Path) -> list[Objection]:
    return list(FeedbackFolder(folder).objections())


def test_it_is_stored_with_its_sentence_and_nothing_else(client: Any, folder: Path) -> None:
    response = send(client)
    assert response.status_code == 303
    thanks = client.get(response.location).text
    assert MESSAGES["report"]["next"] in thanks
    id, words = disputed()
    assert stored(folder) == [Objection(today(), DOCUMENT, id, words, shipped().manifest.version, REASON)]


@pytest.mark.parametrize("stores", [True, False])
def test_an_answer_leads_there_in_one_step(client: Any, quiet: Any, stores: bool) -> None:
    """The sentence that answers is chosen; the others of its passage can be chosen instead."""
    chosen = client if stores else quiet
    answer = chosen.get("/api/v1/ask", query_string={"q": ANSWERED}).json["answers"][0]
    page = chosen.get("/", query_string={"q": ANSWERED}).text
    target = answer["url"].replace("#", "/report/")
    assert target in addresses(page)
    report = chosen.get(target).text
    sentences = answer["sentences"]
    assert next(each["plain"] for each in sentences if each["answers"]) in report
    if stores:
        assert report.count('type="radio"') == len(sentences)
        assert report.count(" checked") == 1


def test_without_a_place_to_store_it_a_message_names_the_sentence(quiet: Any) -> None:
    id, words = disputed()
    page = quiet.get(f"/documents/{DOCUMENT}/report/{id}").text
    assert "<form" not in page
    message = parse_qs(urlsplit(next(link for link in addresses(page) if "subject=" in link)).query)
    assert words in message["body"][0]
    assert f"http://localhost/documents/{DOCUMENT}#{id}" in message["body"][0]
    assert quiet.post(f"/documents/{DOCUMENT}/report", data={}, headers=OWN_PAGE).status_code == 405


def test_every_sentence_of_a_document_can_be_objected_to(client: Any) -> None:
    page = client.get(f"/documents/{DOCUMENT}").text
    assert f"/documents/{DOCUMENT}/report" in addresses(page)
    claims = [s.id for s in shipped().document(DOCUMENT).sentences if s.kind == "claim"]
    report = client.get(f"/documents/{DOCUMENT}/report").text
    assert [id for id in claims if f'value="{id}"' not in report] == []


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (" \n ", say("report.no_reason")),
        ("long " * LONGEST_REASON, say("report.too_long", limit=f"{LONGEST_REASON:,}")),
    ],
)
def test_what_cannot_be_stored_stays_in_its_box(client: Any, folder: Path, reason: str, message: str) -> None:
    response = send(client, reason)
    assert response.status_code == 422
    assert message in response.text
    assert reason.strip() in response.text
    assert stored(folder) == []


def test_only_pages_of_the_service_may_send(client: Any, folder: Path) -> None:
    assert send(client, Origin="https://elsewhere.example").status_code == 403
    assert stored(folder) == []


def test_a_sentence_that_is_not_there(client: Any, folder: Path) -> None:
    response = send(client, sentence="s-000000000000")
    assert response.status_code == 404
    assert f"/documents/{DOCUMENT}" in addresses(response.text)
    assert stored(folder) == []


def test_somebody_in_danger_is_told_where_to_get_help(client: Any) -> None:
    response = send(client, "I want to die.")
    assert response.status_code == 200
    assert 'class="urgent' in response.text


def test_objections_are_limited(time_stands: None, client: Any) -> None:
    assert [send(client).status_code for _ in range(MOST_A_MINUTE + 1)] == [303] * MOST_A_MINUTE + [429]


def test_markup_stays_words(client: Any, folder: Path) -> None:
    send(client, "<b>wrong</b>\x1b[2J\x00")
    assert [each.reason for each in stored(folder)] == ["<b>wrong</b>[2J"]


def test_the_owner_reads_them(client: Any, folder: Path) -> None:
    send(client)
    said = CliRunner().invoke(main, ["questions"], env={"QA_FEEDBACK": str(folder), "QA_CORPUS": str(SHIPPED)}).output
    assert MESSAGES["questions"]["objections"] in said
    assert disputed()[1] in said
    assert " ".join(REASON.split()) in said


def test_without_contact_and_folder_nothing_is_offered(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Ketamine helped 12 people to drink less.\n")

    client = create_app(Settings(corpus=tmp_path), open_published(tmp_path, "memory:")).test_client()
    assert "/report" not in unquote(client.get("/?q=ketamine").text)
    assert client.get("/documents/page/report").status_code == 404
