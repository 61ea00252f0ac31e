"""Example requests with real responses, for the OpenAPI description and the API page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

from qa.engine import Service
from qa.web.endpoint import Endpoint, ExampleValues
from qa.web.parameters import read_query


@dataclass(frozen=True, slots=True)
class Example:
    """A request: the values that it sends, the same as an address below /api/v1, and what to show of its response
    (None if that would be too long)."""

    values: ExampleValues
    address: str
    give: Callable[[], object]


def examples(service: Service, endpoints: Iterable[Endpoint]) -> dict[str, Example]:
    """Return an example by the path of each endpoint for which the documents have one: first those without an id."""
    found = {}
    for endpoint in sorted(endpoints, key=lambda endpoint: "id" in endpoint.parts):
        values = endpoint.example(service) if endpoint.method == "GET" else None
        if values is not None:
            parts, sent = split_values(endpoint, values)
            path = endpoint.path.format(**{name: quote(value) for name, value in parts.items()})
            address = f"{path}?{urlencode(sent)}" if sent else path
            found[endpoint.path] = Example(values, address, partial(shown, endpoint, service, values))
    return found


def shown(endpoint: Endpoint, service: Service, values: ExampleValues) -> object:
    """Return what to show of the response."""
    parts, sent = split_values(endpoint, values)
    format = parts.pop("format", "")
    found = endpoint.handle(service, read_query(endpoint.asks, {name: [v] for name, v in sent.items()}), **parts)
    return service.works(found) if format else endpoint.sample(found)


def split_values(endpoint: Endpoint, values: ExampleValues) -> tuple[dict[str, str], dict[str, str]]:
    """Split the values into those of the path and those of URL parameters."""
    parts = {name: values[name] for name in endpoint.parts}
    return parts, {name: value for name, value in values.items() if name not in parts}
