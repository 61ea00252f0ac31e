"""The table of endpoints of the JSON API. To add one, add a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from qa.engine import Service
from qa.models import (
    Answer,
    CoverageReport,
    CoveredCondition,
    Document,
    DocumentOverview,
    DocumentVerdicts,
    GlossaryTerm,
    IndexInfo,
    Passage,
    WorkUses,
    WorkView,
)
from qa.web.endpoint import Endpoint, ExampleValues
from qa.web.examples import examples
from qa.web.openapi import describe
from qa.web.request_models import Ask, OfVersion

ANY_QUESTION = "What is known?"  # the example if the owner has marked no question as one
ANSWER = "What the documents say, word for word, or why there is no answer."
EXPORT = (
    "The quoted documents and the works they cite. The note of a document holds the quotations and the reviewers' "
    "notes on them; the note of a work names the documents that cite it. Empty if there is no answer."
)


# --- handlers ------------------------------------------------------------------------------------


def view(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a handler that calls a method of the service with the parts of the path."""

    def handle(service: Service, asked: OfVersion, **parts: str) -> Any:
        return method(service, **parts)

    return handle


def answer_to(service: Service, asked: Ask) -> Answer:
    return service.ask(asked.q, asked.condition, as_written=asked.as_written, explain=asked.explain)


def written() -> bytes:
    """Return the description as stored in docs/openapi.json."""
    return orjson.dumps(describe(ENDPOINTS), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def describe_api(service: Service, asked: OfVersion) -> dict[str, Any]:
    values = {
        "q": service.example_questions,
        "condition": [condition.id for condition in service.conditions()],
        "version": [service.version],
    }
    return describe(ENDPOINTS, values, examples(service, ENDPOINTS))


# --- examples ------------------------------------------------------------------------------------


def a_question(service: Service) -> ExampleValues:
    return {"q": next(iter(service.example_questions), ANY_QUESTION)}


def a_document(service: Service) -> ExampleValues | None:
    return next(({"id": each.document.id} for each in service.documents()), None)


def a_passage(service: Service) -> ExampleValues | None:
    documents = [service.document(each.document.id) for each in service.documents()[:1]]
    return next(({"id": passage.id} for document in documents for passage in document.passages), None)


def a_reference(service: Service) -> ExampleValues | None:
    return next(({"id": reference.id} for reference in service.references()), None)


def first_only(found: tuple[Any, ...]) -> tuple[Any, ...]:
    return found[:1]


def nothing(found: object) -> None:
    """Show no response: it would be too long."""


# --- the table -----------------------------------------------------------------------------------

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "ask", "ask", "Ask a question", answer_to, Answer, Ask, exports=True, description=ANSWER, example=a_question
    ),
    Endpoint(
        "ask",
        "askByBody",
        "Ask a question without putting it in the URL",
        answer_to,
        Answer,
        Ask,
        method="POST",
        exports=True,
        description=ANSWER,
        example=a_question,
    ),
    Endpoint(
        "ask.{format}",
        "askForWorks",
        "Ask a question and take the quotations and the works they cite away",
        answer_to,
        Answer,
        Ask,
        exports=True,
        description=EXPORT,
        example=lambda service: {"format": "json", **a_question(service)},
    ),
    Endpoint(
        "documents",
        "listDocuments",
        "List the documents, with sentence counts by support",
        view(Service.documents),
        tuple[DocumentOverview, ...],
        sample=first_only,
    ),
    Endpoint(
        "documents/{id}",
        "document",
        "Get a document, word for word, with its parts and their support",
        view(Service.document),
        Document,
        example=a_document,
        sample=nothing,
    ),
    Endpoint(
        "verdicts/{id}",
        "documentVerdicts",
        "Get the sentences of a document with reviewers' notes or retracted sources",
        view(Service.verdicts),
        DocumentVerdicts,
        example=a_document,
        sample=nothing,
    ),
    Endpoint(
        "passages/{id}", "passage", "Get a passage, word for word", view(Service.passage), Passage, example=a_passage
    ),
    Endpoint(
        "references",
        "listReferences",
        "List the works cited in the documents and reviewers' notes",
        view(Service.references),
        tuple[WorkView, ...],
        sample=first_only,
    ),
    Endpoint(
        "references/{id}",
        "reference",
        "Get a work, the sentences it supports and its notes",
        view(Service.reference),
        WorkUses,
        exports=True,
        example=a_reference,
    ),
    Endpoint(
        "conditions",
        "listConditions",
        "List the conditions, with their numbers of passages",
        view(Service.conditions),
        tuple[CoveredCondition, ...],
    ),
    Endpoint(
        "glossary",
        "listTerms",
        "List the terms that the owner explains",
        view(Service.glossary),
        tuple[GlossaryTerm, ...],
        sample=first_only,
    ),
    Endpoint(
        "coverage",
        "coverage",
        "Get what the documents cover, and what they do not",
        view(Service.coverage),
        CoverageReport,
    ),
    Endpoint("version", "version", "Get the version of the documents that is served", view(Service.info), IndexInfo),
    Endpoint(
        "openapi.json",
        "describe",
        "Get this description",
        describe_api,
        dict[str, Any],
        description="An OpenAPI 3.1 document.",
        example=lambda service: None,
    ),
)
