"""The JSON API: it matches its description, and no input can break it."""

from __future__ import annotations

import json
import re
import shlex
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import validate
from pydantic import Field

from qa.cache import temporary_cache
from qa.citations.export import EXPORTS
from qa.engine import Service
from qa.errors import QuestionError
from qa.indexes import IN_MEMORY, vectors
from qa.indexes.vectors import MOST_COMPARED
from qa.indexing.publish import publish
from qa.indexing.vectors import open_with_vectors
from qa.settings import Settings
from qa.understanding.parse import MAX_CHARACTERS, check_question
from qa.views.quotations import works_of
from qa.web import create_app
from qa.web.endpoint import Endpoint
from qa.web.endpoints import ENDPOINTS, written
from qa.web.openapi import describe
from qa.web.request_models import QUESTION_PATTERN, RequestModel
from testkit.corpora import encoder_of_tests, shipped
from testkit.encoders import tiny_encoder
from testkit.page_reading import texts
from tests.conftest import number_of_examples

ROOT = Path(__file__).parent.parent
CORPUS = Settings(corpus=ROOT / "corpus")
COMMITTED = ROOT / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def index() -> Any:
    return shipped()


@pytest.fixture(scope="module")
def client(index: Any) -> Any:
    return create_app(CORPUS, index).test_client()


@pytest.fixture(scope="module")
def described(client: Any) -> dict[str, Any]:
    description: dict[str, Any] = client.get("/api/v1/openapi.json").json
    return description


def validator(described: dict[str, Any], model: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{model}", "components": described["components"]})


# --- the description ---------------------------------------------------------------------------


def test_the_description_is_valid_openapi(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    validate(described)


def test_the_committed_description_is_up_to_date() -> None:
    """So that a change of the API shows up in review. docs/api.md says how to update the file."""
    assert COMMITTED.read_bytes() == written()


def test_a_running_service_adds_its_conditions_and_examples(described: dict[str, Any], index: Any) -> None:
    known = [condition.id for condition in index.manifest.conditions]
    assert known
    question, condition, *_ = described["paths"]["/api/v1/ask"]["get"]["parameters"]
    assert question["schema"]["examples"] == list(index.manifest.examples)
    assert condition["schema"]["items"]["examples"] == known


def test_the_schema_does_not_depend_on_the_corpus(client: Any, described: dict[str, Any], index: Any) -> None:
    """A client generated from the description still works after the documents change: nothing in them becomes an enum,
    and other versions and conditions are valid too."""
    assert [*enums(described)] == [*enums(describe(ENDPOINTS))] != []
    [today] = {each["id"] for each in client.get("/api/v1/conditions").json if each["id"] == "alcohol-use-disorder"}
    asked = [p for p in described["paths"]["/api/v1/ask"]["get"]["parameters"] if p["name"] in {"version", "condition"}]
    for parameter in asked:
        for value in (today, index.manifest.version, "of-next-year"):
            sent = [value] if parameter["name"] == "condition" else value
            assert Draft202012Validator(parameter["schema"]).is_valid(sent)
            body = {"q": "relapse", parameter["name"]: sent}
            assert validator(described, "Ask").is_valid(body)
    assert len(asked) == 2


def enums(node: Any) -> Iterator[list[str]]:
    """Yield every enum in the description, in order."""
    if isinstance(node, dict):
        yield from (node["enum"] for _ in range("enum" in node))
        for name, each in node.items():
            yield from enums(each) if name not in {"example", "examples"} else ()
    if isinstance(node, list):
        for each in node:
            yield from enums(each)


def test_every_operation_lists_the_common_errors(described: dict[str, Any]) -> None:
    """A wrong host; a late, chunked or oversized body; too many requests."""
    operations = [(path, each) for path, methods in described["paths"].items() for each in methods.values()]
    assert len(operations) == 52
    for path, operation in operations:
        assert {"400", "408", "411", "413", "429", "503"} <= set(operation["responses"]), path
        for status in ("429", "503"):
            assert "Retry-After" in operation["responses"][status]["headers"]


def test_examples_are_real_answers(client: Any, described: dict[str, Any]) -> None:
    """Each example is a response of the service and matches its schema."""
    shown = 0
    for path, operations in described["paths"].items():
        contents = operations["get"]["responses"]["200"]["content"]
        content = next(iter(contents.values()))
        if "example" not in content:
            continue
        ids = {p["name"]: p["example"] for p in operations["get"]["parameters"] if p["in"] == "path"}
        question = {"q": described_question(operations)} if "/ask" in path else {}
        sent = client.get(path.format(**ids), query_string=question).get_json(force=True)
        of_one = ("/v1/documents", "/v1/references", "/v1/conditions", "/v1/glossary")
        assert content["example"] == (sent[:1] if path.endswith(of_one) else sent)
        checked = Draft202012Validator({**content["schema"], "components": described["components"]})
        assert [error.message for error in checked.iter_errors(content["example"])] == []
        shown += 1
    assert shown >= 9


def described_question(operations: dict[str, Any]) -> str:
    [question] = [p for p in operations["get"]["parameters"] if p["name"] == "q"]
    return str(question["schema"]["examples"][0])


def test_every_path_of_the_description_is_served(client: Any, described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        allowed = client.options(path).headers["Allow"].split(", ")
        assert {method.upper() for method in operations} == set(allowed) - {"HEAD", "OPTIONS"}


@given(question=st.text(max_size=20) | st.text(alphabet="a \t\n\r\x0b\x00\x1f\x7f\x85\xa0", max_size=5))
def test_the_pattern_matches_exactly_the_accepted_questions(question: str) -> None:
    try:
        check_question(question)
    except QuestionError:
        accepted = False
    else:
        accepted = True
    # Unlike in Python, `$` in JSON Schema patterns does not match before a final line end.
    assert bool(re.fullmatch(QUESTION_PATTERN.removesuffix("$"), question)) == accepted


CURL = [line.strip() for line in (ROOT / "docs" / "api.md").read_text("utf-8").replace("\\\n", " ").splitlines()]


def test_every_curl_command_works(live_server: str) -> None:
    """On the API page and in docs/api.md, parsed as a shell would."""
    with urllib.request.urlopen(f"{live_server}/api") as page:
        shown = [line for line in texts(page.read().decode(), "pre") if line.startswith("curl ")]
    assert len(shown) >= 12
    written = [line.replace("http://127.0.0.1:8000", live_server) for line in CURL if line.startswith("curl ")]
    assert len(written) >= 3
    for line in (*shown, *written):
        _, *words = shlex.split(line)
        options = dict(zip(words[1::2], words[2::2], strict=True))
        headers = dict([options["-H"].split(": ")]) if "-H" in options else {}
        request = urllib.request.Request(words[0], options.get("-d", "").encode() or None, headers)
        with urllib.request.urlopen(request) as response:
            assert response.status == 200
            assert response.read()


# --- versions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["ask?q=relapse", "documents?", "conditions?", "coverage?"])
def test_a_request_for_a_version_gets_that_version_or_a_410(client: Any, index: Any, path: str) -> None:
    address = f"/api/v1/{path}&version={index.manifest.version}".replace("?&", "?")
    assert client.get(address).json == client.get(f"/api/v1/{path}".rstrip("?")).json
    gone = client.get(address + "0")
    assert (gone.status_code, gone.mimetype, gone.json["status"]) == (410, "application/problem+json", 410)
    assert index.manifest.version + "0" not in gone.text
    twice = client.get(address + "&version=1")
    assert (twice.status_code, twice.json["errors"][0]["parameter"]) == (422, "version")


def test_a_version_by_post(client: Any, index: Any) -> None:
    asked = {"q": "relapse", "version": index.manifest.version}
    assert client.post("/api/v1/ask", json=asked).json == client.get("/api/v1/ask?q=relapse").json
    assert client.post("/api/v1/ask", json=asked | {"version": "gone"}).status_code == 410
    assert client.post("/api/v1/ask", json=asked | {"version": 1}).status_code == 422


# --- answers -----------------------------------------------------------------------------------

QUESTIONS = [
    "Does ketamine help people stop drinking?",  # answered
    "relapse after ketamine, and what does it cost in Portugal?",  # partly answered
    "Does ketamine work for methamphetamine?",  # known and not covered
    "What is the capital of France?",  # off topic
    "the of and",  # nothing to search for
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_as_described(client: Any, described: dict[str, Any], question: str) -> None:
    response = client.get("/api/v1/ask", query_string={"q": question})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert [error.message for error in validator(described, "Answer").iter_errors(response.json)] == []
    assert response.json["generated_text"] is False


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_body_is_the_answer_itself(client: Any, index: Any, question: str) -> None:
    """The body is what the engine returns, by GET and by POST."""
    found = Service(CORPUS, index).ask(question)
    expected = orjson.loads(orjson.dumps(found))
    assert client.get("/api/v1/ask", query_string={"q": question}).json == expected
    assert client.post("/api/v1/ask", json={"q": question}).json == expected
    assert client.post("/api/v1/ask", json={"q": f" {question}\n", "condition": []}).json == expected


def test_conditions_are_repeatable_and_their_order_does_not_matter(client: Any) -> None:
    ids = ["cocaine-use-disorder", "alcohol-use-disorder"]
    asked = [
        client.get("/api/v1/ask", query_string=[("q", "ketamine"), *(("condition", id) for id in order)]).json
        for order in (ids, ids[::-1], [*ids, ids[0]])
    ]
    asked.append(client.post("/api/v1/ask", json={"q": "ketamine", "condition": ids}).json)
    assert all(one == asked[0] for one in asked)
    assert {condition["id"] for condition in asked[0]["interpretation"]["conditions"]} == set(ids)


def test_an_unknown_condition_is_answered_with_the_known_ones(client: Any, index: Any) -> None:
    problem = client.get("/api/v1/ask?q=ketamine&condition=none-such").json
    assert [error["parameter"] for error in problem["errors"]] == ["condition"]
    assert all(condition.id in problem["errors"][0]["message"] for condition in index.manifest.conditions)


def test_all_errors_are_listed_at_once(client: Any, described: dict[str, Any]) -> None:
    problem = client.get("/api/v1/ask?q=a&q=b&x=1").json
    assert [error["parameter"] for error in problem["errors"]] == ["x", "q"]
    assert [error.message for error in validator(described, "Problem").iter_errors(problem)] == []


HARMLESS = "size", "Q", "utm_source", "x-1", "a" * 40
OTHERS = "q[]", "a" * 41, "<b>", "a b", "é", "\u0661", "\u202e", "a\nb", ""


@pytest.mark.parametrize("name", [*HARMLESS, *OTHERS])
@pytest.mark.parametrize("path", ["ask", "ask.bib", "documents", "references/grabski2022", "coverage", "version"])
def test_an_unknown_parameter_is_named_if_its_name_is_harmless(client: Any, path: str, name: str) -> None:
    """Harmless: short, only ASCII letters, digits, `-` and `_`. Other names are not repeated. The same by POST."""
    asked = {"q": "relapse"} if path.startswith("ask") else {}
    responses = [client.get(f"/api/v1/{path}", query_string={**asked, name: "zzvalue"})]
    if path == "ask":
        responses.append(client.post("/api/v1/ask", json={**asked, name: "zzvalue"}))
    for response in responses:
        assert response.status_code == 422
        [error] = response.json["errors"]
        assert error["parameter"] == (name if name in HARMLESS else None)
        assert (f"“{name}”" in error["message"]) == (name in HARMLESS)
        assert "version" in error["message"], "the known ones are listed"
        assert "zzvalue" not in response.text


def test_only_ten_unknown_names_are_repeated(client: Any) -> None:
    problem = client.get("/api/v1/ask", query_string={"q": "relapse", **{f"x{n}": "" for n in range(1000)}})
    assert [error["parameter"] for error in problem.json["errors"]] == [*(f"x{n}" for n in range(10)), None]


def test_post_accepts_no_url_parameters(client: Any) -> None:
    problem = client.post("/api/v1/ask?q=relapse", json={"q": "relapse"}).json
    assert [(error["parameter"], "in the body" in error["message"]) for error in problem["errors"]] == [(None, True)]


def test_rejected_requests_still_get_notices(client: Any) -> None:
    """A program that shows problems can show the notices too."""
    long = client.post("/api/v1/ask", json={"q": "I want to kill myself " * 100})
    assert long.status_code == 422
    assert "suicidal-thoughts" in [notice["id"] for notice in long.json["notices"]]


def test_healthz_and_readyz(client: Any, index: Any) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    state = {"status": "ready", "version": index.manifest.version, "index": "memory", "encoder": encoder_of_tests()}
    assert client.get("/readyz").json == state


def test_scores_are_explained_on_request(client: Any, described: dict[str, Any]) -> None:
    """By GET and by POST, and only on request."""
    asked = {"q": "Does ketamine help people stop drinking?", "explain": True}
    by_address = client.get("/api/v1/ask", query_string=asked | {"explain": "true"})
    for response in (by_address, client.post("/api/v1/ask", json=asked)):
        assert response.status_code == 200
        assert [error.message for error in validator(described, "Answer").iter_errors(response.json)] == []
        for hit in response.json["answers"]:
            assert sum(value for *_, value in hit["why"]) == pytest.approx(hit["score"])
    plain = client.get("/api/v1/ask", query_string={"q": asked["q"]}).json
    assert [hit["why"] for hit in plain["answers"]] == [[]] * len(plain["answers"]) != []


@pytest.mark.parametrize(("most", "compared"), [(MOST_COMPARED, "all"), (2, "candidates")])
def test_an_explanation_says_what_meaning_was_compared_with(
    most: int, compared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one change with the number of passages: above MOST_COMPARED, only those that words find are compared."""
    monkeypatch.setattr(vectors, "MOST_COMPARED", most)
    kept = temporary_cache()
    version = publish(CORPUS.corpus, IN_MEMORY, kept=kept)
    client = create_app(CORPUS, open_with_vectors(IN_MEMORY, version, kept, tiny_encoder())).test_client()
    answer: Any = client.get("/api/v1/ask?q=Does+ketamine+help+people+stop+drinking&explain=true").json
    for hit in answer["answers"]:
        assert {term for term, kind, _ in hit["why"] if kind in ("meaning", "sentence")} == {compared}
    assert answer["answers"]


# --- for reference managers --------------------------------------------------------------------

KINDS = {
    "json": "application/vnd.citationstyles.csl+json",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


@pytest.mark.parametrize(("ending", "kind"), KINDS.items())
@pytest.mark.parametrize("question", ["Does ketamine lower the odds of relapse?", "What is the capital of France?"])
def test_an_answer_for_a_reference_manager(client: Any, index: Any, question: str, ending: str, kind: str) -> None:
    """The same by ending, by Accept header, by POST and in the terminal."""
    found = Service(CORPUS, index).ask(question)
    expected = EXPORTS[ending](works_of(found))
    accept = {"Accept": f"{kind.upper()}, */*;q=0.1"}
    for response in (
        client.get(f"/api/v1/ask.{ending}", query_string={"q": question}),
        client.get("/api/v1/ask", query_string={"q": question}, headers=accept),
        client.post("/api/v1/ask", json={"q": question}, headers=accept),
    ):
        assert (response.status_code, response.mimetype, response.text) == (200, kind, expected)


def test_a_contested_finding_is_exported_with_its_note(client: Any) -> None:
    asked = {"q": "Does ketamine lower the odds of relapse?"}
    hits = client.get("/api/v1/ask", query_string=asked).json["answers"]
    exported = [s for hit in hits for s in [s for s in hit["sentences"] if s["answers"]] or hit["sentences"]]
    notes = [note["text"] for s in exported for note in s["notes"]]
    works = client.get("/api/v1/ask.json", query_string=asked).get_json(force=True)
    assert notes
    assert all(any(note in work["note"] for work in works) for note in notes)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/html, */*", "application/json"),  # a browser following the link to the JSON
        ("application/json, application/x-bibtex;q=0.5", "application/json"),  # preferred
        ("application/x-bibtex;q=0", "application/json"),  # excluded
        ("application/x-bibtex", "application/x-bibtex"),
    ],
)
def test_accept_header(client: Any, accept: str | None, kind: str) -> None:
    response = client.get("/api/v1/ask?q=relapse", headers={"Accept": accept} if accept else {})
    assert (response.mimetype, response.headers["Vary"]) == (kind, "Accept")
    again = client.get("/api/v1/ask?q=relapse", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == (304 if kind == "application/json" else 200)


# --- arbitrary input ---------------------------------------------------------------------------

OK_OR_REFUSED = {200, 400, 404, 405, 410, 411, 413, 415, 422}
NAMES = st.sampled_from(["q", "condition", "Q", "q[]", "page"]) | st.text(max_size=5)


@settings(max_examples=number_of_examples(300))
@given(raw=st.binary(max_size=60) | st.lists(st.tuples(NAMES, st.text(max_size=40)), max_size=4))
def test_no_query_breaks_it(client: Any, described: dict[str, Any], raw: bytes | list[tuple[str, str]]) -> None:
    query: Any = raw.decode("latin-1") if isinstance(raw, bytes) else [(n, v.encode("utf-8", "ignore")) for n, v in raw]
    for face in ("/api/v1/ask", "/"):
        check(client.get(face, query_string=query), described)


@settings(max_examples=number_of_examples(300))
@given(
    body=st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=5,
    ),
    kind=st.sampled_from(["application/json", "application/json; charset=utf-16", "text/plain", ""]),
)
def test_no_body_breaks_it(client: Any, described: dict[str, Any], body: Any, kind: str) -> None:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    check(client.post("/api/v1/ask", data=sent, content_type=kind), described)


def check(response: Any, described: dict[str, Any]) -> None:
    assert response.status_code in OK_OR_REFUSED
    assert "Set-Cookie" not in response.headers
    if response.is_json:
        model = "Answer" if response.status_code == 200 else "Problem"
        assert [error.message for error in validator(described, model).iter_errors(response.json)] == []


@settings(max_examples=number_of_examples(100))
@given(question=st.text(min_size=1, max_size=80))
def test_the_question_is_returned_normalised(client: Any, question: str) -> None:
    """Trimmed and in NFC, otherwise unchanged. The maximum length is accepted, one character more is not."""
    response = client.post("/api/v1/ask", json={"q": question})
    if response.status_code == 200:
        again = client.post("/api/v1/ask", json={"q": response.json["question"]})
        assert again.json == response.json
    padded = "a" * MAX_CHARACTERS
    assert client.post("/api/v1/ask", json={"q": padded}).status_code == 200
    assert client.post("/api/v1/ask", json={"q": padded + "a"}).status_code == 422


# --- the table of endpoints ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WordsAsked(RequestModel):
    """A request with a parameter of each type."""

    word: Annotated[str, Field(description="A word to look for.", max_length=20)]
    among: Annotated[tuple[str, ...], Field(description="Ids of the documents to look in.")] = ()
    whole: Annotated[bool, Field(description="Look for the whole word.")] = False
    limit: Annotated[int, Field(description="How many sentences to return.", ge=1, le=9)] = 3
    version: Annotated[str, Field(description="The version of the documents.")] = ""


@dataclass(frozen=True, slots=True)
class WordsFound:
    sentences: tuple[str, ...]


def find_words(service: Service, asked: WordsAsked, id: str) -> WordsFound:
    document = service.document(id)
    if asked.among and id not in asked.among:
        return WordsFound(())
    texts = (document.text[s.start : s.end] for s in document.sentences)
    return WordsFound(
        tuple(text for text in texts if asked.word in (text.split() if asked.whole else text))[: asked.limit]
    )


DOCUMENT = "ketamine-substance-use-disorders"
ADDED = Endpoint(
    "documents/{id}/words",
    "findWords",
    "Find a word in a document",
    find_words,
    WordsFound,
    WordsAsked,
    example=lambda service: {"id": DOCUMENT, "word": "ketamine"},
)
BY_BODY = replace(ADDED, path="documents/{id}/words-by-body", operation="findWordsByBody", method="POST")


@pytest.fixture
def with_rows(monkeypatch: pytest.MonkeyPatch, index: Any) -> Any:
    """A service with two more rows in its table of endpoints, and nothing else."""
    monkeypatch.setattr("qa.web.endpoints.ENDPOINTS", (*ENDPOINTS, ADDED, BY_BODY))
    return create_app(CORPUS, index).test_client()


WORDS = f"/api/v1/documents/{DOCUMENT}/words"
# What is sent, the status, and the parameters at fault.
SENT = [
    ("?word=zebra", 200, []),
    ("?word=craving&among=a&among=b", 200, []),
    ("?word=craving&whole=true&limit=9&version=", 200, []),
    ("", 422, ["word"]),  # missing
    ("?word=a&word=b", 422, ["word"]),  # repeated
    (f"?word={'a' * 21}", 422, ["word"]),  # too long
    ("?word=a&limit=0", 422, ["limit"]),  # too low
    ("?word=a&limit=3.0", 422, ["limit"]),
    ("?word=a&limit=", 422, ["limit"]),  # empty
    ("?word=a&limit=1&limit=1", 422, ["limit"]),
    ("?word=a&whole=yes", 422, ["whole"]),
    ("?word=a&q=b", 422, ["q"]),  # unknown
    ("?limit=x&whole=", 422, ["word", "whole", "limit"]),  # each is listed
    ("?word=a&version=zz", 410, []),
]


@pytest.mark.parametrize(("sent", "status", "parameters"), SENT)
def test_a_row_of_the_table_is_routed_and_checked(
    with_rows: Any, sent: str, status: int, parameters: list[str]
) -> None:
    response = with_rows.get(WORDS + sent)
    assert response.status_code == status
    assert [each["parameter"] for each in response.json.get("errors", [])] == parameters


BODIES = [
    ({"word": "craving", "among": [DOCUMENT], "limit": 1, "whole": True}, 200, []),
    ({"word": "craving", "limit": "1"}, 422, ["limit"]),  # text is no number here
    ({"word": "craving", "limit": True}, 422, ["limit"]),
    ({"word": 1, "among": "a", "whole": 1}, 422, ["word", "among", "whole"]),
    ({"word": "craving", "among": [1]}, 422, ["among"]),
    ({}, 422, ["word"]),
]


@pytest.mark.parametrize(("body", "status", "parameters"), BODIES)
def test_a_row_of_the_table_takes_a_body(
    with_rows: Any, body: dict[str, Any], status: int, parameters: list[str]
) -> None:
    response = with_rows.post(f"{WORDS}-by-body", json=body)
    assert response.status_code == status
    assert [each["parameter"] for each in response.json.get("errors", [])] == parameters


def test_a_row_of_the_table_answers(with_rows: Any) -> None:
    response = with_rows.get(f"{WORDS}?word=ketamine&limit=2")
    assert len(response.json["sentences"]) == 2
    assert (
        with_rows.get(f"{WORDS}?word=ketamine&limit=2", headers={"If-None-Match": response.headers["ETag"]}).status_code
        == 304
    )
    assert with_rows.get(f"{WORDS}?word=ketamine&limit=1").headers["ETag"] != response.headers["ETag"]
    assert with_rows.get("/api/v1/documents/zz/words?word=a").status_code == 404


def test_a_row_of_the_table_is_described(with_rows: Any) -> None:
    described = with_rows.get("/api/v1/openapi.json").json
    validate(described)
    operation = described["paths"]["/api/v1/documents/{id}/words"]["get"]
    assert [(p["name"], p["in"], p["required"]) for p in operation["parameters"]] == [
        ("id", "path", True),
        ("word", "query", True),
        ("among", "query", False),
        ("whole", "query", False),
        ("limit", "query", False),
        ("version", "query", False),
    ]
    limit = operation["parameters"][4]["schema"]
    assert (limit["type"], limit["minimum"], limit["maximum"]) == ("integer", 1, 9)
    assert {"404", "410", "422"} <= set(operation["responses"])
    content = operation["responses"]["200"]["content"]["application/json"]
    assert validator(described, "WordsFound").is_valid(content["example"])
    body = described["paths"]["/api/v1/documents/{id}/words-by-body"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/WordsAsked"}
    page = with_rows.get("/api").text
    assert "Find a word in a document" in page
    assert f"/documents/{DOCUMENT}/words?word=ketamine" in page
    assert f"/documents/{DOCUMENT}/words-by-body -H" in page


def test_each_export_is_an_operation_with_one_meaning(client: Any, described: dict[str, Any]) -> None:
    """A generated client understands one type of response: each operation has one, or the same as plain text too."""
    exported = 0
    for path, operations in described["paths"].items():
        for operation in operations.values():
            kinds = set(operation["responses"]["200"]["content"])
            kinds = kinds - {"text/plain"} or kinds
            assert len(kinds) == 1, path
            assert operation["tags"]
            exported += kinds <= set(KINDS.values())
    assert exported == 4 * len(KINDS), "of an answer, of a work, of a document's works and of all works"
    for accept, kind in (("text/plain", "text/plain"), ("application/x-bibtex, text/plain;q=0.5", KINDS["bib"])):
        for address in ("/api/v1/ask.bib?q=relapse", "/api/v1/references/grabski2022.bib"):
            sent = client.get(address, headers={"Accept": accept})
            assert sent.mimetype == kind
            assert sent.data == client.get(address).data
            known = client.get(address, headers={"If-None-Match": sent.headers["ETag"]})
            assert kind != "text/plain" or known.status_code == 200, "another type is another response"
