"""Views of the corpus: verbatim documents, works, coverage; page and JSON agree."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import bibtexparser
import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.answer import answer
from qa.answering.options import Options
from qa.indexes.quotations import count_support
from qa.indexes.uses import supported_sentences
from qa.indexing.publish import open_published
from qa.messages import MESSAGES
from qa.models import Document, Provenance
from qa.readers import read_document
from qa.settings import Settings
from qa.views.overview import coverage_report
from qa.web import create_app
from qa.web.document_view import read_parts
from qa.web.layout import pieces_in
from testkit.corpora import all_corpora, page_names
from testkit.page_reading import addresses, ids, read, texts
from tests.test_coins import parse_coins

HARD = """# Title & <script>alert(1)</script>

Intro "quoted" text [1], with {{ braces }} and a\u202ebidi mark. Next & more &amp; last.\r
\r
- item one
- item two [1]

| a | b |
|---|---|
| 1 | 2 |

```
code <x>
and more
```

> quoted words</blockquote>

#### A heading three levels down

[^1] no such footnote

## References

1. Smith J. A work about <b>tags</b>. J Test. 2020;1:2-3.
"""
HARD_FILES = ("hard.md", "hard.txt")
OTHERS = (*page_names(), *HARD_FILES)  # than the shipped corpus


def corpus_of(folder: Path, name: str, text: str) -> Path:
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / name).write_bytes(text.encode())
    (folder / "documents.toml").write_text(f'[[document]]\nfile = "{name}"\ntitle = "A <title>"\n')
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """Return index and client for every test corpus, and for one that is hard to render."""
    folder = tmp_path_factory.mktemp("corpora")
    corpora = dict(all_corpora(folder))
    for name in HARD_FILES:
        corpora[name] = open_published(corpus_of(folder / name, name, HARD), "memory:")
    settings = Settings(corpus=folder)
    return {name: (index, create_app(settings, index).test_client()) for name, index in corpora.items()}


def every_document(served: dict[str, tuple[Any, Any]]) -> list[tuple[Any, Any, Any]]:
    return [(index, client, document) for index, client in served.values() for document in index.documents()]


STOCKINGS = """# Compression  stockings:

Stockings were worn by 806 people [1].

## Duration of wear

Most people wore their stockings for two years.

## References

1. Smith J. Stockings. J Test. 2020;1:2-3.
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A single document without other files, whose first heading is its title, as in most Markdown files."""
    folder = corpus_of(tmp_path_factory.mktemp("alone") / "alone", "a.md", STOCKINGS)
    (folder / "documents.toml").write_text('[[document]]\nfile = "a.md"\ntitle = "Compression stockings"\n')
    return create_app(Settings(corpus=folder), open_published(folder, "memory:")).test_client()


def text_of(page: str) -> str:
    """Return the text of the article without the notes."""
    [article] = texts(page, "article")
    for note in texts(page, "aside"):
        article = article.replace(note, "", 1)
    return article


# --- empty parts -------------------------------------------------------------------------------


def test_no_empty_lists_or_useless_controls(served: dict[str, tuple[Any, Any]], alone: Any) -> None:
    """No heading over an empty list, and no checkbox without effect."""
    clients = {**{name: client for name, (_, client) in served.items()}, "alone": alone}
    for name, client in clients.items():
        documents = [f"/documents/{each['document']['id']}" for each in client.get("/api/v1/documents").json]
        for address in ("/", "/coverage", "/api", "/?q=wore+trial+people", *documents):
            page = client.get(address).text
            assert not re.search(r"<(ul|ol|dl|nav|fieldset)\b[^>]*>\s*</\1>", page), (name, address)
            for layer in ("backing", "about"):
                assert (f'id="{layer}"' in page) == (f" data-{layer}=" in page), (name, address)
    assert len(texts(alone.get("/coverage").text, "h2")) < len(texts(served["shipped"][1].get("/coverage").text, "h2"))


def test_the_title_is_not_repeated_in_the_headings_of_a_passage(alone: Any, served: dict[str, tuple[Any, Any]]) -> None:
    page = alone.get("/?q=How+long+were+stockings+worn+by+people%3F").text
    places = [" ".join(text.split()) for text in texts(page, "p") if "Compression stockings" in text]
    assert {"Compression stockings", "Compression stockings › Duration of wear"} >= set(places) != set()
    page = served["shipped"][1].get("/?q=cocaine+craving").text
    assert any(" › " in text for text in texts(page, "p")), "other headings are all shown"


# --- document page -----------------------------------------------------------------------------


def test_the_document_page_is_verbatim(served: dict[str, tuple[Any, Any]]) -> None:
    for _, client, document in every_document(served):
        page = client.get(f"/documents/{document.id}").text
        assert text_of(page) == document.text
        assert page.count("<script") == 1


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@given(text=st.text(alphabet=st.sampled_from("ab. \n#->|`*[]1()&<\t\r"), max_size=80) | st.text(max_size=80))
def test_parts_omit_nothing(name: str, text: str) -> None:
    """Joined, the parts are the text, whatever its blocks, also with nested blocks."""
    written = text.replace("\0", "").encode("utf-8", "ignore")  # readers accept neither NUL nor lone surrogates
    reading = read_document(name, written)
    document = Document("a", name, "", Provenance("A"), reading.text, reading.blocks, (), (), (), (), ())
    joined = "".join(piece.text for part in read_parts(document) for piece in pieces_in(part))
    assert joined == document.text == written.decode()


def test_every_sentence_has_its_anchor_and_its_support(served: dict[str, tuple[Any, Any]]) -> None:
    for _, client, document in every_document(served):
        page = client.get(f"/documents/{document.id}").text
        spans = {a["id"]: a for _, a in read(page, "article").elements if a.get("id")}
        assert {sentence.id for sentence in document.sentences} <= set(spans)
        for sentence in document.sentences:
            said = spans[sentence.id].get("data-backing")
            backing = MESSAGES["backing"][sentence.support.status] if sentence.kind == "claim" else None
            assert said == backing


def test_notes_are_shown_once(served: dict[str, tuple[Any, Any]]) -> None:
    index, client = served["shipped"]
    notes = [note for overview in index.manifest.documents for note in index.notes(overview.document.id)]
    assert notes
    for note in notes:
        asides = texts(client.get(f"/documents/{note.document}").text, "aside")
        assert sum(note.text in aside for aside in asides) == 1


def test_an_answer_links_to_the_sentence_in_the_document(served: dict[str, tuple[Any, Any]]) -> None:
    client = served["shipped"][1]
    page = client.get("/", query_string={"q": "Does ketamine lower the odds of relapse?"}).text
    answer = client.get("/api/v1/ask", query_string={"q": "Does ketamine lower the odds of relapse?"}).json
    for hit in answer["answers"]:
        answering = next((s["id"] for s in hit["sentences"] if s["answers"]), hit["sentences"][0]["id"])
        assert f"/documents/{hit['document']}#{answering}" in addresses(page)


# --- every link --------------------------------------------------------------------------------


COMBINED = re.compile(r"/(?:api/v1/)?(?:documents|references|conditions)(?:\.\w+)?\?.*&")  # tests/test_list_pages.py


@pytest.mark.parametrize("name", ["shipped", *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_every_link_leads_somewhere(served: dict[str, tuple[Any, Any]], name: str) -> None:
    """Crawl from the start page: every URL answers and every fragment exists."""
    _, client = served[name]
    seen: dict[str, set[str]] = {}
    waiting = ["/", "/coverage", "/?q=study", "/?q=treatment+effect"]
    while waiting:
        address, fragment = urldefrag(waiting.pop())
        if address not in seen:
            response = client.get(address, follow_redirects=True)
            assert response.status_code == 200, address
            html = response.mimetype == "text/html"
            seen[address] = set(ids(response.text)) if html else set()
            links = [urljoin(address, link) for link in addresses(response.text)] if html else []
            links = [link for link in links if not COMBINED.match(link)]
            waiting += [link for link in links if link.startswith("/")]
        assert not fragment or fragment in seen[address], f"{address}#{fragment}"
    assert len(seen) > 8


# --- page and JSON -----------------------------------------------------------------------------


def test_what_is_covered(served: dict[str, tuple[Any, Any]]) -> None:
    for index, client in served.values():
        report = client.get("/api/v1/coverage").json
        page = client.get("/coverage").text
        assert report["index"]["version"] in page
        assert [c["id"] for c in report["conditions"]] == [c.id for c in index.manifest.conditions]
        for condition in report["conditions"]:
            assert (f'"/conditions/{condition["id"]}"' in page) == bool(condition["passages"])
        assert [d["document"]["id"] for d in report["documents"]] == [d.id for d in index.documents()]
        claims = sum(s.kind == "claim" for d in index.documents() for s in d.sentences)
        assert sum(report["support"].values()) == claims == sum(sum(d["support"].values()) for d in report["documents"])
        assert client.get("/api/v1/conditions").json == report["conditions"]
        assert client.get("/api/v1/documents").json == report["documents"]
        assert client.get("/api/v1/version").json == report["index"]


def test_coverage_and_answers_agree(served: dict[str, tuple[Any, Any]]) -> None:
    """A condition is listed as covered exactly if a question about it finds it covered."""
    index, client = served["shipped"]
    listed = {c["id"]: c["passages"] > 0 for c in client.get("/api/v1/coverage").json["conditions"]}
    asked = {
        c.id: c.covered
        for id in listed
        for c in answer("Does it help?", index, Options(conditions=[id])).interpretation.conditions
    }
    assert asked == listed
    assert listed["opioid-withdrawal"]
    assert not all(listed.values())


def test_documents_and_passages(served: dict[str, tuple[Any, Any]]) -> None:
    for _, client, document in every_document(served):
        sent = client.get(f"/api/v1/documents/{document.id}").json
        assert sent["text"] == document.text
        for passage in sent["passages"]:
            assert sent["text"][passage["start"] : passage["end"]] == passage["text"]
            assert client.get(f"/api/v1/passages/{passage['id']}").json == passage


def test_works_with_their_uses(served: dict[str, tuple[Any, Any]]) -> None:
    for index, client in served.values():
        for listed in client.get("/api/v1/references").json:
            use = client.get(f"/api/v1/references/{listed['id']}").json
            assert use["reference"] == listed
            page = client.get(f"/references/{listed['id']}").text
            assert texts(page, "blockquote") == [sentence["plain"] for sentence in use["sentences"]]
            for sentence in use["sentences"]:
                text = index.document(sentence["document"]).text
                assert text[sentence["start"] : sentence["end"]] == sentence["text"]
            for note in use["notes"]:
                assert note["note"]["text"] in unescape(page)


def test_a_work_used_only_in_a_note_is_not_cited(served: dict[str, tuple[Any, Any]]) -> None:
    index, client = served["shipped"]
    only = [reference for reference in index.references() if reference.note_only]
    assert only
    for reference in only:
        use = client.get(f"/api/v1/references/{reference.id}").json
        assert (use["sentences"], bool(use["notes"])) == ([], True)
        assert MESSAGES["reference"]["note_only"] in client.get(f"/references/{reference.id}").text
        document = client.get(f"/documents/{use['notes'][0]['document']}").text
        assert reference.csl["title"] not in document


def test_works_of_a_document_are_exported_without_those_that_only_a_note_names(
    served: dict[str, tuple[Any, Any]],
) -> None:
    for index, client in served.values():
        for document in index.documents():
            works = client.get(f"/api/v1/documents/{document.id}/references").json
            assert [work["id"] for work in works] == list(document.references)
            ris = client.get(f"/api/v1/documents/{document.id}/references.ris").text
            assert ris.count("TY  - ") == len(document.references)
            page = client.get(f"/documents/{document.id}").text
            assert (f"/api/v1/documents/{document.id}/references.ris" in page) == bool(document.references)


def test_every_statement_is_counted_by_its_verdict(served: dict[str, tuple[Any, Any]]) -> None:
    for index, client in served.values():
        for document in index.documents():
            found = client.get(f"/api/v1/verdicts/{document.id}").json
            claims = {s.id for s in document.sentences if s.kind == "claim"}
            noted = {each["sentence"] for each in found["sentences"]}
            assert found["unreviewed"] + len(noted & claims) == len(claims)
            assert f"{found['unreviewed']}" in client.get(f"/documents/{document.id}").text


def test_counts_agree_between_views(served: dict[str, tuple[Any, Any]]) -> None:
    """Sentences supported by works are those with cited or inherited references, counted either way."""
    for index, _ in served.values():
        for document in index.documents():
            supported = {each.sentence for uses in supported_sentences(document).values() for each in uses}
            with_works = {s.id for s in document.sentences if s.support.references or s.support.inherited}
            assert supported == with_works
        counted = [index.uses(reference.id).sentences for reference in index.references()]
        total = sum(len(u) for d in index.documents() for u in supported_sentences(d).values())
        assert sum(map(len, counted)) == total
        report = coverage_report(index)
        assert report.support == count_support(index.documents())


# --- reference managers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "accept"),
    [
        ("bib", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_exports_by_ending_and_by_accept_header(served: dict[str, tuple[Any, Any]], ending: str, accept: str) -> None:
    index, client = served["shipped"]
    for reference in index.references():
        by_ending = client.get(f"/api/v1/references/{reference.id}.{ending}")
        by_type = client.get(f"/api/v1/references/{reference.id}", headers={"Accept": accept})
        assert by_ending.data == by_type.data
        assert by_ending.mimetype == by_type.mimetype == accept
        assert by_type.headers["Vary"] == "Accept"
        assert TITLE[ending](by_ending.text) == reference.csl["title"]


TITLE = {
    "bib": lambda text: bibtexparser.parse_string(text).entries[0].fields_dict["title"].value.strip("{}"),
    "ris": lambda text: rispy.loads(text)[0]["title"],
    "json": lambda text: json.loads(text)[0]["title"],
}


def test_zotero_finds_the_cited_works(served: dict[str, tuple[Any, Any]]) -> None:
    """As its translator reads a page: every element of the class, its title parsed as an OpenURL."""
    index, client = served["shipped"]
    question = {"q": "Does ketamine lower the odds of relapse?"}
    answer = client.get("/api/v1/ask", query_string=question).json
    page = client.get("/", query_string=question).text
    titles = [a["title"] or "" for _, a in read(page, "html").elements if a.get("class") == "Z3988"]
    found = [parse_coins(title) for title in titles]
    picked = {one["title"] for one in found}
    assert len(picked) == len(found)  # each once, however many passages cite it
    cited = {
        id
        for hit in answer["answers"]
        for s in hit["sentences"]
        for id in (*s["support"]["references"], *(i["reference"] for i in s["support"]["inherited"]))
    }
    assert picked == {each.csl["title"] for each in index.references_by_id(cited)}
    for one in found:
        csl = next(work for work in answer["references"] if work["title"] == one["title"])
        assert (one["itemType"], one["DOI"]) == ("journalArticle", csl["DOI"])
        assert [name[0] for name in one["creators"]] == [a["family"] for a in csl["author"] if "family" in a]


# --- errors ------------------------------------------------------------------------------------

REFUSED = [
    ("/documents/zznone", 404),  # no such document
    ("/documents/../zznone", 404),  # path traversal
    ("/documents/", 404),
    ("/references/zznone", 404),
    ("/references/zznone.bib", 404),
    ("/coverage?version=1&version=2", 422),  # ambiguous
    ("/documents/zznone?zz=1", 404),
    ("/api/v1/documents/zznone", 404),
    ("/api/v1/passages/zznone", 404),
    ("/api/v1/references/zznone", 404),
    ("/api/v1/references/zznone.ris", 404),
    ("/api/v1/version?zz[]=1", 422),  # unknown parameter
]


@pytest.mark.parametrize(("address", "status"), REFUSED)
def test_errors(served: dict[str, tuple[Any, Any]], address: str, status: int) -> None:
    response = served["shipped"][1].get(address)
    assert response.status_code == status
    assert response.mimetype == ("application/problem+json" if address.startswith("/api/") else "text/html")
    assert "zz" not in response.text


@pytest.mark.parametrize("path", ["coverage", "documents/{document}", "references/{work}"])
def test_unchanged_views_get_a_304(served: dict[str, tuple[Any, Any]], path: str) -> None:
    index, client = served["shipped"]
    address = path.format(document=next(index.documents()).id, work=next(index.references()).id)
    tags = [client.get(f"{face}/{address}").headers["ETag"] for face in ("", "/api/v1")]
    assert len(set(tags)) == 2
    for face, tag in zip(("", "/api/v1"), tags, strict=True):
        assert client.get(f"{face}/{address}", headers={"If-None-Match": tag}).status_code == 304


# --- works are listed once -----------------------------------------------------------------------


def test_a_work_is_listed_once(served: dict[str, tuple[Any, Any]]) -> None:
    """Where the document has an entry for it, what we know of the work is beside that; only others are listed below.
    Either way citations lead there."""
    beside = below = 0
    for index, client, document in every_document(served):
        page = client.get(f"/documents/{document.id}").text
        entries = {entry.reference for entry in document.entries}
        assert entries <= set(document.references)
        places = [id for id in ids(page) if re.fullmatch(r"r\d+", id)]
        assert len(places) == len(set(places)) == len(document.references)
        _, _, list_below = page.partition("</article>")
        for reference in document.references:
            link = f"/references/{reference}"
            within_article = any(link in unescape(each) for each in re.findall("<aside.*?</aside>", page, re.DOTALL))
            assert within_article or link in addresses(list_below)
            if reference in entries:
                assert link not in addresses(list_below), (document.id, reference)
                beside += 1
            else:
                below += 1
        for entry in document.entries:
            [reference] = index.references_by_id([entry.reference])
            assert reference.start is None or document.text[entry.start : entry.end].strip()
    assert beside > 20
    assert below > 0
