"""Example requests with real responses, for the OpenAPI description and the API page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

from qa.models import Catalogue
from qa.understanding.context import context_of
from qa.views.documents import index_info
from qa.views.overview import coverage_report, uses_of
from qa.views.quotations import works_of
from qa.web.parameters import Ask
from qa.web.service import Service

ANY_QUESTION = "What is known?"  # used if the owner has marked no question as an example


@dataclass(frozen=True, slots=True)
class Example:
    """A path under /api/v1 with its parameters filled in, the id in it, and its response (None if too long to show)."""

    address: str
    id: str = ""
    give: Callable[[], object] | None = None


def examples(service: Service) -> dict[str, Example]:
    """Return an example for each path of the API for which the corpus has data."""
    index = service.index
    conditions = context_of(index).conditions
    catalogue = index.catalogue
    question = next(iter(catalogue.examples), ANY_QUESTION)
    found = {
        "ask": Example(f"ask?{urlencode({'q': question})}", question, lambda: service.ask(Ask(question))),
        "ask.{format}": Example(
            f"ask.json?{urlencode({'q': question})}", "json", lambda: works_of(service.ask(Ask(question)))
        ),
        "documents": Example("documents", give=lambda: coverage_report(index, conditions).documents[:1]),
        "references": Example("references", give=lambda: catalogue.references[:1]),
        "conditions": Example("conditions", give=lambda: conditions),
        "coverage": Example("coverage", give=lambda: coverage_report(index, conditions)),
        "version": Example("version", give=lambda: index_info(index)),
    }
    gives: dict[str, Callable[[str], object]] = {"passages": index.passage, "references": partial(uses_of, store=index)}
    for name, id in first_ids(catalogue):
        found[f"{name}/{{id}}"] = Example(
            f"{name}/{quote(id)}", id, partial(gives[name], id) if name in gives else None
        )
    return found


def first_ids(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for document in catalogue.documents[:1]:
        yield "documents", document.id
        yield from (("passages", passage.id) for passage in document.passages[:1])
    yield from (("references", reference.id) for reference in catalogue.references[:1])
