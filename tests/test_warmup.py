"""Responses while the index is being built, and when that fails."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from qa.corpus import open_corpus
from qa.engine import open_without_waiting
from qa.errors import CorpusError
from qa.indexing.publish import publish
from qa.messages import MESSAGES
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import SHIPPED
from testkit.page_reading import addresses, texts

LONG = 60.0  # seconds; only reached when something is broken
ASKED = "/?q=Does+ketamine+reduce+cocaine+craving%3F"
DETAIL = MESSAGES["starting"]["detail"]


@pytest.fixture
def broken(tmp_path: Path) -> Settings:
    """A corpus with an error that is found late, when the documents are read."""
    corpus = Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))
    (corpus / "notes.toml").write_text(
        '[[note]]\ndocument = "ketamine-substance-use-disorders"\nsentence = "Not there."\n'
        'status = "unchecked"\ntext = "A note."\ndate = 2026-01-01\n'
    )
    return Settings(corpus=corpus)


@pytest.fixture
def may_start(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Opening the index begins when this is set, however fast it is."""
    start = threading.Event()
    monkeypatch.setattr("qa.web.open_without_waiting", lambda *given: start.wait(LONG) and open_without_waiting(*given))
    return start


def test_early_requests_get_a_503_and_later_ones_an_answer(may_start: threading.Event) -> None:
    client: Any = create_app(Settings(corpus=SHIPPED), patience=0).test_client()
    page, problem, ready = (client.get(address) for address in (ASKED, f"/api/v1/ask{ASKED[1:]}", "/readyz"))
    for response in (page, problem, ready):
        assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
        assert "Content-Security-Policy" in response.headers
    assert DETAIL in texts(page.text, "main")[0]
    assert {"", "/"} <= set(links(page.text))  # the same URL again, and the question box
    for response in (problem, ready):
        assert (response.mimetype, response.json["detail"]) == ("application/problem+json", DETAIL)
    assert client.get("/healthz").status_code == 200
    may_start.set()
    until = time.monotonic() + LONG
    while client.get("/readyz").status_code != 200 and time.monotonic() < until:
        time.sleep(0.05)
    assert "<mark" in client.get(ASKED).text


def test_a_machine_without_documents_starts_too(may_start: threading.Event, tmp_path: Path) -> None:
    """Beside an index on disk or in a cluster there need be none."""
    url, kept = f"disk:{tmp_path / 'index'}", tmp_path / "cache"
    publish(SHIPPED, url)
    client: Any = create_app(Settings(corpus=tmp_path / "none", index=url, cache=kept), patience=0).test_client()
    assert client.get(ASKED).status_code == 503
    may_start.set()
    until = time.monotonic() + LONG
    while client.get("/readyz").status_code != 200 and time.monotonic() < until:
        time.sleep(0.05)
    assert client.get(ASKED).status_code == 200


def links(page: str) -> list[str]:
    """Return all links, including an empty one, which leads to the same URL."""
    return [address for address in addresses(page) if address] + [""] * page.count('href=""')


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ("/", "not-medical-advice"),
        ("/?q=I+want+to+kill+myself", "suicidal-thoughts"),
        ("/api/v1/ask?q=I+want+to+kill+myself", "suicidal-thoughts"),
    ],
)
def test_notices_are_shown_before_the_index_is_ready(broken: Settings, address: str, notice: str) -> None:
    response: Any = create_app(broken, patience=0).test_client().get(address)
    assert response.status_code == 503
    [text] = [each.text for each in open_corpus(SHIPPED).notices if each.id == notice]
    shown = [n["text"] for n in response.json["notices"]] if response.is_json else texts(response.text, "section")
    assert text in "\n".join(shown)


def test_an_error_found_early_stops_the_start(broken: Settings) -> None:
    with pytest.raises(CorpusError, match="not in the document"):
        create_app(broken, patience=LONG)


def test_an_error_found_late_is_logged_and_nothing_is_served(
    broken: Settings, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    client = create_app(broken, patience=0).test_client()
    logged, until = b"", time.monotonic() + LONG
    while b"not in the document" not in logged and time.monotonic() < until:
        time.sleep(0.05)
        logged += capfdbinary.readouterr().err
    assert b"notes.toml:1" in logged
    assert client.get("/readyz").status_code == 503
    assert client.get(ASKED).status_code == 503
