"""The OpenAPI 3.1 description, generated from the table of endpoints and its models."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import orjson
from pydantic import ConfigDict, TypeAdapter

from qa.models import WorkFacts
from qa.web.endpoint import PREFIX, Endpoint
from qa.web.examples import Example
from qa.web.exports import EXPORT_KINDS, PLAIN_TEXT
from qa.web.parameters import MAX_BODY
from qa.web.problems import Problem

NONE: Mapping[str, Any] = MappingProxyType({})
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
NOT_MODIFIED = {"description": "The client already has this response (If-None-Match)."}
# By the ending of an address: what is added to the operation id, and the name of the format.
FORMATS = {"json": ("CslJson", "CSL-JSON"), "bib": ("Bibtex", "BibTeX"), "ris": ("Ris", "RIS")} | {
    "ama": ("Ama", "AMA style"),
    "vancouver": ("Vancouver", "Vancouver style"),
    "apa": ("Apa", "APA style"),
    "md": ("Markdown", "Markdown"),
    "csv": ("Csv", "CSV"),
}

TABLE_EXPORT = "A table with a header row. Cells that a spreadsheet would take for a formula begin with an apostrophe."

Schemas = dict[str, Any]  # by the name of the model


@dataclass(frozen=True, slots=True)
class CitedRecord:
    """A work with an answer: its CSL-JSON, with what to call it, its page and its facts."""

    __pydantic_config__ = ConfigDict(extra="allow")

    id: str
    label: str
    url: str
    facts: WorkFacts


def describe(
    endpoints: tuple[Endpoint, ...],
    values: Mapping[str, Sequence[str]] = NONE,
    examples: Mapping[str, Example] = NONE,
) -> dict[str, Any]:
    """Return the OpenAPI document.

    A running service passes values of parameters by name, and requests with their responses by path. They are used
    only as examples: they change with the documents, and a client generated from the description must survive that."""
    models, returned = deepcopy(schemas(endpoints))
    requests = [models[endpoint.asks.__name__]["properties"] for endpoint in unique_requests(endpoints)]
    for name, known in values.items():
        for schema in (properties[name] for properties in requests if known and name in properties):
            (schema["items"] if schema["type"] == "array" else schema)["examples"] = list(known)
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        asks, returns = models[endpoint.asks.__name__], returned[endpoint.operation]
        if not endpoint.is_export:
            described = describe_endpoint(endpoint, asks, {"application/json": {"schema": returns}})
            paths.setdefault(PREFIX + endpoint.path, {})[endpoint.method.lower()] = described
        if endpoint.is_export or (endpoint.exports and endpoint.parts):
            for ending in endpoint.exports:
                paths[PREFIX + path_of_export(endpoint, ending)] = {"get": describe_export(endpoint, asks, ending)}
    for path, example in examples.items():
        add_example(operation_shown(paths, path), example)
        for ending in ("", *(f".{ending}" for ending in EXPORT_KINDS)):
            for operation in paths.get(PREFIX + path + ending, {}).values():
                add_parts(operation, example)
    sent = {endpoint.asks.__name__ for endpoint in endpoints if endpoint.method == "POST"}
    unsent = {endpoint.asks.__name__ for endpoint in endpoints} - sent
    components = {name: schema for name, schema in models.items() if name not in unsent}
    return {"openapi": "3.1.0", "info": INFO, "paths": paths, "components": {"schemas": components}}


def operation_shown(paths: Mapping[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """Return the operation of the first row with a path, which is that of its example; of exports, the first format."""
    shown = next(each for ending in EXPORT_KINDS if (each := PREFIX + path.replace("{format}", ending)) in paths)
    operation: dict[str, Any] = next(iter(paths[shown].values()))
    return operation


def path_of_export(endpoint: Endpoint, ending: str) -> str:
    """Return the address of an export: an operation for each format, because one with several types of response is
    more than generated clients understand."""
    return endpoint.path.replace("{format}", ending) if endpoint.is_export else f"{endpoint.path}.{ending}"


def add_example(operation: dict[str, Any], example: Example) -> None:
    """Add a real response."""
    response = example.give()
    if response is not None:
        contents = operation["responses"]["200"]["content"]
        content = contents.get("application/json") or contents[EXPORT_KINDS["json"]]
        content["example"] = orjson.loads(orjson.dumps(response, default=list))


def add_parts(operation: dict[str, Any], example: Example) -> None:
    """Add the values in the path of an example."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter["example"] = example.parts[parameter["name"]]


@cache
def schemas(endpoints: tuple[Endpoint, ...]) -> tuple[Schemas, Schemas]:
    """Return the schemas of all models by name, and that of each response by operation id."""
    adapters: list[tuple[str, Literal["validation", "serialization"], TypeAdapter[Any]]] = [
        *((endpoint.operation, "serialization", TypeAdapter(endpoint.returns)) for endpoint in endpoints),
        *(
            (endpoint.asks.__name__, "validation", TypeAdapter(endpoint.asks))
            for endpoint in unique_requests(endpoints)
        ),
        ("Problem", "serialization", TypeAdapter(Problem)),
        ("CitedRecord", "serialization", TypeAdapter(CitedRecord)),
    ]
    found, models = TypeAdapter.json_schemas(adapters, ref_template=SCHEMA_REF)
    if "Answer" in models["$defs"]:  # whose works are CSL-JSON, which may be any object
        models["$defs"]["Answer"]["properties"]["references"]["items"] = reference("CitedRecord")
    returned = {endpoint.operation: found[endpoint.operation, "serialization"] for endpoint in endpoints}
    return {name: with_own_titles(name, model) for name, model in models["$defs"].items()}, returned


def with_own_titles(name: str, model: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of fixed length with the model's name in the titles of its items: generators name
    types after titles, and "Kind" is something else in each model."""
    items = model.get("prefixItems", ())
    own = [item | {"title": f"{name} {item['title']}"} if "title" in item else item for item in items]
    return model | {"prefixItems": own} if own else model


def unique_requests(endpoints: tuple[Endpoint, ...]) -> list[Endpoint]:
    """Return the first endpoint of each request model."""
    return list({endpoint.asks: endpoint for endpoint in reversed(endpoints)}.values())


def describe_export(endpoint: Endpoint, asks: dict[str, Any], ending: str) -> dict[str, Any]:
    """Return the operation for one format."""
    added, name = FORMATS[ending]
    operation = describe_endpoint(endpoint, asks, export_content(ending))
    operation["responses"]["200"] |= {"description": TABLE_EXPORT} if ending == "csv" else {}
    return operation | {"operationId": endpoint.operation + added, "summary": f"{endpoint.summary}: {name}"}


def describe_endpoint(endpoint: Endpoint, asks: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return the operation. `asks` is the schema of the request, `content` that of the response by type."""
    by_body = endpoint.method == "POST"
    parameters = [*path_parameters(endpoint), *([] if by_body else url_parameters_of(asks))]
    response = {
        "description": endpoint.description or f"{endpoint.summary}.",
        **({} if by_body else {"headers": ETAG_HEADER}),
        "content": content,
    }
    faults = [*(["404"] if path_parameters(endpoint) else []), "410", *(["415"] if by_body else []), "422"]
    return {
        "tags": [re.split("[/.]", endpoint.path)[0]],
        "operationId": endpoint.operation,
        "summary": endpoint.summary,
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": body_of(endpoint)} if by_body else {}),
        "responses": {"200": response, **({} if by_body else {"304": NOT_MODIFIED}), **error_responses(*faults)},
    }


def body_of(endpoint: Endpoint) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": reference(endpoint.asks.__name__)}}}


def path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    names = [name for name in endpoint.parts if name != "format"]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def url_parameters_of(asks: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in asks.get("required", ()),
            "description": schema["description"],
            "schema": {key: value for key, value in schema.items() if key not in {"description", "title", "default"}},
        }
        for name, schema in asks["properties"].items()
    ]


def export_content(ending: str) -> dict[str, Any]:
    """Return the content of an export: CSL-JSON is a list of works, the other formats are text."""
    if ending == "json":
        return {EXPORT_KINDS[ending]: {"schema": {"type": "array", "items": {"type": "object"}}}}
    kinds = (EXPORT_KINDS[ending],) if ending == "csv" else (EXPORT_KINDS[ending], PLAIN_TEXT)
    return {kind: {"schema": {"type": "string"}} for kind in kinds}


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
