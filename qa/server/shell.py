"""The way from the server to the application: it is only given a request that is here whole, and only in its turn.

granian calls the shell for every request as soon as its headers are read. The body is waited for here, within limits of
time and size, while others are answered. Then the application answers one request after the other: more threads would
share one interpreter and only lengthen the slowest answer.
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

BODY_WITHIN = 5.0  # seconds in which a body must have come whole
MOST_WAITING = 400  # requests of a worker; more would wait for seconds, and are told at once to come back
ALWAYS = "/healthz"  # a busy worker is alive
UNREAD = (408, 411, 413)  # the rest of a body may follow, so the connection cannot be used again
SERVER = ("Server", "qa")  # else the name of the server is sent
UNCHANGING = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": False,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}
Response = tuple[int, list[tuple[str, str]], bytes]


class Shell:
    """Answers each request by the WSGI application."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self._turn = asyncio.Lock()
        self._waiting, self._told = 0, False
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
        except ProtocolClosed:  # nobody is there any more
            pass
        except Exception as error:
            log_failure(environ["PATH_INFO"], error)
            exchange.response_bytes(500, [SERVER], b"")

    async def respond(self, environ: WSGIEnvironment) -> Response:
        """The response, in its turn; at once when too many wait already."""
        if self._waiting >= MOST_WAITING and environ["PATH_INFO"] != ALWAYS:
            return self.busy(environ)
        self._waiting += 1
        try:
            async with self._turn:
                await asyncio.sleep(0)  # whoever has come meanwhile is put in the line, or told that it is too long
                return call(self.app, environ)
        finally:
            self._waiting -= 1
            self._told &= self._waiting > 0

    def busy(self, environ: WSGIEnvironment) -> Response:
        """Made once for programs and once for people: turning away must cost less than answering."""
        if not self._told:
            LOG.warning("busy, requests are turned away", waiting=self._waiting)
            self._told = True
        for_programs = environ["PATH_INFO"].startswith(PROGRAM_PATHS)
        if for_programs not in self._busy:
            request = environ | {"PATH_INFO": PROGRAM_PATHS[0] if for_programs else "/", "QUERY_STRING": ""}
            request |= {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0", FAULT: ServiceUnavailable()}
            self._busy[for_programs] = call(self.app, request)
        return self._busy[for_programs]


async def body_of(environ: WSGIEnvironment, exchange: HTTPProtocol) -> bytes:
    """The body, whole. Raises RequestEntityTooLarge without reading it when it says that it is too long, and
    RequestTimeout when it does not come in time. One that does not say how long it is, is not read at all."""
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
    """The request as WSGI has it. Values of a header that comes twice are joined. One with an underscore in its name is
    left out, because WSGI could not tell it from the one with a hyphen."""
    name, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = UNCHANGING | {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": as_latin(scope.path),
        "QUERY_STRING": as_latin(scope.query_string),
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
    if scope.authority:  # of `GET http://name/`, which counts more than the header
        environ["HTTP_HOST"] = scope.authority
    return environ


def as_latin(text: str) -> str:
    """A text as WSGI has it: each of its bytes as one character."""
    return text.encode("utf-8").decode("latin-1")


def call(app: WSGIApplication, environ: WSGIEnvironment) -> Response:
    """The response of a WSGI application."""
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
    return status, [*headers, SERVER, *([("Connection", "close")] if status in UNREAD else [])], b"".join(pieces)
