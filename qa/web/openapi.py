"""The OpenAPI 3.1 document, built from the models that the answers are written from."""

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

NONE: Mapping[str, Example] = MappingProxyType({})
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
    "404": "There is no such document, passage or work in this version, or no such format.",
    "408": "The body did not arrive in time.",
    "410": "The version that is named is not the one that is served.",
    "411": "The length of the body is missing, or the body is sent in chunks.",
    "413": f"The body is longer than {MAX_BODY:,} bytes.",
    "415": "The body is not sent as application/json.",
    "422": "A parameter is missing, unknown, repeated, empty, too long or of the wrong type; `errors` names each.",
    "429": "Too many requests from one address; Retry-After says when to try again. Only where the owner sets a limit.",
    "503": "The index cannot be asked just now, or too many requests are waiting; Retry-After says when to try again.",
}
ANYWHERE = ("400", "408", "411", "413", "429", "503")  # of any request, whatever it asks for
WAIT = {
    "Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer", "minimum": 0}}
}
WITH_WAIT = ("429", "503")
TAGGED = {
    "ETag": {"description": "Names the version of the documents and what was asked.", "schema": {"type": "string"}}
}
EXPORTED = (
    "The documents quoted and the works behind the quotations; each carries the quotations and the reviewers' notes "
    "on them as its note. Empty where there is no answer."
)
NOT_MODIFIED = {"description": "The sender has this answer already (If-None-Match)."}


# The views of what is held: path, operation, what it gives, model, whether that is a list.
VIEWS: tuple[tuple[str, str, str, Any, bool], ...] = (
    ("documents", "listDocuments", "The documents, with how their sentences are backed", DocumentOverview, True),
    ("documents/{id}", "document", "A document word for word, with its parts and what backs them", Document, False),
    ("passages/{id}", "passage", "A passage word for word", Passage, False),
    ("references", "listReferences", "The works that the documents and their reviewers cite", Reference, True),
    ("references/{id}", "reference", "A work, all that rests on it, and the notes that use it", ReferenceUses, False),
    ("conditions", "listConditions", "The vocabulary, with numbers of passages", CoveredCondition, True),
    ("coverage", "coverage", "What is covered, and what is known and not covered", CoverageReport, False),
    ("version", "version", "The version of the documents that is served", IndexInfo, False),
)


def describe(
    conditions: Sequence[str] = (),
    questions: Sequence[str] = (),
    examples: Mapping[str, Example] = NONE,
    version: str = "",
) -> dict[str, Any]:
    """The document. A running service gives the ids of its conditions, its questions, real answers and its version as
    examples: they change with the documents, and a client that was made from the description must outlive that."""
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
            "/api/v1/ask": {"get": by_address(models["Ask"]), "post": by_body()},
            "/api/v1/ask.{format}": {"get": for_works(models["Ask"])},
            **{f"/api/v1/{path}": {"get": viewed(of_version, path, *rest)} for path, *rest in VIEWS},
            "/api/v1/openapi.json": {"get": own_description()},
        },
        "components": {"schemas": models},
    }
    for path, example in examples.items():
        add_example(description["paths"][f"/api/v1/{path}"]["get"], example)
    return description


def add_example(operation: dict[str, Any], example: Example) -> None:
    """A real answer, and the id or format in the path that it is the answer for."""
    if example.give:
        contents = operation["responses"]["200"]["content"]
        content = contents.get("application/json") or contents[EXPORT_KINDS["json"]]
        content["example"] = orjson.loads(orjson.dumps(example.give(), default=list))
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["example"] = example.id


def written() -> bytes:
    """The document as it is kept in docs/openapi.json."""
    return orjson.dumps(describe(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def schemas() -> dict[str, Any]:
    """Every model that is sent, as it is written, and the one that is taken, as it is read."""
    sent = [Answer, Problem, *(model for *_, model, _ in VIEWS)]
    adapters: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
        ("Ask", "validation", ASK),
        *((model.__name__, "serialization", TypeAdapter(model)) for model in sent),
    ]
    _, found = TypeAdapter.json_schemas(adapters, ref_template=REF)
    models: dict[str, Any] = found["$defs"]
    return models


def viewed(
    version: dict[str, Any], path: str, operation: str, summary: str, model: Any, several: bool
) -> dict[str, Any]:
    one = reference(model.__name__)
    content: dict[str, Any] = {"application/json": {"schema": {"type": "array", "items": one} if several else one}}
    if path == "references/{id}":
        content |= exported()
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [*([id] if "{id}" in path else []), version],
        "responses": {
            "200": {"description": f"{summary}.", "headers": TAGGED, "content": content},
            "304": NOT_MODIFIED,
            **problems(*(["404"] if "{id}" in path else []), "410", "422"),
        },
    }


def by_address(ask: dict[str, Any]) -> dict[str, Any]:
    return {
        "operationId": "ask",
        "summary": "Ask a question",
        "parameters": [parameter(name, schema, ask["required"]) for name, schema in ask["properties"].items()],
        "responses": {"200": answered(), "304": NOT_MODIFIED, **problems("410", "422")},
    }


def for_works(ask: dict[str, Any]) -> dict[str, Any]:
    """The same question, answered for a reference manager."""
    asked = by_address(ask)
    format = {
        "name": "format",
        "in": "path",
        "required": True,
        "description": "What the reference manager reads: CSL-JSON, BibTeX or RIS.",
        "schema": {"type": "string", "enum": list(EXPORT_KINDS)},
    }
    return asked | {
        "operationId": "askForWorks",
        "summary": "What is quoted to a question, with the works behind it, for a reference manager",
        "parameters": [format, *asked["parameters"]],
        "responses": {
            "200": {"description": EXPORTED, "headers": TAGGED, "content": exported()},
            "304": NOT_MODIFIED,
            **problems("404", "410", "422"),
        },
    }


def by_body() -> dict[str, Any]:
    return {
        "operationId": "askByBody",
        "summary": "Ask a question that should not stand in an address",
        "requestBody": {"required": True, "content": {"application/json": {"schema": reference("Ask")}}},
        "responses": {"200": answered(), **problems("410", "415", "422")},
    }


def own_description() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "describe",
        "summary": "This description",
        "responses": {
            "200": {"description": "An OpenAPI 3.1 document.", "headers": TAGGED, "content": content},
            "304": NOT_MODIFIED,
            **problems(),
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


def answered() -> dict[str, Any]:
    return {
        "description": "What the documents say, word for word, or why they do not answer.",
        "headers": TAGGED,
        "content": {"application/json": {"schema": reference("Answer")}, **exported()},
    }


def exported() -> dict[str, Any]:
    """CSL-JSON is a list of works; the other formats are text."""
    texts = {kind: {"schema": {"type": "string"}} for kind in EXPORT_KINDS.values()}
    return texts | {EXPORT_KINDS["json"]: {"schema": {"type": "array", "items": {"type": "object"}}}}


def problems(*statuses: str) -> dict[str, Any]:
    """These, and those that any request may meet."""
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {
        status: {"description": PROBLEMS[status], "content": content}
        | ({"headers": WAIT} if status in WITH_WAIT else {})
        for status in sorted({*statuses, *ANYWHERE})
    }


def reference(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}
