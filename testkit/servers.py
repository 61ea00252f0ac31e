"""Start servers in processes of their own: a free port, a clean environment, and whether they answer."""

from __future__ import annotations

import os
import random
import socket
import urllib.error
import urllib.request
from contextlib import suppress

from testkit.corpora import ROOT

PORTS = range(20_000, 32_000)  # below those that Linux gives to outgoing connections, which might come in between


def free_port() -> int:
    """A port that nothing listens on."""
    while True:
        port = random.SystemRandom().choice(PORTS)  # not that of a seeded test, which would repeat the same ports
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def python_environment(**more: str) -> dict[str, str]:
    """Return an environment in which a new Python finds `qa`, without the QA_ settings of the caller except the folder
    for what is made again otherwise. The encoder is off, unless `more` says otherwise: few tests need it."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("QA_") or name == "QA_CACHE"}
    return {**mine, "QA_ENCODER": "off", "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **more}


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
