"""The pages in a real browser: accessible, quiet, whole without script, and with the very words of the documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.serving import make_server

from qa.indexing.publish import open_published
from qa.settings import Settings
from qa.web import create_app
from qa.web.warmup import Opening, starting_app
from testkit.corpora import SHIPPED, shipped
from tests.test_browse import HARD, corpus_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
SCREENS = ROOT / "build" / "screens"  # looked at by people; not in the repository
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def asking(question: str) -> str:
    return "/?" + urlencode({"q": question})


# A state of the page, how to reach it, and a mark by which it is known to be reached.
STATES = {
    "empty": ("/", "#examples"),
    "answered": (asking("Does ketamine help people stop drinking?"), "blockquote mark"),
    "contested": (asking("Is there a powerful biological reset effect?"), ".verdict.disputed"),
    "closest": (asking("What does ketamine treatment cost?"), "[role=status]"),
    "treatment not covered": (asking("Does psilocybin help people with alcohol use disorder?"), ".outcome"),
    "refused": (asking("What is the capital of France?"), ".outcome"),
    "not covered": (asking("Does ketamine help with methamphetamine?"), ".outcome"),
    "no words": (asking("the of and"), ".outcome"),
    "another language": (asking("¿Ayuda la ketamina a las personas a dejar de beber alcohol?"), ".outcome"),
    "several parts": (
        asking("Does ketamine help people stop drinking? What was found for cocaine craving?"),
        "blockquote mark",
    ),
    "nothing in the condition": (asking("relapse") + "&condition=tobacco-use-disorder", ".outcome"),
    "urgent": (asking("I want to kill myself"), ".urgent"),
    "document": ("/documents/ketamine-substance-use-disorders", ".doc"),
    "work": ("/references/grabski2022", ".uses"),
    "coverage": ("/coverage", ".plain"),
    "documents": ("/documents", ".entries"),
    "sources": ("/references", ".entries"),
    "sources, filtered": ("/references?year=2022&kind=Randomised+trial&sort=year", ".filters"),
    "sources, none": ("/references?year=2022&year=1900&kind=Book", ".filters"),
    "conditions": ("/conditions", ".entries"),
    "condition": ("/conditions/alcohol-use-disorder", ".topic"),
    "condition, none": ("/conditions/tobacco-use-disorder", ".head-row"),
    "report": ("/documents/ketamine-substance-use-disorders/report/s-007b96db451f", "blockquote"),
    "glossary": ("/glossary", "dl"),
    "about": ("/about", ".prose"),
    "fault": ("/?q=", ".lede"),
    "not found": ("/nowhere", ".lede"),
    "version gone": (asking("relapse") + "&version=gone", ".lede"),
    "about the API": ("/api", ".code"),
}


@pytest.fixture
def quiet(page: Any) -> Iterator[Any]:
    """A page that must leave nothing on the console."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    yield page
    # What the browser itself says of a 4xx page is not ours.
    assert [line for line in said if "the server responded with a status of 4" not in line] == []


def open_state(page: Any, state: str) -> None:
    address, sign = STATES[state]
    page.goto(address)
    page.wait_for_selector(sign, state="attached")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("state", STATES)
def test_accessible_in_every_state(quiet: Any, state: str, width: int) -> None:
    """No violation, and nothing that axe could not judge, by day and by night; no sideways scrolling; nothing moves
    after the first paint."""
    quiet.set_viewport_size({"width": width, "height": 800})
    open_state(quiet, state)
    assert quiet.evaluate(SHIFTS) == 0
    judge(quiet, state, width)


def judge(page: Any, state: str, width: int) -> None:
    """By axe, by day and by night, with everything open; and a picture of each for people to look at."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate(Axe().axe_script + ";0")  # as a script of the page it would not be let in by the page's own rules
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        keep_picture(page, f"{state}-{scheme}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = page.evaluate("(options) => axe.run(options)", {"runOnly": {"type": "tag", "values": STANDARDS}})
        assert found["passes"]
        for kind in ("violations", "incomplete"):
            assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found[kind]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("document.querySelectorAll('main .verse details').forEach((one) => (one.open = false))")
    if width == 1280:
        page.emulate_media(media="print", color_scheme="light")
        keep_picture(page, f"{state}-print")


@contextmanager
def served(app: Callable[..., Any]) -> Iterator[str]:
    """The address of an application that is served from this process."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def still_starting() -> Flask:
    """A service whose documents take longer to read than any test."""
    return starting_app(Settings(corpus=SHIPPED), Opening(lambda: Flask("at last") if Event().wait() else Flask("")))


def asked_too_often() -> Flask:
    return create_app(Settings(corpus=SHIPPED, rate_limit=1), shipped())


@pytest.mark.parametrize(
    ("state", "app", "status"), [("starting", still_starting, 503), ("busy", asked_too_often, 429)]
)
def test_accessible_while_there_is_no_answer_yet(
    browser: Any, time_stands: None, state: str, app: Callable[[], Flask], status: int
) -> None:
    with served(app()) as url:
        page = browser.new_page(base_url=url)
        answers = [page.goto("/?q=relapse") for _ in range(2)]  # the second is one too many for the busy one
        assert answers[1].status == status
        assert page.get_by_role("link", name="Try again").get_attribute("href") == ""
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            judge(page, state, width)
        page.close()


def in_small_parts(app: Flask) -> Callable[..., Iterator[bytes]]:
    """The application on a slow line: a page comes in thirty parts, each after a pause."""

    def sent(environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
        body = b"".join(app(environ, start))
        if environ["PATH_INFO"].startswith("/static/"):
            yield body
            return
        size = len(body) // 30 + 1
        for begin in range(0, len(body), size):
            yield body[begin : begin + size]
            sleep(0.02)

    return sent


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("state", ["empty", "answered", "contested", "document", "documents", "glossary"])
def test_nothing_moves_on_a_slow_line(browser: Any, state: str, width: int) -> None:
    """What has arrived is not pushed about by what arrives after it."""
    with served(in_small_parts(create_app(Settings(corpus=SHIPPED), shipped()))) as url:
        page = browser.new_page(base_url=url, viewport={"width": width, "height": 800})
        open_state(page, state)
        assert page.evaluate(SHIFTS) == 0
        page.close()


ARABIC = """# علاج الكيتامين

وجدت تجربة (Grabski et al., Am J Psychiatry. 2022;179(2):152-162) أن الكيتامين زاد أيام الامتناع.

## Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft

Pneumonoultramicroscopicsilicovolcanoconiosis https://example.org/a/long/address/without/a/blank/in/it/at/all?with=query.
"""


@pytest.mark.parametrize("address", ["/documents/a", asking("الكيتامين pneumonoultramicroscopicsilicovolcanoconiosis")])
def test_writing_from_right_to_left_and_words_without_end(browser: Any, tmp_path: Path, address: str) -> None:
    """Each paragraph has its own direction, whatever is beside it, and nothing is wider than a phone."""
    index = open_published(corpus_of(tmp_path / "a", "a.md", ARABIC), "memory:")
    with served(create_app(Settings(corpus=tmp_path), index)) as url:
        page = browser.new_page(base_url=url, viewport={"width": 320, "height": 800})
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        keep_picture(page, f"right-to-left-{'asked' if '?' in address else 'document'}")
        ways = {
            "rtl" if "ك" in text else "ltr": way
            for text, way in page.eval_on_selector_all(
                "blockquote, article p.paragraph",
                "all => all.map((one) => [one.textContent, getComputedStyle(one).direction])",
            )
        }
        assert ways == {"rtl": "rtl", "ltr": "ltr"}
        page.close()


def keep_picture(page: Any, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name.replace(' ', '-')}.png", full_page=True)


SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 100);
})"""


@pytest.mark.parametrize("state", ["answered", "contested", "not covered"])
def test_the_words_in_the_browser_are_those_of_the_json(quiet: Any, state: str) -> None:
    open_state(quiet, state)
    answer = quiet.request.get(f"/api/v1{STATES[state][0].replace('/?', '/ask?')}").json()
    shown = answer["answers"] or answer["abstention"]["nearest"]
    assert quiet.eval_on_selector_all("blockquote", "all => all.map((one) => one.textContent)") == [
        hit["text"] for hit in shown
    ]


def test_first_load_is_light(quiet: Any) -> None:
    """At most 40 KB in three requests."""
    sent: list[int] = []
    quiet.on("response", lambda response: sent.append(len(response.body())))
    quiet.goto(STATES["answered"][0], wait_until="networkidle")
    assert len(sent) <= 3
    assert sum(sent) <= 40 * 1024


def test_lines_of_a_quotation_are_of_a_length_for_reading(quiet: Any) -> None:
    """60 to 68 characters, as books have it; looked at on the lines that are full."""
    quiet.set_viewport_size({"width": 1280, "height": 800})
    open_state(quiet, "answered")
    longest = quiet.evaluate(
        """() => Math.max(...[...document.querySelectorAll("blockquote")].map((quote) => {
          const style = getComputedStyle(quote);
          const canvas = document.createElement("canvas").getContext("2d");
          canvas.font = `${style.fontSize} ${style.fontFamily}`;
          const text = quote.textContent;
          return parseFloat(style.width) / (canvas.measureText(text).width / text.length);
        }))"""
    )
    assert 60 <= longest <= 68


def test_without_script(browser: Any, live_server: str) -> None:
    """Everything but copying: keep to a condition, ask, open the list of works."""
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="alcohol", exact=True).click()
    page.get_by_role("textbox").fill("Does ketamine help people stop drinking?")
    page.get_by_role("button", name="Ask").click()
    page.locator("blockquote mark").first.wait_for()
    page.wait_for_load_state()  # what is hidden would not be seen before it has arrived either
    assert "condition=alcohol-use-disorder" in page.url
    assert page.get_by_text("Only about: Alcohol use disorder.").is_visible()
    assert not page.locator("[data-copy]").first.is_visible()
    works = page.locator("details.refs")
    assert not works.locator("li").first.is_visible()
    page.locator("details.refs > summary").click()
    works.get_by_role("link", name="doi:").first.wait_for()
    context.close()


def test_a_citation_in_the_quotation_opens_the_list_at_its_work(quiet: Any) -> None:
    open_state(quiet, "answered")
    citation = quiet.locator("blockquote a").first
    work = quiet.locator(citation.get_attribute("href"))
    assert not work.is_visible()
    citation.click()
    work.wait_for()
    assert work.inner_text().split()[0] in citation.inner_text()


def test_keyboard_walk(quiet: Any) -> None:
    """Every control is reached by Tab, in page order, and shows that it has the focus."""
    open_state(quiet, "contested")
    usable = quiet.eval_on_selector_all(
        "a[href], button:not([hidden]), input:not([type=hidden]), textarea, summary",
        "all => all.filter((one) => one.checkVisibility()).map((one, n) => (one.dataset.walk = n))",
    )
    walked = []
    for _ in usable:
        quiet.keyboard.press("Tab")
        walked.append(quiet.evaluate("Number(document.activeElement.dataset.walk)"))
        outlines = quiet.evaluate(
            "[document.activeElement, document.activeElement.parentElement].map((one) => getComputedStyle(one).outline)"
        )
        assert any("solid" in outline and "rgba(0, 0, 0, 0)" not in outline for outline in outlines)
    assert walked == usable


def test_the_skip_link_comes_first_and_leads_to_the_answer(quiet: Any) -> None:
    open_state(quiet, "answered")
    quiet.keyboard.press("Tab")
    assert quiet.evaluate("document.activeElement.className") == "skip"
    quiet.keyboard.press("Enter")
    quiet.wait_for_function("document.activeElement.id === 'result'")


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ("Does ketamine help people stop drinking?", "Answer"),
        ("What does ketamine treatment cost?", "The documents may not answer this."),
        ("What is the capital of France?", None),
        ("I want to kill myself", "If you are thinking about suicide"),
        ("word " * 300, "Something went wrong"),
    ],
    ids=["answered", "closest", "abstained", "urgent", "too long"],
)
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_whoever_asks_arrives_at_the_answer(
    browser: Any, live_server: str, asked: str, heading: str | None, script: bool
) -> None:
    """Screen readers go on there, and say what it is; the page is not scrolled."""
    context = browser.new_context(base_url=live_server, java_script_enabled=script)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("textbox").fill(asked)
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**#result")
    there = page.locator("#result:target")
    there.wait_for()
    assert heading is None or there.inner_text().startswith(heading)
    if script:  # without, nothing tells what has the focus
        page.wait_for_function("document.activeElement.id === 'result'")
        assert page.evaluate("scrollY") == 0
    context.close()


LONG = "I have been drinking for years, and now I read about ketamine. " * 10


def test_what_cannot_be_sent_stays_in_its_box(browser: Any, live_server: str) -> None:
    """Without a connection the page says so; where the service cannot be reached, going back is enough."""
    context = browser.new_context(base_url=live_server)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("textbox").fill(LONG)
    context.set_offline(True)
    page.get_by_role("button", name="Ask").click()
    page.get_by_text("You are not connected").wait_for()
    assert page.get_by_role("textbox").input_value() == LONG
    context.set_offline(False)
    page.route("**/?q=*", lambda route: route.abort("connectionrefused"))
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith("chrome-error:")):
        page.get_by_role("button", name="Ask").click()
    page.go_back()
    page.wait_for_function("text => document.querySelector('textarea')?.value === text", arg=LONG)
    context.close()


def test_a_link_to_a_sentence_that_is_gone_says_so(quiet: Any) -> None:
    told = quiet.get_by_text("The link you followed is to a sentence")
    address = STATES["document"][0]
    quiet.goto(address)
    assert not told.is_visible()
    quiet.goto(f"{address}#s-000000000000")
    told.wait_for()
    sentence = quiet.locator("article [id^=s-]").first.get_attribute("id")
    quiet.goto(f"{address}#{sentence}")
    told.wait_for(state="hidden")


def test_slash_goes_to_the_box_but_not_while_typing(quiet: Any) -> None:
    open_state(quiet, "answered")
    quiet.keyboard.press("/")
    assert quiet.evaluate("document.activeElement.id") == "q"
    quiet.get_by_role("textbox").fill("")
    quiet.keyboard.type("and/or")
    assert quiet.get_by_role("textbox").input_value() == "and/or"
    quiet.keyboard.press("Enter")
    quiet.wait_for_url("**/?q=and%2For*")


def test_what_is_copied_takes_its_notes_along(browser: Any, live_server: str) -> None:
    """A contested finding is not copied without what a reviewer found about it."""
    context = browser.new_context(base_url=live_server, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_state(page, "contested")
    hit = page.locator("article", has=page.locator(".verdict")).first
    hit.get_by_role("button", name="Copy with citation").click()
    hit.get_by_text("Copied.").wait_for()  # the clipboard answers when it can
    copied = page.evaluate("navigator.clipboard.readText()")
    assert hit.locator("blockquote").evaluate("one => one.textContent") in copied
    for note in hit.locator(".verdict p").all():
        assert " ".join((note.text_content() or "").split()) in copied
    assert page.url.split("#")[0] in copied
    assert " ".join((hit.locator(".where p").text_content() or "").split()) in copied
    cited = " ".join((hit.locator(".source").first.get_attribute("data-works") or "").split())
    assert " ".join((page.locator(f"[id={cited}] [data-entry]").text_content() or "").split()) in copied
    context.close()


def test_a_citation_is_copied_whole(browser: Any, live_server: str) -> None:
    context = browser.new_context(base_url=live_server, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    open_state(page, "work")
    page.get_by_role("button", name="Copy citation").click()
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    for part in ("Grabski M", "Adjunctive Ketamine", "American Journal of Psychiatry", "doi:10.1176/"):
        assert part in copied
    context.close()


@pytest.mark.parametrize(
    ("asked", "now"),
    [
        (
            asking("relapse <b> & more") + "&condition=alcohol-use-disorder&utm_source=x&version=gone",
            asking("relapse <b> & more") + "&condition=alcohol-use-disorder",
        ),
        ("/coverage?version=gone", "/coverage"),
    ],
)
def test_where_a_version_is_gone_the_question_is_one_step_away(quiet: Any, asked: str, now: str) -> None:
    quiet.goto(asked)
    with quiet.expect_navigation() as navigation:
        quiet.get_by_role("link", name="See the current version").click()
    assert navigation.value.status == 200
    assert quiet.url.endswith(now)


# What a screen reader is given of a page: where, and how the page is reached.
TREES = {
    "empty": "body",
    "contested": "article >> nth=0",
    "answered": "main",
    "refused": "main",
    "urgent": "main",
    "another language": "main",
    "document": "main",
    "work": "main",
    "coverage": "main",
    "condition": "main",
    "not found": "main",
    "version gone": "main",
}


CHANGING = r"(version=|Version |passage 1 of )[0-9a-f]+"  # with the documents, and with what else is found


@pytest.mark.parametrize(("state", "part"), TREES.items())
def test_accessibility_tree(quiet: Any, state: str, part: str) -> None:
    """Roles and names, in order, as last reviewed. The current tree is written to build/trees: read it, and copy it over
    the one in tests/data/trees if the change is intended."""
    open_state(quiet, state)
    name = f"{state.replace(' ', '-')}.txt"
    now = re.sub(CHANGING, r"\1…", quiet.locator(part).aria_snapshot()) + "\n"
    (ROOT / "build" / "trees").mkdir(parents=True, exist_ok=True)
    (ROOT / "build" / "trees" / name).write_text(now, "utf-8")
    assert now == (ROOT / "tests" / "data" / "trees" / name).read_text("utf-8")


def test_a_screen_reader_hears_where_the_answer_begins_and_ends(quiet: Any) -> None:
    open_state(quiet, "answered")
    heard = quiet.locator("main").aria_snapshot()
    for words in ("start of the answering sentence", "end of the answering sentence"):
        assert words in heard
    assert 'heading "Does ketamine help people stop drinking?" [level=1]' in heard
    assert 'heading "Answer" [level=2]' in heard
    assert 'textbox "Your question"' in heard
    assert "blockquote" in heard


def test_paper(quiet: Any) -> None:
    """The form is left out but not the question, and a link says where it leads."""
    open_state(quiet, "answered")
    question = quiet.get_by_role("heading", level=1)
    assert question.bounding_box()["width"] == 1
    quiet.emulate_media(media="print")
    assert question.bounding_box()["width"] > 100
    assert not quiet.get_by_role("textbox").is_visible()
    assert quiet.locator("blockquote").first.is_visible()
    assert quiet.locator(".ids a").first.is_visible()
    shown = quiet.locator(".ids a").first.evaluate("one => getComputedStyle(one, '::after').content")
    assert "attr(href)" in shown or "https://" in shown
    quiet.evaluate("dispatchEvent(new Event('beforeprint'))")
    foot = quiet.locator(".paper").inner_text()
    assert f"Version {shipped().manifest.version}" in foot
    assert quiet.url in foot
    assert str(datetime.now(UTC).year) in foot


def test_layers_of_the_reading_view_work_without_script(browser: Any, live_server: str) -> None:
    """The source of each sentence can be shown, and is not part of the text."""
    context = browser.new_context(base_url=live_server, java_script_enabled=False)
    page = context.new_page()
    page.goto(STATES["document"][0])
    sentence = page.locator("[data-backing]").first
    shown = "one => getComputedStyle(one, '::after').content"
    before = sentence.evaluate(shown)
    page.get_by_text("Show more about each sentence").click()
    page.get_by_label("Show the source of each sentence").check()
    assert before == "none"
    assert "no source given" in sentence.evaluate(shown)
    assert "no source given" not in page.locator("article").inner_text()
    context.close()


def test_hostile_documents_are_words_and_nothing_else(browser: Any, start: Callable[..., str], tmp_path: Path) -> None:
    """Markup, quotes, braces and bidi marks in a document reach the reader as they are, and run nothing."""
    corpus = corpus_of(tmp_path / "hard", "hard.txt", HARD)
    url = start("-m", "qa", "serve", port_option="--port {port}", environment={"QA_CORPUS": str(corpus)})
    context = browser.new_context(base_url=url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    for address in ("/documents/hard", asking("tags <script>alert(1)</script> {{ braces }} \u202e")):
        page.goto(address)
        assert page.locator("script").count() == 1
        assert said == []
    page.goto("/documents/hard")
    document = """one => {
        const copy = one.cloneNode(true)
        copy.querySelectorAll('aside').forEach(added => added.remove())
        return copy.textContent
    }"""  # links stand beside an entry of the list
    assert page.locator("article").evaluate(document) == HARD, "line ends of every kind included"
    page.goto(asking("braces"))
    hits = page.request.get("/api/v1/ask?q=braces").json()["answers"]
    shown = page.eval_on_selector_all("blockquote", "all => all.map((one) => one.textContent)")
    assert shown == [hit["text"] for hit in hits] != []
    context.close()


def test_headings_go_down_by_one(quiet: Any) -> None:
    for state in STATES:
        open_state(quiet, state)
        levels = quiet.eval_on_selector_all("h1,h2,h3,h4", "all => all.map((one) => Number(one.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(levels))
