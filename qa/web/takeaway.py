"""What readers take away: formats to choose from, and addresses that highlight a sentence."""

from __future__ import annotations

from flask import Flask, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from qa.earlier import earlier_services
from qa.engine import Service
from qa.errors import NotFound
from qa.models import Answer
from qa.models.addresses import document_url
from qa.views.earlier import change_of_sentence, find_document
from qa.web.parameters import read_query, url_parameters
from qa.web.request_models import OfVersion
from qa.web.responses import Responder

# Names by ending. They are the same in every language.
TAKE_FORMATS = (
    ("ama", "AMA"),
    ("vancouver", "Vancouver"),
    ("apa", "APA"),
    ("md", "Markdown"),
    ("bib", "BibTeX"),
    ("ris", "RIS"),
    ("json", "CSL-JSON"),
)
LIST_FORMATS = (("bib", "BibTeX"), ("ris", "RIS"), ("json", "CSL-JSON"), ("csv", "CSV"))  # of lists of works
SHOWN_WHOLE = ("ama", "vancouver", "apa")  # those that are shown whole on the page of a work


def add_takeaway(app: Flask, responder: Responder) -> None:
    """Add GET /documents/<id>/words/<sentence>, which leads to the sentence with its words highlighted."""
    app.jinja_env.globals.update(take_formats=TAKE_FORMATS, list_formats=LIST_FORMATS)

    @app.get("/documents/<id>/words/<sentence>")
    def words(id: str, sentence: str) -> AnyResponse:
        version = read_query(OfVersion, url_parameters(request, only=("version",))).version
        responder.require(version, lambda earlier: [(id, sentence)])
        try:
            return redirect(request.script_root + responder.service.sentence_url(id, sentence), 303)
        except NotFound:
            if page := changed_sentence(responder.service, id, sentence):
                return page
            raise


def changed_sentence(service: Service, document: str, sentence: str) -> AnyResponse | None:
    """Say what a sentence said that is no longer in its document, and what that says now; None if no version that is
    kept has it."""
    found = (change_of_sentence(each.index, service.index, document, sentence) for each in earlier_services(service))
    change = next(filter(None, found), None)
    if change is None or change.moved:
        return redirect(request.script_root + change.address, 303) if change else None
    root, there = request.script_root, find_document(service.index, document)
    address = document_url(document) if there else ""
    page = render_template("changed.html", root=root, change=change, document=address)
    return Response(page, 410, mimetype="text/html")


def address_of_words(answer: Answer, root: str) -> str:
    """Return the address of the first answering sentence; empty if there is none."""
    found = ((hit.document, s.id) for hit in answer.answers for s in hit.sentences if s.answers)
    return next((f"{root}/documents/{document}/words/{sentence}" for document, sentence in found), "")
