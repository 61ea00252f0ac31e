"""Views of the corpus: documents, works and coverage, as pages and as JSON from the same objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from urllib.parse import quote

from flask import Flask, Response, render_template, request

from qa.citations.export import EXPORTS
from qa.models import Document, SupportCounts
from qa.understanding.context import context_of
from qa.views.documents import index_info, show_document
from qa.views.overview import coverage_report, supported_sentences, uses_of
from qa.views.quotations import with_raw
from qa.web import presenter
from qa.web.document_view import read_contents, read_parts
from qa.web.exports import choose_export
from qa.web.parameters import read_version, url_parameters
from qa.web.service import Service, kind_of, to_json
from qa.web.works import as_work

STATUSES = [field.name for field in fields(SupportCounts)]


def add_browse(app: Flask, service: Service) -> None:
    """Add the pages and their JSON counterparts; that of /x is /api/v1/x."""
    index = service.index
    known = context_of(index)
    vocabulary, conditions = known.vocabulary, known.conditions
    app.jinja_env.filters["labels"] = lambda tags: ", ".join(vocabulary.label(tag.id) for tag in tags)
    json_paths: dict[str, Callable[..., object]] = {
        "documents": lambda: coverage_report(index, conditions).documents,
        "documents/<id>": index.document,
        "passages/<id>": index.passage,
        "references": lambda: index.catalogue.references,
        "conditions": lambda: conditions,
        "coverage": lambda: coverage_report(index, conditions),
        "version": lambda: index_info(index),
    }
    for path, find in json_paths.items():
        app.add_url_rule(f"/api/v1/{path}", f"/api/v1/{path}", json_view(service, path, find), methods=["GET"])
    app.add_url_rule("/api/v1/references/<path:id>", "work", lambda id: send_work(service, id), methods=["GET"])

    @app.get("/documents/<id>")
    def document(id: str) -> Response:
        found = index.document(id)
        return send_page(service, "document", (id,), lambda: document_page(found, service))

    @app.get("/references/<path:id>")
    def reference(id: str) -> Response:
        index.reference(id)
        return send_page(service, "reference", (id,), lambda: reference_page(id, service))

    @app.get("/coverage")
    def coverage() -> Response:
        return send_page(service, "coverage", (), lambda: coverage_page(service))


def json_view(service: Service, path: str, find: Callable[..., object]) -> Callable[..., Response]:
    def respond(**parts: str) -> Response:
        service.require(read_version(url_parameters(request)))
        found = find(**parts)
        return service.respond(request.environ, "json", (path, *parts.values()), lambda: to_json(found))

    return respond


def send_page(service: Service, name: str, asked: tuple[str, ...], make: Callable[[], str]) -> Response:
    service.require(read_version(url_parameters(request, only=("version",))))
    return service.respond(request.environ, "page", (request.script_root, name, *asked), make)


def send_work(service: Service, id: str) -> Response:
    """Return a work with its uses, or exported for a reference manager."""
    service.require(read_version(url_parameters(request)))
    known = {reference.id for reference in service.index.catalogue.references}
    name, kind = choose_export(request, id, known)
    work = service.index.reference(name)
    csl = with_raw(work.csl, work.raw)
    make = (lambda: EXPORTS[kind]([csl])) if kind else (lambda: to_json(uses_of(name, service.index)))
    response = service.respond(request.environ, kind_of(kind), ("references", name), make)
    response.headers["Vary"] = "Accept"
    return response


def document_page(document: Document, service: Service) -> str:
    resting = supported_sentences(document)
    references = {id: resting.get(id, []) for id in document.references}
    notes = service.index.notes(document.id)
    claims = [sentence for sentence in document.sentences if sentence.kind == "claim"]
    layers = {"backing": claims, "about": [claim for claim in claims if claim.conditions]}
    at = {(sentence.start, sentence.end): sentence.id for sentence in document.sentences}
    return page(
        service,
        "document.html",
        f"/documents/{document.id}",
        shown=show_document(document),
        parts=read_parts(document, notes),
        contents=read_contents(document),
        layers={name for name, shown in layers.items() if shown},
        references=references,
        numbers={id: n for n, id in enumerate(references, 1)},
        works={r.id: as_work(r.csl) for r in service.index.catalogue.references},
        sentence_of=lambda note: at[note.start, note.end],
    )


def reference_page(id: str, service: Service) -> str:
    use = uses_of(id, service.index)
    return page(
        service,
        "reference.html",
        f"/references/{quote(id)}",
        use=use,
        work=as_work(use.reference.csl),
        documents={d.id: show_document(d) for d in service.index.catalogue.documents},
    )


def coverage_page(service: Service) -> str:
    report = coverage_report(service.index, context_of(service.index).conditions)
    covered = [condition for condition in report.conditions if condition.passages]
    return page(
        service,
        "coverage.html",
        "/coverage",
        report=report,
        covered=presenter.choices(covered, service.index.catalogue.conditions, ()),
        not_covered=", ".join(condition.label for condition in report.conditions if not condition.passages),
        statuses=STATUSES,
    )


def page(service: Service, template: str, path: str, **values: object) -> str:
    return render_template(
        template,
        root=request.script_root,
        notices=service.notices(),
        json_address=f"{request.script_root}/api/v1{path}",
        **values,
    )
