"""An application without views: request checks, static files, response headers, template globals and filters."""

from __future__ import annotations

from flask import Flask, Response

from qa.messages import say
from qa.models import Site
from qa.settings import Settings
from qa.web import presenter
from qa.web.accent import DEFAULT_ACCENT, LIGHT_PAPER, readable_on
from qa.web.assets import add_assets
from qa.web.cors import with_cors
from qa.web.embed import FRAME_PAGE, FRAME_SCRIPT, add_embed
from qa.web.headers import security_headers, with_headers
from qa.web.limits import add_limits
from qa.web.parameters import MAX_BODY
from qa.web.segments import with_line_ends

# The places that every page leads to, also without an index: path and name of the message.
PLACES = (("/", "places.ask"), ("/documents", "places.documents"), ("/about", "places.about"))


def bare_app(settings: Settings, site: Site) -> Flask:
    """Create an application with what is needed with or without an index, including /healthz."""
    app = Flask(__name__, static_folder=None, template_folder="templates")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.url_map.merge_slashes = False  # a redirect to //name would lead to another host
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(presenter.FILTERS)
    app.jinja_env.finalize = with_line_ends
    app.jinja_env.globals.update(
        site=site,
        accent=readable_on(LIGHT_PAPER, site.accent or DEFAULT_ACCENT),
        places=[(path, say(name)) for path, name in PLACES],
        contact=presenter.contact_address(site.contact),
        questions_kept=settings.log_questions,
    )
    add_limits(app, settings)
    add_assets(app, site)
    add_embed(app, settings)

    @app.get("/healthz")
    def alive() -> Response:
        return Response(b'{"status":"alive"}', content_type="application/json", headers={"Cache-Control": "no-store"})

    if settings.cors_origins:
        app.wsgi_app = with_cors(app.wsgi_app, settings.cors_origins)  # type: ignore[assignment, method-assign]
    secure = security_headers(settings.hsts)
    framed = dict.fromkeys((FRAME_PAGE, FRAME_SCRIPT), security_headers(settings.hsts, settings.frame_ancestors or ()))
    app.wsgi_app = with_headers(app.wsgi_app, secure, framed)  # type: ignore[assignment, method-assign]
    return app
