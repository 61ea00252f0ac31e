"""Vectors are made once for each text, kept for the next version, and used as soon as they are there."""

from __future__ import annotations

import shutil
import threading
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import qa.indexing.vectors
from qa.answering.answer import answer
from qa.cache import Cache
from qa.encoder import encode_many
from qa.engine import open_service
from qa.indexes import OpenIndex, open_index
from qa.indexing.publish import open_published, publish
from qa.indexing.vectors import PassageTexts, open_with_vectors, texts_of
from qa.models import Passage
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import SHIPPED
from testkit.encoders import shipped_encoder, tiny_encoder, write_tiny_encoder
from testkit.servers import WAIT

pytest.importorskip("onnxruntime", reason="this environment is older than requirements-dev.lock")

DOCUMENT = "documents/ketamine-substance-use-disorders.txt"
Counts = list[tuple[int, int]]


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "corpus"))


def opened(corpus: Path, kept: Cache, counts: Counts | None = None) -> OpenIndex:
    """The corpus, published and opened with the tiny encoder."""
    report = (lambda done, total: counts.append((done, total))) if counts is not None else lambda done, total: None
    return open_with_vectors("memory:", publish(corpus, "memory:", kept=kept), kept, tiny_encoder(), report)


def passages_of(index: OpenIndex) -> list[Passage]:
    return [passage for document in index.documents() for passage in document.passages]


def encoded(index: OpenIndex) -> list[PassageTexts]:
    return [texts for document in index.documents() for texts in texts_of(document)]


def distinct_texts(index: OpenIndex) -> set[str]:
    return set(
        chain.from_iterable((each.passage, *filter(None, [each.heading]), *each.sentences) for each in encoded(index))
    )


def closeness(index: OpenIndex, question: str) -> list[tuple[float, ...]]:
    """The cosines of all passages and sentences with a question."""
    assert index.vectors
    found = index.vectors.closeness(index.vectors.encode(question), [passage.id for passage in passages_of(index)])
    return [(each.passage, *each.sentences) for each in found]


def test_vectors_are_those_of_each_passage_moved_to_its_heading_and_of_each_sentence(kept: Cache, corpus: Path) -> None:
    encoder, question = shipped_encoder(), "Does it help people stop drinking?"
    index = open_with_vectors("memory:", publish(corpus, "memory:", kept=kept), kept, encoder)
    vector = encoder.encode_question(question)
    for passage, texts, cosines in zip(passages_of(index), encoded(index), closeness(index, question), strict=True):
        assert all(heading in texts.passage for heading in passage.path)
        of_passage, of_heading = encoder.encode([texts.passage, texts.heading])
        moved = of_passage + qa.indexing.vectors.HEADING * of_heading
        expected = [moved / np.linalg.norm(moved), *encoder.encode(texts.sentences)]
        assert cosines == pytest.approx([float(each @ vector) for each in expected], abs=0.01)


AS_READ = [
    # (Markdown, what is encoded of its only sentence, why)
    ("Lanes cut *all* **injuries** by a third.", "Lanes cut all injuries by a third.", "emphasis"),
    ("[Lanes](https://example.org/lanes) cut injuries.", "Lanes cut injuries.", "a link"),
    ("Lanes cut injuries by a third [@reyes2019].", "Lanes cut injuries by a third.", "a citation"),
    ("- Lanes cut injuries.", "Lanes cut injuries.", "a bullet"),
    ("> Lanes cut\n> injuries.", "Lanes cut injuries.", "a quotation of two lines"),
]


@pytest.mark.parametrize(("markdown", "text", "why"), AS_READ)
def test_texts_are_encoded_as_they_are_read(markdown: str, text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.md").write_text(f"# Lanes and riders\n\n## Results\n\n{markdown}\n")
    (tmp_path / "documents" / "a.bib").write_text(
        "@article{reyes2019, author={Reyes, A}, title={Lanes}, year={2019}}\n"
    )
    (tmp_path / "documents.toml").write_text(
        '[[document]]\nfile = "a.md"\ntitle = "A title"\nbibliography = ["a.bib"]\n'
    )
    (texts,) = encoded(open_published(tmp_path, "memory:"))
    assert texts.sentences == [text], why
    assert texts.passage == f"A title. Lanes and riders. Results. {text}"


def test_a_version_has_vectors_once_they_are_made(kept: Cache, corpus: Path) -> None:
    version = publish(corpus, "memory:", kept=kept)
    states = [
        open_index("memory:", version, kept).encoder,
        open_index("memory:", version, kept, tiny_encoder()).encoder,
        open_with_vectors("memory:", version, kept, tiny_encoder()).encoder,
        open_index("memory:", version, kept, tiny_encoder()).encoder,
        open_with_vectors("memory:", version, kept, None).encoder,
    ]
    assert states == ["off", "preparing", "on", "on", "off"]


def test_only_new_texts_are_encoded(kept: Cache, corpus: Path) -> None:
    counts: Counts = []
    texts = distinct_texts(opened(corpus, kept, counts))
    assert counts[-1] == (len(texts), len(texts))
    counts.clear()
    opened(corpus, kept, counts)
    assert counts == []
    path = corpus / DOCUMENT
    path.write_text(path.read_text("utf-8").replace("substantially lower", "clearly lower"), "utf-8")
    new = distinct_texts(opened(corpus, kept, counts)) - texts
    assert 0 < len(new) < len(texts) / 2
    assert counts[-1] == (len(new), len(new))


def test_a_start_that_is_interrupted_is_not_lost(kept: Cache, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qa.indexing.vectors, "CHUNK", 2)
    monkeypatch.setattr(qa.indexing.vectors, "SAVE_AFTER", 0)
    version = publish(corpus, "memory:", kept=kept)

    def interrupt(done: int, _: int) -> None:
        if done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_with_vectors("memory:", version, kept, tiny_encoder(), interrupt)
    counts: Counts = []
    index = opened(corpus, kept, counts)
    assert counts[-1][1] == len(distinct_texts(index)) - 4


def test_damaged_vectors_are_made_again(kept: Cache, corpus: Path) -> None:
    expected = closeness(opened(corpus, kept), "red green")
    for entry in kept.folder.glob("*.entry"):
        entry.write_bytes(entry.read_bytes()[:-9] + b"unreadable")
    assert closeness(opened(corpus, kept), "red green") == expected


def test_texts_of_other_versions_are_kept_while_there_is_room(
    kept: Cache, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.indexing.vectors, "MOST_KEPT", 0)
    path, counts = corpus / DOCUMENT, Counts()
    first = path.read_text("utf-8")
    before = closeness(opened(corpus, kept), "red green")
    path.write_text(first.replace("substantially lower", "clearly lower"), "utf-8")
    opened(corpus, kept)
    for vectors in kept.folder.glob("vectors-*.entry"):
        vectors.unlink()
    path.write_text(first, "utf-8")
    assert closeness(opened(corpus, kept, counts), "red green") == before
    assert counts[-1][1] > 0


def test_of_several_processes_one_makes_the_vectors(kept: Cache, corpus: Path) -> None:
    """Threads that open the folder each for themselves wait for the same lock as processes."""
    publish(corpus, "memory:", kept=kept)
    counts: list[Counts] = [[] for _ in range(4)]
    threads = [threading.Thread(target=opened, args=(corpus, kept, each)) for each in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([each for each in counts if each]) == 1


# --- as served ---------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, corpus: Path) -> Settings:
    folder = tmp_path / "encoder"
    folder.mkdir()
    write_tiny_encoder(folder)
    return Settings(corpus=corpus, cache=tmp_path / "kept", encoder=str(folder))


def test_a_service_for_programs_has_vectors_at_once(settings: Settings) -> None:
    counts: Counts = []
    service = open_service(settings, progress=lambda done, total: counts.append((done, total)))
    assert counts
    assert service.ask("cocaine craving").index.encoder == "on"
    assert open_service(settings.model_copy(update={"encoder": "off"})).ask("cocaine craving").index.encoder == "off"


def test_an_application_answers_by_words_until_vectors_are_made(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As other WSGI servers run it. A browser that kept the first answer asks for the second."""
    may_start = threading.Event()

    def wait_and_encode(*args: Any, **options: Any) -> np.ndarray:
        assert may_start.wait(WAIT)
        return encode_many(*args, **options)

    monkeypatch.setattr(qa.indexing.vectors, "encode_many", wait_and_encode)
    client: Any = create_app(settings).test_client()
    first = client.get("/api/v1/ask?q=cocaine craving")
    assert first.json["index"]["encoder"] == client.get("/readyz").json["encoder"] == "preparing"
    may_start.set()
    for _ in range(100 * round(WAIT)):
        if client.get("/readyz").json["encoder"] == "on":
            break
        threading.Event().wait(0.01)
    second = client.get("/api/v1/ask?q=cocaine craving", headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert second.json["index"]["encoder"] == "on"


def test_with_an_owners_encoder_questions_in_any_language_are_searched(kept: Cache, corpus: Path) -> None:
    """It may have been made for several languages; the one in the package was made for English."""
    question = "¿Ayuda la ketamina a las personas a dejar de beber alcohol?"
    version = publish(corpus, "memory:", kept=kept)
    by_encoder = {
        name: answer(question, open_with_vectors("memory:", version, kept, encoder)).interpretation.language
        for name, encoder in (("none", None), ("shipped", shipped_encoder()), ("own", tiny_encoder()))
    }
    assert by_encoder == {"none": "Spanish", "shipped": "Spanish", "own": None}
