"""The pages, through Flask's test client: what they show, what they reject, and that text is shown unchanged."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import quote, unquote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.engine import Service
from qa.indexing.publish import open_published
from qa.messages import MESSAGES
from qa.models import (
    Abstention,
    Answer,
    Antecedent,
    AskedAspect,
    AskedIntervention,
    AskedQuestion,
    CitationView,
    ConditionView,
    DocumentView,
    Highlight,
    Hit,
    HitSentence,
    IndexInfo,
    Interpretation,
    NamedSource,
    NoteView,
    Notice,
    Span,
    SupportView,
    Unresolved,
    Verdict,
    VerdictLevel,
)
from qa.settings import Settings
from qa.web import create_app
from qa.web.headers import POLICY
from qa.web.pages import answer_page
from qa.web.parameters import MAX_BODY
from qa.web.request_models import Ask
from qa.web.segments import Marked
from testkit.corpora import shipped
from testkit.page_reading import addresses, ids, quotations, texts
from tests.conftest import number_of_examples

ROOT = Path(__file__).parent.parent
WEB = ROOT / "qa" / "web"
CORPUS = Settings(corpus=ROOT / "corpus")
DOCUMENT = "ketamine-substance-use-disorders"

QUESTIONS = [
    "Does ketamine help people stop drinking?",  # answered
    "alcohol relapse",  # two words; reviewers' notes on the passages found
    "Does ketamine work for methamphetamine?",  # a known condition that is not covered
    "What is the capital of France?",  # off topic
    "the of and",  # nothing to search for
    "I want to kill myself, does ketamine help?",  # triggers an urgent notice
]
ANSWERED = QUESTIONS[:2]


@pytest.fixture(scope="module")
def index() -> Any:
    return open_published(CORPUS.corpus, "memory:")


@pytest.fixture(scope="module")
def app(index: Any) -> Flask:
    return create_app(CORPUS, index)


@pytest.fixture(scope="module")
def client(app: Flask) -> Any:
    return app.test_client()


def ask(client: Any, question: str, face: str = "/", **more: str) -> Any:
    return client.get(f"{face}?{urlencode({'q': question, **more})}")


# --- what an answer shows ----------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_page_and_json_show_the_same_passages(client: Any, question: str) -> None:
    page, answer = ask(client, question).text, ask(client, question, "/api/v1/ask").json
    shown = answer["answers"] or answer["abstention"]["nearest"]
    assert quotations(page) == [hit["text"] for hit in shown]
    assert [f'id="{hit["id"]}"' in page for hit in shown] == [True] * len(shown)


@pytest.mark.parametrize("question", ANSWERED)
def test_quotations_are_verbatim(client: Any, index: Any, question: str) -> None:
    """At the offsets given in the answer."""
    documents = {document.id: document.text for document in index.documents()}
    hits = ask(client, question, "/api/v1/ask").json["answers"]
    assert hits
    for shown, hit in zip(quotations(ask(client, question).text), hits, strict=True):
        assert shown == documents[hit["document"]][hit["start"] : hit["end"]]


@pytest.mark.parametrize("question", ANSWERED)
def test_the_sentences_that_answer_are_marked(client: Any, question: str) -> None:
    hits = ask(client, question, "/api/v1/ask").json["answers"]
    answering = [hit["text"][s["start"] : s["end"]] for hit in hits for s in hit["sentences"] if s["answers"]]
    assert answering
    assert texts(ask(client, question).text, "mark") == answering


def test_every_example_is_answered(client: Any, index: Any) -> None:
    """Each example question on the page is a link to an answer."""
    offered = [href for href in addresses(client.get("/").text) if "?q=" in href]
    assert offered == [f"/?q={quote(question)}" for question in index.manifest.examples]
    assert len(offered) >= 6
    for address in offered:
        page = client.get(address)
        assert page.status_code == 200
        assert "<mark" in page.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_link_within_the_page_has_its_target(client: Any, question: str) -> None:
    page = ask(client, question).text
    assert {a[1:] for a in addresses(page) if a.startswith("#")} <= set(ids(page))
    assert len(ids(page)) == len(set(ids(page)))


@pytest.mark.parametrize("question", ANSWERED)
def test_notes_are_shown_outside_the_quotation_and_before_the_copy_button(client: Any, question: str) -> None:
    """Notes relevant to the question are shown before the quotation."""
    page, hits = ask(client, question).text, ask(client, question, "/api/v1/ask").json["answers"]
    articles = texts(page, "article")
    for article, hit in zip(articles, hits, strict=True):
        copying = article.rindex(MESSAGES["hit"]["copy_short"])
        for note in (note for sentence in hit["sentences"] for note in sentence["notes"]):
            assert note["text"] not in hit["text"]
            assert article.index(note["text"]) < copying
            if note["bears_on_question"]:
                assert article.index(note["text"]) < article.index(hit["text"])
    assert question != "relapse" or any(s["notes"] for hit in hits for s in hit["sentences"])


def test_a_document_without_a_date_says_so(client: Any) -> None:
    assert MESSAGES["hit"]["no_date"] in ask(client, ANSWERED[0]).text


def test_the_page_links_to_its_json(client: Any) -> None:
    page = ask(client, "relapse", condition="alcohol-use-disorder").text
    address = "/api/v1/ask?q=relapse&condition=alcohol-use-disorder"
    assert addresses(page).count(address) == 3  # two visible links, and rel=alternate
    assert 'rel="alternate" type="application/json"' in page
    assert client.get(address).json["status"] == "answered"


ADDED = "fbclid=zzIwAR0&utm_source=zz%3Cb%3E&gclid=zz&mc_eid=zz&utm_source=zz&zz[]=1&%F0%9F%98%80=zz"
PAGES = [
    "/",
    "/?q=relapse",
    "/?q=relapse&condition=alcohol-use-disorder",
    "/?condition=alcohol-use-disorder",
    "/coverage",
    "/api",
    f"/documents/{DOCUMENT}",
    "/references/grabski2022",
]


@pytest.mark.parametrize("address", PAGES)
def test_pages_ignore_parameters_added_by_other_sites(client: Any, address: str) -> None:
    """Newsletters and social networks add some. The page is the same, including its links and its ETag."""
    plain = client.get(address)
    for added in (ADDED, "q_=1", "Q=relapse"):
        page = client.get(f"{address}{'&' if '?' in address else '?'}{added}")
        assert (page.status_code, page.text, page.headers["ETag"]) == (200, plain.text, plain.headers["ETag"])


def test_a_chosen_condition_stays_selected(client: Any) -> None:
    page = client.get("/?q=ketamine&condition=cocaine-use-disorder&condition=opioid-use-disorder").text
    sent_again = re.findall(r'type="hidden" name="condition" value="([\w-]+)"', page)
    assert set(sent_again) == {"opioid-use-disorder", "cocaine-use-disorder"}
    assert "/?q=ketamine" in addresses(page), "a link to search everything"


# --- versions and context ----------------------------------------------------------------------


def test_a_permalink_leads_to_the_same_page(client: Any, index: Any) -> None:
    question = "Does ketamine lower the odds of relapse? <&> é"
    page = ask(client, question, condition="alcohol-use-disorder").text
    links = [a for a in addresses(page) if "version=" in a and "#" in a]
    answer = ask(client, question, "/api/v1/ask", condition="alcohol-use-disorder").json
    assert [link.partition("#")[2] for link in links] == [hit["id"] for hit in answer["answers"]] != []
    for link in links:
        assert client.get(link).text == page


@pytest.mark.parametrize(
    ("address", "now"),
    [
        (
            "/?q=relapse+%3Cb%3E&condition=alcohol-use-disorder&version=gone&utm_source=x",
            "/?q=relapse+%3Cb%3E&condition=alcohol-use-disorder",
        ),
        (f"/documents/{DOCUMENT}?version=gone", f"/documents/{DOCUMENT}"),
        ("/references/grabski2022?version=gone", "/references/grabski2022"),
        ("/coverage?version=gone", "/coverage"),
        ("/api?version=gone", "/api"),
    ],
)
def test_a_missing_version_is_reported(client: Any, address: str, now: str) -> None:
    """Newer text is never shown as the older version; a link leads to it."""
    page = client.get(address)
    assert page.status_code == 410
    assert MESSAGES["gone"]["detail"] in page.text
    assert quotations(page.text) == []
    assert now in addresses(page.text)
    assert client.get(now).status_code == 200


def test_the_interpretation_is_shown(app: Flask, index: Any) -> None:
    """Interventions, aspects and each question of a message, for every reason of refusal."""
    understood = Interpretation(
        ("relapse",),
        interventions=(AskedIntervention("psilocybin", "magic mushrooms", covered=False),),
        aspects=(
            AskedAspect("cost", "Cost", "price", shown=False),
            AskedAspect("safety", "Safety", "safe", shown=True),
        ),
        questions=(
            AskedQuestion("Is it safe?", "abstained", 0.0),
            AskedQuestion("What is the price?", "abstained", 0.0),
        ),
    )
    for reason in get_args(get_type_hints(Abstention)["reason"]):
        refused = Abstention(reason, f"Because of {reason}.", headline=f"Because of {reason}.")
        answer = Answer("q", "abstained", 0.0, understood, (), (), refused, (), (), (), (), IndexInfo("v", 1, 2))
        with app.test_request_context("/"):
            page = answer_page(answer, Ask("q"), Service(CORPUS, index))
        said = " ".join(texts(page, "main"))
        for words in (refused.headline, "magic mushrooms", "cost", "safety", "Is it safe?", "What is the price?"):
            assert words in said
        assert MESSAGES["refused"]["side"] in said


# --- notices -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=relapse",
        "/?q=What+is+the+capital+of+France%3F",  # refused
        "/?q=",  # an invalid question
        "/nowhere",  # not found
        "/?q=a&q=b",  # invalid parameters
    ],
)
def test_permanent_notices_are_on_every_page(client: Any, index: Any, address: str) -> None:
    page = client.get(address).text
    permanent = [notice.text for notice in index.manifest.notices if notice.always]
    assert permanent
    for text in permanent:
        assert len([section for section in texts(page, "section") if text in section]) == 1


@pytest.mark.parametrize(
    "address",
    [
        "/?q=I+want+to+kill+myself",
        "/?q=" + quote("I want to die. " * 200),  # too long
        "/?q=%00I+want+to+die",  # a control character
    ],
)
def test_urgent_notices_are_shown_even_for_rejected_questions(client: Any, index: Any, address: str) -> None:
    urgent = next(notice for notice in index.manifest.notices if notice.id == "suicidal-thoughts")
    page = client.get(address).text
    assert urgent.text in texts(page, "section")[0]
    assert page.index("<main") < page.index("<section") < page.index("<form"), "before anything else of the page"


def test_with_an_urgent_notice_nothing_is_analysed(client: Any, index: Any) -> None:
    """Nobody who writes of dying is told which words were not found, or offered questions to try."""
    page = ask(client, "I want to kill myself, does ketamine help?").text
    for words in (MESSAGES["read"]["heading"], MESSAGES["form"]["examples"], MESSAGES["refused"]["side"]):
        assert words not in page
    assert not [
        href for href in addresses(page) if unquote(href).startswith(tuple(f"/?q={q}" for q in index.manifest.examples))
    ]
    assert MESSAGES["urgent"]["person"] in page


# --- verbatim, whatever the text ---------------------------------------------------------------

HOSTILE = st.lists(
    st.sampled_from("<>&\"'`=/{}%#;\\ \n\t\r\x00\u202e\u2066\u200b\ufeff\U0001f9ea\u0301é")
    | st.sampled_from(["<script>", "{{", "}}", "{%", "&amp;", "&lt;", "]]>", "<!--", "</blockquote>", "javascript:"])
    | st.characters(exclude_categories=["Cs"]),
    min_size=1,
    max_size=30,
).map("".join)


@st.composite
def hits(draw: st.DrawFn, rank: int = 1) -> Hit:
    """A passage of any characters, with sentences, citations and highlights anywhere."""
    text = draw(HOSTILE)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)) | {0, len(text)})
    spans = pairwise(edges)
    sentences = tuple(
        draw(sentences_at(f"s{n}", start, end)) for n, (start, end) in enumerate(spans) if draw(st.booleans())
    )
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    citations = tuple(
        CitationView(f"c{n}", a, b, text[a:b], ("w",), (Unresolved(text[a:b]),))
        for n, (a, b) in enumerate(draw(st.lists(places, max_size=3)))
    )
    highlights = tuple(Highlight(a, b, "t") for a, b in draw(st.lists(places, max_size=4)))
    conditions = (ConditionView("c", draw(HOSTILE), "heading"),)
    return Hit(
        shipped().manifest.knowledge.supported[rank],  # any passage that there is
        rank,
        1.0,
        text,
        DOCUMENT,
        0,
        len(text),
        (draw(HOSTILE),),
        conditions,
        sentences,
        citations,
        highlights,
    )


@st.composite
def sentences_at(draw: st.DrawFn, id: str, start: int, end: int) -> HitSentence:
    notes = tuple(draw(st.lists(shown_notes(), max_size=1)))
    level = st.sampled_from(get_args(VerdictLevel))
    verdicts = tuple(Verdict(draw(level), draw(HOSTILE), draw(HOSTILE), note.date, 0, "w") for note in notes)
    return HitSentence(id, start, end, draw(st.booleans()), draw(supports()), (), notes, verdicts=verdicts)


@st.composite
def supports(draw: st.DrawFn) -> SupportView:
    words = draw(HOSTILE)
    return draw(
        st.sampled_from(
            [
                SupportView("cited", ("w",)),
                SupportView("inherited", (), (Antecedent("w", "s0", words, "I3", words, 1),)),
                SupportView("named_source", (), (), (NamedSource(words, "review"),)),
                SupportView("uncited"),
            ]
        )
    )


@st.composite
def shown_notes(draw: st.DrawFn) -> NoteView:
    return NoteView(
        draw(st.sampled_from(["agrees", "partly", "contradicted", "unchecked"])),
        draw(HOSTILE),
        "2026-01-01",
        "w",
        draw(st.booleans()),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    words = draw(HOSTILE)
    found = (draw(hits(1)), draw(hits(2)))
    refused = draw(st.booleans())
    work = {
        "id": "w",
        "type": "book",
        "title": words,
        "author": [{"literal": words}],
        "DOI": words,
        "URL": f"javascript:{words}",
        "PMID": words,
    }
    return Answer(
        question=words,
        status="abstained" if refused else draw(st.sampled_from(["answered", "closest"])),
        confidence=0.5,
        interpretation=Interpretation(
            (words,),
            interventions=(AskedIntervention(words, words, covered=False),),
            aspects=(AskedAspect("a", words, words, shown=refused),),
            questions=(AskedQuestion(words, "closest", 0.2),) * 2,
        ),
        answers=() if refused else found,
        missing=(words,),
        abstention=Abstention("condition_not_covered", words, (), found) if refused else None,
        references=(work,),
        documents=(DocumentView(DOCUMENT, words, "0" * 64, words, words, "en", words, words),),
        conditions=(),
        notices=(Notice("n", words, words, urgent=True),) * draw(st.integers(0, 1)),
        index=IndexInfo("v", 1, 2),
    )


@given(hits())
def test_a_quotation_is_split_without_loss(hit: Hit) -> None:
    """Joined, the pieces are the text, and each piece of a sentence is in that sentence."""
    stretches = Marked(hit.text, hit.sentences, hit.citations).stretches(Span(0, len(hit.text)))
    assert "".join(piece.text for stretch in stretches for piece in stretch.pieces) == hit.text
    for stretch in stretches:
        if stretch.sentence:
            sentence = hit.text[stretch.sentence.start : stretch.sentence.end]
            assert "".join(piece.text for piece in stretch.pieces) in sentence


@given(answer=answers())
@settings(
    max_examples=number_of_examples(200),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_text_is_shown_unchanged_and_escaped(app: Flask, index: Any, answer: Answer) -> None:
    """No text of a document, note, reference or question becomes markup."""
    service = Service(CORPUS, index)
    with app.test_request_context("/"):
        page = answer_page(answer, Ask("question"), service)
    shown = answer.abstention.nearest if answer.abstention else answer.answers
    shown = shown if answer.status == "answered" or not answer.notices else ()
    assert quotations(page) == [hit.text for hit in shown]
    assert page.count("<script") == 1  # our own
    assert texts(page, "textarea") == ["\n" + words for words in [answer.question]], "as typed"
    assert "javascript:" not in " ".join(addresses(page))
    for hit in shown:
        for note in (note for sentence in hit.sentences for note in sentence.notes):
            assert any(note.text in article for article in texts(page, "article"))


# --- the question box --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "a" * 1001,  # too long
        'What <b>is</b> "known"?\x07',  # a control character
        "\n</textarea><script>alert(1)</script>",  # answered, or not
    ],
)
def test_the_question_stays_in_the_box(client: Any, question: str) -> None:
    """Whatever is wrong with it, so that it can be changed instead of typed again."""
    page = ask(client, question).text
    [kept] = texts(page, "textarea")
    assert kept.strip() == question.strip()
    assert page.count("<script") == 1


# --- bad requests ------------------------------------------------------------------------------

REFUSED = [
    ("GET", "/?q=", {}, b"", 422),  # empty
    ("GET", "/?q=%20%09", {}, b"", 422),  # only white space
    ("GET", "/?q=" + "a" * 1001, {}, b"", 422),  # too long
    ("GET", "/?q=a%00b", {}, b"", 422),  # a control character
    ("GET", "/?q=%1b%5b2J", {}, b"", 422),  # an escape sequence
    ("GET", "/?q=zzq&q=zzq", {}, b"", 422),  # ambiguous
    ("GET", "/?q=zzq&condition=zzcondition", {}, b"", 422),  # an unknown condition
    ("GET", "/?condition=zzcondition", {}, b"", 422),  # the same without a question
    ("POST", "/?q=zzq", {}, b"", 405),
    ("PUT", "/", {}, b"", 405),
    ("GET", "/zznowhere", {}, b"", 404),
    ("GET", "/static/zznowhere.css", {}, b"", 404),
    ("GET", "/static/../zznowhere", {}, b"", 404),  # path traversal
    ("GET", "/api/v1/zznowhere", {}, b"", 404),
    ("GET", "/api/v1/ask/", {}, b"", 404),  # no redirect either
    ("GET", "/api/v1/ask.zz?q=zzq", {}, b"", 404),  # no such format
    ("GET", "/api/v1/ask.bib?q=", {}, b"", 422),
    ("GET", "/api/v1/ask", {}, b"", 422),  # q is missing
    ("GET", "/api/v1/ask?q=", {}, b"", 422),
    ("GET", "/api/v1/ask?q=" + "a" * 1001, {}, b"", 422),
    ("GET", "/api/v1/ask?q=zz%7F", {}, b"", 422),
    ("GET", "/api/v1/ask?q=zzq&zz[]=1&zz%20=2", {}, b"", 422),  # unknown names that must not be repeated
    ("GET", "/api/v1/ask?q=zzq&q=zzr", {}, b"", 422),
    ("GET", "/api/v1/ask?q=zzq&condition=zzcondition", {}, b"", 422),
    ("DELETE", "/api/v1/ask", {}, b"", 405),
    ("POST", "/api/v1/openapi.json", {}, b"", 405),
    ("POST", "/api/v1/ask", {"Content-Type": "text/plain"}, b'{"q": "zzq"}', 415),
    ("POST", "/api/v1/ask", {"Content-Type": "application/x-www-form-urlencoded"}, b"q=zzq", 415),
    ("POST", "/api/v1/ask", {}, b"", 415),  # no body at all
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b"", 411),  # no body, no length
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "zzq"', 400),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'["zzq"]', 400),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "zzq", "q": "zzr"}', 400),  # a repeated name
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "\xff"}', 400),  # not UTF-8
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b"[" * 60_000, 400),  # nested too deep
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b"{}", 422),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": 1}', 422),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "\\ud800"}', 422),  # a lone surrogate
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "zzq", "condition": "zzc"}', 422),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "zzq", "condition": [1]}', 422),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "zzq", "zz<key>": 1}', 422),
    ("POST", "/api/v1/ask?q=zzq", {"Content-Type": "application/json"}, b'{"q": "zzq"}', 422),  # URL and body
    ("POST", "/api/v1/ask", {"Content-Type": "application/json"}, b'{"q": "' + b"z" * MAX_BODY + b'"}', 413),
    ("POST", "/api/v1/ask", {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}, b"", 411),
    ("GET", "/api/v1/ask?q=zzq", {"Transfer-Encoding": "chunked"}, b"", 411),
    ("GET", "/", {"Host": "zzevil.example"}, b"", 400),
    ("GET", "/api/v1/ask?q=zzq", {"Host": "zzevil.example"}, b"", 400),
    ("GET", "/api/v1/ask?q=zzq", {"Host": "localhost.zzevil.example"}, b"", 400),
]


def without_box(page: str) -> str:
    return re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)


@pytest.mark.parametrize(("method", "address", "headers", "body", "status"), REFUSED)
def test_bad_requests_are_refused_plainly(
    client: Any, method: str, address: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    """A problem under /api, a page elsewhere; neither repeats the input, but the question stays in the box."""
    response = client.open(address, method=method, headers=headers, data=body or None)
    assert response.status_code == status
    assert response.mimetype == ("application/problem+json" if address.startswith("/api/") else "text/html")
    assert "zz" not in without_box(response.text)
    assert "Location" not in response.headers
    if response.mimetype == "application/problem+json":
        problem = response.json
        assert (problem["status"], bool(problem["title"]), bool(problem["detail"])) == (status, True, True)
    else:
        assert 'href="/"' in response.text  # a link to the question box


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/%2e%2e", "/\\evil.example"])
def test_no_path_redirects_to_another_host(client: Any, path: str) -> None:
    """Browsers read `//name` as another host, so a redirect must not normalise it."""
    response = client.open("/", environ_overrides={"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path})
    assert response.status_code == 404
    assert "evil" not in response.text


@pytest.mark.parametrize(
    ("address", "methods"),
    [
        ("/", {"GET", "HEAD", "OPTIONS"}),
        ("/api/v1/ask", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("/healthz", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_methods(client: Any, address: str, methods: set[str]) -> None:
    for response in (client.options(address), client.patch(address)):
        assert set(response.headers["Allow"].split(", ")) == methods
    assert client.options(address).status_code == 200
    question = "" if address == "/healthz" else "?q=relapse"
    got, head = client.get(address + question), client.head(address + question)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


# --- headers and caching -----------------------------------------------------------------------


def every_kind(client: Any) -> list[Any]:
    page = client.get("/")
    tag = page.headers["ETag"]
    style = next(address for address in addresses(page.text) if address.endswith(".css"))
    return [
        page,
        client.get("/", headers={"If-None-Match": tag}),
        client.get("/?q=relapse"),
        client.get("/?q="),
        client.get("/nowhere"),
        client.post("/"),
        client.get("/api/v1/ask?q=relapse"),
        client.get("/api/v1/ask"),
        client.get("/api/v1/openapi.json"),
        client.options("/api/v1/ask"),
        client.get(style),
        client.get("/healthz"),
        client.get("/readyz"),
        client.get("/metrics"),
    ]


def test_every_response_carries_the_headers_and_no_cookie(client: Any) -> None:
    for response in every_kind(client):
        assert response.headers.getlist("Content-Security-Policy") == [POLICY]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in response.headers["Permissions-Policy"]
        assert "Set-Cookie" not in response.headers
        assert "Strict-Transport-Security" not in response.headers


def test_hsts_only_if_enabled(index: Any) -> None:
    client = create_app(CORPUS.model_copy(update={"hsts": True}), index).test_client()
    assert all("Strict-Transport-Security" in response.headers for response in every_kind(client))


@pytest.mark.parametrize("address", ["/", "/?q=relapse", "/api/v1/ask?q=relapse", "/api/v1/openapi.json"])
def test_unchanged_responses_get_a_304(client: Any, address: str) -> None:
    first = client.get(address)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_304_needs_no_search(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get("/api/v1/ask?q=relapse").headers["ETag"]
    monkeypatch.setattr("qa.engine.answer", lambda *_, **__: pytest.fail("searched"))
    assert client.get("/api/v1/ask?q=relapse", headers={"If-None-Match": tag}).status_code == 304


def test_an_etag_identifies_one_response(client: Any, index: Any) -> None:
    """Equivalent requests share an ETag; another question, condition, format or setting has another."""
    addresses = [
        "/api/v1/ask?q=relapse",
        "/?q=relapse",
        "/",
        "/api/v1/ask?q=relapses",
        "/api/v1/ask?q=relapse&condition=alcohol-use-disorder",
        "/api/v1/ask?q=relapse&condition=alcohol-use-disorder&condition=opioid-use-disorder",
    ]
    tags = [client.get(address).headers["ETag"] for address in addresses]
    other = create_app(CORPUS.model_copy(update={"results": 1}), index).test_client()
    tags.append(other.get(addresses[0]).headers["ETag"])
    assert len(set(tags)) == len(tags)
    same = "/api/v1/ask?condition=opioid-use-disorder&condition=alcohol-use-disorder&q=%20relapse"
    assert client.get(same).headers["ETag"] == tags[5]


def test_assets_can_be_cached_forever(client: Any) -> None:
    for address in (a for a in addresses(client.get("/").text) if a.startswith("/static/")):
        response = client.get(address)
        assert response.status_code == 200
        assert "immutable" in response.headers["Cache-Control"]


def test_internal_errors_are_not_shown_and_questions_are_not_logged(
    client: Any, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("zzsecret in a message")

    monkeypatch.setattr("qa.engine.answer", fail)
    for address in ("/?q=zzquestion", "/api/v1/ask?q=zzquestion"):
        response = client.get(address)
        assert response.status_code == 500
        assert "zz" not in without_box(response.text)
    logged = capfdbinary.readouterr()
    assert b"RuntimeError" in logged.err
    assert b"zz" not in logged.err + logged.out


# --- size and messages -------------------------------------------------------------------------


def test_page_size(client: Any, index: Any) -> None:
    """A first visit needs at most three requests and 40 KB."""
    pages = [ask(client, question) for question in (*QUESTIONS, *index.manifest.examples)]
    page = max(pages, key=lambda page: len(page.data))
    loaded = [a for a in addresses(page.text) if a.startswith("/static/")]
    sizes = {address: len(client.get(address).data) for address in loaded}
    assert len(loaded) == 2
    assert len(page.data) + sum(sizes.values()) <= 40 * 1024


def test_every_message_is_used_and_every_used_message_exists() -> None:
    sources = "\n".join(p.read_text("utf-8") for p in (ROOT / "qa").rglob("*") if p.suffix in {".py", ".html"})
    written = {f"{section}.{key}" for section, phrases in MESSAGES.items() for key in phrases}
    made = {
        name
        for name in written
        if re.match(
            r"(field|retraction|layer|places|kind|tally|column|document_kind|about.search_|note|kind|verdict|fault|support|backing|reference|hit.basis_|hit.dated_by_|list|not_found|index.file)",
            name,
        )
    }  # names built from values
    used = set(re.findall(r"[\"'](\w+\.\w+)[\"']", sources))
    with_numbers = re.findall(r"'([\w.]+)'\|count", sources) + re.findall(r"(?<![.\w])count\(\"([\w.]+)\"", sources)
    counted = {f"{name}_{n}" for name in with_numbers for n in ("one", "other")}
    assert written - used - counted - made == set()
    said = set(re.findall(r"'([\w.]+)'\|say", sources)) | set(re.findall(r"say\(\"([\w.]+)\"[,)]", sources))
    assert len(said) > 50
    assert said | counted <= written


def test_messages_are_plain_text() -> None:
    text = (ROOT / "qa" / "messages.toml").read_text("utf-8")
    assert tomllib.loads(text) == MESSAGES
    assert not re.search(r"<[a-z]", text)
