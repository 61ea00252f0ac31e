"""Cost of an answer on the shipped corpus: `python -m benchmarks.ask`.

Prints, from one run: the time from `qa serve` to the first answer; the median time of `answer()` in process; how much
of it is understanding the question; what a JSON request costs in addition, relative to a Flask view that returns
prepared bytes.

That view also calls `answer()` and discards the result. Searching evicts Flask's code and data from the processor's
caches, so the same view takes several times as long after a search as when it is repeated alone. A request always
follows a search, so it is compared with a view that does too, and the time of `answer()` is subtracted from both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response
from werkzeug.test import create_environ

from qa.engine import open_service
from qa.settings import Settings
from qa.understanding.context import context_of
from qa.understanding.parse import read_message
from qa.web import create_app
from testkit.servers import free_port

ROOT = Path(__file__).parent.parent
ROUNDS = 150


def main() -> None:
    settings = Settings(corpus=ROOT / "corpus")
    service = open_service(settings)
    questions = service.example_questions
    if "--no-start" not in sys.argv:
        print(f"first answer after qa serve: {min(first_answer(questions[0]) for _ in range(3)):.2f} s (best of 3)")

    app = create_app(settings, service.index)
    environments = [create_environ("/api/v1/ask", query_string={"q": question}) for question in questions]
    body = send(app, environments[0])
    ready, asking = Flask("ready"), Flask("asking")
    ready.add_url_rule("/api/v1/ask", view_func=lambda: Response(body, mimetype="application/json"))

    @asking.get("/api/v1/ask")
    def ask_and_send_ready() -> Response:
        service.ask(asked[0])
        return Response(body, mimetype="application/json")

    asked = [""]
    calls: dict[str, Callable[[int], object]] = {
        "answer()": lambda n: service.ask(questions[n]),
        "JSON request": lambda n: send(app, environments[n]),
        "answer() + prepared bytes": lambda n: send(asking, environments[n]),
    }
    timed: dict[str, list[float]] = {name: [] for name in calls}
    order = list(calls)
    for turn in range(ROUNDS * len(questions)):
        number = turn % len(questions)
        asked[0] = questions[number]
        order = order[1:] + order[:1]
        for name in order:
            timed[name].append(cpu_of(calls[name], number))
    for name, times in timed.items():
        print(f"{name + ':':35} {median(times) * 1e6:5.0f} µs median")
    words = context_of(service.index).lexicon
    understanding = median(
        cpu_of(lambda n: read_message(questions[n], words), turn % len(questions)) for turn in range(ROUNDS)
    )
    print(f"{'understanding the question:':35} {understanding * 1e6:5.0f} µs median")
    alone = median(cpu_of(lambda n: send(ready, environments[n]), 0) for _ in range(ROUNDS))
    print(f"{'prepared bytes alone:':35} {alone * 1e6:5.0f} µs median")
    request, view = (differences(timed[name], timed["answer()"]) for name in list(calls)[1:])
    print(f"(request - answer()) / (answer() + prepared bytes - answer()): {request / view:.2f}")


def cpu_of(call: Callable[[int], object], number: int) -> float:
    begin = time.process_time()
    call(number)
    return time.process_time() - begin


def differences(times: list[float], without: list[float]) -> float:
    """The median difference between each time and the one measured next to it in `without`; seconds."""
    return median(a - b for a, b in zip(times, without, strict=True))


def send(app: Flask, environment: dict[str, Any]) -> bytes:
    """Send one request as a server would pass it on, without the cost of a client. Return the body."""
    body = app(dict(environment), lambda status, headers, error=None: lambda data: None)
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()


def first_answer(question: str) -> float:
    """Seconds from starting the process `qa serve` to its first answer."""
    port = free_port()
    address = f"http://127.0.0.1:{port}/api/v1/ask?{urlencode({'q': question})}"
    begin = time.perf_counter()
    environment = {**os.environ, "QA_PORT": str(port), "QA_CORPUS": str(ROOT / "corpus")}
    server = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve"], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - begin < 60:
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return time.perf_counter() - begin
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)
        raise TimeoutError("no answer within 60 s")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
