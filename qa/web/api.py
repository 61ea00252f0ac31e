"""The JSON API."""

from __future__ import annotations

import orjson
from flask import Flask, Response, request

from qa.web.asking import read_body, read_query
from qa.web.openapi import describe
from qa.web.service import Service

JSON = "application/json"


def add_api(app: Flask, service: Service) -> None:
    """GET and POST /api/v1/ask, the description of both, and what a supervisor asks."""
    description = orjson.dumps(describe([condition.id for condition in service.index.catalogue.conditions]))

    @app.get("/api/v1/ask")
    def ask_by_address() -> Response:
        ask = read_query(request)
        return service.respond(
            request, "json", (ask.q, *ask.condition), lambda: Response(orjson.dumps(service.ask(ask)), mimetype=JSON)
        )

    @app.post("/api/v1/ask")
    def ask_by_body() -> Response:
        return Response(orjson.dumps(service.ask(read_body(request))), mimetype=JSON)

    @app.get("/api/v1/openapi.json")
    def openapi() -> Response:
        return service.respond(request, "openapi", (), lambda: Response(description, mimetype=JSON))

    @app.get("/healthz")
    def alive() -> Response:
        return Response(b'{"status":"alive"}', mimetype=JSON, headers={"Cache-Control": "no-store"})

    @app.get("/readyz")
    def ready() -> Response:
        state = {"status": "ready", "version": service.index.version}
        return Response(orjson.dumps(state), mimetype=JSON, headers={"Cache-Control": "no-store"})
