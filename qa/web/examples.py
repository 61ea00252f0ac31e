"""Example requests with real responses, for the OpenAPI description and the API page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urlencode

from qa.engine import Service
from qa.models import Catalogue

ANY_QUESTION = "What is known?"  # used if the owner has marked no question as an example


@dataclass(frozen=True, slots=True)
class Example:
    """A path under /api/v1 with its parameters filled in, the id in it, and its response (None if too long to show)."""

    address: str
    id: str = ""
    give: Callable[[], object] | None = None


def examples(service: Service) -> dict[str, Example]:
    """Return an example for each path of the API for which the corpus has data."""
    question = next(iter(service.example_questions), ANY_QUESTION)
    found = {
        "ask": Example(f"ask?{urlencode({'q': question})}", question, lambda: service.ask(question)),
        "ask.{format}": Example(
            f"ask.json?{urlencode({'q': question})}", "json", lambda: service.works(service.ask(question))
        ),
        "documents": Example("documents", give=lambda: service.documents()[:1]),
        "references": Example("references", give=lambda: service.references()[:1]),
        "conditions": Example("conditions", give=service.conditions),
        "coverage": Example("coverage", give=service.coverage),
        "version": Example("version", give=service.info),
    }
    gives: dict[str, Callable[[str], object]] = {"passages": service.passage, "references": service.reference}
    for name, id in first_ids(service.index.catalogue):
        found[f"{name}/{{id}}"] = Example(
            f"{name}/{quote(id)}", id, partial(gives[name], id) if name in gives else None
        )
    return found


def first_ids(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for document in catalogue.documents[:1]:
        yield "documents", document.id
        yield from (("passages", passage.id) for passage in document.passages[:1])
    yield from (("references", reference.id) for reference in catalogue.references[:1])
