"""Links to earlier versions: what has become of the sentences that they showed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from qa.cache import open_cache
from qa.indexing.publish import publish
from qa.settings import Settings
from qa.web import create_app

WEEDS = "Cover crops suppress weeds in most trials."
SOIL = "They also keep the soil moist in dry summers."
LEFT = "Nobody has counted the earthworms."
REWORDED = "Cover crops suppress weeds in nearly all trials."


def write(corpus: Path, *paragraphs: str, name: str = "crops") -> None:
    (corpus / "documents").mkdir(parents=True, exist_ok=True)
    (corpus / "documents" / f"{name}.md").write_text("# Cover crops\n\n## Findings\n\n" + "\n\n".join(paragraphs))


class Kept:
    """A service on a folder, and its earlier versions."""

    def __init__(self, folder: Path, url: str) -> None:
        self.settings = Settings(corpus=folder / "corpus", index=url, cache=folder / "cache", encoder="off")

    def publish(self, *paragraphs: str, **more: str) -> FlaskClient:
        write(self.settings.corpus, *paragraphs, **more)
        publish(self.settings.corpus, self.settings.index, kept=open_cache(self.settings.cache))
        return create_app(self.settings).test_client()


@pytest.fixture(params=["memory:", "disk:"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    url = request.param
    return Kept(tmp_path, url if url == "memory:" else f"{url}{tmp_path / 'index'}")


def json_of(client: FlaskClient, path: str) -> Any:
    return client.get(f"/api/v1/{path}").json


def address_of(client: FlaskClient, words: str) -> str:
    """The link to the words of a sentence."""
    shown = json_of(client, "documents/crops")
    [id] = [s["id"] for s in shown["sentences"] if words in shown["text"][s["start"] : s["end"]]]
    return f"/documents/crops/words/{id}"


def test_a_link_to_a_sentence_that_has_changed(kept: Kept) -> None:
    first = kept.publish(WEEDS, SOIL)
    link = address_of(first, "suppress weeds")
    now = kept.publish(REWORDED, SOIL)
    page = now.get(link)
    assert page.status_code == 410
    assert "This sentence has changed" in page.text
    assert WEEDS in page.text
    assert REWORDED in page.text
    assert address_of(now, "suppress weeds").rpartition("/")[2] in page.text


# what the document says later, and what the page of the link says
LATER = {
    "gone, and nothing is like it": ((SOIL, LEFT), 410, "no similar sentence"),
    "still there": ((LEFT, WEEDS), 303, ""),
    "moved to another heading": ((SOIL, f"## Weeds\n\n{WEEDS}"), 303, ""),
}


@pytest.mark.parametrize("later", LATER)
def test_what_has_become_of_a_sentence(kept: Kept, later: str) -> None:
    link = address_of(kept.publish(WEEDS, SOIL), "suppress weeds")
    paragraphs, status, says = LATER[later]
    page = kept.publish(*paragraphs).get(link)
    assert page.status_code == status
    assert says in page.text


def test_a_link_to_a_document_that_is_gone(kept: Kept) -> None:
    link = address_of(kept.publish(WEEDS, SOIL), "suppress weeds")
    (kept.settings.corpus / "documents" / "crops.md").unlink()
    page = kept.publish(LEFT, name="worms").get(link)
    assert page.status_code == 410
    assert WEEDS in page.text
    assert 'href="/documents/crops"' not in page.text


def test_a_link_to_a_sentence_that_no_version_has(kept: Kept) -> None:
    client = kept.publish(WEEDS)
    page = client.get("/documents/crops/words/s-0123456789ab")
    assert page.status_code == 404
    assert 'href="/documents/crops"' in page.text
    assert client.get("/documents/none/words/s-0123456789ab").status_code == 404


def test_a_link_to_an_answer_of_an_earlier_version(kept: Kept) -> None:
    first = kept.publish(WEEDS, SOIL)
    asked = {"q": "Do cover crops suppress weeds?"}
    version = json_of(first, "version")["version"]
    assert WEEDS in first.get("/", query_string=asked).text
    now = kept.publish(WEEDS, SOIL, LEFT)
    unchanged = now.get("/", query_string={**asked, "version": version})
    assert unchanged.status_code == 410
    assert "still there, word for word" in unchanged.text
    later = kept.publish(REWORDED, SOIL, LEFT).get("/", query_string={**asked, "version": version})
    assert later.status_code == 410
    assert WEEDS in later.text
    assert REWORDED in later.text


@pytest.mark.parametrize("version", ["0123456789abcdef", "../../etc/passwd", "<b>"])
def test_a_version_that_is_not_kept(kept: Kept, version: str) -> None:
    kept.publish(WEEDS)
    page = kept.publish(REWORDED).get("/", query_string={"q": "Do cover crops suppress weeds?", "version": version})
    assert page.status_code == 410
    assert "is not available" in page.text
    assert version not in page.text.replace("&#39;", "'")


def test_versions_of_another_folder_are_not_shown(tmp_path: Path) -> None:
    one, other = Kept(tmp_path, "memory:"), tmp_path / "other"
    version = json_of(one.publish(WEEDS), "version")["version"]
    shutil.copytree(tmp_path / "corpus", other)
    write(other, LEFT)
    client = create_app(one.settings.model_copy(update={"corpus": other})).test_client()
    assert WEEDS not in client.get("/", query_string={"q": "Do cover crops suppress weeds?", "version": version}).text
