"""Request checks: trusted hosts, Content-Length, rate limit."""

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

MAX_HOSTS = 256  # host names whose check is cached; only made-up names exceed this
MAX_ADDRESSES = 10_000  # addresses whose requests are counted; the least recently active is dropped first
NETWORK_PREFIX = 64  # prefix length of an IPv6 network that belongs to one customer
UNLIMITED = ("/static/", "/healthz", "/readyz", "/metrics")
FAULT = "qa.fault"  # WSGI environment key: why the server could not receive the request (qa/server/adapter.py)


def add_limits(app: Flask, settings: Settings) -> None:
    """Check every request before it is handled."""
    # Flask's own TRUSTED_HOSTS repeats the same check twice for each request.
    trusted = lru_cache(MAX_HOSTS)(partial(host_is_trusted, trusted_list=settings.trusted_hosts))
    limit = RateLimit(settings.rate_limit) if settings.rate_limit else None

    @app.before_request
    def refuse() -> None:
        environ = request.environ
        if FAULT in environ:
            raise environ[FAULT]
        if not trusted(environ.get("HTTP_HOST", "")):
            raise SecurityError
        if not environ["REQUEST_METHOD"].isupper():  # Flask would take `get` for GET
            raise BadRequest
        # A chunked body that is cut off at the limit looks complete to a view, so none is accepted.
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise LengthRequired
        if limit and not environ["PATH_INFO"].startswith(UNLIMITED):
            limit.count(network_of(environ.get("REMOTE_ADDR", "")))


class RateLimit:
    """A rate limit per address: `a_minute` requests a minute, in a burst if need be. `clock` returns seconds."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self.most, self.clock = a_minute, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # requests left, and at what time
        self._lock = Lock()

    def count(self, place: str) -> None:
        """Count a request. Raises TooManyRequests, with the seconds to wait, if none is left."""
        now = self.clock()
        with self._lock:
            left, since = self._left.pop(place, (float(self.most), now))
            left = min(self.most, left + (now - since) * self.most / 60)
            taken = left >= 1
            self._left[place] = (left - taken, now)
            if len(self._left) > MAX_ADDRESSES:
                self._left.popitem(last=False)
        if not taken:
            raise TooManyRequests(retry_after=ceil((1 - left) * 60 / self.most))


def network_of(address: str) -> str:
    """Return an IPv4 address as it is, an IPv6 address as its network: senders can choose the second half freely."""
    try:
        found = ip_address(address)
    except ValueError:
        return address  # a Unix socket has no address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, NETWORK_PREFIX), strict=False))
    return address
