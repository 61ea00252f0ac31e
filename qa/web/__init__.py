"""The web interface: a Flask application with the pages and the JSON API."""

from __future__ import annotations

from flask import Flask

from qa.engine import Service, add_vectors, open_without_waiting, pass_over
from qa.indexes import OpenIndex
from qa.indexing.publish import Tell
from qa.settings import Settings, read_settings
from qa.web.api import add_api
from qa.web.api_docs import add_api_docs
from qa.web.base_app import bare_app
from qa.web.browse import add_browse
from qa.web.faults import add_faults
from qa.web.feedback import add_feedback
from qa.web.list_pages import add_list_pages
from qa.web.metrics import add_metrics
from qa.web.originals import add_originals
from qa.web.pages import add_pages
from qa.web.report import add_report
from qa.web.responses import Responder, release_digest
from qa.web.takeaway import add_takeaway
from qa.web.warmup import PATIENCE, Opening, forward_when_made, lower_priority, starting_app


def create_app(
    settings: Settings | None = None,
    index: OpenIndex | None = None,
    patience: float | None = None,
    tell: Tell = pass_over,
) -> Flask:
    """Create the application. By default settings are read from the environment and the index is built from the corpus.

    `tell` is called for each skipped work or document. If the index is not ready after `patience` seconds (PATIENCE by
    default), an application is returned that answers 503 until it is. If vectors have to be made, it answers by words
    until they are. Raises QAError if the settings or the corpus have an error.
    """
    settings = settings or read_settings()
    if index:
        return serving_app(Service(settings, index))
    opening = Opening(lambda: serving_app_at_once(open_without_waiting(settings, tell)))
    return opening.wait(PATIENCE if patience is None else patience) or starting_app(settings, opening)


def serving_app_at_once(service: Service) -> Flask:
    """Create the application. If vectors have to be made, it is replaced by one with vectors when they are."""
    app = serving_app(service)

    def make_better() -> Flask:
        lower_priority()
        return serving_app(add_vectors(service))

    if service.index.encoder == "preparing":
        forward_when_made(app, Opening(make_better), "vectors not made")
    return app


def serving_app(service: Service) -> Flask:
    """Create the application with all its views."""
    responder = Responder(service, release_digest(service))
    app = bare_app(service.settings, service.index.manifest.site)
    app.jinja_env.globals["version"] = service.version
    add_faults(app, service.notices)
    pages = (add_pages, add_browse, add_list_pages, add_originals, add_takeaway, add_feedback, add_report, add_api_docs)
    for add in (add_api, *pages, add_metrics):
        add(app, responder)
    return app
