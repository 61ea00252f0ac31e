"""The OpenAPI 3.1 description, generated from the models that responses are serialised from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter

from qa.models import (
    Answer,
    CoverageReport,
    CoveredCondition,
    Document,
    DocumentOverview,
    IndexInfo,
    Passage,
    Reference,
    ReferenceUses,
)
from qa.web.examples import Example
from qa.web.exports import EXPORT_KINDS
from qa.web.parameters import ASK, MAX_BODY
from qa.web.problems import Problem

NO_EXAMPLES: Mapping[str, Example] = MappingProxyType({})
SCHEMA_REF = "#/components/schemas/{model}"
INFO = {
    "title": "Chapter & Verse",
    "version": "1",
    "description": (
        "Answers a question with passages from the owner's documents, word for word, each with its citations, or "
        "states why there is no answer. No text is generated. Offsets count Unicode code points, 0-based, end "
        "exclusive. Having no answer is not an error: the status is 200 and `abstention` gives the reason."
    ),
    "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
}
PROBLEMS = {
    "400": "The request is malformed: the body is not a JSON object or repeats a name, or the host name is unknown.",
    "404": "There is no such document, passage, work or format.",
    "408": "The body did not arrive in time.",
    "410": "The requested version is no longer served.",
    "411": "Content-Length is missing, or the body is chunked.",
    "413": f"The body is longer than {MAX_BODY:,} bytes.",
    "415": "The body is not sent as application/json.",
    "422": "A parameter is missing, unknown, repeated, empty, too long or of the wrong type; `errors` lists each.",
    "429": "Too many requests from one address, if the operator has set a limit; Retry-After says when to try again.",
    "503": "The index is unavailable, or too many requests are waiting; Retry-After says when to try again.",
}
COMMON = ("400", "408", "411", "413", "429", "503")  # possible for every request
RETRY_AFTER_HEADER = {
    "Retry-After": {"description": "Seconds to wait before trying again.", "schema": {"type": "integer", "minimum": 0}}
}
WITH_RETRY_AFTER = ("429", "503")
ETAG_HEADER = {
    "ETag": {"description": "Identifies the version of the documents and the request.", "schema": {"type": "string"}}
}
EXPORT_DESCRIPTION = (
    "The quoted documents and the works they cite. The note of a document holds the quotations and the reviewers' "
    "notes on them; the note of a work names the documents that cite it. Empty if there is no answer."
)
NOT_MODIFIED = {"description": "The client already has this response (If-None-Match)."}


# Views of the corpus: path, operation id, summary, response model, whether the response is a list.
VIEWS: tuple[tuple[str, str, str, Any, bool], ...] = (
    ("documents", "listDocuments", "List the documents, with sentence counts by support", DocumentOverview, True),
    ("documents/{id}", "document", "Get a document, word for word, with its parts and their support", Document, False),
    ("passages/{id}", "passage", "Get a passage, word for word", Passage, False),
    ("references", "listReferences", "List the works cited in the documents and reviewers' notes", Reference, True),
    ("references/{id}", "reference", "Get a work, the sentences it supports and its notes", ReferenceUses, False),
    ("conditions", "listConditions", "List the conditions, with their numbers of passages", CoveredCondition, True),
    ("coverage", "coverage", "Get what the documents cover, and what they do not", CoverageReport, False),
    ("version", "version", "Get the version of the documents that is served", IndexInfo, False),
)


def describe(
    conditions: Sequence[str] = (),
    questions: Sequence[str] = (),
    examples: Mapping[str, Example] = NO_EXAMPLES,
    version: str = "",
) -> dict[str, Any]:
    """Return the OpenAPI document.

    A running service passes its condition ids, questions, responses and version. They are used only as examples: they
    change with the documents, and a client generated from the description must survive that."""
    models = schemas()
    asked = models["Ask"]["properties"]
    asked["version"] |= {"examples": [version]} if version else {}
    of_version = parameter("version", asked["version"], ())
    asked["condition"]["items"] |= {"examples": list(conditions)} if conditions else {}
    asked["q"] |= {"examples": list(questions)} if questions else {}
    description: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": INFO,
        "paths": {
            "/api/v1/ask": {"get": ask_by_get(models["Ask"]), "post": ask_by_post()},
            "/api/v1/ask.{format}": {"get": ask_for_export(models["Ask"])},
            **{f"/api/v1/{path}": {"get": view_operation(of_version, path, *rest)} for path, *rest in VIEWS},
            "/api/v1/openapi.json": {"get": describe_operation()},
        },
        "components": {"schemas": models},
    }
    for path, example in examples.items():
        add_example(description["paths"][f"/api/v1/{path}"]["get"], example)
    return description


def add_example(operation: dict[str, Any], example: Example) -> None:
    """Add a real response, and the id or format in the path that it belongs to."""
    if example.give:
        contents = operation["responses"]["200"]["content"]
        content = contents.get("application/json") or contents[EXPORT_KINDS["json"]]
        content["example"] = orjson.loads(orjson.dumps(example.give(), default=list))
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["example"] = example.id


def written() -> bytes:
    """Return the document as stored in docs/openapi.json."""
    return orjson.dumps(describe(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def schemas() -> dict[str, Any]:
    """Return the schemas of all response models, and of the request model `Ask`."""
    sent = [Answer, Problem, *(model for *_, model, _ in VIEWS)]
    adapters: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
        ("Ask", "validation", ASK),
        *((model.__name__, "serialization", TypeAdapter(model)) for model in sent),
    ]
    _, found = TypeAdapter.json_schemas(adapters, ref_template=SCHEMA_REF)
    models: dict[str, Any] = found["$defs"]
    return models


def view_operation(
    version: dict[str, Any], path: str, operation: str, summary: str, model: Any, several: bool
) -> dict[str, Any]:
    one = reference(model.__name__)
    content: dict[str, Any] = {"application/json": {"schema": {"type": "array", "items": one} if several else one}}
    if path == "references/{id}":
        content |= export_content()
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [*([id] if "{id}" in path else []), version],
        "responses": {
            "200": {"description": f"{summary}.", "headers": ETAG_HEADER, "content": content},
            "304": NOT_MODIFIED,
            **error_responses(*(["404"] if "{id}" in path else []), "410", "422"),
        },
    }


def ask_by_get(ask: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "ask",
        "summary": "Ask a question",
        "parameters": [parameter(name, schema, ask["required"]) for name, schema in ask["properties"].items()],
        "responses": {"200": answer_response(), "304": NOT_MODIFIED, **error_responses("410", "422")},
    }


def ask_for_export(ask: dict[str, Any]) -> dict[str, Any]:
    """Describe `ask` with an export format for reference managers."""
    asked = ask_by_get(ask)
    format = {
        "name": "format",
        "in": "path",
        "required": True,
        "description": "The format to export: CSL-JSON, BibTeX or RIS.",
        "schema": {"type": "string", "enum": list(EXPORT_KINDS)},
    }
    return asked | {
        "operationId": "askForWorks",
        "summary": "Ask a question and export the quotations and the works they cite for a reference manager",
        "parameters": [format, *asked["parameters"]],
        "responses": {
            "200": {"description": EXPORT_DESCRIPTION, "headers": ETAG_HEADER, "content": export_content()},
            "304": NOT_MODIFIED,
            **error_responses("404", "410", "422"),
        },
    }


def ask_by_post() -> dict[str, Any]:
    return {
        "operationId": "askByBody",
        "summary": "Ask a question without putting it in the URL",
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("Ask")}}},
        "responses": {"200": answer_response(), **error_responses("410", "415", "422")},
    }


def describe_operation() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describe",
        "summary": "Get this description",
        "responses": {
            "200": {"description": "An OpenAPI 3.1 document.", "headers": ETAG_HEADER, "content": content},
            "304": NOT_MODIFIED,
            **error_responses(),
        },
    }


def parameter(name: str, schema: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": name in required,
        "description": schema["description"],
        "schema": {key: value for key, value in schema.items() if key not in {"description", "title", "default"}},
    }


def answer_response() -> dict[str, Any]:
    return {
        "description": "What the documents say, word for word, or why there is no answer.",
        "headers": ETAG_HEADER,
        "content": {"application/json": {"schema": reference("Answer")}, **export_content()},
    }


def export_content() -> dict[str, Any]:
    """Return the content of an export: CSL-JSON is a list of works, the other formats are text."""
    texts = {kind: {"schema": {"type": "string"}} for kind in EXPORT_KINDS.values()}
    return texts | {EXPORT_KINDS["json"]: {"schema": {"type": "array", "items": {"type": "object"}}}}


def error_responses(*statuses: str) -> dict[str, Any]:
    """Return the error responses with these statuses, and those that are possible for every request."""
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        status: {"description": PROBLEMS[status], "content": content}
        | ({"headers": RETRY_AFTER_HEADER} if status in WITH_RETRY_AFTER else {})
        for status in sorted({*statuses, *COMMON})
    }


def reference(model: str) -> dict[str, str]:
    return {"$ref": SCHEMA_REF.format(model=model)}
