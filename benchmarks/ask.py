"""Cost of an answer on the shipped corpus: `python -m benchmarks.ask`.

Prints the time from `qa serve` to the first answer, the median of `answer()` in process, and what a JSON request
costs beyond it, against a Flask view that returns ready bytes, all in one run.
"""

from __future__ import annotations

import os
import socket
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

from qa.answer import answer
from qa.ingest import publish
from qa.settings import Settings
from qa.web import create_app

ROOT = Path(__file__).parent.parent
ROUNDS, REPEATS = 9, 200


def main() -> None:
    settings = Settings(corpus=ROOT / "corpus")
    index = publish(settings.corpus, settings.index)
    questions = index.catalogue.examples
    print(f"first answer after qa serve: {min(first_answer(questions[0]) for _ in range(3)):.2f} s (best of 3)")

    def ask_all() -> None:
        for question in questions:
            answer(question, index)

    app = create_app(settings, index)
    environments = [create_environ("/api/v1/ask", query_string={"q": question}) for question in questions]
    ready = Flask("ready")
    body = send(app, environments[0])
    ready.add_url_rule("/api/v1/ask", view_func=lambda: Response(body, mimetype="application/json"))

    def request_all() -> None:
        for environment in environments:
            send(app, environment)

    def request_ready() -> None:
        for environment in environments:
            send(ready, environment)

    timed = interleaved([ask_all, request_all, request_ready])
    per_answer, per_request, per_ready = (median(times) / len(questions) for times in timed)
    print(f"answer():              {per_answer * 1e3:.3f} ms median")
    print(f"JSON request:          {per_request * 1e3:.3f} ms median")
    print(f"ready bytes:           {per_ready * 1e3:.3f} ms median")
    print(f"(request - answer()) / ready bytes: {(per_request - per_answer) / per_ready:.2f}")


def interleaved(calls: list[Callable[[], None]]) -> list[list[float]]:
    """CPU seconds of each call, in turn, so that a change of the machine's speed meets all of them."""
    timed: list[list[float]] = [[] for _ in calls]
    for call in calls:
        call()
    for _ in range(ROUNDS):
        for times, call in zip(timed, calls, strict=True):
            for _ in range(REPEATS // 10):
                begin = time.process_time()
                call()
                times.append(time.process_time() - begin)
    return timed


def send(app: Flask, environment: dict[str, Any]) -> bytes:
    """One request as a server hands it over, without a client's share of the work."""
    body = app(dict(environment), lambda status, headers, error=None: lambda data: None)
    try:
        return b"".join(body)
    finally:
        close = getattr(body, "close", None)
        if close:
            close()


def first_answer(question: str) -> float:
    """Seconds from starting `qa serve` as a process to its first answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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
