"""The web interface: a Flask application with the pages and the JSON API."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from qa.errors import CorpusError
from qa.indexes import OpenIndex
from qa.indexing.ingest import publish
from qa.settings import Settings, read_settings
from qa.web.api import add_api
from qa.web.api_docs import add_api_docs
from qa.web.base_app import bare_app
from qa.web.browse import add_browse
from qa.web.faults import add_faults
from qa.web.pages import add_pages
from qa.web.service import Service, release_digest
from qa.web.warmup import PATIENCE, Opening, starting_app


def create_app(
    settings: Settings | None = None,
    index: OpenIndex | None = None,
    patience: float = PATIENCE,
    tell: Callable[[CorpusError], None] = lambda fault: None,
) -> Flask:
    """Create the application. By default settings are read from the environment and the index is built from the corpus.

    `tell` is called for each skipped work or document. If the index is not ready after `patience` seconds, an
    application is returned that answers 503 until it is. Raises QAError if the settings or the corpus have an error.
    """
    settings = settings or read_settings()
    if index:
        return serving_app(settings, index)
    opening = Opening(lambda: serving_app(settings, open_as_chosen(settings, tell)))
    return opening.wait(patience) or starting_app(settings, opening)


def open_as_chosen(settings: Settings, tell: Callable[[CorpusError], None]) -> OpenIndex:
    return publish(settings.corpus, settings.index, skip_broken=settings.skip_broken, tell=tell)


def serving_app(settings: Settings, index: OpenIndex) -> Flask:
    """Create the application with all its views."""
    service = Service(settings, index, release_digest(settings, index.catalogue.version))
    app = bare_app(settings, index.catalogue.site)
    add_faults(app, service.notices)
    for add in (add_api, add_pages, add_browse, add_api_docs):
        add(app, service)
    return app
