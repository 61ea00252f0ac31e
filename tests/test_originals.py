"""Documents whose text was taken from a file: pages of answers, what the reading view says, and the file itself."""

from __future__ import annotations

import pytest

from qa.cache import Cache
from qa.corpus.documents import CorpusFile
from qa.engine import open_service
from qa.errors import ReadingError
from qa.indexing import readings
from qa.indexing.readings import read_file_once
from qa.models import Provenance
from qa.settings import Settings
from qa.terminal import as_text
from qa.web import create_app
from testkit.print_pages import Placed, paragraphs, text_file

LANES = "Protected lanes in towns help people who ride to work. They are cheap where there is space beside the road."
PAINT = "Paint on the road costs little. It does not keep cars away from people who ride."
DATA = text_file(
    [Placed(60, 800, 18, "Lanes in towns"), *paragraphs(LANES, top=740)],
    [Placed(60, 800, 14, "Paint alone"), *paragraphs(PAINT, top=740)],
)
# with all that a reading can have: a link, emphasis, a list, a table
WEB_PAGE = f"""<title>Lanes</title><h1>Lanes in towns</h1><p>{LANES} <a href="https://a.example">More</a>.</p>
<p>{PAINT} It is <em>not</em> enough.</p><ul><li>Cheap</li><li>Quick</li></ul>
<table><tr><th>Lane</th><th>Riders</th></tr><tr><td>Paint</td><td>12</td></tr></table>""".encode()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "lanes & paint.pdf").write_bytes(DATA)
    return tmp_path


@pytest.fixture
def client(folder):
    return create_app(Settings(corpus=folder, encoder="off")).test_client()


def test_an_answer_says_on_which_page_it_is(folder, client):
    found = client.get("/api/v1/ask?q=What does paint on the road cost?").json
    (hit, *_) = found["answers"] or found["abstention"]["nearest"]
    assert hit["pages"] == [2, 2]
    assert {sentence["page"] for sentence in hit["sentences"]} == {2}
    assert "page 2" in client.get("/?q=What does paint on the road cost?").get_data(as_text=True)
    service = open_service(Settings(corpus=folder, encoder="off"))
    assert ", page 2" in as_text(service.ask("What does paint on the road cost?"))


def test_the_reading_view_says_what_the_text_was_taken_from(client):
    (document,) = client.get("/api/v1/documents").json
    page = client.get(f"/documents/{document['document']['id']}").get_data(as_text=True)
    assert "Text taken from a PDF; the layout is not kept." in page
    assert f'/documents/{document["document"]["id"]}/original"' in page


def test_the_original_is_sent_as_it_was_read(folder, client):
    (document,) = client.get("/api/v1/documents").json
    address = f"/documents/{document['document']['id']}/original"
    sent = client.get(address)
    assert sent.data == DATA
    assert sent.headers["Content-Type"] == "application/octet-stream"
    assert sent.headers["Content-Disposition"] == "attachment; filename*=UTF-8''lanes%20%26%20paint.pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    (folder / "documents" / "lanes & paint.pdf").write_bytes(DATA + b"%")
    assert client.get(address).status_code == 404
    (folder / "documents" / "lanes & paint.pdf").unlink()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("id", ["none", "..%2F..%2Fetc%2Fpasswd", "%00"])
def test_no_other_file_is_sent(client, id):
    assert client.get(f"/documents/{id}/original").status_code in (400, 404)


@pytest.mark.parametrize(("ending", "data"), [("pdf", DATA), ("html", WEB_PAGE)])
def test_a_file_that_takes_long_is_read_once(tmp_path, monkeypatch, ending, data):
    """Whatever its name and place; another content is read anew."""
    kept = Cache(tmp_path / "kept")
    monkeypatch.setattr(readings, "WORTH_KEEPING", 0)
    first = read_file_once(corpus_file(f"a.{ending}", data), kept)
    monkeypatch.setattr(readings, "read_document", refuse)
    assert read_file_once(corpus_file(f"other/b.{ending}", data), kept) == first
    with pytest.raises(ReadingError):
        read_file_once(corpus_file(f"a.{ending}", data + b"%"), kept)


def corpus_file(path, data):
    return CorpusFile("a", path, data, Provenance("A"), 1)


def refuse(name, data):
    raise ReadingError(name, "is read again.")
