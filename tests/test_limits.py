"""Request checks: CORS and the rate limit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import TooManyRequests

from qa.messages import MESSAGES
from qa.settings import Settings
from qa.web import create_app
from qa.web.limits import MAX_ADDRESSES, RateLimit, network_of
from testkit.corpora import SHIPPED, shipped

ORIGIN = "https://reader.example"
API = "/api/v1/version"


def client(**chosen: Any) -> Any:
    return create_app(Settings(corpus=SHIPPED, **chosen), shipped()).test_client()


# --- pages of other origins --------------------------------------------------------------------

ORIGINS = [
    # (allowed origins, path, Origin header, expected Access-Control-Allow-Origin)
    ((), API, ORIGIN, None),  # no origin by default
    ((ORIGIN,), API, ORIGIN, ORIGIN),
    ((ORIGIN, "https://b.example"), API, "https://b.example", "https://b.example"),
    ((ORIGIN,), API, "https://other.example", None),
    ((ORIGIN,), API, ORIGIN + ".other.example", None),  # an allowed origin as prefix
    ((ORIGIN,), API, "null", None),  # a file, or a page that hides its origin
    ((ORIGIN,), API, "", None),  # not a browser
    (("*",), API, ORIGIN, "*"),
    (("*",), "/", ORIGIN, None),  # pages are for people, not for scripts
    ((ORIGIN,), "/api/v1/nowhere", ORIGIN, ORIGIN),  # so that a script can read the error
]


@pytest.mark.parametrize(("origins", "address", "origin", "allowed"), ORIGINS)
def test_allowed_origins(origins: tuple[str, ...], address: str, origin: str, allowed: str | None) -> None:
    sender = client(cors_origins=origins)
    response = sender.get(address, headers={"Origin": origin} if origin else {})
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert "Access-Control-Allow-Credentials" not in response.headers
    if allowed and allowed != "*":
        assert "Origin" in response.headers["Vary"]
        before = sender.options("/api/v1/ask", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
        assert before.status_code == 200
        assert "POST" in before.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in before.headers["Access-Control-Allow-Headers"]


# --- how many requests -------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    a_minute=st.integers(1, 120),
    steps=st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab")), max_size=200),
)
def test_no_more_than_the_limit_in_any_minute(a_minute: int, steps: list[tuple[float, str]]) -> None:
    """A burst at the start, and then as many as the time passed allows; each address separately."""
    clock = Clock()
    limit = RateLimit(a_minute, clock)
    taken: dict[str, list[float]] = {"a": [], "b": []}
    for wait, place in steps:
        clock.now += wait
        try:
            limit.count(place)
        except TooManyRequests as error:
            # After the wait, a request is accepted.
            again, seconds = Clock(), error.retry_after
            assert isinstance(seconds, int)
            assert 1 <= seconds <= 60
            assert taken[place]
            again.now = clock.now + seconds
        else:
            taken[place].append(clock.now)
    for times in taken.values():
        for n, begin in enumerate(times):
            for m, end in enumerate(times[n:], 1):
                assert m <= a_minute + (end - begin) * a_minute / 60 + 1e-6


def test_a_request_after_the_wait_is_accepted() -> None:
    clock = Clock()
    limit = RateLimit(7, clock)
    for _ in range(7):
        limit.count("a")
    with pytest.raises(TooManyRequests) as refused:
        limit.count("a")
    limit.count("b")
    assert isinstance(refused.value.retry_after, int)
    clock.now += refused.value.retry_after
    limit.count("a")


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, Clock())
    for n in range(MAX_ADDRESSES + 10):
        limit.count(str(n))
    assert len(limit._left) == MAX_ADDRESSES


PLACES = [
    ("192.0.2.1", "192.0.2.1"),
    ("2001:db8::1", "2001:db8::/64"),
    ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),  # the same network
    ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
    ("::ffff:192.0.2.1", "192.0.2.1"),  # an IPv4-mapped address
    ("", ""),  # a Unix socket
]


@pytest.mark.parametrize(("address", "place"), PLACES)
def test_network_of_an_address(address: str, place: str) -> None:
    assert network_of(address) == place


def test_too_many_requests_get_a_429_with_retry_after(time_stands: None) -> None:
    sender = client(rate_limit=3)
    for address in ("/", API, "/?q=relapse"):
        assert sender.get(address).status_code == 200
    page, problem = sender.get("/?q=relapse"), sender.get(API)
    for response in (page, problem):
        assert response.status_code == 429
        assert response.headers.getlist("Retry-After") == ["20"]
    assert MESSAGES["fault"]["429"] in page.text
    assert (problem.json["status"], problem.mimetype) == (429, "application/problem+json")
    style = next(line.split('"')[1] for line in page.text.split("href=")[1:] if ".css" in line)
    for address in (style, "/healthz", "/readyz"):  # assets and health checks are not limited
        assert sender.get(address).status_code == 200


def test_no_limit_unless_the_owner_sets_one() -> None:
    sender = client()
    assert {sender.get(API).status_code for _ in range(200)} == {200}
