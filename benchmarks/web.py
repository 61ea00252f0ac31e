"""Lighthouse scores of the pages; needs npm and Chromium: `python -m benchmarks.web`.

Prints the scores of the four categories for each page, as on Lighthouse's slow mobile phone, and the reason for every
point lost. The first run installs Lighthouse 12 with npm into `build/lighthouse`.
"""

from __future__ import annotations

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
            show(name, measure(f"http://127.0.0.1:{port}{path}", chromium))
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


def show(name: str, report: dict[str, Any]) -> None:
    scores = "  ".join(f"{each['title']} {round(each['score'] * 100)}" for each in report["categories"].values())
    print(f"{name:14} {scores}")
    for category in report["categories"].values():
        for entry in category["auditRefs"]:
            audit = report["audits"][entry["id"]]
            if entry["weight"] and audit["score"] is not None and audit["score"] < 1:
                print(f"    {category['title']}: {audit['title']} {audit.get('displayValue', '')}")


if __name__ == "__main__":
    main()
