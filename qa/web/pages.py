"""The start page and the answer page, rendered from the same Answer as the JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.models import Answer, CoveredCondition
from qa.web import presenter
from qa.web.handlers import answer_to
from qa.web.metrics import note_outcome
from qa.web.parameters import parameters_of, read_chosen, read_query, url_parameters
from qa.web.request_models import Ask
from qa.web.responses import Content, Responder
from qa.web.takeaway import address_of_words
from qa.web.verses import cited_in, disputed_below, verses_of


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
    """Render the start page: introduction, question box, example questions, what is covered."""
    return render_template(
        "empty.html",
        root=root,
        welcome=True,
        notices=service.notices(),
        covered=presenter.most_passages(service.conditions()),
        chosen=chosen_from(service.conditions(), chosen),
        anywhere=f"{root}/",
    )


def answer_page(answer: Answer, asked: Ask, service: Service, root: str = "") -> str:
    """Render an answer, or the reason why there is none."""
    note_outcome(answer)
    works = presenter.works(answer.references)
    verses = verses_of(answer, works)
    return render_template(
        "answer.html",
        root=root,
        answer=answer,
        verses=verses,
        works=works,
        marks={id: mark.text for hit in answer.answers for mark in hit.citations for id in mark.references},
        cited=cited_in(verses),
        alert=disputed_below(verses),
        urgent=any(notice.urgent for notice in answer.notices),
        notices=answer.notices,
        question=answer.question,
        covered=presenter.most_passages(answer.conditions),
        chosen=chosen_from(service.conditions(), asked.condition),
        narrower=narrower(answer, asked, root),
        permalink=f"{root}/?{query(asked)}&version={answer.index.version}",
        json_address=f"{root}/api/v1/ask?{query(asked)}",
        words_address=address_of_words(answer, root),
        asked=query(asked),
        anywhere=f"{root}/?{query(replace(asked, condition=()))}",
        as_written=asked.as_written,
        other_reading=f"{root}/?{query(replace(asked, as_written=not asked.as_written))}",
    )


def chosen_from(conditions: Iterable[CoveredCondition], ids: Collection[str]) -> list[CoveredCondition]:
    return [condition for condition in conditions if condition.id in ids]


def narrower(answer: Answer, asked: Ask, root: str) -> list[tuple[str, str]]:
    """Links to ask again about one condition of the passages shown: label and address."""
    if asked.condition or any(condition.covered for condition in answer.interpretation.conditions):
        return []
    shown = {tag.id: tag.label for hit in answer.answers for tag in hit.conditions}
    return [(label, f"{root}/?{query(replace(asked, condition=(id,)))}") for id, label in shown.items()]


def query(asked: Ask) -> str:
    parts = [("q", asked.q), *(("condition", id) for id in asked.condition)]
    return urlencode([*parts, *(("as_written", "1") for _ in range(asked.as_written))])
