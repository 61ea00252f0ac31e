"""Pages of the corpus: documents, works and coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from urllib.parse import quote

from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.indexes.uses import supported_sentences
from qa.models import Document, SupportCounts, WorkUses
from qa.web import presenter
from qa.web.document_view import read_contents, reading_rows, tallies
from qa.web.originals import kind_of
from qa.web.parameters import read_query, url_parameters
from qa.web.request_models import OfVersion
from qa.web.responses import Content, Responder
from qa.web.takeaway import SHOWN_WHOLE, TAKE_FORMATS
from qa.web.works import as_work

MOST_DOCUMENTS = 50  # on the page of what is covered, which leads to the list of all
STATUSES = [field.name for field in fields(SupportCounts)]


def add_browse(app: Flask, responder: Responder) -> None:
    """Add the pages; the JSON counterpart of /x is /api/v1/x."""
    service = responder.service
    labels = {condition.id: condition.label for condition in service.conditions()}
    app.jinja_env.filters["labels"] = lambda tags: ", ".join(labels[tag.id] for tag in tags)

    @app.get("/documents/<id>")
    def document(id: str) -> Response:
        return send_page(responder, ("document", id), lambda: document_page(service.document(id), service))

    @app.get("/references/<path:id>")
    def reference(id: str) -> Response:
        return send_page(responder, ("reference", id), lambda: reference_page(service.reference(id), service))

    @app.get("/glossary")
    def glossary() -> Response:
        return send_page(responder, ("glossary",), lambda: glossary_page(service))

    @app.get("/coverage")
    def coverage() -> Response:
        return send_page(responder, ("coverage",), lambda: coverage_page(service))


def send_page(responder: Responder, asked: tuple[str, ...], make: Callable[[], str]) -> Response:
    """Return a page that takes no parameter but the version. `asked` is what it depends on."""
    responder.require(read_query(OfVersion, url_parameters(request, only=("version",))).version)
    return responder.respond(request.environ, ("page", request.script_root, *asked), lambda: Content(make()))


def document_page(document: Document, service: Service) -> str:
    supported = supported_sentences(document)
    references = {id: supported.get(id, []) for id in document.references}
    verdicts = service.verdicts(document.id)
    noted = verdicts.sentences
    rows = reading_rows(document, noted)
    listed = {id for row in rows for part in row.parts for id in part.entries}
    named = (verdict.reference for each in noted for verdict in each.verdicts)
    shown = {*references, *filter(None, named)}
    claims = [sentence for sentence in document.sentences if sentence.kind == "claim"]
    layers = {"backing": claims, "about": [claim for claim in claims if claim.conditions]}
    return page(
        service,
        "document.html",
        f"/documents/{document.id}",
        shown=service.index.overview(document.id).document,
        taken_from=kind_of(document) if document.extracted else None,
        rows=rows,
        noted_at={each.sentence: each for each in noted},
        unreviewed=verdicts.unreviewed,
        tally=tallies(noted),
        contents=read_contents(document),
        layers=[name for name, sentences in layers.items() if sentences],
        uses=references,
        not_listed=[id for id in references if id not in listed],
        numbers={id: n for n, id in enumerate(references, 1)},
        works={each.id: as_work(each.csl) for each in service.index.references_by_id(shown)},
    )


def reference_page(use: WorkUses, service: Service) -> str:
    documents = {*(each.document for each in use.sentences), *(each.document for each in use.notes)}
    return page(
        service,
        "reference.html",
        f"/references/{quote(use.reference.id)}",
        use=use,
        work=as_work(use.reference.csl),
        entries=[(name, service.export(use, ending).strip()) for ending, name in TAKE_FORMATS if ending in SHOWN_WHOLE],
        documents={id: service.index.overview(id).document for id in documents},
    )


def coverage_page(service: Service) -> str:
    report = service.coverage()
    return page(
        service,
        "coverage.html",
        "/coverage",
        report=report,
        documents=report.documents[:MOST_DOCUMENTS],
        covered=presenter.choices(report.conditions),
        not_covered=", ".join(condition.label for condition in report.conditions if not condition.passages),
        statuses=STATUSES,
    )


def glossary_page(service: Service) -> str:
    return page(service, "glossary.html", "/glossary", terms=sorted(service.glossary(), key=lambda each: each.term))


def page(service: Service, template: str, path: str, **values: object) -> str:
    return render_template(
        template,
        root=request.script_root,
        notices=service.notices(),
        json_address=f"{request.script_root}/api/v1{path}",
        **values,
    )
