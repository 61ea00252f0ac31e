"""Every word that the page quotes is the document's: 1,000 questions, real and random."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from qa.engine import Service
from qa.indexes import OpenIndex
from qa.settings import Settings
from qa.web import create_app
from testkit.corpora import ROOT, all_corpora
from testkit.page_reading import quotations

pytestmark = pytest.mark.slow

WRITTEN = [ROOT / "corpus" / "questions.jsonl", *sorted((ROOT / "tests" / "data" / "questions").glob("*.jsonl"))]
MANY = 1000
SEED = 20261123
CHOSEN = Settings()


def asked_by_people() -> list[str]:
    return [json.loads(line)["question"] for path in WRITTEN for line in path.read_text("utf-8").splitlines() if line]


def made_up(index: OpenIndex, chance: random.Random) -> str:
    """Random words of the documents in any order, sometimes with characters that could break a page."""
    words = chance.choice([p.text for d in index.documents() for p in d.passages]).split()
    picked = chance.sample(words, min(len(words), chance.randint(1, 6)))
    if chance.random() < 0.3:
        picked.insert(0, chance.choice(["<b>", "&amp;", '"', "{{x}}", "\u202e", "'--", "<script>alert(1)</script>"]))
    return " ".join(picked)[:900]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, OpenIndex, Any]]:
    folder: Path = tmp_path_factory.mktemp("corpora")
    return [
        (name, index, create_app(Settings(corpus=folder), index).test_client()) for name, index in all_corpora(folder)
    ]


def test_the_page_quotes_the_documents_byte_for_byte(corpora: list[tuple[str, OpenIndex, Any]]) -> None:
    chance = random.Random(SEED)
    shipped = corpora[0][1]
    asked = [(question, *corpora[0][1:]) for question in shipped.manifest.examples]
    asked += [(question, *corpora[n % len(corpora)][1:]) for n, question in enumerate(asked_by_people())]
    while len(asked) < MANY:
        index, client = chance.choice(corpora)[1:]
        asked.append((made_up(index, chance), index, client))
    quoted = 0
    # Sorted by corpus, because the contexts of only four index versions are cached.
    for question, index, client in sorted(asked, key=lambda each: id(each[1])):
        page = client.get("/", query_string={"q": question})
        assert page.status_code == 200, question
        found = Service(CHOSEN, index).ask(question)
        hits = found.answers or (found.abstention.nearest if found.abstention else ())
        stored = [index.document(hit.document).text[hit.start : hit.end] for hit in hits]
        assert [text.encode() for text in quotations(page.text)] == [text.encode() for text in stored], question
        assert page.text.count("<script") == 1, question
        quoted += bool(found.answers)
    assert quoted > MANY / 4
