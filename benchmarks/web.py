"""Lighthouse scores of the pages; needs npm and Chromium: `python -m benchmarks.web [--runs 5]`.

Prints the scores of the four categories for each page, as on Lighthouse's slow mobile phone: the median of the runs,
the lowest where it is another, and the reasons for the points lost in the run with the median performance. The load of
the machine is printed too, since performance is measured in time. The first run installs Lighthouse 12 with npm into
`build/lighthouse`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / ".bin" / "lighthouse"
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking --no-first-run"
PAGES = {
    "answer": "/?" + urlencode({"q": "Does ketamine reduce cocaine craving?"}),
    "reading view": "/documents/ketamine-substance-use-disorders",
    "first page": "/",
    "documents": "/documents",
    "sources": "/references",
    "conditions": "/conditions",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if not chromium or not npm:
        print("npm or Chromium not found: nothing measured")
        return
    if not PROGRAM.exists():
        command = [npm, "install", "--prefix", str(FOLDER), "--no-fund", "--no-audit", "--silent", "lighthouse@12"]
        subprocess.run(command, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "QA_PORT": str(port), "QA_CORPUS": str(ROOT / "corpus")}
    server = subprocess.Popen(
        [sys.executable, "-m", "qa", "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        for name, path in PAGES.items():
            show(name, [measure(f"http://127.0.0.1:{port}{path}", chromium) for _ in range(runs)])
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the service does not answer")


def measure(address: str, chromium: str) -> dict[str, Any]:
    ended = subprocess.run(
        [str(PROGRAM), address, "--output=json", "--quiet", f"--chrome-flags={FLAGS}"],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        check=True,
    )
    report: dict[str, Any] = json.loads(ended.stdout)
    return report


def score_of(report: dict[str, Any], category: str) -> int:
    score: float = report["categories"][category]["score"]
    return round(score * 100)


def show(name: str, reports: list[dict[str, Any]]) -> None:
    reports.sort(key=lambda report: score_of(report, "performance"))
    middle = reports[len(reports) // 2]
    parts = []
    for key, category in middle["categories"].items():
        scores = sorted(score_of(report, key) for report in reports)
        lowest = f" (lowest {scores[0]})" if scores[0] < scores[len(scores) // 2] else ""
        parts.append(f"{category['title']} {scores[len(scores) // 2]}{lowest}")
    print(f"{name:14} {'  '.join(parts)}; load {os.getloadavg()[0]:.1f}", flush=True)
    for category in middle["categories"].values():
        for entry in category["auditRefs"]:
            audit = middle["audits"][entry["id"]]
            if entry["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"    {category['title']}: {audit['title']} {audit.get('displayValue', '')}")


if __name__ == "__main__":
    main()
