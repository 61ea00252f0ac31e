"""Who is let in: host names that the service answers to, bodies that say how long they are, and not too many requests
from one place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from time import monotonic

from flask import Flask, request
from werkzeug.exceptions import BadRequest, LengthRequired, SecurityError, TooManyRequests
from werkzeug.sansio.utils import host_is_trusted

from qa.settings import Settings

HOSTS_KEPT = 256  # host names whose verdict is remembered; more only come from whoever makes them up
PLACES_KEPT = 10_000  # senders whose requests are counted; the one that was longest quiet is forgotten first
NETWORK = 64  # bits of an IPv6 address that are one household's or one firm's
NOT_COUNTED = ("/static/", "/healthz", "/readyz")
FAULT = "qa.fault"  # in a request's environment: why the server could not take it whole (qa/server/shell.py)


def add_limits(app: Flask, settings: Settings) -> None:
    """Look at every request before anything else does."""
    # Flask's own TRUSTED_HOSTS works the same verdict out anew, twice for each request.
    trusted = lru_cache(HOSTS_KEPT)(partial(host_is_trusted, trusted_list=settings.trusted_hosts))
    limit = Limit(settings.rate_limit) if settings.rate_limit else None

    @app.before_request
    def refuse() -> None:
        environ = request.environ
        if FAULT in environ:
            raise environ[FAULT]
        if not trusted(environ.get("HTTP_HOST", "")):
            raise SecurityError
        if not environ["REQUEST_METHOD"].isupper():  # Flask would take `get` for GET
            raise BadRequest
        # Cut off at the limit, a chunked body looks complete to a view; so none is read at all.
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise LengthRequired
        if limit and not environ["PATH_INFO"].startswith(NOT_COUNTED):
            limit.count(network_of(environ.get("REMOTE_ADDR", "")))


class Limit:
    """So many requests a minute from each place, all of them at once if need be. `clock` gives seconds."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self.most, self.clock = a_minute, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # requests left, and when that was so
        self._lock = Lock()

    def count(self, place: str) -> None:
        """Raises TooManyRequests, with the seconds to wait, when none is left."""
        now = self.clock()
        with self._lock:
            left, since = self._left.pop(place, (float(self.most), now))
            left = min(self.most, left + (now - since) * self.most / 60)
            taken = left >= 1
            self._left[place] = (left - taken, now)
            if len(self._left) > PLACES_KEPT:
                self._left.popitem(last=False)
        if not taken:
            raise TooManyRequests(retry_after=ceil((1 - left) * 60 / self.most))


def network_of(address: str) -> str:
    """An IPv4 address, or the network of an IPv6 address: its last half is the sender's to choose."""
    try:
        found = ip_address(address)
    except ValueError:
        return address  # a Unix socket has none
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, NETWORK), strict=False))
    return address
