"""Shared fixtures: the development data, a real server, a real browser, and a block on network access."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import qa.web
from qa.web.limits import RateLimit
from testkit.corpora import encoder_of_tests
from testkit.opensearch_nodes import Cluster, missing, shared_cluster
from testkit.servers import WAIT, answers, free_port, python_environment

# An application that is opened in a test answers, however busy the machine is: only tests/test_warmup.py asks earlier.
qa.web.PATIENCE = WAIT  # type: ignore[attr-defined]

ROOT = Path(__file__).parent.parent
Start = Callable[..., str]

IN_CI = "CI" in os.environ
SHARE = 1 if IN_CI else 10  # outside CI property tests try a tenth of the examples, to keep `./run check` short

# No deadline: the duration of an example on a busy machine says nothing about the property it tests.
# CI tries the same examples every time, so that a failure is caused by the change; elsewhere examples are random.
hypothesis.settings.register_profile(
    "qa", deadline=None, print_blob=True, derandomize=IN_CI, max_examples=100 if IN_CI else 25
)
hypothesis.settings.load_profile("qa")


def number_of_examples(in_ci: int) -> int:
    """Return how many examples a property test tries here, given the number for CI."""
    return max(10, in_ci // SHARE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests in a cluster first. Of the processes that share the tests, the first then runs all of these, and the
    cluster is started once; what is left of its tests when the others are idle, they take from the end."""
    items.sort(key=lambda item: item.get_closest_marker("cluster") is None)


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of the development data, which is too large for the repository."""
    folder = os.environ.get("QA_TEST_DATA")
    if not folder:
        pytest.skip("QA_TEST_DATA is not set: no development data")
    assert Path(folder).is_dir(), f"QA_TEST_DATA={folder} is not a folder"
    return Path(folder)


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests leave the cache of the user who runs them alone. The encoder is off in tests that do not ask for it, unless
    QA_TEST_ENCODER says otherwise."""
    os.environ["QA_ENCODER"] = encoder_of_tests()
    os.environ["QA_CACHE"] = str(tmp_path_factory.getbasetemp() / "cache")


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Three nodes of OpenSearch, which all tests share."""
    if reason := missing():
        pytest.skip(reason)
    return shared_cluster()


@pytest.fixture
def time_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of requests a minute do not depend on how long a test takes."""
    for module in ("limits", "feedback", "report"):
        monkeypatch.setattr(f"qa.web.{module}.RateLimit", partial(RateLimit, clock=lambda: 0.0))


# --- no network --------------------------------------------------------------------------------


def is_loopback(address: Any) -> bool:
    """Return whether a socket address is on this machine (a path is a Unix socket)."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    try:
        return host in {"", "localhost"} or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Fail any test that connects to another machine: the product needs no network."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            original = getattr(socket.socket, name)

            def guarded(self: socket.socket, *args: Any, original: Callable[..., Any] = original) -> Any:
                if not is_loopback(args[-1]):
                    raise RuntimeError(f"a test connects to {args[-1]}: no network access is allowed")
                return original(self, *args)

            patch.setattr(socket.socket, name, guarded)
        resolve = socket.getaddrinfo

        def resolve_here(host: Any, *args: Any, **kwargs: Any) -> Any:
            if not is_loopback((host.decode() if isinstance(host, bytes) else host or "",)):
                raise RuntimeError(f"a test looks up {host}: no network access is allowed")
            return resolve(host, *args, **kwargs)

        patch.setattr(socket, "getaddrinfo", resolve_here)
        yield


# --- a real server -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Return a function that starts a server process and returns its URL once it answers.

    `start("-m", "qa", "serve", port_option="--port")` runs this Python with these arguments on a free port.
    """
    running: list[subprocess.Popen[bytes]] = []

    def run(*arguments: str, port_option: str, environment: dict[str, str] | None = None) -> str:
        port = free_port()
        log = tmp_path_factory.mktemp("server") / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *arguments, *port_option.format(port=port).split()],
                cwd=ROOT,
                env=python_environment(**(environment or {})),
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        waited_until = time.monotonic() + WAIT
        while not answers(url + "/"):
            if process.poll() is not None or time.monotonic() > waited_until:
                pytest.fail(f"{' '.join(arguments)} does not answer:\n{log.read_text(errors='replace')[-1500:]}")
            time.sleep(0.1)
        return url

    yield run
    stop(running)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def live_server(start: Start) -> str:
    """Return the URL of `qa serve`, run as an operator runs it."""
    return start("-m", "qa", "serve", port_option="--port {port}", environment={"QA_WORKERS": "1"})


# --- a real browser ----------------------------------------------------------------------------

CHROMIUM_FLAGS = (
    "--no-sandbox",  # Chromium's sandbox does not work as root, which may run the tests
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # requests to the browser's vendor, which would fail many times a second without a network
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's Chromium, driven by Playwright."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium fonts-dejavu-core)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        for name in ("new_context", "new_page"):
            setattr(launched, name, patient(getattr(launched, name)))
        yield launched
        launched.close()


def patient(new: Callable[..., Any]) -> Callable[..., Any]:
    """The same, for a machine with ten times the load it can do: a wait ends after WAIT, only when something is broken."""

    def opened(*arguments: Any, **options: Any) -> Any:
        made = new(*arguments, **options)
        made.set_default_timeout(1000 * WAIT)
        return made

    return opened


@pytest.fixture
def page(browser: Any, live_server: str) -> Iterator[Any]:
    """Yield a new page with `live_server` as its base URL. The test fails on requests to other hosts and on script
    errors."""
    context = browser.new_context(base_url=live_server)
    opened = context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert not [url for url in asked if not url.startswith((live_server, "data:", "blob:"))]
    assert not faults
