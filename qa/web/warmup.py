"""What is answered while the index is still being built: try again in a moment, on a page or as a problem.

A large corpus takes minutes to read. A visitor who gets no answer for so long believes that the service is gone, and
so do proxies; one who is told comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from flask import Flask, request

from qa.answering.notices import matching_notices
from qa.conditions import Vocabulary
from qa.corpus import open_corpus
from qa.errors import IndexStarting
from qa.log import LOG
from qa.settings import Settings
from qa.web.base_app import bare_app
from qa.web.faults import add_faults

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE = 10.0  # seconds; shorter starts are waited for, so that nobody is turned away for nothing
ANSWERED = {"alive", "static"}


class Opening:
    """An application that is being made beside this one."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._made: Future[Flask] = Future()
        # A daemon: whoever stops the service must not have to wait for an index that nobody will use.
        Thread(target=self._keep, args=(make,), daemon=True).start()

    def _keep(self, make: Callable[[], Flask]) -> None:
        try:
            self._made.set_result(make())
        except BaseException as error:  # it goes to whoever waits
            self._made.set_exception(error)

    def wait(self, seconds: float) -> Flask | None:
        """The application, if it is made within that time. Raises what went wrong in making it."""
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
        """The application once it is made; None before, and for good when that failed."""
        return self._made.result() if self._made.done() and not self._made.exception() else None


def starting_app(settings: Settings, opening: Opening) -> Flask:
    """Says that the index is being built until it is, then hands every request on. It has the owner's name and
    notices: whoever needs help gets it now."""
    corpus = open_corpus(settings.corpus)
    app = bare_app(settings, corpus.site)
    add_faults(app, partial(matching_notices, corpus.notices, vocabulary=Vocabulary(corpus.conditions)))
    # No asker's words can be in the reason: nobody has been heard yet.
    opening.when_it_fails(lambda error: LOG.error("not opened", error=type(error).__name__, reason=str(error)))

    @app.before_request
    def not_yet() -> None:
        if request.endpoint not in ANSWERED:
            raise IndexStarting

    meanwhile = app.wsgi_app

    def handed_on(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return (opening.made or meanwhile)(environ, start_response)

    app.wsgi_app = handed_on  # type: ignore[method-assign]
    return app
