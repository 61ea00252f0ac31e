"""The API page: all requests, each with command lines to copy. A test runs every line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.web import endpoints
from qa.web.browse import send_page
from qa.web.endpoint import PREFIX, Endpoint
from qa.web.examples import Example, examples
from qa.web.openapi import INFO, PROBLEMS, describe, operation_shown
from qa.web.responses import Responder


@dataclass(frozen=True, slots=True)
class Request:
    """A request, with command lines that send it and with its parameters."""

    summary: str
    lines: tuple[str, ...]
    parameters: tuple[dict[str, Any], ...]


def add_api_docs(app: Flask, responder: Responder) -> None:
    """Add GET /api."""

    @app.get("/api")
    def guide() -> Response:
        return send_page(responder, ("api", request.host_url), lambda: api_docs_page(responder.service))


def api_docs_page(service: Service) -> str:
    base = f"{request.host_url.rstrip('/')}{request.script_root}{PREFIX}"
    return render_template(
        "api.html",
        root=request.script_root,
        notices=service.notices(),
        description=INFO["description"],
        problems=PROBLEMS,
        requests=list(requests(service, base)),
    )


def requests(service: Service, base: str) -> Iterator[Request]:
    """Yield the requests. A parameter is listed once, with the first that has it; `version`, which all have, never."""
    paths = describe(endpoints.ENDPOINTS)["paths"]
    listed = {"version"}
    for path, example in examples(service, endpoints.ENDPOINTS).items():
        operation = operation_shown(paths, path)
        shown = [p for p in operation.get("parameters", ()) if "description" in p and p["name"] not in listed]
        listed |= {parameter["name"] for parameter in shown}
        rows = [endpoint for endpoint in endpoints.ENDPOINTS if endpoint.path == path]
        lines = [line for endpoint in rows for line in lines_for(endpoint, example, base)]
        yield Request(operation["summary"], tuple(lines), tuple(shown))


def lines_for(endpoint: Endpoint, example: Example, base: str) -> Iterator[str]:
    """Yield curl commands for the request, one for each way to send it."""
    address = base + example.address
    if endpoint.method == "POST":
        body = shlex.quote(orjson.dumps(example.sent).decode())
        yield f"curl {base}{example.path} -H 'Content-Type: application/json' -d {body}"
    elif endpoint.is_export:
        forms = (endpoint.path.format(**{**example.parts, "format": ending}) for ending in endpoint.exports)
        yield from (f"curl {shlex.quote(address.replace(example.path, form, 1))}" for form in forms)
    else:
        yield f"curl {shlex.quote(address)}"
        if endpoint.exports and "id" in endpoint.parts:
            yield from (f"curl {shlex.quote(f'{address}.{ending}')}" for ending in endpoint.exports)
