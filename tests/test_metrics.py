"""Counters for monitoring: what is counted, across processes, and what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.settings import Settings
from qa.web import create_app
from qa.web.metrics import Counters, Series
from testkit.corpora import ROOT, SHIPPED, shipped
from testkit.servers import python_environment

ANSWERED = "/api/v1/ask?q=Does+ketamine+reduce+cocaine+craving%3F"
PAGE = "/?q=Does+ketamine+reduce+cocaine+craving%3F"
OFF_TOPIC = "/?q=How+do+I+bake+a+risotto%3F"


@pytest.fixture
def client() -> Any:
    return create_app(Settings(corpus=SHIPPED, encoder="off"), shipped()).test_client()


def value(text: str, start: str) -> float:
    """Return the number on the only line that begins so; 0 if there is none."""
    found = [line.rsplit(" ", 1)[1] for line in text.splitlines() if line.startswith(start)]
    assert len(found) <= 1, found
    return float(found[0]) if found else 0.0


@pytest.mark.parametrize(
    ("address", "line", "reason"),
    [
        (ANSWERED, 'qa_requests_total{route="/api/v1/ask",status="2xx"}', "a request of the API"),
        (PAGE, 'qa_requests_total{route="/",status="2xx"}', "a page"),
        ("/api/v1/ask", 'qa_requests_total{route="/api/v1/ask",status="4xx"}', "a rejected one"),
        ("/nowhere?q=secret", 'qa_requests_total{route="none",status="4xx"}', "no route: the path is not repeated"),
        (
            "/api/v1/documents/ketamine-substance-use-disorders",
            'qa_requests_total{route="/api/v1/documents/{id}",status="2xx"}',
            "the template of a route, not the id",
        ),
        (ANSWERED, 'qa_answers_total{outcome="answered",index="memory"}', "the outcome in the API"),
        (PAGE, 'qa_answers_total{outcome="answered",index="memory"}', "the outcome on a page"),
        (OFF_TOPIC, 'qa_answers_total{outcome="abstained",index="memory"}', "a question without an answer"),
        (ANSWERED, 'qa_request_seconds_count{route="/api/v1/ask"}', "a time"),
        (ANSWERED, 'qa_request_seconds_bucket{route="/api/v1/ask",le="+Inf"}', "buckets are cumulative"),
    ],
)
def test_what_is_counted(client: Any, address: str, line: str, reason: str) -> None:
    before = value(client.get("/metrics").text, line)
    client.get(address)
    client.get(address)
    assert value(client.get("/metrics").text, line) == before + 2, reason


def test_what_is_served(client: Any) -> None:
    text = client.get("/metrics").text
    info = client.get("/api/v1/version").json
    assert value(text, "qa_documents") == info["documents"]
    assert value(text, "qa_passages") == info["passages"]
    assert f'qa_version_info{{version="{info["version"]}",index="memory",encoder="off"}} 1' in text


def test_nothing_of_a_question_is_shown(client: Any) -> None:
    for address in (ANSWERED, PAGE, OFF_TOPIC, "/nowhere/cocaine"):
        client.get(address)
    text = client.get("/metrics").text
    assert not {word for word in ("cocaine", "risotto", "ketamine", "127.0.0.1") if word in text}


def test_every_line_has_the_text_format(client: Any) -> None:
    response = client.get("/metrics")
    assert (response.mimetype, response.headers["Cache-Control"]) == ("text/plain", "no-store")
    declared = {line.split()[2]: line.split()[3] for line in response.text.splitlines() if line.startswith("# TYPE")}
    for line in response.text.splitlines():
        if not line.startswith("#"):
            name = line.partition("{")[0].partition(" ")[0]
            family = name if name in declared else name.rsplit("_", 1)[0]
            assert family in declared
            float(line.rsplit(" ", 1)[1])


ADD = """
import sys
from pathlib import Path
from qa.web.metrics import Counters, Series
series = Series("questions", ())
counters = Counters([series], Path(sys.argv[1]))
for _ in range(2000):
    counters.add([(series, 1.0)])
"""


def test_processes_count_together(tmp_path: Path) -> None:
    """None of 8,000 additions by four processes at once is lost."""
    command = [sys.executable, "-c", ADD, str(tmp_path / "counted")]
    running = [subprocess.Popen(command, env=python_environment(), cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in running] == [0, 0, 0, 0]
    series = Series("questions", ())
    assert Counters([series], tmp_path / "counted")[series] == 8000


def test_a_folder_that_cannot_be_used_does_not_stop_the_service(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    series = Series("questions", ())
    counters = Counters([series], tmp_path / "file" / "counted")
    counters.add([(series, 1.0)])
    assert counters[series] == 1
    assert "QA_METRICS" in capfd.readouterr().err
