"""The engine, as a Python program uses it: the same answers as everywhere, and no web framework."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_type_hints

import orjson
import pytest

from qa import Service, open_service
from qa.errors import BadSetting, CorpusError, IndexUnavailable, NotFound, QAError, QuestionError, UnknownCondition
from qa.indexes.stored import StoredIndex
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import ROOT, SHIPPED, corpus_of_page
from testkit.servers import python_environment
from tests.test_cli import run, with_a_broken_document

QUESTION = "Does ketamine reduce cocaine craving?"


@pytest.fixture(scope="module")
def service() -> Service:
    return open_service(corpus=SHIPPED)


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    return create_app(service.settings, service.index).test_client()


def modules_after(program: str) -> set[str]:
    """The names of the modules that are imported once a new Python has run the program."""
    show = "import sys, json; print(json.dumps(sorted(sys.modules)))"
    printed = subprocess.check_output(
        [sys.executable, "-c", f"{program}\n{show}"], cwd=ROOT, env=python_environment(), text=True
    )
    return set(json.loads(printed.splitlines()[-1]))


def test_a_program_asks_without_a_web_framework() -> None:
    """Nor the command line's library, nor the server."""
    imported = modules_after(
        f"from qa import open_service; assert open_service(corpus={str(SHIPPED)!r}).ask({QUESTION!r}).answers"
    )
    assert "qa.engine" in imported
    assert not imported & {"flask", "werkzeug", "jinja2", "click", "granian", "qa.web", "qa.server"}


def test_importing_the_package_imports_nothing_else() -> None:
    imported = modules_after("import qa; assert qa.__version__")
    assert not {name for name in imported if name.startswith("qa.")}
    assert not imported & {"pydantic", "numpy", "nltk", "orjson", "flask"}


def test_the_package_says_what_it_offers() -> None:
    import qa

    assert qa.__all__ == ["Service", "Settings", "open_service"]
    assert [getattr(qa, name).__name__ for name in qa.__all__] == qa.__all__
    assert get_type_hints(qa.open_service)["return"] is qa.Service
    assert (ROOT / "qa" / "py.typed").is_file(), "type checkers read the types of the package"
    with pytest.raises(AttributeError, match="no attribute 'open_servce'"):
        qa.open_servce  # noqa: B018


def test_no_question_reads_whole_documents(service: Service, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: what is shown of them in answers and lists was worked out when they were published."""

    def fail(index: StoredIndex, id: str = "") -> None:
        raise AssertionError("a document is read")

    monkeypatch.setattr(StoredIndex, "documents", fail)
    monkeypatch.setattr(StoredIndex, "document", fail)
    for question in (QUESTION, "What did Dakwar find?", "Does melatonin help with psoriasis?", "how much does it cost"):
        assert service.ask(question, explain=True).index.passages
        assert client.get("/", query_string={"q": question}).status_code == 200
    work = next(service.index.references()).id
    for path in ("coverage", "api/v1/documents", "api/v1/coverage", "api/v1/conditions", f"references/{work}"):
        assert client.get(f"/{path}").status_code == 200, path


def test_one_answer_everywhere(service: Service, client: Any) -> None:
    answered = orjson.loads(orjson.dumps(service.ask(QUESTION), default=list))
    assert answered["status"] == "answered"
    assert answered == client.get("/api/v1/ask", query_string={"q": QUESTION}).json
    assert answered == orjson.loads(run("ask", QUESTION, "--json").stdout)


# What a program gets, and the address where the API gives the same.
SAME = [
    (lambda service: service.info(), "version"),
    (lambda service: service.documents(), "documents"),
    (
        lambda service: service.document("ketamine-substance-use-disorders"),
        "documents/ketamine-substance-use-disorders",
    ),
    (lambda service: service.references(), "references"),
    (lambda service: service.reference("grabski2022"), "references/grabski2022"),
    (lambda service: service.conditions(), "conditions"),
    (lambda service: service.coverage(), "coverage"),
    (
        lambda service: service.ask(QUESTION, ["cocaine-use-disorder"], explain=True),
        f"ask?q={QUESTION}&condition=cocaine-use-disorder&explain=1",
    ),
    (lambda service: service.ask(QUESTION, as_written=True), f"ask?q={QUESTION}&as_written=1"),
]


@pytest.mark.parametrize(("get", "address"), SAME)
def test_programs_get_what_the_api_gives(
    service: Service, client: Any, get: Callable[[Service], object], address: str
) -> None:
    assert orjson.loads(orjson.dumps(get(service), default=list)) == client.get(f"/api/v1/{address}").json


def test_a_passage_of_an_answer_is_found_by_its_id(service: Service) -> None:
    hit = service.ask(QUESTION).answers[0]
    assert service.passage(hit.id).text == hit.text
    assert service.document(hit.document).text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize("format", ["bib", "ris", "json", "ama", "vancouver", "apa", "md"])
def test_exports(service: Service, client: Any, format: str) -> None:
    answer, reference = service.ask(QUESTION), service.reference("grabski2022")
    sent = client.get(f"/api/v1/ask.{format}", query_string={"q": QUESTION}).text
    assert service.export(answer, format, "http://localhost") == sent
    assert service.export(reference, format) == client.get(f"/api/v1/references/grabski2022.{format}").text


def test_several_threads_ask_at_once(service: Service) -> None:
    """Also when the first of them come while a new service has answered nothing yet."""
    questions = [*service.example_questions, QUESTION] * 4
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(open_service(corpus=SHIPPED).ask, questions))
    assert answers == [service.ask(question) for question in questions]


def test_notices_for_any_text(service: Service) -> None:
    """Also for a text that is too long for a question."""
    always = service.notices()
    assert set(service.notices("I want to die. " * 200)) > set(always)


ERRORS: list[tuple[str, type[QAError], Callable[[Service], object]]] = [
    ("an empty question", QuestionError, lambda service: service.ask(" ")),
    ("an id that is not in the vocabulary", UnknownCondition, lambda service: service.ask("relapse", ["zz"])),
    ("no such document", NotFound, lambda service: service.document("zz")),
    ("no such passage", NotFound, lambda service: service.passage("zz")),
    ("no such work", NotFound, lambda service: service.reference("zz")),
    ("no such folder", CorpusError, lambda service: open_service(corpus="zz")),
    ("no such index", IndexUnavailable, lambda service: open_service(Settings(corpus=SHIPPED, index="zz:"))),
]


@pytest.mark.parametrize(("why", "error", "call"), ERRORS)
def test_errors(service: Service, why: str, error: type[QAError], call: Callable[[Service], object]) -> None:
    with pytest.raises(error):
        call(service)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Except the folder, if it is given."""
    monkeypatch.setenv("QA_CORPUS", str(SHIPPED))
    monkeypatch.setenv("QA_RESULTS", "1")
    opened = open_service()
    assert (opened.settings.corpus, len(opened.ask("craving").answers)) == (SHIPPED, 1)
    other = open_service(corpus=corpus_of_page("school-phones", tmp_path / "page"))
    assert (len(other.ask("phones").answers), other.version == opened.version) == (1, False)
    monkeypatch.setenv("QA_RESULTS", "many")
    with pytest.raises(BadSetting, match="QA_RESULTS"):
        open_service()


def test_what_is_skipped_is_reported(tmp_path: Path) -> None:
    told: list[CorpusError] = []
    settings = Settings(corpus=with_a_broken_document(tmp_path), skip_broken=True)
    assert len(open_service(settings, tell=told.append).documents()) == 1
    assert [fault.file for fault in told] == ["documents/b.txt"]


def test_questions_are_logged_only_if_the_operator_wants_it(capfdbinary: Any, service: Service) -> None:
    service.ask("zebra craving")
    assert b"zebra" not in capfdbinary.readouterr().err
    Service(service.settings.model_copy(update={"log_questions": True}), service.index).ask("zebra craving")
    assert b"zebra craving" in capfdbinary.readouterr().err


# --- the documentation ---------------------------------------------------------------------------

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL))
def test_the_examples_of_the_documentation_run(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    exec(example, {})


def test_the_documentation_has_every_method() -> None:
    named = set(re.findall(r"`(\w+)\(|`(\w+)`[,| ]", PAGE))
    offered = {name for name in vars(Service) if not name.startswith("_")} - {"settings", "index"}
    assert offered - {name for pair in named for name in pair} == set()
