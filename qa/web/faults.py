"""Error responses: problem details (RFC 9457) under /api, a page elsewhere, never a stack trace."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from io import BytesIO
from urllib.parse import quote, unquote_plus, urlencode

import orjson
from flask import Flask, Request, Response, render_template, request
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable

from qa.errors import IndexStarting, NotFound, QAError, QuestionError, VersionGone
from qa.log import log_failure
from qa.messages import MESSAGES, say
from qa.models import Notice
from qa.web.parameters import MAX_BODY, parameters_of
from qa.web.problems import BadParameters, Fault, Problem
from qa.web.request_models import Ask

PROGRAM_PATHS = ("/api/", "/readyz", "/metrics")
KEPT_HEADERS = ("Allow", "Retry-After")
MAX_KEPT = 4000  # characters of a question that stay in the box after an error
RETRY_AFTER = {503: "10"}  # seconds
TEMPORARY = (429, 503)
LISTS = ("/documents", "/references", "/conditions")
TITLES = {404: "not_found.title", 410: "gone.title", 429: "busy.title", 503: "unavailable.title"}


def add_faults(app: Flask, find_notices: Callable[[str], tuple[Notice, ...]]) -> None:
    """Handle every error, including unexpected ones. `find_notices` returns the notices for a text."""

    @app.errorhandler(Exception)
    def respond(error: Exception) -> Response:
        status, faults = status_of(error), faults_of(error)
        if status >= 500 and not isinstance(error, IndexStarting | ServiceUnavailable):
            log_failure(request.path, error)
        notices = find_notices(text_sent(request))
        problem = Problem(HTTPStatus(status).phrase, status, detail_of(error, status), faults, notices)
        response = (
            problem_as_json(problem) if request.path.startswith(PROGRAM_PATHS) else problem_as_page(problem, error)
        )
        response.headers.extend(kept_headers(error, status))
        return response


def status_of(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.code or 500
    return error.status if isinstance(error, QAError) else 500


def faults_of(error: Exception) -> tuple[Fault, ...]:
    if isinstance(error, BadParameters):
        return error.faults
    return (Fault(error.parameter, str(error)),) if isinstance(error, QuestionError) else ()


def detail_of(error: Exception, status: int) -> str:
    """Return a message of our own. Messages of libraries are not shown: they may repeat what was sent."""
    if isinstance(error, SecurityError):
        return say("fault.host")
    if isinstance(error, IndexStarting):
        return say("starting.detail")
    if isinstance(error, QAError) and status < 500:
        return str(error)
    if status == 400 and isinstance(error, HTTPException) and error.description == say("fault.json"):
        return say("fault.json")
    name = str(status) if str(status) in MESSAGES["fault"] else "other"
    return say(f"fault.{name}", limit=f"{MAX_BODY:,}")


def kept_headers(error: Exception, status: int) -> list[tuple[str, str]]:
    given = error.get_headers() if isinstance(error, HTTPException) else []
    retry = [("Retry-After", RETRY_AFTER[status])] if status in RETRY_AFTER else []
    return [(name, value) for name, value in given if name in KEPT_HEADERS] + retry


def text_sent(request: Request) -> str:
    """Return the text of a rejected request, so that somebody who writes too much about wanting to die still gets help.
    Only a body already received is read: waiting for the rest would delay other requests."""
    sent = request.environ["wsgi.input"]
    body = sent.getvalue()[:MAX_BODY] if isinstance(sent, BytesIO) else b""
    return f"{unquote_plus(request.query_string.decode('latin-1'))} {body.decode('utf-8', 'replace')}"


def problem_as_json(problem: Problem) -> Response:
    return Response(orjson.dumps(problem), problem.status, mimetype="application/problem+json")


def problem_as_page(problem: Problem, error: Exception) -> Response:
    """Return a page with the error and what to do next: open the current version if the requested one is gone, try
    again if that may help, or ask another question."""
    page = render_template(
        "fault.html",
        problem=problem,
        title=say(title_of(error, problem.status)),
        notices=problem.notices,
        root=request.script_root,
        question=" ".join(request.args.getlist("q"))[:MAX_KEPT],
        now=address_without_version(request) if problem.status == HTTPStatus.GONE else "",
        changes=error.changes if isinstance(error, VersionGone) else (),
        again=problem.status in TEMPORARY,
        nearest=nearest_page(error),
    )
    return Response(page, problem.status, mimetype="text/html")


def nearest_page(error: Exception) -> str:
    """Return the path of the page on which the entry that was not found would be, or of the list of its kind."""
    if not isinstance(error, NotFound):
        return ""
    listed = f"/{request.path.split('/')[1]}"
    return error.within or (listed if listed in LISTS else "")


def address_without_version(request: Request) -> str:
    """Return the address of the same page in the version that is served."""
    kept = [(name, value) for name in parameters_of(Ask) if name != "version" for value in request.args.getlist(name)]
    return f"{request.script_root}{quote(request.path)}{'?' if kept else ''}{urlencode(kept)}"


def title_of(error: Exception, status: int) -> str:
    """Return the name of the message that is the page title."""
    return "starting.title" if isinstance(error, IndexStarting) else TITLES.get(status, "fault.title")
