"""The answer page: the answer first, the rest folded, and nothing on it that the JSON does not have."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.engine import Service
from qa.errors import CorpusError
from qa.indexing.publish import open_published
from qa.messages import MESSAGES
from qa.models import Hit, HitSentence, SupportView
from qa.settings import Settings
from qa.web import create_app
from qa.web.accent import CONTRAST, DARK_PAPER, LIGHT_PAPER, contrast, read_colour, readable_on
from qa.web.layout import pieces_in, quoted_parts
from qa.web.verses import fold_quotation
from testkit.corpora import SHIPPED, shipped
from testkit.page_reading import addresses, quotations, read, texts

STATES = {
    "answered": "Does ketamine help people stop drinking?",
    "disputed": "Is there a powerful biological reset effect?",
    "closest": "What does ketamine treatment cost?",
    "abstained": "Can ketamine help me quit cigarettes?",
    "another language": "¿Ayuda la ketamina a las personas a dejar de beber alcohol?",
    "several questions": "Does ketamine help people stop drinking? What was found for cocaine craving?",
    "corrected": "Does ketmine reduce cocaine craving?",
    "urgent": "I want to kill myself",
    "urgent and answered": "I want to die, can ketamine help with opioid withdrawal?",
}


@pytest.fixture(scope="module")
def client() -> Any:
    return create_app(Settings(corpus=SHIPPED), shipped()).test_client()


def page_of(client: Any, question: str, **more: str) -> str:
    return str(client.get("/", query_string={"q": question, **more}).text)


def json_of(client: Any, question: str, **more: str) -> Any:
    return client.get("/api/v1/ask", query_string={"q": question, **more}).json


# --- everything is in the JSON ---------------------------------------------------------------------


class MainTexts(HTMLParser):
    """The texts within <main>, each between two tags."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inside, self.found = False, list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.inside |= tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self.inside &= tag != "main"

    def handle_data(self, data: str) -> None:
        if self.inside and re.search(r"\w", data):
            self.found.append(" ".join(data.split()))


def strings_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings_in(each)]
    return [" ".join(str(value).split())]


OURS = [
    message
    for section in MESSAGES.values()
    for message in section.values()
    if re.search(r"[^\W\d_]{3}", re.sub(r"\{.*?\}", "", message))
]
EDGES = " ·›;:,.“”"
FORMATS = "AMA|Vancouver|APA|Markdown|BibTeX|RIS|CSL-JSON|CSV|JSON"


def as_pattern(message: str) -> str:
    """What a message may be on the page, with anything in its places."""
    return "".join(
        ".*?" if part.startswith("{") else re.escape(" ".join(part.split())) if part.strip() else r"\s*"
        for part in re.split(r"(\{.*?\})", message)
    )


@pytest.mark.parametrize("state", STATES)
def test_what_the_page_says_is_in_the_json(client: Any, state: str) -> None:
    """Each text, or each of its clauses, is ours (a message) or in the JSON of the same answer."""
    known = "\n".join(strings_in(json_of(client, STATES[state]))).lower()
    # What is made of several fields: authors in one line, volume and pages.
    patterns = [
        *(as_pattern(message.strip(EDGES)) for message in OURS),
        FORMATS,
        r"[\d;:()–-]+",
        r"[\w’' -]+ [A-Z]{1,3}",
    ]
    ours = re.compile("|".join(patterns), re.IGNORECASE)

    @cache  # a long text takes a second, and is looked at again with each of its sentences
    def is_known(text: str) -> bool:
        part = text.strip(EDGES).lower()
        return not re.search(r"\w", part) or part in known or bool(ours.fullmatch(part))

    found = MainTexts(page_of(client, STATES[state])).found
    assert len(found) > 5
    for text in found:
        for sentence in re.split(r"[.?](?=\s|$)", text):
            clauses = re.split(r"[.:;,](?=\s|\(|$)|[()]", sentence)
            assert is_known(text) or is_known(sentence) or all(map(is_known, clauses)), text


@pytest.mark.parametrize("state", STATES)
def test_quotations_are_whole_however_they_are_folded(client: Any, state: str) -> None:
    answer = json_of(client, STATES[state])
    shown = answer["answers"] or (answer["abstention"] or {}).get("nearest", [])
    if any(notice["urgent"] for notice in answer["notices"]) and answer["status"] != "answered":
        shown = []
    assert quotations(page_of(client, STATES[state])) == [hit["text"] for hit in shown]


# --- folding -----------------------------------------------------------------------------------------


def hit_of(lengths: list[int], relevant: set[int]) -> Hit:
    """A passage of sentences of these lengths, one blank apart."""
    sentences, place = [], 0
    for number, length in enumerate(lengths):
        support = SupportView("uncited")
        sentences.append(HitSentence(f"s{number}", place, place + length, False, support, relevant=number in relevant))
        place += length + 1
    text = " ".join("x" * length for length in lengths)
    return Hit("p", 1, 1.0, text, "d", 0, len(text), (), (), tuple(sentences), (), ())


FOLDS = [
    # (lengths of sentences, relevant ones, most characters before and after, what is before, shown, after)
    ([10, 20, 30], {1}, (5, 5), ["x" * 10], ["x" * 20], ["x" * 30], "both are too long"),
    ([10, 20, 30], {1}, (15, 35), [], ["x" * 10, "x" * 20, "x" * 30], [], "both are short"),
    ([10, 20, 30], {0}, (5, 5), [], ["x" * 10], ["x" * 20, "x" * 30], "nothing is before"),
    ([10, 20, 30], {0, 2}, (5, 5), [], ["x" * 10, "x" * 20, "x" * 30], [], "what is between is shown"),
    ([10, 20, 30], set(), (5, 5), [], ["x" * 10, "x" * 20, "x" * 30], [], "no sentence is relevant"),
]  # fmt: skip


@pytest.mark.parametrize(("lengths", "relevant", "most", "before", "shown", "after", "why"), FOLDS)
def test_what_is_not_relevant_is_folded(
    lengths: list[int],
    relevant: set[int],
    most: tuple[int, int],
    before: list[str],
    shown: list[str],
    after: list[str],
    why: str,
) -> None:
    folded = fold_quotation(quoted_parts(hit_of(lengths, relevant)), most)
    words = ["".join(piece.text for part in parts for piece in pieces_in(part)).split() for parts in folded]
    assert words == [before, shown, after], why


# --- more passages, and questions to ask instead -----------------------------------------------------


@pytest.mark.parametrize("question", [STATES["answered"], STATES["closest"]])
def test_a_link_shows_the_passages_that_are_left(client: Any, question: str) -> None:
    answer = json_of(client, question)
    assert (len(answer["answers"]), answer["more"] > 0) == (3, True)
    [link] = [href for href in addresses(page_of(client, question)) if "limit=" in href]
    following = client.get(link)
    assert following.status_code == 200
    every = json_of(client, question, limit="20")
    assert quotations(following.text) == [hit["text"] for hit in every["answers"]]
    assert (len(every["answers"]), every["more"]) == (3 + answer["more"], 0)


@pytest.mark.parametrize("limit", ["0", "21", "-1", "x", "1.5", ""])
def test_a_limit_that_is_none_is_refused_on_page_and_api(client: Any, limit: str) -> None:
    for face in ("/", "/api/v1/ask"):
        assert client.get(face, query_string={"q": "relapse", "limit": limit}).status_code == 422


@pytest.mark.parametrize("state", STATES)
def test_questions_that_are_answered_are_suggested_when_one_is_not(client: Any, state: str) -> None:
    answer = json_of(client, STATES[state])
    wanted = answer["status"] != "answered" and not any(notice["urgent"] for notice in answer["notices"])
    assert len(answer["suggestions"]) == (3 if wanted else 0)
    offered = texts(page_of(client, STATES[state]), "a")
    for suggestion in answer["suggestions"]:
        assert suggestion in offered
        assert json_of(client, suggestion)["status"] == "answered"


def test_the_closest_question_is_suggested_first(client: Any) -> None:
    assert "withdrawal" in json_of(client, "Can ketamine help with withdrawal from cannabis?")["suggestions"][0]


def test_the_start_page_lists_examples_only_if_they_are_answered(tmp_path: Path) -> None:
    """An owner may have written one before the documents changed; the page says that they are answered."""
    folder = shutil.copytree(SHIPPED, tmp_path / "corpus")
    judged = {"document": "ketamine-substance-use-disorders", "sentences": ["Craving scores"], "kind": "effect"}
    asked = {"question": "What is the capital of France?", "example": True, **judged}
    questions = folder / "questions.jsonl"
    questions.write_text(questions.read_text("utf-8") + json.dumps(asked) + "\n", "utf-8")
    service = Service(Settings(corpus=folder), open_published(folder, "memory:"))
    assert asked["question"] in service.index.manifest.examples
    page = unescape(create_app(service.settings, service.index).test_client().get("/").text)
    assert service.example_questions
    for example in service.index.manifest.examples:
        assert (example in page) == (service.ask(example).status == "answered"), example


def test_judged_questions_are_suggested_where_the_owner_has_no_examples(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("Lanes\n\nPainted lanes halve crashes of cyclists in towns.\n")
    judged = (
        '{"question": "Do painted lanes reduce crashes of cyclists?", "document": "a", "sentences": ["Painted lanes"]}'
    )
    (tmp_path / "questions.jsonl").write_text(judged)
    made = create_app(Settings(corpus=tmp_path, encoder="off"), open_published(tmp_path, "memory:")).test_client()
    assert json_of(made, "Who is the prime minister?")["suggestions"] == [
        "Do painted lanes reduce crashes of cyclists?"
    ]


# --- what must not look like an answer ---------------------------------------------------------------


def test_what_nobody_has_reviewed_says_so(client: Any) -> None:
    """Where other passages of the page have notes: without a word, it would look as if it had been found right."""
    asked = "Does ketamine have to be combined with psychotherapy?"
    answers = client.get("/api/v1/ask", query_string={"q": asked}).json["answers"]
    parts = client.get("/", query_string={"q": asked}).text.split("<article ")[1:]
    told = [MESSAGES["note"]["none"] in part for part in parts]
    noted = [any(s["relevant"] and s["verdicts"] for s in hit["sentences"]) for hit in answers]
    assert told == [not each for each in noted]
    assert any(told)
    assert not all(told)


def test_a_disputed_sentence_is_never_shown_as_the_answer(client: Any) -> None:
    page = page_of(client, STATES["disputed"])
    articles = [attrs for tag, attrs in read(page, "html").elements if tag == "article"]
    assert all("lead" not in (attrs["class"] or "").split() for attrs in articles)
    assert page.index("Disputed") < page.index("<blockquote")


def test_a_dispute_below_is_told_at_the_answer(client: Any) -> None:
    question = "Does ketamine lower the odds of relapse in cocaine use disorder?"
    answer, page = json_of(client, question), page_of(client, question)
    disputed = [
        h["id"]
        for h in answer["answers"][1:]
        for s in h["sentences"]
        for v in s["verdicts"]
        if v["level"] == "disputed"
    ]
    assert (f"#{disputed[0]}" in addresses(page)) if disputed else MESSAGES["found"]["disputed"] not in page


# --- the owner's look --------------------------------------------------------------------------------


def site_with(folder: Path, **keys: str) -> Any:
    (folder / "documents").mkdir()
    (folder / "documents" / "a.txt").write_text("Lanes\n\nPainted lanes halve crashes.\n")
    (folder / "site.toml").write_text("".join(f'{name} = "{value}"\n' for name, value in keys.items()))
    return create_app(Settings(corpus=folder, encoder="off"), open_published(folder, "memory:")).test_client()


def test_accent_and_logo_are_the_owners(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    client = site_with(tmp_path, owner="Example Society", accent="#8a1c4a", logo="logo.svg")
    page = client.get("/").text
    [logo] = [attrs["src"] for tag, attrs in read(page, "html").elements if tag == "img"]
    served = client.get(logo)
    assert (served.status_code, served.mimetype) == (200, "image/svg+xml")
    [sheet] = [a for a in addresses(page) if a.endswith(".css")]
    assert "--accent:#8a1c4a" in client.get(sheet).text


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"accent": "red"}, "must be a colour"),
        ({"logo": "logo.exe"}, "must be the name of a picture"),
        ({"logo": "logo.svg"}, "there is no file"),
        ({"logo": "../logo.svg"}, "outside the corpus folder"),
    ],
)
def test_a_look_that_cannot_be_is_refused(tmp_path: Path, keys: dict[str, str], told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        site_with(tmp_path, **keys)


@given(st.integers(0, 0xFFFFFF), st.sampled_from([LIGHT_PAPER, DARK_PAPER]))
def test_any_accent_can_be_read_on_any_paper(colour: int, paper: str) -> None:
    found = readable_on(paper, f"#{colour:06x}")
    assert contrast(read_colour(found), read_colour(paper)) >= CONTRAST - 0.05  # rounded to whole parts
