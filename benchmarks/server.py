"""What the server of `qa serve` costs, and how it copes with slow clients: `python -m benchmarks.server [SECONDS]`.

For comparison the same application runs on granian's own WSGI interface, which passes a request to a worker before its
body has arrived; both are measured in turn in one run. Prints the rate of answered JSON requests with 8 and with 200
clients that ask without a pause, and the share of the least served client. Then, for 500 clients that send slowly in
each of several ways, prints how long another client waits for an answer meanwhile, and how many get none.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median, quantiles

from testkit.corpora import ROOT, SHIPPED
from testkit.servers import answers, free_port

ASK = b"GET /api/v1/ask?q=Does+ketamine+help+relapse HTTP/1.1\r\nHost: 127.0.0.1\r\n"
OURS = ["-m", "qa", "serve", "--port", "{port}"]
WSGI = [
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--port",
    "{port}",
    "--workers",
    "2",
    "--blocking-threads",
    "1",
    "--no-ws",
]
WSGI += ["--http1-header-read-timeout", "5000", "--http1-buffer-size", "16384", "wsgi:app"]
ROUNDS = 5
SLOW = 500
LENGTH = b"Content-Length: 60000\r\n\r\n"
WAYS = {
    "silent": b"",
    "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "body of POST /api/v1/ask": b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\n" + LENGTH,
    "body of GET /nope": b"GET /nope HTTP/1.1\r\nHost: 127.0.0.1\r\n" + LENGTH,
    "body of GET /?q=": b"GET /?q= HTTP/1.1\r\nHost: 127.0.0.1\r\n" + LENGTH,
    "body of PUT /static/x": b"PUT /static/x HTTP/1.1\r\nHost: 127.0.0.1\r\n" + LENGTH,
    "body, host refused": b"POST /api/v1/ask HTTP/1.1\r\nHost: evil.example\r\n" + LENGTH,
}
PATIENCE = 5.0  # seconds after which an answer counts as lost


def main(seconds: float) -> None:
    with serving(OURS) as ours, serving(WSGI) as wsgi:
        for clients in (8, 200):
            rounds = [[asyncio.run(load(port, clients, seconds)) for port in (ours, wsgi)] for _ in range(ROUNDS)]
            ratio = median(sum(own) / sum(other) for own, other in rounds)
            served = [count for own, _ in rounds for count in own]
            fairness = median(min(own) / median(own) for own, _ in rounds)
            rate = sum(served) / seconds / ROUNDS
            unfair = f"least served {fairness:.2f} of the median"
            print(f"{clients:3} clients: {rate:6.0f} requests/s, {ratio:.2f} of WSGI; {unfair}")
        show_slow(ours, WAYS, seconds)
    with serving(OURS, QA_RATE_LIMIT="1") as limited:
        show_slow(limited, {"body, too many requests": WAYS["body of GET /nope"]}, seconds)


@contextmanager
def serving(command: list[str], **settings: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, *(part.format(port=port) for part in command)],
        cwd=ROOT,
        env={**os.environ, "QA_CORPUS": str(SHIPPED), "QA_WORKERS": "2", "PYTHONPATH": str(ROOT), **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            if process.poll() is not None:
                sys.exit(f"{' '.join(command)} has ended. Start it by hand to see why.")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


async def load(port: int, clients: int, seconds: float) -> list[int]:
    """Return how many answers each client got."""
    until = time.monotonic() + seconds
    return await asyncio.gather(*(keep_asking(port, until) for _ in range(clients)))


async def keep_asking(port: int, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = 0
    while time.monotonic() < until:
        writer.write(ASK + b"\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            sys.exit(f"not answered: {head[:30]!r}")
        await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))
        got += 1
    writer.close()
    return got


def show_slow(port: int, ways: dict[str, bytes], seconds: float) -> None:
    for way, request in ways.items():
        waits, lost = asyncio.run(beside_slow_clients(port, request, 2 * seconds))
        cuts = quantiles(waits, n=100)
        times = f"p50 {cuts[49]:5.1f} ms  p99 {cuts[98]:6.1f} ms"
        print(f"{SLOW} slow clients, {way:26} {times}  lost {lost} of {len(waits) + lost}", flush=True)


async def beside_slow_clients(port: int, request: bytes, seconds: float) -> tuple[list[float], int]:
    """Return the time of each answer in milliseconds, and the number of requests without one."""
    until = time.monotonic() + seconds
    slow = [asyncio.create_task(drip(port, request, until)) for _ in range(SLOW)]
    await asyncio.sleep(1)
    waits, lost = [], 0
    while time.monotonic() < until:
        begun = time.perf_counter()
        try:
            await asyncio.wait_for(probe(port), PATIENCE)
            waits.append((time.perf_counter() - begun) * 1000)
        except (OSError, TimeoutError, ValueError):
            lost += 1
        await asyncio.sleep(0.05)
    await asyncio.gather(*slow)
    return waits, lost


async def probe(port: int) -> None:
    """Send one request; any complete response counts, with a rate limit also a 429."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASK + b"Connection: close\r\n\r\n")
    if not (await reader.read()).startswith(b"HTTP/1.1 "):
        raise ValueError
    writer.close()


async def drip(port: int, request: bytes, until: float) -> None:
    """Send a byte a second, and start again when disconnected."""
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            while time.monotonic() < until and not reader.at_eof():
                await asyncio.sleep(1)
                writer.write(b"a" if request else b"")
                await writer.drain()
            writer.close()
        except OSError:
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5)
