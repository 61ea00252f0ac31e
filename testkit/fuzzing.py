"""Send hostile requests to the application and check every promise on every response."""

from __future__ import annotations

import io
import json
import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask

from qa.indexes import OpenIndex
from qa.settings import Settings
from qa.web import create_app
from testkit.hostile_requests import Known, Requests, Sent
from testkit.promises import Got, Promises, Report


def send(app: Flask, sent: Sent) -> Got:
    """Send a request straight to the application, as a server would: a client would clean it up."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": sent.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(sent.path).decode("latin-1"),
        "QUERY_STRING": sent.query.decode("latin-1"),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if sent.body:
        environ["CONTENT_LENGTH"] = str(len(sent.body))
    for name, value in sent.headers:
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    begun: list[tuple[int, list[tuple[str, str]]]] = []
    body = app(environ, lambda status, headers, *_: begun.append((int(status[:3]), headers)))  # type: ignore[arg-type]
    status, headers = begun[-1]
    return Got(status, {name.lower(): value for name, value in headers}, b"".join(body))


def fuzz(index: OpenIndex, number: int, seed: int) -> Report:
    """Send `number` requests to an application that serves this index."""
    app, report = create_app(Settings(), index), Report()
    description = send(app, Sent("", "GET", "/api/v1/openapi.json", b"", (), b"")).body
    promises = Promises(app, index, json.loads(description), report)
    assets: dict[str, str] = app.jinja_env.globals["assets"]  # type: ignore[assignment]
    known = Known(
        [rule.rule for rule in app.url_map.iter_rules()],
        [
            *("bib", "ris", "json", *(address.rpartition("/")[2] for address in assets.values())),
            *(document.id for document in index.documents()),
            *(passage.id for document in index.documents() for passage in document.passages),
            *(reference.id for reference in index.references()),
        ],
        [condition.id for condition in index.manifest.conditions],
        index.manifest.version,
    )
    requests = Requests(known, seed)
    for _ in range(number):
        sent = requests.next()
        try:
            got = send(app, sent)
        except Exception as error:  # the promise: no exception of any kind
            report.faults.append(f"{type(error).__name__}: {error}\n    {sent!r:.600}")
            continue
        report.statuses[got.status] += 1
        report.faults += [f"{fault}\n    {sent!r:.600}" for fault in promises.broken(sent, got)]
        if "etag" in got.headers:
            requests.keep(sent, got.headers["etag"])
    return report
