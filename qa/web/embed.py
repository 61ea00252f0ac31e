"""The question box in a frame of another site: /embed, and the script that puts it there, /embed.js."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, has_request_context, request

from qa.settings import Settings
from qa.web.assets import FOLDER

FRAME_PAGE, FRAME_SCRIPT = "/embed", "/embed.js"
KEPT = "public, max-age=3600"  # seconds; its address never changes, so a new release is used within the hour


def add_embed(app: Flask, settings: Settings) -> None:
    """Add /embed.js, and tell templates whether they are shown in a frame and which sites may show them."""
    app.jinja_env.globals["frame_hosts"] = " ".join(settings.frame_ancestors or ())
    script = (FOLDER / "embed.js").read_bytes()

    @app.context_processor
    def frame() -> dict[str, Any]:
        embedded = has_request_context() and request.path == FRAME_PAGE
        return {"embedded": embedded, "home": FRAME_PAGE if embedded else "/"}

    @app.get(FRAME_SCRIPT)
    def embed_script() -> Response:
        return Response(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": KEPT})
