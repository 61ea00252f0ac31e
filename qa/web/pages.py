"""The start page and the answer page, rendered from the same Answer as the JSON."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.models import Answer
from qa.understanding.context import context_of
from qa.web import presenter
from qa.web.parameters import PARAMETERS, Ask, put, read_chosen, read_query, url_parameters
from qa.web.responses import Responder


def add_pages(app: Flask, responder: Responder) -> None:
    """Add GET /, with and without a question."""
    service = responder.service
    catalogue = service.index.catalogue
    app.jinja_env.globals["examples"] = catalogue.examples

    @app.get("/")
    def page() -> Response:
        root = request.script_root
        sent = url_parameters(request, only=PARAMETERS)
        if "q" not in sent:
            chosen = read_chosen(sent, [condition.id for condition in catalogue.conditions])
            return responder.respond(
                request.environ, "empty", (root, *chosen), lambda: empty_page(service, root, chosen)
            )
        ask = read_query(sent)
        responder.require(ask.version)
        return responder.respond(
            request.environ, "page", (root, *ask.key), lambda: answer_page(put(ask, service), ask, service, root)
        )


def empty_page(service: Service, root: str, chosen: tuple[str, ...]) -> str:
    """Render the start page: introduction, question box, coverage, example questions."""
    index = service.index
    known = context_of(index)
    return render_template(
        "empty.html",
        root=root,
        notices=service.notices(),
        choices=presenter.choices(known.covered, index.catalogue.conditions, chosen),
        chosen=chosen,
    )


def answer_page(answer: Answer, ask: Ask, service: Service, root: str = "") -> str:
    """Render an answer, or the reason why there is none."""
    hits, works = presenter.shown_hits(answer), presenter.works(answer.references)
    return render_template(
        "answer.html",
        root=root,
        answer=answer,
        notices=answer.notices,
        question=answer.question,
        choices=presenter.choices(answer.conditions, service.index.catalogue.conditions, ask.condition),
        chosen=ask.condition,
        works=works,
        first_cited=presenter.first_cited(hits, works),
        documents={document.id: document for document in answer.documents},
        anchors=presenter.anchors(hits),
        around=presenter.around(hits, service.index),
        permalink=f"{root}/?{query(ask)}&version={answer.index.version}",
        json_address=f"{root}/api/v1/ask?{query(ask)}",
        asked=query(ask),
        anywhere=f"{root}/?{query(replace(ask, condition=()))}",
        as_written=ask.as_written,
        other_reading=f"{root}/?{query(replace(ask, as_written=not ask.as_written))}",
        asked_about=lambda id: f"{root}/?{query(Ask(ask.q, (id,)))}",
    )


def query(ask: Ask) -> str:
    parts = [("q", ask.q), *(("condition", id) for id in ask.condition)]
    return urlencode([*parts, *(("as_written", "1") for _ in range(ask.as_written))])
