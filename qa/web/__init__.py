"""The web face: one Flask application with the page and the JSON API."""

from __future__ import annotations

from flask import Flask

from qa.indexes import OpenIndex
from qa.ingest import publish
from qa.settings import Settings, read_settings
from qa.web.api import add_api
from qa.web.asking import MAX_BODY
from qa.web.assets import add_assets
from qa.web.cors import with_cors
from qa.web.faults import add_faults
from qa.web.gate import add_gate
from qa.web.guide import add_guide
from qa.web.headers import security_headers, with_headers
from qa.web.held import add_held
from qa.web.pages import add_pages
from qa.web.service import Service, release_digest


def create_app(settings: Settings | None = None, index: OpenIndex | None = None) -> Flask:
    """The application. Without arguments the environment decides and the index is built or opened here."""
    settings = settings or read_settings()
    index = index or publish(settings.corpus, settings.index, skip_broken=settings.skip_broken)
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False  # a redirect from //name leads to another host
    service = Service(settings, index, release_digest(settings, index.catalogue.version))
    add_gate(app, settings)
    for add in (add_faults, add_api, add_pages, add_held, add_guide):
        add(app, service)
    add_assets(app)
    if settings.cors_origins:
        app.wsgi_app = with_cors(app.wsgi_app, settings.cors_origins)  # type: ignore[assignment, method-assign]
    app.wsgi_app = with_headers(app.wsgi_app, security_headers(settings.hsts))  # type: ignore[assignment, method-assign]
    return app
