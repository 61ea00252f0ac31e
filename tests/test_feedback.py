"""Was this right? What is stored of questions and judgments, what is not, and what editors make of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from qa.cli import main
from qa.editing.evaluate import load_judgments
from qa.feedback import KEPT_DAYS, MOST_BYTES, FeedbackFolder, StoredQuestion, today, words_asked
from qa.settings import Settings
from qa.web import create_app
from qa.web.feedback import MOST_A_MINUTE
from testkit.corpora import SHIPPED, shipped
from testkit.servers import python_environment
from tests.test_browser import judge as judge_page
from tests.test_embed import serving

ANSWERED = "Does ketamine help people stop drinking?"
CLOSEST = "What does ketamine treatment cost?"
ABSTAINED = "What is the capital of France?"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "feedback"


@pytest.fixture
def client(folder: Path) -> Any:
    return create_app(Settings(corpus=SHIPPED, feedback=folder), shipped()).test_client()


def stored(folder: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for path in sorted(folder.glob("*")) for line in path.read_bytes().splitlines()]


def judge(client: Any, right: str = "yes", question: str = ANSWERED, **more: str) -> Any:
    sent = {"q": question, "version": shipped().manifest.version, "right": right} | more
    return client.post("/feedback", data=sent, headers=OWN_PAGE)


# --- off and on ------------------------------------------------------------------------------------


def test_it_is_off_by_default(tmp_path: Path) -> None:
    client = create_app(Settings(corpus=SHIPPED), shipped()).test_client()
    assert 'class="feedback"' not in client.get("/", query_string={"q": ANSWERED}).text
    assert "Your question is not stored." in client.get("/").text
    assert judge(client).status_code == 404


def test_when_on_the_pages_say_so(client: Any) -> None:
    assert "its words and the day are stored for 90 days" in client.get("/").text
    page = client.get("/", query_string={"q": ANSWERED}).text
    assert "Was this right?" in page
    assert "What is stored: the words of your question" in page


def test_a_judgment_is_stored_with_what_was_shown(client: Any, folder: Path) -> None:
    sent = judge(client, "no")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/feedback/thanks")
    assert "Thank you." in client.get("/feedback/thanks").text
    [record] = stored(folder)
    answer = client.get("/api/v1/ask", query_string={"q": ANSWERED}).json
    shown = [[hit["document"], s["id"]] for hit in answer["answers"] for s in hit["sentences"] if s["answers"]]
    assert record.pop("shown")[: len(shown)] == shown
    assert record == {
        "day": today(),
        "question": "does ketamine help people stop drinking",
        "version": answer["index"]["version"],
        "status": "answered",
        "right": False,
    }


def test_a_question_with_an_urgent_notice_is_not_stored(client: Any, folder: Path) -> None:
    """Somebody who may be in danger has not asked to be read later."""
    client.get("/", query_string={"q": "I want to die, where can I find a bakery?"})
    client.get("/", query_string={"q": "Where can I find a bakery?"})
    [line] = [line for file in folder.glob("*.jsonl") for line in file.read_text().splitlines()]
    assert "die" not in line


@pytest.mark.parametrize(("question", "number"), [(ANSWERED, 0), (CLOSEST, 1), (ABSTAINED, 1)])
@pytest.mark.parametrize("path", ["/", "/api/v1/ask"])
def test_questions_without_a_sure_answer_are_stored(
    client: Any, folder: Path, path: str, question: str, number: int
) -> None:
    client.get(path, query_string={"q": question})
    assert len(stored(folder)) == number


PERSONAL = [
    ("Write to Jane.Doe@example.org, please!", "write to please"),
    ("Call me: +44 20 7946 0018 or 020-7946-0018", "call me or"),
    ("See https://example.org/me?id=1 and www.example.org/me", "see and"),
    ("0.8 mg/kg over 40 minutes, in 2022", "0 8 mg kg over 40 minutes in 2022"),
    ("  Ketamine\tand\n<b>ALCOHOL</b>?! ", "ketamine and b alcohol b"),
]


@pytest.mark.parametrize(("question", "words"), PERSONAL)
def test_only_words_are_stored(question: str, words: str) -> None:
    assert words_asked(question) == words


def test_a_long_question_is_cut() -> None:
    assert len(words_asked("word " * 200)) <= 300


def test_nothing_tells_when_or_by_whom(client: Any, folder: Path) -> None:
    client.get(
        "/", query_string={"q": CLOSEST}, headers={"User-Agent": "Test/1"}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    [path] = folder.glob("*")
    assert path.name == f"{today()}.jsonl"
    assert path.stat().st_mtime == datetime.fromisoformat(today()).replace(tzinfo=UTC).timestamp()
    assert path.stat().st_mode & 0o077 == 0
    assert b"192.0.2" not in path.read_bytes()
    assert set(stored(folder)[0]) == {"day", "question", "version", "status", "shown", "right"}


# --- who may send it --------------------------------------------------------------------------------

SENDERS = [
    # (headers, status, who)
    ({"Sec-Fetch-Site": "same-origin"}, 303, "a page of the service"),
    ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303, "the same, with a strict policy"),
    ({"Origin": "http://localhost"}, 303, "an older browser"),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403, "another site"),
    ({"Sec-Fetch-Site": "same-site"}, 403, "another host of the same site"),
    ({"Sec-Fetch-Site": "none"}, 403, "nobody's page"),
    ({"Origin": "https://evil.example"}, 403, "another site, older browser"),
    ({"Origin": "http://localhost.evil.example"}, 403, "a similar name"),
    ({"Origin": "null"}, 403, "a file, a frame without origin"),
    ({}, 403, "a program"),
]


@pytest.mark.parametrize(("headers", "status", "who"), SENDERS)
def test_only_pages_of_the_service_may_send(
    client: Any, folder: Path, headers: dict[str, str], status: int, who: str
) -> None:
    sent = client.post("/feedback", data={"q": ANSWERED, "right": "yes"}, headers=headers)
    assert sent.status_code == status, who
    assert len(stored(folder)) == (status == 303)


BODIES = [
    ({"q": ANSWERED}, 422, "no judgment"),
    ({"q": ANSWERED, "right": "perhaps<script>"}, 422, "neither yes nor no"),
    ({"right": "yes"}, 422, "no question"),
    ({"q": "", "right": "yes"}, 422, "an empty question"),
    ({"q": "zq" * 600, "right": "yes"}, 422, "a question that is too long"),
    ({"q": ANSWERED, "right": "yes", "shown<script>": "zq"}, 422, "an unknown field"),
    ({"q": ANSWERED, "right": "yes", "condition": "zq<script>"}, 422, "an unknown condition"),
    ({"q": ANSWERED, "right": "yes", "version": "zq"}, 410, "another version was shown"),
]


@pytest.mark.parametrize(("body", "status", "why"), BODIES)
def test_a_wrong_body_is_refused_and_not_repeated(
    client: Any, folder: Path, body: dict[str, str], status: int, why: str
) -> None:
    sent = client.post("/feedback", data=body, headers=OWN_PAGE)
    assert sent.status_code == status, why
    assert "zq" not in sent.text
    assert "<script>" not in sent.text
    assert stored(folder) == []


def test_reading_stores_nothing_and_nothing_else_takes_a_post(client: Any, folder: Path) -> None:
    assert client.get("/feedback").status_code == 405
    for path in ("/", "/embed", "/feedback/thanks", "/documents/ketamine-substance-use-disorders"):
        assert client.post(path, data={"q": ANSWERED}, headers=OWN_PAGE).status_code == 405
    assert stored(folder) == []


def test_judgments_are_limited(time_stands: None, client: Any, folder: Path) -> None:
    statuses = [judge(client).status_code for _ in range(MOST_A_MINUTE + 1)]
    assert statuses == [303] * MOST_A_MINUTE + [429]


# --- files -----------------------------------------------------------------------------------------


def record(question: str = "does it help") -> StoredQuestion:
    return StoredQuestion(today(), question, "v", "closest", (("a", "s-1"),))


# A program that has a folder, and makes what is stored in it.
STORING = """
import os, resource, signal, sys
from pathlib import Path
from qa.feedback import FeedbackFolder, StoredQuestion, today
store = FeedbackFolder(Path(sys.argv[1]))
def record(question="does it help"):
    return StoredQuestion(today(), question, "v", "closest", (("a", "s-1"),))
"""
ADD_MANY = f"""{STORING}
for each in range(200):
    store.add(record(f"{{os.getpid()}} {{each}} " + "word " * 40))
"""


def test_several_processes_write_whole_lines(folder: Path) -> None:
    command = [sys.executable, "-c", ADD_MANY, str(folder)]
    processes = [subprocess.Popen(command, env=python_environment()) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len({each["question"] for each in stored(folder)}) == 600


def test_a_full_disk_does_not_stop_an_answer(client: Any, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder.mkdir()
    (folder / f"{today()}.jsonl").symlink_to("/dev/full")
    sent = client.get("/", query_string={"q": CLOSEST})
    assert sent.status_code == 200
    assert "cost" in sent.text
    assert judge(client).status_code == 303


WITH_LITTLE_SPACE = f"""{STORING}
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store.add(record())
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
store.add(record())
store.add(record())
"""


def test_a_line_that_does_not_fit_leaves_no_part_of_itself(folder: Path) -> None:
    FeedbackFolder(folder).add(record())
    [path] = folder.glob("*")
    one = path.stat().st_size
    space = str(2 * one + one // 2)  # in the middle of the third line
    command = [sys.executable, "-c", WITH_LITTLE_SPACE, str(folder), space]
    subprocess.run(command, check=True, env=python_environment())
    assert path.stat().st_size == 2 * one
    assert len(stored(folder)) == 2


@pytest.mark.parametrize("wrong", ["file", "no permission"])
def test_a_folder_that_cannot_be_used_does_not_stop_an_answer(client: Any, folder: Path, wrong: str) -> None:
    if wrong == "file":
        folder.write_text("")
    else:
        folder.parent.chmod(0o500)
    try:
        assert client.get("/", query_string={"q": CLOSEST}).status_code == 200
    finally:
        folder.parent.chmod(0o700)


def test_a_day_has_a_limit(folder: Path) -> None:
    folder.mkdir()
    path = folder / f"{today()}.jsonl"
    path.write_bytes(b"x" * (MOST_BYTES - 10))
    FeedbackFolder(folder).add(record())
    assert path.stat().st_size == MOST_BYTES - 10


def test_old_days_are_deleted(client: Any, folder: Path) -> None:
    folder.mkdir()
    names = {
        age: datetime.fromtimestamp(datetime.now(UTC).timestamp() - age * 86400, UTC).date().isoformat()
        for age in (KEPT_DAYS + 1, KEPT_DAYS, 1)
    }
    for name in names.values():
        (folder / f"{name}.jsonl").write_text("")
    (folder / "notes.txt").write_text("kept")
    FeedbackFolder(folder).forget_once_a_day()
    left = {path.name for path in folder.glob("*")}
    assert left == {f"{names[KEPT_DAYS]}.jsonl", f"{names[1]}.jsonl", "notes.txt"}


def test_lines_that_cannot_be_read_are_left_out(folder: Path) -> None:
    FeedbackFolder(folder).add(record())
    [path] = folder.glob("*")
    path.write_bytes(path.read_bytes() + b'\n{"day": 1}\n[]\nnull\n\xff\n')
    assert list(FeedbackFolder(folder).read()) == [record()]


# --- for editors -------------------------------------------------------------------------------------


def questions(folder: Path, *options: str) -> Any:
    settings = {"QA_CORPUS": str(SHIPPED), "QA_FEEDBACK": str(folder), "QA_CACHE": ""}
    return CliRunner().invoke(main, ["questions", *options], env=settings)


def test_without_the_setting_the_command_says_so() -> None:
    result = CliRunner().invoke(main, ["questions"], env={"QA_FEEDBACK": None, "QA_CORPUS": str(SHIPPED)})
    assert result.exit_code == 1
    assert "Set QA_FEEDBACK" in result.output


def test_questions_are_counted_whatever_the_order_of_their_words(client: Any, folder: Path) -> None:
    for question in (CLOSEST, "What does treatment with ketamine cost?", ABSTAINED, CLOSEST):
        client.get("/", query_string={"q": question})
    judge(client, "yes")
    judge(client, "no")
    lines = questions(folder).output.splitlines()
    assert lines == [
        "Readers said that the answer was not right (1 question)",
        "     1  does ketamine help people stop drinking",
        "Not answered (1 question)",
        "     1  what is the capital of france",
        "Not answered for sure (3 questions)",
        "     3  what does ketamine treatment cost",
        "Readers said that the answer was right (1 question)",
        "     1  does ketamine help people stop drinking",
    ]


def test_judgments_can_be_evaluated(client: Any, folder: Path, tmp_path: Path) -> None:
    client.get("/", query_string={"q": ABSTAINED})
    judge(client, "yes")
    (tmp_path / "questions.jsonl").write_text(questions(folder, "--judgments").output)
    refused, right = load_judgments(tmp_path / "questions.jsonl")
    assert (refused.question, refused.sentences) == ("what is the capital of france", ())
    assert right.document == "ketamine-substance-use-disorders"
    document = shipped().document(right.document)
    texts = [document.text[s.start : s.end] for s in document.sentences]
    assert right.sentences
    assert all(sum(text.startswith(words) for text in texts) == 1 for words in right.sentences)


def test_words_that_no_document_has(client: Any, folder: Path) -> None:
    for question in (ABSTAINED, "What does the capital city cost?"):
        client.get("/", query_string={"q": question})
    text = questions(folder, "--words").output
    assert '# in 2 questions\n# [[group]]\n# words = ["capital", ""]' in text
    assert "ketamine" not in text


# --- in a browser ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False])
def test_saying_that_it_was_right(browser: Any, folder: Path, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    with serving(create_app(Settings(corpus=SHIPPED, feedback=folder), shipped())) as address:
        page.goto(f"{address}/?q={ANSWERED}")
        page.get_by_role("button", name="Yes").click()
        page.get_by_text("Thank you.").first.wait_for()
        assert page.url.endswith("/feedback/thanks") is not script
        assert [each["right"] for each in stored(folder)] == [True]
    context.close()


LIST = """OriginalPaperDOI,RetractionNature,RetractionDate,RetractionDOI
10.1176/appi.ajp.2019.18101123,Retraction,3/1/2026 0:00,10.5555/notice
10.1176/appi.ajp.2021.21030277,Expression of concern,3/1/2026 0:00,10.5555/concern
"""
COCAINE = "/?q=Does+ketamine+lower+craving+in+people+with+cocaine+use+disorder%3F"
PAGES = {
    "asked whether right, retracted": COCAINE,
    "in a frame": f"/embed{COCAINE[1:]}",
    "thanks": "/feedback/thanks",
    "document with retracted sources": "/documents/ketamine-substance-use-disorders",
    "retracted work": "/references/dakwar2019",
}


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_accessible_with_feedback_and_retractions(browser: Any, tmp_path: Path, folder: Path, width: int) -> None:
    corpus = shutil.copytree(SHIPPED, tmp_path / "corpus")
    (corpus / "retractions.csv").write_text(LIST)
    app = create_app(Settings(corpus=corpus, feedback=folder, cache=None, encoder="off"))
    with serving(app) as address:
        for state, path in PAGES.items():
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.goto(address + path)
            judge_page(page, state, width)
            page.close()
