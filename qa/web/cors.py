"""CORS: which other sites may read the API from a browser (Fetch standard, "CORS protocol")."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ANY = "*"
ALLOWED = [
    ("Access-Control-Allow-Methods", "GET, POST"),
    ("Access-Control-Allow-Headers", "Content-Type, If-None-Match"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After"),
    ("Access-Control-Max-Age", "86400"),
]


def with_cors(app: WSGIApplication, origins: Collection[str]) -> WSGIApplication:
    """Wrap the application so that pages of these origins may read what is under /api; "*" allows any origin."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        allowed = cors_headers(environ, origins)

        def start(status: str, own: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, own + allowed, *error)

        return app(environ, start)

    return wrapped


def cors_headers(environ: WSGIEnvironment, origins: Collection[str]) -> list[tuple[str, str]]:
    """Return the headers for this request. `Vary` keeps a cache from serving one origin's response to another."""
    if not environ.get("PATH_INFO", "").startswith("/api/"):
        return []
    if ANY in origins:
        return [("Access-Control-Allow-Origin", ANY), *ALLOWED]
    origin = environ.get("HTTP_ORIGIN", "")
    given = [("Access-Control-Allow-Origin", origin), *ALLOWED] if origin in origins else []
    return [("Vary", "Origin"), *given]
