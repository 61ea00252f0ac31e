"""The table of endpoints of the JSON API. To add one, add a row."""

from __future__ import annotations

from typing import Any

import orjson

from qa.engine import Service
from qa.models import (
    About,
    Answer,
    CoverageReport,
    CoveredCondition,
    Document,
    DocumentOverview,
    DocumentVerdicts,
    Facets,
    GlossaryTerm,
    IndexInfo,
    ListName,
    Passage,
    Topic,
    WorkUses,
    WorkView,
)
from qa.web.endpoint import Endpoint
from qa.web.examples import examples
from qa.web.exports import AS_TABLE, FOR_WORKS
from qa.web.handlers import (
    a_condition,
    a_document,
    a_passage,
    a_question,
    a_reference,
    answer_to,
    facets_of,
    first_only,
    in_format,
    list_of,
    nothing,
    one_entry,
    topic_about,
    view,
)
from qa.web.list_requests import REQUESTS
from qa.web.openapi import describe
from qa.web.request_models import Ask, OfTopic, OfVersion

ANSWER = "What the documents say, word for word, or why there is no answer."
EXPORT = "The quoted documents and the works they cite; notes hold the quotations and what reviewers found."


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


def list_endpoints(name: ListName, entry: type, operation: str, summary: str) -> tuple[Endpoint, ...]:
    """Return the rows of a list: itself, its exports, and what it can be filtered by."""
    exports = (*AS_TABLE, *FOR_WORKS) if entry is WorkView else AS_TABLE
    asks, returns, handle = REQUESTS[name], tuple[entry, ...], list_of(name)  # type: ignore[valid-type]
    return (
        Endpoint(
            name,
            f"list{operation}",
            summary,
            handle,
            returns,
            asks,
            exports=exports,
            example=one_entry,
            sample=first_only,
        ),
        Endpoint(
            f"{name}.{{format}}",
            f"export{operation}",
            summary,
            handle,
            returns,
            asks,
            exports=exports,
            example=in_format("csv"),
            sample=nothing,
        ),
        Endpoint(
            f"facets/{name}",
            f"facetsOf{operation}",
            f"{summary}: what the list can be filtered by, with counts",
            facets_of(name),
            Facets,
            asks,
        ),
    )


# --- the table -----------------------------------------------------------------------------------

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        "ask",
        "ask",
        "Ask a question",
        answer_to,
        Answer,
        Ask,
        exports=FOR_WORKS,
        description=ANSWER,
        example=a_question,
    ),
    Endpoint(
        "ask",
        "askByBody",
        "Ask a question without putting it in the URL",
        answer_to,
        Answer,
        Ask,
        method="POST",
        exports=FOR_WORKS,
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
        exports=FOR_WORKS,
        description=EXPORT,
        example=in_format("json", a_question),
    ),
    *list_endpoints("documents", DocumentOverview, "Documents", "List the documents, with sentence counts by support"),
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
        "documents/{id}/references",
        "documentReferences",
        "List the works that a document cites",
        view(Service.works_in),
        tuple[WorkView, ...],
        example=a_document,
        sample=nothing,
    ),
    Endpoint(
        "documents/{id}/references.{format}",
        "exportDocumentReferences",
        "List the works that a document cites",
        view(Service.works_in),
        tuple[WorkView, ...],
        exports=(*AS_TABLE, *FOR_WORKS),
        example=in_format("csv", a_document),
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
    *list_endpoints("references", WorkView, "References", "List the works cited in the documents and reviewers' notes"),
    Endpoint(
        "references/{id}",
        "reference",
        "Get a work, the sentences it supports and its notes",
        view(Service.reference),
        WorkUses,
        exports=FOR_WORKS,
        example=a_reference,
    ),
    *list_endpoints(
        "conditions", CoveredCondition, "Conditions", "List the conditions, with their numbers of passages"
    ),
    Endpoint(
        "conditions/{id}",
        "condition",
        "Get what the documents have on a condition: passages, documents, works, questions that are answered",
        topic_about,
        Topic,
        OfTopic,
        example=a_condition,
        sample=nothing,
    ),
    Endpoint(
        "glossary",
        "listTerms",
        "List the terms that the owner explains",
        view(Service.glossary),
        tuple[GlossaryTerm, ...],
        exports=AS_TABLE,
        sample=first_only,
    ),
    Endpoint(
        "glossary.{format}",
        "exportTerms",
        "List the terms that the owner explains",
        view(Service.glossary),
        tuple[GlossaryTerm, ...],
        exports=AS_TABLE,
        example=in_format("csv"),
        sample=nothing,
    ),
    Endpoint(
        "coverage",
        "coverage",
        "Get what the documents cover, and what they do not",
        view(Service.coverage),
        CoverageReport,
    ),
    Endpoint(
        "about",
        "about",
        "Get what the service is: whose documents it has, how they were read, how sure its answers are",
        view(Service.about),
        About,
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
