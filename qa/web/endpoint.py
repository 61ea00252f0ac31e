"""An address of the JSON API: route, checks of the parameters, description and example follow from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from qa.engine import Service
from qa.web.request_models import OfVersion, RequestModel

PREFIX = "/api/v1/"
ExampleValues = Mapping[str, str]  # values of the parts of a path and of URL parameters, by name


def without_values(service: Service) -> ExampleValues:
    """Return the values of an example request that needs none."""
    return {}


def whole(found: Any) -> Any:
    return found


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table of endpoints.

    `path` is below PREFIX; "{id}" is a part that varies, and "{format}" the format of an export. `handle` gets the
    service, the request (of the model `asks`) and the parts of the path, and returns what is sent, of type `returns`.
    `exports` are the endings of the formats in which it can be sent besides JSON, if the Accept header or the ending of
    the id says so.

    For the description: `operation` is the id, `description` that of the response (default: the summary). `example`
    returns the values of an example request, or None if the documents have nothing to show; `sample` the part of the
    response to show, or None for none.
    """

    path: str
    operation: str
    summary: str
    handle: Callable[..., Any]
    returns: Any
    asks: type[RequestModel] = OfVersion
    method: str = "GET"
    exports: tuple[str, ...] = ()
    description: str = ""
    example: Callable[[Service], ExampleValues | None] = without_values
    sample: Callable[[Any], Any] = whole

    @property
    def parts(self) -> list[str]:
        """The names of the parts of the path that vary."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def is_export(self) -> bool:
        """Whether there is no JSON, only exports."""
        return "format" in self.parts

    @property
    def rule(self) -> str:
        """The route. Ids may contain slashes."""
        return PREFIX + re.sub(r"\{(\w+)\}", r"<path:\1>", self.path)
