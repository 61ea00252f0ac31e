"""The start page and the answer page, rendered from the same Answer as the JSON."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.models import Answer
from qa.web import presenter
from qa.web.endpoints import answer_to
from qa.web.metrics import note_outcome
from qa.web.parameters import parameters_of, read_chosen, read_query, url_parameters
from qa.web.request_models import Ask
from qa.web.responses import Content, Responder


def add_pages(app: Flask, responder: Responder) -> None:
    """Add GET /, with and without a question."""
    service = responder.service
    app.jinja_env.globals["examples"] = service.example_questions

    @app.get("/")
    def page() -> Response:
        root = request.script_root
        sent = url_parameters(request, only=parameters_of(Ask))
        if "q" not in sent:
            chosen = read_chosen(sent, [condition.id for condition in service.conditions()])
            return responder.respond(
                request.environ, ("start", root, *chosen), lambda: Content(empty_page(service, root, chosen))
            )
        asked = read_query(Ask, sent)
        responder.require(asked.version)
        return responder.respond(
            request.environ,
            ("answer", root, *asked.key),
            lambda: Content(answer_page(answer_to(service, asked), asked, service, root)),
        )


def empty_page(service: Service, root: str, chosen: tuple[str, ...]) -> str:
    """Render the start page: introduction, question box, coverage, example questions."""
    return render_template(
        "empty.html",
        root=root,
        notices=service.notices(),
        choices=presenter.choices(service.conditions(), chosen),
        chosen=chosen,
    )


def answer_page(answer: Answer, asked: Ask, service: Service, root: str = "") -> str:
    """Render an answer, or the reason why there is none."""
    note_outcome(answer)
    hits, works = presenter.shown_hits(answer), presenter.works(answer.references)
    return render_template(
        "answer.html",
        root=root,
        answer=answer,
        notices=answer.notices,
        question=answer.question,
        choices=presenter.choices(service.conditions(), asked.condition),
        chosen=asked.condition,
        works=works,
        first_cited=presenter.first_cited(hits, works),
        documents={document.id: document for document in answer.documents},
        anchors=presenter.anchors(hits),
        around=presenter.around(hits, service.index),
        permalink=f"{root}/?{query(asked)}&version={answer.index.version}",
        json_address=f"{root}/api/v1/ask?{query(asked)}",
        asked=query(asked),
        anywhere=f"{root}/?{query(replace(asked, condition=()))}",
        as_written=asked.as_written,
        other_reading=f"{root}/?{query(replace(asked, as_written=not asked.as_written))}",
        asked_about=lambda id: f"{root}/?{query(Ask(asked.q, (id,)))}",
    )


def query(asked: Ask) -> str:
    parts = [("q", asked.q), *(("condition", id) for id in asked.condition)]
    return urlencode([*parts, *(("as_written", "1") for _ in range(asked.as_written))])
