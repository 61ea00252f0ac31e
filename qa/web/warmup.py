"""Responses while the index is still being built: 503, as a page or as a problem, with the advice to try again.

A large corpus takes minutes to read. Visitors and proxies that get no response for so long assume that the service is
down.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from threading import Thread, get_native_id
from typing import TYPE_CHECKING

from flask import Flask, request

from qa.conditions import Vocabulary
from qa.corpus import open_corpus
from qa.errors import IndexStarting
from qa.log import LOG
from qa.models import Site
from qa.settings import Settings
from qa.understanding.notices import Notices
from qa.web.base_app import bare_app
from qa.web.faults import add_faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE = 10.0  # seconds to wait for the index first, so that a short start causes no 503
LOWER = 10  # of 19: with the lowest, vectors would never be made on a busy machine
AVAILABLE = {"alive", "static"}


class Opening:
    """An application being created in a background thread."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._made: Future[Flask] = Future()
        # A daemon thread, so that stopping the service does not wait for the index.
        Thread(target=self._keep, args=(make,), daemon=True).start()

    def _keep(self, make: Callable[[], Flask]) -> None:
        try:
            self._made.set_result(make())
        except BaseException as error:  # raised again in `wait`
            self._made.set_exception(error)

    def wait(self, seconds: float) -> Flask | None:
        """Return the application if it is ready within that time, or None. Raises the error if creating it failed."""
        done, _ = wait_for([self._made], seconds)
        return self._made.result() if done else None

    def when_it_fails(self, tell: Callable[[BaseException], None]) -> None:
        def look(made: Future[Flask]) -> None:
            error = made.exception()
            if error:
                tell(error)

        self._made.add_done_callback(look)

    @property
    def made(self) -> Flask | None:
        """The application, or None if it is not ready or could not be created."""
        return self._made.result() if self._made.done() and not self._made.exception() else None


def starting_app(settings: Settings, opening: Opening) -> Flask:
    """Create an application that answers 503 until the other one is ready, then forwards every request to it. It shows
    the owner's name and notices, so that somebody in need of help gets it at once."""
    app, notices = bare_app(settings, Site("", "", "", "")), Notices((), Vocabulary(()))
    if settings.corpus.is_dir():  # there need not be one beside an index in a cluster
        corpus = open_corpus(settings.corpus)
        app, notices = bare_app(settings, corpus.site), Notices(corpus.notices, Vocabulary(corpus.conditions))
    add_faults(app, notices.matching)

    @app.before_request
    def not_yet() -> None:
        if request.endpoint not in AVAILABLE:
            raise IndexStarting

    forward_when_made(app, opening, "cannot open index")
    return app


def forward_when_made(app: Flask, opening: Opening, failure: str) -> None:
    """Forward every request to the other application once it is ready; log the failure if it cannot be created."""
    # The message cannot contain a visitor's words: creating an application answers no question.
    opening.when_it_fails(lambda error: LOG.error(failure, error=type(error).__name__, reason=str(error)))
    own_app = app.wsgi_app

    def forward(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (opening.made or own_app)(environ, start_response)

    app.wsgi_app = forward  # type: ignore[method-assign]


def lower_priority() -> None:
    """Let this thread, and those that it starts, compute only when nothing else does, if threads have priorities."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), LOWER)
