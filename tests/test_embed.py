"""The question box in a frame of another site: who may show it, and that it works there in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from qa.errors import BadSetting
from qa.settings import Settings, read_settings
from qa.web import create_app
from qa.web.assets import FOLDER
from testkit.corpora import SHIPPED, shipped

QUESTION = "Does ketamine help people stop drinking?"

ORIGINS = [
    # (value of the setting, origins; none if it is refused)
    ("", ()),
    ("  ", ()),
    ("https://www.example.org", ("https://www.example.org",)),
    (" https://a.example  http://b.example:8080 ", ("https://a.example", "http://b.example:8080")),
    ("https://*.example.org", ("https://*.example.org",)),
    ("http://[::1]:8080", ("http://[::1]:8080",)),
    ("*", None),  # any site
    ("www.example.org", None),  # no scheme
    ("https://www.example.org/page", None),
    ("https://www.example.org/", None),
    ("https://a.example,https://b.example", None),
    ("https://a.example; script-src *", None),
    ("'self'", None),
    ("javascript://a.example", None),
]


@pytest.mark.parametrize(("value", "origins"), ORIGINS)
def test_the_setting(monkeypatch: pytest.MonkeyPatch, value: str, origins: tuple[str, ...] | None) -> None:
    monkeypatch.setenv("QA_FRAME_ANCESTORS", value)
    if origins is None:
        with pytest.raises(BadSetting, match=r"QA_FRAME_ANCESTORS .* must be origins separated by blanks"):
            read_settings()
    else:
        assert (read_settings().frame_ancestors or ()) == origins


def client_for(*origins: str) -> Any:
    return create_app(Settings(corpus=SHIPPED, frame_ancestors=origins), shipped()).test_client()


@pytest.mark.parametrize("path", ["/embed", "/embed?q=relapse", "/embed?q="])
def test_only_listed_sites_may_frame_it(path: str) -> None:
    sent = client_for("https://a.example", "https://b.example").get(path)
    assert sent.headers["Content-Security-Policy"].endswith("frame-ancestors https://a.example https://b.example")
    assert "X-Frame-Options" not in sent.headers
    refused = client_for().get(path)
    assert refused.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert refused.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/?q=relapse", "/coverage", "/embed/", "/nowhere", "/api/v1/ask?q=relapse"])
def test_no_other_page_may_be_framed(path: str) -> None:
    sent = client_for("https://a.example").get(path)
    assert sent.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert sent.headers["X-Frame-Options"] == "DENY"


def test_the_frame_shows_what_the_page_shows() -> None:
    client = client_for("https://a.example")
    page, frame = (client.get(path, query_string={"q": QUESTION}).text for path in ("/", "/embed"))
    quoted = [re.findall(r"<blockquote.*?</blockquote>", text, re.DOTALL) for text in (page, frame)]
    assert quoted[0] == quoted[1] != []
    assert 'action="/embed"' in frame
    assert '<header class="top">' in page
    assert '<header class="top">' not in frame


def test_the_script_is_small_and_needs_nobody_else() -> None:
    sent = client_for("https://a.example").get("/embed.js")
    assert sent.mimetype == "text/javascript"
    assert sent.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(sent.data) <= 3 * 1024
    for name in ("embed.js", "frame.js"):
        text = (FOLDER / name).read_text("utf-8")
        assert not re.search(r"https?://|cookie|localStorage|sessionStorage|sendBeacon|fetch|XMLHttpRequest", text)


# --- in a browser ----------------------------------------------------------------------------------


@contextmanager
def serving(app: Flask | Callable[..., Any], port: int = 0) -> Iterator[str]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()


class HostSite:
    """A site of somebody else, whose pages have the script of the service (`service` is its address)."""

    def __init__(self) -> None:
        self.service = ""

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        script = f'<script src="{self.service}/embed.js" data-title="Ask us"></script>'
        return [f"<!doctype html><title>Host</title><h1>Our site</h1>{script}<p id=after>Below</p>".encode()]


@pytest.fixture
def host() -> Iterator[tuple[HostSite, str]]:
    site = HostSite()
    with serving(site) as address:
        yield site, address


@pytest.fixture
def page_of(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def fitting_height(page: Any) -> float:
    """The height of what is in the frame, once the frame has it."""
    for _ in range(1000):
        content = page.frames[1].evaluate("document.body.getBoundingClientRect().height")
        if abs(page.evaluate("document.querySelector('iframe').offsetHeight") - content) < 2:
            return float(content)
        page.wait_for_timeout(30)
    raise AssertionError("the frame has not the height of its page")


@pytest.mark.slow
def test_asking_in_another_site(page_of: Any, host: tuple[HostSite, str]) -> None:
    """The answer is in the frame, which is as high as its page; the site around it is not left."""
    site, address = host
    with serving(create_app(Settings(corpus=SHIPPED, frame_ancestors=(address,)), shipped())) as site.service:
        page_of.goto(address)
        frame = page_of.frame_locator("iframe[title='Ask us']")
        frame.get_by_role("textbox").fill(QUESTION)
        frame.get_by_role("button", name="Ask").click()
        frame.locator("blockquote mark").first.wait_for()
        page_of.wait_for_function("document.querySelector('iframe').offsetHeight > 600")
        inner = page_of.frames[1]
        content = fitting_height(page_of)
        inner.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
        assert page_of.url.rstrip("/") == address
        assert page_of.context.cookies() == []
        frame.locator(".fold > summary").first.click()
        page_of.wait_for_function("h => document.querySelector('iframe').offsetHeight > h", arg=content)
        with page_of.context.expect_page() as opened:
            frame.get_by_role("link", name="Ketamine for substance use disorders").first.click()
        opened.value.wait_for_selector(".doc")


@pytest.mark.slow
def test_a_site_that_is_not_listed_gets_no_frame(page_of: Any, host: tuple[HostSite, str]) -> None:
    site, address = host
    with serving(
        create_app(Settings(corpus=SHIPPED, frame_ancestors=("https://a.example",)), shipped())
    ) as site.service:
        with page_of.expect_console_message(lambda message: "frame-ancestors https://a.example" in message.text):
            page_of.goto(address)
            page_of.wait_for_function("document.querySelector('iframe')")
            page_of.locator("#after").scroll_into_view_if_needed()
        assert not any(
            "textarea" in (frame.content() if frame.url.startswith(site.service) else "") for frame in page_of.frames
        )


@pytest.mark.slow
def test_messages_of_others_change_nothing(page_of: Any, host: tuple[HostSite, str]) -> None:
    """Neither the page around the frame nor the frame believes a message whose sender is not the other."""
    site, address = host
    with serving(create_app(Settings(corpus=SHIPPED, frame_ancestors=(address,)), shipped())) as site.service:
        page_of.goto(address)
        page_of.frame_locator("iframe").get_by_role("textbox").wait_for()
        fitting_height(page_of)
        before = page_of.evaluate("document.querySelector('iframe').offsetHeight")
        page_of.evaluate("postMessage({chapterAndVerse: {height: 5000}}, '*')")
        page_of.evaluate(
            """() => { const other = document.createElement('iframe');
            other.srcdoc = "<script>parent.postMessage({chapterAndVerse: {height: 5000}}, '*');"
              + "parent.frames[0].postMessage({chapterAndVerse: 'height'}, '*');"
              + "addEventListener('message', (event) => { parent.heard = event.data })</" + "script>";
            document.body.append(other); }"""
        )
        page_of.wait_for_timeout(500)
        assert page_of.evaluate("document.querySelector('iframe').offsetHeight") == before
        assert page_of.evaluate("window.heard") is None
