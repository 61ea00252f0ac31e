"""Which pages of other sites may read the API from a browser (the Fetch standard, "CORS protocol")."""

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
    """The application, with leave to read what is under /api for pages of these origins; "*" stands for any."""

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        leave = leave_for(environ, origins)

        def start(status: str, own: list[tuple[str, str]], *error: Any) -> Callable[[bytes], object]:
            return start_response(status, own + leave, *error)

        return app(environ, start)

    return wrapped


def leave_for(environ: WSGIEnvironment, origins: Collection[str]) -> list[tuple[str, str]]:
    """The headers for this request. Where several origins may read, a cache must not give one's answer to another."""
    if not environ.get("PATH_INFO", "").startswith("/api/"):
        return []
    if ANY in origins:
        return [("Access-Control-Allow-Origin", ANY), *ALLOWED]
    origin = environ.get("HTTP_ORIGIN", "")
    given = [("Access-Control-Allow-Origin", origin), *ALLOWED] if origin in origins else []
    return [("Vary", "Origin"), *given]
