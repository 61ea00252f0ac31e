"""What the endpoints of the JSON API do, and the requests that show it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qa.engine import Service
from qa.errors import UnknownCondition
from qa.models import Answer, ListName, Selection, Topic
from qa.web.endpoint import ExampleValues
from qa.web.list_requests import AnyList, selection_of
from qa.web.request_models import Ask, OfTopic, OfVersion

ANY_QUESTION = "What is known?"  # the example if the owner has marked no question as one
FIRST = Selection(limit=1)

Handler = Callable[..., Any]


def view(method: Callable[..., Any]) -> Handler:
    """Return a handler that calls a method of the service with the parts of the path."""

    def handle(service: Service, asked: OfVersion, **parts: str) -> Any:
        return method(service, **parts)

    return handle


def answer_to(service: Service, asked: Ask) -> Answer:
    return service.ask(asked.q, asked.condition, as_written=asked.as_written, explain=asked.explain, limit=asked.limit)


def topic_about(service: Service, asked: OfTopic, id: str) -> Topic:
    return service.condition(id, asked.page, asked.limit)


def list_of(name: ListName) -> Handler:
    """Return a handler that lists what is selected."""

    def handle(service: Service, asked: AnyList) -> Any:
        return getattr(service, name)(checked_selection(service, asked))

    return handle


def facets_of(name: ListName) -> Handler:
    """Return a handler that gives what a list can be filtered by."""

    def handle(service: Service, asked: AnyList) -> Any:
        return service.facets(name, checked_selection(service, asked))

    return handle


def checked_selection(service: Service, asked: AnyList) -> Selection:
    """Return what is selected. Raises UnknownCondition."""
    selection = selection_of(asked)
    known = [condition.id for condition in service.index.manifest.conditions]
    if set(selection.chosen.get("condition", ())) - set(known):
        raise UnknownCondition(known)
    return selection


# --- examples ------------------------------------------------------------------------------------


def a_question(service: Service) -> ExampleValues:
    return {"q": next(iter(service.example_questions), ANY_QUESTION)}


def a_document(service: Service) -> ExampleValues | None:
    return next(({"id": each.document.id} for each in service.documents(FIRST)), None)


def a_passage(service: Service) -> ExampleValues | None:
    documents = [service.document(each.document.id) for each in service.documents(FIRST)]
    return next(({"id": passage.id} for document in documents for passage in document.passages), None)


def a_reference(service: Service) -> ExampleValues | None:
    return next(({"id": reference.id} for reference in service.references(FIRST)), None)


def a_condition(service: Service) -> ExampleValues | None:
    return next(({"id": condition.id} for condition in service.conditions() if condition.passages), None)


def one_entry(service: Service) -> ExampleValues:
    return {"limit": "1"}


def in_format(format: str, more: Callable[[Service], ExampleValues | None] = lambda service: {}) -> Callable[..., Any]:
    """Return a function that gives the values of an example of an export, None if `more` has none."""

    def values(service: Service) -> ExampleValues | None:
        known = more(service)
        return None if known is None else {"format": format, **known}

    return values


def first_only(found: tuple[Any, ...]) -> tuple[Any, ...]:
    return found[:1]


def nothing(found: object) -> None:
    """Show no response: it would be too long."""
