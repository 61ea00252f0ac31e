"""The JSON API."""

from __future__ import annotations

from functools import cache

import orjson
from flask import Flask, Response, request

from qa.web.asking import read_body, read_query
from qa.web.examples import examples
from qa.web.openapi import describe
from qa.web.service import JSON, Service


def add_api(app: Flask, service: Service) -> None:
    """GET and POST /api/v1/ask, the description of both, and what a supervisor asks."""

    @cache  # made when first asked for: at the start everybody waits
    def description() -> bytes:
        catalogue = service.index.catalogue
        return orjson.dumps(
            describe(
                [condition.id for condition in catalogue.conditions],
                catalogue.examples,
                examples(service),
                catalogue.version,
            )
        )

    @app.get("/api/v1/ask")
    def ask_by_address() -> Response:
        ask = read_query(request)
        service.require(ask.version)
        return service.respond(request.environ, "json", ask.key, lambda: orjson.dumps(service.ask(ask)))

    @app.post("/api/v1/ask")
    def ask_by_body() -> Response:
        ask = read_body(request)
        service.require(ask.version)
        return Response(orjson.dumps(service.ask(ask)), content_type=JSON)

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        return service.respond(request.environ, "openapi", (), description)

    @app.get("/healthz")
    def alive() -> Response:
        return Response(b'{"status":"alive"}', content_type=JSON, headers={"Cache-Control": "no-store"})

    @app.get("/readyz")
    def ready() -> Response:
        state = {"status": "ready", "version": service.index.catalogue.version}
        return Response(orjson.dumps(state), content_type=JSON, headers={"Cache-Control": "no-store"})
