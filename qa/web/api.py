"""The JSON API: a route for each row of the table of endpoints, and /readyz."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from qa.engine import Service
from qa.errors import NotFound as NoSuchEntry
from qa.models import Answer
from qa.web import endpoints
from qa.web.endpoint import Endpoint
from qa.web.exports import AS_PLAIN_TEXT, EXPORT_KINDS, accepted_export, prefers_plain_text
from qa.web.feedback import note_question
from qa.web.metrics import note_outcome
from qa.web.parameters import read_body, read_query, url_parameters
from qa.web.request_models import RequestModel
from qa.web.responses import Content, Responder
from qa.web.tables import as_csv

JSON = "application/json"


class Export(NamedTuple):
    """The format to export, "" for none, the media types of all formats, and the address of the service if links in the
    format begin with it."""

    format: str
    types: Mapping[str, str]
    address: str


def add_api(app: Flask, responder: Responder) -> None:
    """Add the endpoints and /readyz."""
    for endpoint in endpoints.ENDPOINTS:
        app.add_url_rule(
            endpoint.rule, f"api:{endpoint.operation}", view_of(endpoint, responder), methods=[endpoint.method]
        )

    @app.get("/readyz")
    def ready() -> Response:
        service = responder.service
        state = {"status": "ready", "version": service.version, "index": service.kind_of_index}
        state["encoder"] = service.index.encoder
        return Response(orjson.dumps(state), content_type=JSON, headers={"Cache-Control": "no-store"})


def view_of(endpoint: Endpoint, responder: Responder) -> Callable[..., Response]:
    """Return the view function of an endpoint."""

    def view(format: str = "", **parts: str) -> Response:
        if endpoint.is_export and format not in endpoint.exports:
            raise NotFound
        by_body = endpoint.method == "POST"
        asked = read_body(endpoint.asks, request) if by_body else read_query(endpoint.asks, url_parameters(request))
        responder.require(asked.version)
        if endpoint.exports and not format:
            format = accepted_export(request, endpoint.exports)
        types = AS_PLAIN_TEXT if prefers_plain_text(request) else EXPORT_KINDS
        export = Export(format, types, own_address(responder.service) if format == "md" else "")
        make = partial(content_of, endpoint, responder.service, asked, parts, export)
        if by_body:
            return make().response()
        response = responder.respond(
            request.environ, (endpoint.rule, *parts.values(), format, types["bib"], export.address, *asked.key), make
        )
        if endpoint.exports:
            response.headers["Vary"] = "Accept"
        return response

    return view


def own_address(service: Service) -> str:
    """Return the address of the service as the client knows it. A proxy that adds TLS is told by QA_HSTS."""
    return f"{'https' if service.settings.hsts else request.scheme}://{request.host}{request.script_root}"


def content_of(
    endpoint: Endpoint, service: Service, asked: RequestModel, parts: Mapping[str, str], export: Export
) -> Content:
    """Return what the endpoint sends: JSON, or an export. If there is no entry with the id, its ending
    may be a format. Raises NotFound."""
    format = export.format
    try:
        found = endpoint.handle(service, asked, **parts)
    except NoSuchEntry:
        id, _, ending = parts.get("id", "").rpartition(".")
        if ending not in endpoint.exports:
            raise
        found, format = endpoint.handle(service, asked, **{**parts, "id": id}), ending
    if isinstance(found, Answer):
        note_outcome(found)
        note_question(found)
    if format == "csv":
        return Content(as_csv(found, endpoint.returns), f"{export.types[format]}; charset=utf-8")
    if format:
        return Content(
            service.export(found, format, request.url_root.rstrip("/")), f"{export.types[format]}; charset=utf-8"
        )
    return Content(orjson.dumps(found, default=list), JSON)  # named tuples, e.g. spans, become lists
