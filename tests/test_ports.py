"""Servers that tests start at the same time, also in several processes, have ports of their own."""

from __future__ import annotations

import subprocess
import sys

from testkit.corpora import ROOT
from testkit.servers import PORTS, free_port, python_environment

ASK = """
import sys
from testkit.servers import free_port
print(*(free_port() for _ in range(300)), flush=True)
sys.stdin.read()
"""


def test_no_two_processes_are_given_the_same_port() -> None:
    command = [sys.executable, "-c", ASK]
    asking = [
        subprocess.Popen(
            command, cwd=ROOT, env=python_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    given = [free_port() for _ in range(300)]
    for process in asking:
        assert process.stdout
        given += map(int, process.stdout.readline().split())
    for process in asking:
        process.communicate()
    assert len({*given}) == 900
    assert {*given} <= {*PORTS}
