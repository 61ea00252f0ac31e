"""Was this right? The one place where the web interface writes, and only if the operator has turned it on."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from qa.feedback import KEPT_DAYS, FeedbackFolder, judged
from qa.messages import say
from qa.models import Answer
from qa.web.handlers import answer_to
from qa.web.limits import RateLimit, network_of
from qa.web.parameters import read_query
from qa.web.problems import BadParameters, Fault
from qa.web.request_models import Ask
from qa.web.responses import Responder

FORM = "/feedback"
THANKS = "/feedback/thanks"
EXTENSION = "qa.feedback"  # where the application keeps its folder
MOST_A_MINUTE = 30  # from one address and process: more are no readers, also behind a proxy
RIGHT = {"yes": True, "no": False}


def add_feedback(app: Flask, responder: Responder) -> None:
    """Add POST /feedback, which stores what a reader says of an answer, and the page that thanks."""
    folder = responder.service.settings.feedback
    app.jinja_env.globals.update(asks_feedback=folder is not None, kept_days=KEPT_DAYS)
    if folder is None:
        return
    app.extensions[EXTENSION] = store = FeedbackFolder(folder)
    store.forget_once_a_day()
    limit = RateLimit(MOST_A_MINUTE)

    @app.post(FORM)
    def feedback() -> AnyResponse:
        if not from_own_page():
            raise Forbidden
        limit.count(network_of(request.environ.get("REMOTE_ADDR", "")))
        sent = {name: request.form.getlist(name) for name in request.form}
        right = RIGHT.get(sent.pop("right", [""])[0])
        if right is None:
            raise BadParameters([Fault("right", say("fault.no_value", name="right"))])
        asked = read_query(Ask, sent)
        responder.require(asked.version)
        store.add(judged(answer_to(responder.service, asked), right))
        return redirect(request.script_root + THANKS, 303)

    @app.get(THANKS)
    def thanks() -> Response:
        values = {"notices": responder.service.notices(), "report": "report" in request.args}
        page = render_template("thanks.html", root=request.script_root, **values)
        return Response(page, mimetype="text/html")


def from_own_page() -> bool:
    """Whether the browser says that a page of this service sends the request. Browsers that do not say it themselves
    name the page's origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def note_question(answer: Answer) -> None:
    """Store a question that the documents do not answer for sure, if that is turned on; never one of somebody who may
    be in danger."""
    store: FeedbackFolder | None = current_app.extensions.get(EXTENSION)
    if store:
        store.forget_once_a_day()
        if answer.status != "answered" and not any(notice.urgent for notice in answer.notices):
            store.add(judged(answer))
