"""Connections that are cut while the corpus is reloaded: `python -m benchmarks.takeover [SECONDS]`.

Four clients ask without a pause, on a new connection each time, while `qa serve` keeps replacing its workers. Prints
the number of requests, the number of reloads, and the errors that clients saw. A client that repeats a request after a
cut (docs/operations.md) sees none of them.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from testkit.corpora import SHIPPED
from testkit.servers import free_port

CLIENTS = 4
PAUSE = 2.6  # seconds between two signals: the time it takes to replace two workers with a small corpus
PATH = "/api/v1/ask?q=cocaine+craving"


def main(seconds: float) -> None:
    port = free_port()
    environment = {**os.environ, "QA_PORT": str(port), "QA_CORPUS": str(SHIPPED), "QA_WORKERS": "2"}
    server = subprocess.Popen([sys.executable, "-m", "qa", "serve"], env=environment, stderr=subprocess.DEVNULL)
    seen: list[str] = []
    stop = threading.Event()

    def keep_asking() -> None:
        while not stop.is_set():
            seen.append(ask(port))

    try:
        while ask(port) != "answered":
            if server.poll() is not None:
                sys.exit("qa serve has ended. Start it by hand to see why.")
            time.sleep(0.1)
        with ThreadPoolExecutor(CLIENTS) as clients:
            for _ in range(CLIENTS):
                clients.submit(keep_asking)
            try:
                signals, begun = 0, time.monotonic()
                while time.monotonic() - begun < seconds:
                    server.send_signal(signal.SIGHUP)
                    signals += 1
                    time.sleep(PAUSE)
            finally:
                stop.set()
    finally:
        server.terminate()
        server.wait()
    print(f"{len(seen):,} requests, {signals} signals to reload the corpus")
    for what, number in Counter(seen).most_common():
        print(f"  {what:24} {number:7,}")


def ask(port: int) -> str:
    """Send one request on a new connection; return "answered", the status or the error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", PATH)
        response = connection.getresponse()
        response.read()
        return "answered" if response.status == http.HTTPStatus.OK else f"status {response.status}"
    except OSError as error:
        return type(error).__name__
    finally:
        connection.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 150)
