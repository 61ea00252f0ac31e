"""What an answer looks like before anybody scrolls: `QA_ENCODER=on python -m benchmarks.page`.

For every example question of the shipped corpus, in Chromium (CHROMIUM, default /usr/bin/chromium), on a laptop
(1280 × 800) and on a phone (390 × 844), with everything folded: at what share of the first screen the answering
sentence begins and its source line ends, how long the page is, how many characters are around those quoted, whether
anything moves. Then the size of the first load, requests to other hosts, printed pages, and the processor time of
rendering beyond the JSON of the same answer.
"""

from __future__ import annotations

import gzip
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.engine import Service, open_service
from qa.settings import Settings
from qa.web import create_app
from qa.web.pages import answer_page
from qa.web.request_models import Ask

CORPUS = Path(__file__).parent.parent / "corpus"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENS = {"laptop": (1280, 800), "phone": (390, 844)}
CLOSEST = "What does ketamine treatment cost?"  # a page without an answer, with suggestions
TIMES = 200

SEEN = """() => {
  const top = (one) => one.getBoundingClientRect();
  const mark = document.querySelector("main mark"), source = document.querySelector(".verse .source");
  const seen = {begins: mark && top(mark).top, ends: top(source).bottom,
    height: document.documentElement.scrollHeight, wide: document.documentElement.scrollWidth};
  for (const one of document.querySelectorAll(".sr, .ask textarea")) one.remove();  // not seen, or the reader's own
  const text = (all) => [...all].reduce((sum, one) => sum + one.innerText.trim().length, 0);
  const quoted = text(document.querySelectorAll("main blockquote"));
  return {...seen, around: text([document.querySelector("main")]) - quoted, quoted};
}"""
SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(0), 100);
})"""


@dataclass(frozen=True, slots=True)
class Look:
    """An answer page as it is first seen; lengths in CSS pixels."""

    question: str
    begins: float | None
    ends: float
    height: int
    around: int
    quoted: int
    shift: float

    def line(self, screen: int) -> str:
        begins = f"{self.begins / screen:4.0%}" if self.begins is not None else "   –"
        ratio = self.around / self.quoted
        seen = f"{begins} {self.ends / screen:5.0%} {self.height:6}"
        return f"{seen} {self.around:6} {self.quoted:5} {ratio:5.2f} {self.shift:5.2f}  {self.question}"


class Silent(WSGIRequestHandler):
    """Logs no request."""

    def log_request(self, *_: object) -> None:
        pass


def main() -> None:
    from playwright.sync_api import sync_playwright

    settings = Settings(corpus=CORPUS)
    service = open_service(settings)
    server = make_server("127.0.0.1", 0, create_app(settings, service.index), request_handler=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
        for name, (width, height) in SCREENS.items():
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": height})
            print(
                f"\n{name}, {width} × {height}: mark begins, source ends (of the screen), height, around/quoted, shift"
            )
            for question in (*service.example_questions, CLOSEST):
                print(look(page, question).line(height))
        print_load(context, service.example_questions[0])
        print_paper(context, service.example_questions)
        browser.close()
    server.shutdown()
    print_cost(service)


def address(question: str) -> str:
    return "/?" + urlencode({"q": question})


def look(page: Any, question: str) -> Look:
    page.goto(address(question))
    shift, seen = page.evaluate(SHIFTS), page.evaluate(SEEN)
    return Look(
        question,
        seen["begins"],
        seen["ends"],
        seen["height"],
        seen["around"],
        seen["quoted"],
        shift,
    )


def print_load(context: Any, question: str) -> None:
    page = context.new_page()
    got: list[tuple[str, bytes]] = []
    page.on("response", lambda response: got.append((response.url, response.body())))
    page.goto(address(question), wait_until="networkidle")
    outside = [url for url, _ in got if urlsplit(url).hostname != "127.0.0.1" and not url.startswith("data:")]
    sent = [body for url, body in got if not url.startswith("data:")]
    plain, packed = sum(map(len, sent)), sum(len(gzip.compress(body)) for body in sent)
    print(f"\nfirst load: {len(sent)} requests, {plain:,} bytes, {packed:,} by gzip; to other hosts: {len(outside)}")


def print_paper(context: Any, questions: tuple[str, ...]) -> None:
    page = context.new_page()
    pages = []
    for question in questions:
        page.goto(address(question))
        pages.append(len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))))
    print(f"printed pages by question: {pages}")


def print_cost(service: Service) -> None:
    """Processor time of page and JSON of the same answers, in turns."""
    answers = [service.ask(question) for question in service.example_questions]
    app = create_app(service.settings, service.index)
    with app.test_request_context("/"):
        pages = [spent(lambda: [answer_page(each, Ask(each.question), service) for each in answers]) for _ in range(2)]
    json = spent(lambda: [orjson.dumps(each) for each in answers])
    asking = spent(lambda: [service.ask(question) for question in service.example_questions], 20)
    rendering = (min(pages) - json) / len(answers)
    print(f"rendering beyond JSON: {rendering * 1000:.2f} ms, {rendering / (asking / len(answers)):.2f} of asking")


def spent(run: Callable[[], object], times: int = TIMES) -> float:
    """The processor time in seconds of one run, of the best of five rounds."""
    rounds = []
    for _ in range(5):
        started = time.process_time()
        for _ in range(times // 5):
            run()
        rounds.append((time.process_time() - started) / (times // 5))
    return min(rounds)


if __name__ == "__main__":
    main()
