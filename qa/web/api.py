"""The JSON API."""

from __future__ import annotations

from functools import cache

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from qa.citations.export import EXPORTS
from qa.engine import Service
from qa.web.examples import examples
from qa.web.exports import accepted_export
from qa.web.openapi import describe
from qa.web.parameters import Ask, put, read_body, read_query, url_parameters
from qa.web.responses import CONTENT_TYPES, JSON, Body, Responder, kind_of, to_json


def add_api(app: Flask, responder: Responder) -> None:
    """Add GET and POST /api/v1/ask, its exports for reference managers, the OpenAPI description and /readyz."""

    service = responder.service

    @cache  # built on the first request, to keep the start short
    def description() -> bytes:
        return orjson.dumps(
            describe(
                [condition.id for condition in service.conditions()],
                service.example_questions,
                examples(service),
                service.version,
            )
        )

    @app.get("/api/v1/ask")
    def ask_by_address() -> Response:
        ask = read_query(url_parameters(request))
        responder.require(ask.version)
        return send_answer(responder, ask, accepted_export(request))

    @app.get("/api/v1/ask.<format>")
    def ask_for_works(format: str) -> Response:
        if format not in EXPORTS:
            raise NotFound
        ask = read_query(url_parameters(request))
        responder.require(ask.version)
        return send_answer(responder, ask, format)

    @app.post("/api/v1/ask")
    def ask_by_body() -> Response:
        ask = read_body(request)
        responder.require(ask.version)
        ending = accepted_export(request)
        return Response(answer_as(service, ask, ending), content_type=CONTENT_TYPES[kind_of(ending)])

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        return responder.respond(request.environ, "openapi", (), description)

    @app.get("/readyz")
    def ready() -> Response:
        state = {"status": "ready", "version": service.version}
        return Response(orjson.dumps(state), content_type=JSON, headers={"Cache-Control": "no-store"})


def send_answer(responder: Responder, ask: Ask, ending: str) -> Response:
    """Return the response to a GET: the answer as JSON, or as an export with the ending `ending`."""
    response = responder.respond(
        request.environ, kind_of(ending), ask.key, lambda: answer_as(responder.service, ask, ending)
    )
    response.headers["Vary"] = "Accept"
    return response


def answer_as(service: Service, ask: Ask, ending: str) -> Body:
    """Return the answer as JSON, or as an export of the quotations and the works they cite."""
    found = put(ask, service)
    return service.export(found, ending) if ending else to_json(found)
