"""The OpenAPI 3.1 document, built from the models that the answers are written from."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import TypeAdapter

from qa.models import Answer
from qa.web.asking import ASK, MAX_BODY
from qa.web.problems import Problem

REF = "#/components/schemas/{model}"
INFO = {
    "title": "Chapter & Verse",
    "version": "1",
    "description": (
        "Answers a question with passages of the owner's documents, word for word, each with the citations that "
        "stand behind it, or says why there is no answer. No text is generated. Offsets are Unicode code points, "
        "0-based, end exclusive. No answer is not an error: the status is 200 and `abstention` gives the reason."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
PROBLEMS = {
    "400": "The request cannot be read: the body is no JSON object, it has a name twice, or the host is not ours.",
    "411": "The length of the body is missing, or the body is sent in chunks.",
    "413": f"The body is longer than {MAX_BODY:,} bytes.",
    "415": "The body is not sent as application/json.",
    "422": "A parameter is missing, unknown, repeated, empty, too long or of the wrong type; `errors` names each.",
    "503": "The index cannot be asked just now; Retry-After says when to try again.",
}
NOT_MODIFIED = {"description": "The sender has this answer already (If-None-Match)."}


def describe(conditions: Sequence[str] = ()) -> dict[str, Any]:
    """The document. `conditions` are the ids of a running service; without them any text stands for an id."""
    keyed: dict[str, TypeAdapter[Any]] = {"Ask": ASK, "Answer": TypeAdapter(Answer), "Problem": TypeAdapter(Problem)}
    modes = {"Ask": "validation", "Answer": "serialization", "Problem": "serialization"}
    _, schemas = TypeAdapter.json_schemas(
        [(name, modes[name], adapter) for name, adapter in keyed.items()],  # type: ignore[misc]
        ref_template=REF,
    )
    models: dict[str, Any] = schemas["$defs"]
    if conditions:
        models["Ask"]["properties"]["condition"]["items"]["enum"] = list(conditions)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": {
            "/api/v1/ask": {"get": by_address(models["Ask"]), "post": by_body()},
            "/api/v1/openapi.json": {"get": described()},
        },
        "components": {"schemas": models},
    }


def by_address(ask: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "ask",
        "summary": "Ask a question",
        "parameters": [parameter(name, schema, ask["required"]) for name, schema in ask["properties"].items()],
        "responses": {"200": answered(), "304": NOT_MODIFIED, **problems("400", "411", "422", "503")},
    }


def by_body() -> dict[str, Any]:
    return {
        "operationId": "askByBody",
        "summary": "Ask a question that should not stand in an address",
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("Ask")}}},
        "responses": {"200": answered(), **problems(*PROBLEMS)},
    }


def described() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describe",
        "summary": "This description",
        "responses": {"200": {"description": "An OpenAPI 3.1 document.", "content": content}, "304": NOT_MODIFIED},
    }


def parameter(name: str, schema: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": name in required,
        "description": schema["description"],
        "schema": {key: value for key, value in schema.items() if key not in {"description", "title", "default"}},
    }


def answered() -> dict[str, Any]:
    headers = {"ETag": {"description": "Names the index version and the question.", "schema": {"type": "string"}}}
    return {
        "description": "What the documents say, word for word, or why they do not answer.",
        "headers": headers,
        "content": {"application/json": {"schema": reference("Answer")}},
    }


def problems(*statuses: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {status: {"description": PROBLEMS[status], "content": content} for status in statuses}


def reference(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(describe(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
