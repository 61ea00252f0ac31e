"""Hostile requests break no promise, and a broken promise is reported. `benchmarks.fuzz` sends many more requests."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qa.indexing.publish import open_published
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import hostile_corpus, shipped
from testkit.fuzzing import fuzz, send
from testkit.hostile_requests import Sent
from testkit.promises import Promises, Report

SEED = 20261127


@pytest.mark.slow
@pytest.mark.parametrize("corpus", ["shipped", "hostile"])
def test_a_thousand_hostile_requests(corpus: str, tmp_path: Path) -> None:
    index = shipped() if corpus == "shipped" else open_published(hostile_corpus(tmp_path / "corpus"), "memory:")
    report = fuzz(index, 1000, SEED)
    assert report.faults == []
    assert report.statuses.total() == 1000
    assert {200, 304, 400, 404, 405, 410, 411, 415, 422} <= report.statuses.keys()
    assert report.validated > 300
    assert report.verbatim > 10


MARKER = "zq12345678"
ASKED = Sent(MARKER, "GET", "/api/v1/ask", b"q=relapse", (), b"")
PAGE = replace(ASKED, path="/")
WRONG = replace(ASKED, query=b"q=")
HTML = b"<!doctype html><script></script>"

# A request, a change to its response, and the beginning of the description of the broken promise.
BROKEN: list[tuple[Sent, dict[str, Any], str]] = [
    (ASKED, {"status": 500}, "status 500"),
    (ASKED, {"status": 404}, "status 404"),  # the address exists
    (PAGE, {"status": 503}, "status 503"),
    (PAGE, {"headers": {}}, "without content-security-policy"),
    (ASKED, {"set-cookie": "a=1"}, "a cookie"),
    (ASKED, {"etag": f'"{MARKER}"'}, "a header repeats"),
    (ASKED, {"etag": '"\r\nX: 1"'}, "a line break"),
    (PAGE, {"location": "//evil.example/"}, "a redirect to another host"),
    (WRONG, {"body": b'{"title": "%s"}' % MARKER.encode()}, "an error repeats"),
    (WRONG, {"body": b'{"title": "no status"}'}, "not as described"),
    (ASKED, {"body": b"{}"}, "not as described"),
    (ASKED, {"content-type": "application/ld+json"}, "content application/ld+json"),
    (PAGE, {"body": HTML + b"Traceback (most recent call last)"}, "a stack trace"),
    (PAGE, {"body": HTML + f'<input value="" onfocus={MARKER} x="">'.encode()}, "input rendered as markup"),
    (PAGE, {"body": HTML + f"<script>{MARKER}</script>".encode()}, "input rendered as markup"),
]


@pytest.mark.parametrize(("sent", "change", "fault"), BROKEN)
def test_a_broken_promise_is_reported(sent: Sent, change: dict[str, Any], fault: str) -> None:
    app = create_app(Settings(), shipped())
    description = json.loads(send(app, replace(ASKED, path="/api/v1/openapi.json", query=b"")).body)
    promises = Promises(app, shipped(), description, Report())
    got = send(app, sent)
    assert list(promises.broken(sent, got)) == []
    fields = {name: value for name, value in change.items() if name in {"status", "headers", "body"}}
    headers = {name: value for name, value in change.items() if name not in fields}
    altered = replace(got, **{"headers": got.headers | headers, **fields})
    assert any(said.startswith(fault) for said in promises.broken(sent, altered))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [(b"96 people", b"69 people", "not verbatim"), (b'_text":false', b'_text":true', "generated text")],
)
def test_an_altered_word_is_reported(old: bytes, new: bytes, fault: str) -> None:
    app = create_app(Settings(), shipped())
    description = json.loads(send(app, replace(ASKED, path="/api/v1/openapi.json", query=b"")).body)
    description["components"]["schemas"]["Answer"] = {}  # so that only this check can report it
    got = send(app, ASKED)
    assert old in got.body
    altered = replace(got, body=got.body.replace(old, new))
    assert fault in list(Promises(app, shipped(), description, Report()).broken(ASKED, altered))
