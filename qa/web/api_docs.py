"""The API page: all requests, each with command lines to copy. A test runs every line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.web.examples import Example, examples
from qa.web.exports import EXPORT_KINDS
from qa.web.openapi import INFO, PROBLEMS, describe
from qa.web.parameters import read_version, url_parameters
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
        responder.require(read_version(url_parameters(request, only=("version",))))
        asked = (request.host_url, request.script_root)
        return responder.respond(request.environ, "page", ("api", *asked), lambda: api_docs_page(responder.service))


def api_docs_page(service: Service) -> str:
    base = f"{request.host_url.rstrip('/')}{request.script_root}/api/v1/"
    paths = describe()["paths"]
    return render_template(
        "api.html",
        root=request.script_root,
        notices=service.notices(),
        description=INFO["description"],
        problems=PROBLEMS,
        requests=[
            Request(
                operation["summary"],
                tuple(lines_for(path, example, base)),
                tuple(p for p in operation["parameters"] if is_shown(path, p)),
            )
            for path, example in examples(service).items()
            for operation in [paths[f"/api/v1/{path}"]["get"]]
        ],
    )


def is_shown(path: str, parameter: dict[str, Any]) -> bool:
    """Return whether to list a parameter. `version` is common to all requests; those of `ask` are listed only once."""
    return (
        "description" in parameter and parameter["name"] != "version" and (path == "ask" or parameter["in"] == "path")
    )


def lines_for(path: str, example: Example, base: str) -> Iterator[str]:
    """Yield curl commands for the request, one for each way to send it."""
    if path == "ask.{format}":
        yield from (f"curl {shlex.quote(base + example.address.replace('ask.json', f'ask.{e}'))}" for e in EXPORT_KINDS)
        return
    yield f"curl {shlex.quote(base + example.address)}"
    if path == "ask":
        body = shlex.quote(orjson.dumps({"q": example.id}).decode())
        yield f"curl {base}ask -H 'Content-Type: application/json' -d {body}"
    if path == "references/{id}":
        yield from (f"curl {shlex.quote(f'{base}{example.address}.{ending}')}" for ending in EXPORT_KINDS)
