"""The adapter between granian and the WSGI application: it passes on complete requests only, one at a time.

granian calls the adapter as soon as the headers of a request are read. It receives the body asynchronously, within
limits of time and size, while other requests are answered. The application then answers requests one by one: threads
would share one interpreter and only make the slowest response slower.
"""

from __future__ import annotations

import asyncio
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # the first two
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, RequestTimeout, ServiceUnavailable

from qa.log import LOG, log_failure
from qa.web.faults import PROGRAM_PATHS
from qa.web.limits import FAULT
from qa.web.parameters import MAX_BODY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

BODY_WITHIN = 5.0  # seconds in which the whole body must arrive
MAX_WAITING = 400  # requests queued in a worker; more would wait for seconds, so they get a 503 at once
HEALTH_CHECK = "/healthz"  # answered even when overloaded: a busy worker is alive
CLOSING = (408, 411, 413)  # the body may be unread, so the connection cannot be reused
SERVER = ("Server", "qa")  # replaces the header that granian would send
BASE_ENVIRON = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
Response = tuple[int, list[tuple[str, str]], bytes]


class WsgiAdapter:
    """An RSGI application that answers each request with the WSGI application."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self._turn = asyncio.Lock()
        self._waiting, self._logged = 0, False
        self._busy: dict[bool, Response] = {}

    async def __call__(self, scope: Scope, exchange: HTTPProtocol) -> None:
        environ = environ_of(scope)
        try:
            try:
                body = await body_of(environ, exchange)
            except HTTPException as fault:
                body = b""
                environ |= {FAULT: fault, "CONTENT_LENGTH": "0"}
            environ["wsgi.input"] = BytesIO(body)
            exchange.response_bytes(*await self.respond(environ))
        except ProtocolClosed:  # the client has disconnected
            pass
        except Exception as error:
            log_failure(environ["PATH_INFO"], error)
            exchange.response_bytes(500, [SERVER], b"")

    async def respond(self, environ: WSGIEnvironment) -> Response:
        """Return the response when it is this request's turn, or a 503 at once if too many are queued."""
        if self._waiting >= MAX_WAITING and environ["PATH_INFO"] != HEALTH_CHECK:
            return self.busy(environ)
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(0)  # lets new requests join the queue, or be rejected
                return call(self.app, environ)
        finally:
            self._waiting -= 1
            self._logged &= self._waiting > 0

    def busy(self, environ: WSGIEnvironment) -> Response:
        """Return the 503 response, built once for JSON and once for HTML: rejecting must cost less than answering."""
        if not self._logged:
            LOG.warning("overloaded, rejecting requests", waiting=self._waiting)
            self._logged = True
        for_programs = environ["PATH_INFO"].startswith(PROGRAM_PATHS)
        if for_programs not in self._busy:
            request = environ | {"PATH_INFO": PROGRAM_PATHS[0] if for_programs else "/", "QUERY_STRING": ""}
            request |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0", FAULT: ServiceUnavailable()}
            self._busy[for_programs] = call(self.app, request)
        return self._busy[for_programs]


async def body_of(environ: WSGIEnvironment, exchange: HTTPProtocol) -> bytes:
    """Return the whole body; empty, and unread, if the request has no Content-Length.

    Raises RequestEntityTooLarge, without reading, if the Content-Length is over the limit, and RequestTimeout if the
    body does not arrive in time.
    """
    length = int(environ.get("CONTENT_LENGTH", 0))
    if not length or "HTTP_TRANSFER_ENCODING" in environ:
        return b""
    if length > MAX_BODY:
        raise RequestEntityTooLarge
    try:
        return await asyncio.wait_for(exchange(), BODY_WITHIN)
    except TimeoutError:
        raise RequestTimeout from None


def environ_of(scope: Scope) -> WSGIEnvironment:
    """Return the WSGI environment of a request. Repeated headers are joined with a comma. Headers with an underscore in
    their name are dropped, because WSGI could not distinguish them from those with a hyphen."""
    name, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = BASE_ENVIRON | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": wsgi_string(scope.path),
        "QUERY_STRING": wsgi_string(scope.query_string),
        "SERVER_NAME": name,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
    }
    for header, value in scope.headers.items():
        if "_" not in header:
            key = header.upper().replace("-", "_")
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    if scope.authority:  # from `GET http://name/`; it takes precedence over the Host header
        environ["HTTP_HOST"] = scope.authority
    return environ


def wsgi_string(text: str) -> str:
    """Return the text as a WSGI string: its UTF-8 bytes decoded as Latin-1."""
    return text.encode("utf-8").decode("latin-1")


def call(app: WSGIApplication, environ: WSGIEnvironment) -> Response:
    """Call the WSGI application and return its complete response."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    pieces: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        started.append((status, headers))
        return pieces.append

    body = app(environ, start)
    try:
        pieces.extend(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    text, headers = started[-1]
    status = int(text[:3])
    return status, [*headers, SERVER, *([("Connection", "close")] if status in CLOSING else [])], b"".join(pieces)
