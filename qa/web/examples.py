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
    """A request: the values in its path, those that it sends beside it, its address below /api/v1, and what to show of
    its response (None if that would be too long, or if asking for it would change something)."""

    parts: ExampleValues
    sent: ExampleValues
    path: str
    give: Callable[[], object]

    @property
    def address(self) -> str:
        """Return the path with the values sent as URL parameters."""
        return f"{self.path}?{urlencode(self.sent)}" if self.sent else self.path


def examples(service: Service, endpoints: Iterable[Endpoint]) -> dict[str, Example]:
    """Return an example by path for which the documents have one, of the first endpoint with that path: first those
    without an id."""
    found: dict[str, Example] = {}
    for endpoint in sorted(endpoints, key=lambda endpoint: "id" in endpoint.parts):
        values = endpoint.example(service) if endpoint.path not in found else None
        if values is not None:
            parts = {name: values[name] for name in endpoint.parts}
            sent = {name: value for name, value in values.items() if name not in parts}
            path = endpoint.path.format(**{name: quote(value) for name, value in parts.items()})
            found[endpoint.path] = Example(parts, sent, path, partial(shown, endpoint, service, parts, sent))
    return found


def shown(endpoint: Endpoint, service: Service, parts: ExampleValues, sent: ExampleValues) -> object:
    """Return what to show of the response."""
    if endpoint.method != "GET":
        return None
    asked = read_query(endpoint.asks, {name: [value] for name, value in sent.items()})
    found = endpoint.handle(service, asked, **{name: parts[name] for name in endpoint.parts if name != "format"})
    return endpoint.sample(service.works(found) if endpoint.is_export and "json" in endpoint.exports else found)
