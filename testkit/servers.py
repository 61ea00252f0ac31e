"""Start servers in processes of their own: a free port, a clean environment, whether they answer, and what."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
import urllib.error
import urllib.request
from contextlib import suppress
from functools import cache
from pathlib import Path

from testkit.corpora import ROOT

PORTS = range(20_000, 32_000)  # below those that Linux gives to outgoing connections, which might come in between
GIVEN: set[int] = set()  # ports that this process was given
WAIT = 120.0  # seconds; only reached when something is broken, also on a machine with ten times the load it can do
AS_SERVED = ROOT / "testkit" / "as_served"


def free_port() -> int:
    """A port that nothing listens on. No other process of this user that asks here is given it while this one runs."""
    while True:
        port = random.SystemRandom().choice(PORTS)  # not that of a seeded test, which would repeat the same ports
        if port in GIVEN:
            continue
        with socket.socket() as probe, suppress(OSError):
            fcntl.lockf(locks_of_ports(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
            probe.bind(("127.0.0.1", port))
            GIVEN.add(port)
            return port


@cache
def locks_of_ports() -> int:
    """A file in which the process that was given a port has locked the byte of that number until it ends."""
    path = Path(tempfile.gettempdir()) / f"chapter-and-verse-ports-{os.geteuid()}"
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def python_environment(**more: str) -> dict[str, str]:
    """Return an environment in which a new Python finds `qa`, without the QA_ settings of the caller except the folder
    for what is made again otherwise. The encoder is off, unless `more` says otherwise: few tests need it. As on a
    machine that serves, there is no SciPy: a new Python with it starts in three times the time."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("QA_") or name == "QA_CACHE"}
    path = os.pathsep.join(map(str, (ROOT, AS_SERVED)))
    return {**mine, "QA_ENCODER": "off", "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **more}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def read_from(address: str, times: int = 2) -> bytes:
    """What an address answers. A connection that is cut is repeated once, as a proxy does: see docs/operations.md."""
    try:
        with urllib.request.urlopen(address, timeout=WAIT) as response:
            return bytes(response.read())
    except OSError as error:
        if times == 1 or not was_cut(error):
            raise
        return read_from(address, times - 1)


def was_cut(error: OSError) -> bool:
    """Whether the connection was closed before there was an answer. If that is seen while the request is sent, urllib
    raises an error with this one as its reason."""
    return isinstance(getattr(error, "reason", error), ConnectionResetError | BrokenPipeError)


def children_of(process: int) -> list[int]:
    """The ids of the processes that a process has started, newest last; none where the system does not list them."""
    tasks = Path(f"/proc/{process}/task")
    return [int(child) for children in tasks.glob("*/children") for child in children.read_text().split()]


def is_running(process: int) -> bool:
    """Whether a process is there that has not ended: one that nobody has waited for yet is listed all the same."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False
