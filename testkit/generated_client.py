"""A client that is made from the description of the API and knows nothing else of the service, as generators make them:
one function for each operation, with its parameters, which returns what the description says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

JSON = "application/json"
Send = Callable[..., Any]  # as the `open` of a Flask test client


@dataclass(frozen=True)
class Operation:
    """An operation of the description. `path` has the names of its parts in braces."""

    method: str
    path: str
    described: dict[str, Any]

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        return {each["name"]: each for each in self.described.get("parameters", ())}

    @property
    def contents(self) -> dict[str, dict[str, Any]]:
        """What a successful response contains: its schema by type."""
        contents: dict[str, dict[str, Any]] = self.described["responses"]["200"]["content"]
        return contents


class GeneratedClient:
    """Call operations by id: `client.call("listReferences", sort="year")`."""

    def __init__(self, description: dict[str, Any], send: Send) -> None:
        self.components = description["components"]
        self.send = send
        self.operations = {
            described["operationId"]: Operation(method.upper(), path, described)
            for path, methods in description["paths"].items()
            for method, described in methods.items()
        }

    def call(self, operation_id: str, **given: Any) -> Any:
        """Send a request with these values. Returns JSON, which fits its schema, or text."""
        operation = self.operations[operation_id]
        for name, value in given.items():
            self._check(operation.parameters[name]["schema"], value)
        missing = [name for name, each in operation.parameters.items() if each["required"] and name not in given]
        assert not missing, f"{operation_id} needs {missing}"
        in_path = {name: value for name, value in given.items() if operation.parameters[name]["in"] == "path"}
        response = self.send(
            operation.path.format(**in_path),
            method=operation.method,
            query_string={name: as_sent(value) for name, value in given.items() if name not in in_path},
            headers={"Accept": wanted_type(operation)},
        )
        assert response.status_code == 200, (operation_id, response.status_code, response.text)
        assert response.mimetype in operation.contents, operation_id
        schema = operation.contents[response.mimetype]["schema"]
        found = response.text if schema.get("type") == "string" else orjson.loads(response.data)
        self._check(schema, found)
        return found

    def _check(self, schema: dict[str, Any], value: Any) -> None:
        Draft202012Validator({**schema, "components": self.components}).validate(value)


def wanted_type(operation: Operation) -> str:
    """The type of response that a generated client asks for: JSON, or plain text, or the only one."""
    return next((kind for kind in (JSON, "text/plain") if kind in operation.contents), next(iter(operation.contents)))


def as_sent(value: Any) -> Any:
    """A value as generated clients write it in an address."""
    return str(value).lower() if isinstance(value, bool) else value
