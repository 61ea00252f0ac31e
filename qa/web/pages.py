"""The start page and the answer page, rendered from the same Answer as the JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from urllib.parse import urlencode

from flask import Flask, Response, render_template, request

from qa.engine import Service
from qa.models import Answer, CoveredCondition
from qa.web import presenter
from qa.web.embed import FRAME_PAGE
from qa.web.feedback import note_question
from qa.web.handlers import answer_to
from qa.web.metrics import note_outcome
from qa.web.parameters import parameters_of, read_chosen, read_query, url_parameters
from qa.web.request_models import Ask
from qa.web.responses import Content, Responder
from qa.web.takeaway import address_of_words
from qa.web.verses import cited_in, disputed_below, verses_of

Paths = tuple[str, str]  # the root of the service, and where questions are asked: its start page, or the frame


MORE_AT_ONCE = 5  # passages that the link to more adds


def add_pages(app: Flask, responder: Responder) -> None:
    """Add GET /, with and without a question, and the same as a frame of another site, /embed."""
    service = responder.service

    @app.get("/")
    @app.get(FRAME_PAGE)
    def page() -> Response:
        root, home = request.script_root, request.script_root + request.path
        sent = url_parameters(request, only=parameters_of(Ask))
        if "q" not in sent:
            chosen = read_chosen(sent, [condition.id for condition in service.conditions()])
            return responder.respond(
                request.environ, ("start", home, *chosen), lambda: Content(empty_page(service, (root, home), chosen))
            )
        asked = read_query(Ask, sent)
        responder.require(asked.version, lambda earlier: sentences_shown(answer_to(earlier, asked)))
        return responder.respond(
            request.environ,
            ("answer", home, *asked.key),
            lambda: Content(answer_page(answer_to(service, asked), asked, service, (root, home))),
        )


def sentences_shown(answer: Answer) -> list[tuple[str, str]]:
    """The sentences that an answer consists of, as document and sentence."""
    return [
        (hit.document, s.id)
        for hit in answer.answers
        for s in hit.sentences
        if s.relevant or answer.status != "answered"
    ]


def empty_page(service: Service, paths: Paths, chosen: tuple[str, ...]) -> str:
    """Render the start page: introduction, question box, example questions, what is covered."""
    return render_template(
        "empty.html",
        root=paths[0],
        welcome=True,
        examples=service.example_questions,
        notices=service.notices(),
        covered=presenter.most_passages(service.conditions()),
        chosen=chosen_from(service.conditions(), chosen),
        anywhere=paths[1],
    )


def answer_page(answer: Answer, asked: Ask, service: Service, paths: Paths = ("", "/")) -> str:
    """Render an answer, or the reason why there is none."""
    root, home = paths
    note_outcome(answer)
    note_question(answer)
    works = presenter.works(answer.references)
    verses, sent = verses_of(answer, works), query(asked)
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
        more=min(answer.more, MORE_AT_ONCE),
        narrower=narrower(answer, asked, home),
        more_address=more_address(answer, asked, home),
        permalink=f"{root}/?{sent}&version={answer.index.version}",
        json_address=f"{root}/api/v1/ask?{sent}",
        words_address=address_of_words(answer, root),
        asked=sent,
        anywhere=f"{home}?{query(replace(asked, condition=()))}" if asked.condition else "",
        as_written=asked.as_written,
        other_reading=f"{home}?{query(replace(asked, as_written=not asked.as_written))}",
    )


def more_address(answer: Answer, asked: Ask, home: str) -> str:
    """The link that shows more passages; empty if there are none."""
    limit = len(answer.answers) + min(answer.more, MORE_AT_ONCE)
    return f"{home}?{query(replace(asked, limit=limit))}#{answer.answers[-1].id}" if answer.more else ""


def chosen_from(conditions: Iterable[CoveredCondition], ids: Collection[str]) -> list[CoveredCondition]:
    return [condition for condition in conditions if condition.id in ids]


def narrower(answer: Answer, asked: Ask, home: str) -> list[tuple[str, str]]:
    """Links to ask again about one condition of the passages shown: label and address."""
    if asked.condition or any(condition.covered for condition in answer.interpretation.conditions):
        return []
    shown = {tag.id: tag.label for hit in answer.answers for tag in hit.conditions}
    return [(label, f"{home}?{query(replace(asked, condition=(id,)))}") for id, label in shown.items()]


def query(asked: Ask) -> str:
    parts = [("q", asked.q), *(("condition", id) for id in asked.condition)]
    parts += [("as_written", "1")] if asked.as_written else []
    return urlencode([*parts, ("limit", str(asked.limit))] if asked.limit else parts)
