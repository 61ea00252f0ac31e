"""Counters for monitoring: requests by route and outcomes of questions, at /metrics in Prometheus' text format.

All processes of a service add to the same file, so that it does not matter which of them is asked. Nothing of a
question, an address or a visitor is counted.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import NamedTuple, get_args

from flask import Flask, Response, g, request

from qa.log import LOG
from qa.models import Answer, AnswerStatus
from qa.web.responses import Responder

TEXT = "text/plain; version=0.0.4; charset=utf-8"  # https://prometheus.io/docs/instrumenting/exposition_formats/
CLASSES = ("2xx", "3xx", "4xx", "5xx")
BOUNDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)  # seconds; an answer takes a few milliseconds
OUTCOMES: tuple[str, ...] = get_args(AnswerStatus)
CONVERTED = re.compile(r"<(?:\w+:)?(\w+)>")  # a part of a Flask route, "<path:id>"
NO_ROUTE = "none"  # of a request for a path that does not exist
HELP = {
    "qa_requests_total": "counter Requests, by route and class of status.",
    "qa_request_seconds": "histogram Time to answer a request, without waiting for its turn.",
    "qa_answers_total": "counter Questions, by outcome and kind of index.",
    "qa_documents": "gauge Documents served.",
    "qa_passages": "gauge Passages served.",
    "qa_version_info": "gauge Always 1; the labels say what is served.",
}


class Series(NamedTuple):
    """What one number counts: a name and labels, in Prometheus' terms."""

    name: str
    labels: tuple[tuple[str, str], ...]

    def line(self, value: float) -> str:
        labels = ",".join(f'{label}="{text}"' for label, text in self.labels)
        return f"{self.name}{{{labels}}} {value:.10g}" if labels else f"{self.name} {value:.10g}"


class Counters:
    """One number for each series, which all processes that open the same folder share.

    `folder` is None if this process counts alone. If the folder cannot be used, that is logged and it counts alone too:
    monitoring must not stop a service.
    """

    def __init__(self, series: Sequence[Series], folder: Path | None) -> None:
        self._places = {each: place for place, each in enumerate(series)}
        self._lock = Lock()
        size = 8 * len(series)
        # The name has a digest of the series: a release with other routes uses another file.
        name = f"requests.{sha256(repr(series).encode()).hexdigest()[:16]}"
        try:
            self._file = open_file(folder / name if folder else None, size)
        except OSError as error:
            LOG.warning("requests are counted by each process alone", setting="QA_METRICS", fault=str(error))
            self._file = open_file(None, size)
        self._values = memoryview(mmap.mmap(self._file, size)).cast("d")

    def add(self, amounts: Sequence[tuple[Series, float]]) -> None:
        """Add an amount to each of the series. A process that is killed meanwhile leaves no lock behind."""
        with self._lock:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                for series, amount in amounts:
                    self._values[self._places[series]] += amount
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __getitem__(self, series: Series) -> float:
        return self._values[self._places[series]]


def open_file(path: Path | None, size: int) -> int:
    """Open a file of `size` bytes, zeros at first, and return its descriptor. Raises OSError.

    The bytes are written, since writing to mapped memory for which the disk has no room would kill the process."""
    if path is None:
        opened, name = tempfile.mkstemp()
        os.unlink(name)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    existing = os.fstat(opened).st_size
    os.pwrite(opened, bytes(max(0, size - existing)), existing)
    return opened


def requests_of(route: str, status: str) -> Series:
    return Series("qa_requests_total", (("route", route), ("status", status)))


def seconds_of(route: str, part: str, *bound: str) -> Series:
    """A part of a histogram: a bucket with its upper bound, `sum` or `count`."""
    return Series(f"qa_request_seconds_{part}", (("route", route), *(("le", each) for each in bound)))


def answers_of(status: str, engine: str) -> Series:
    return Series("qa_answers_total", (("outcome", status), ("index", engine)))


BUCKETS = (*(f"{bound:g}" for bound in BOUNDS), "+Inf")


def add_metrics(app: Flask, responder: Responder) -> None:
    """Count requests and outcomes, and add GET /metrics. Call it when all other routes have been added."""

    @app.get("/metrics")
    def metrics() -> Response:
        lines = [*served_lines(responder), *counted_lines(counters, routes, engine)]
        return Response("\n".join(lines) + "\n", content_type=TEXT, headers={"Cache-Control": "no-store"})

    engine = responder.service.kind_of_index
    templates = {rule.rule: CONVERTED.sub(r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    routes = [*sorted(set(templates.values())), NO_ROUTE]
    counters = Counters([*all_series(routes, engine)], responder.service.settings.metrics)

    @app.before_request
    def begin() -> None:
        g.began = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = templates[request.url_rule.rule] if request.url_rule else NO_ROUTE
        took = perf_counter() - g.get("began", perf_counter())
        bucket = next((name for bound, name in zip(BOUNDS, BUCKETS, strict=False) if took <= bound), BUCKETS[-1])
        amounts = [
            (requests_of(route, CLASSES[response.status_code // 100 - 2]), 1.0),
            (seconds_of(route, "bucket", bucket), 1.0),
            (seconds_of(route, "sum"), took),
        ]
        outcome = g.get("outcome")
        counters.add(amounts + ([(answers_of(outcome, engine), 1.0)] if outcome else []))
        return response


def note_outcome(answer: Answer) -> None:
    """Have the outcome counted when the request that is being answered ends."""
    g.outcome = answer.status


def all_series(routes: Sequence[str], engine: str) -> Iterator[Series]:
    for route in routes:
        yield from (requests_of(route, status) for status in CLASSES)
        yield from (seconds_of(route, "bucket", bound) for bound in BUCKETS)
        yield seconds_of(route, "sum")
    yield from (answers_of(status, engine) for status in OUTCOMES)


def heading(name: str) -> list[str]:
    kind, _, text = HELP[name].partition(" ")
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def served_lines(responder: Responder) -> Iterator[str]:
    """What is served: gauges, the same in all processes."""
    service = responder.service
    info = service.info()
    labels = (("version", info.version), ("index", service.kind_of_index), ("encoder", service.index.encoder))
    gauges = {
        Series("qa_documents", ()): info.documents,
        Series("qa_passages", ()): info.passages,
        Series("qa_version_info", labels): 1,
    }
    for series, value in gauges.items():
        yield from [*heading(series.name), series.line(value)]


def counted_lines(counters: Counters, routes: Sequence[str], engine: str) -> Iterator[str]:
    """What was counted. A route without requests has no lines."""
    counts = {(route, status): counters[requests_of(route, status)] for route in routes for status in CLASSES}
    yield from heading("qa_requests_total")
    yield from (requests_of(*labels).line(value) for labels, value in counts.items() if value)
    yield from heading("qa_request_seconds")
    for route in routes:
        if any(counts[route, status] for status in CLASSES):
            totals = [*accumulate(counters[seconds_of(route, "bucket", bound)] for bound in BUCKETS)]
            for bound, total in zip(BUCKETS, totals, strict=True):
                yield seconds_of(route, "bucket", bound).line(total)
            yield seconds_of(route, "sum").line(counters[seconds_of(route, "sum")])
            yield seconds_of(route, "count").line(totals[-1])
    yield from heading("qa_answers_total")
    yield from (answers_of(status, engine).line(counters[answers_of(status, engine)]) for status in OUTCOMES)
