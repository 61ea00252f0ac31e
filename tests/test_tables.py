"""Table rows are found by the words of their header and shown with it, whatever the file format."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from qa.answering.answer import answer
from qa.indexes import OpenIndex
from qa.indexing.publish import open_published
from qa.models import Hit
from qa.settings import Settings
from qa.terminal import as_text
from qa.web import create_app
from testkit.page_reading import texts

REST = "Other roads were looked at by the council too, as everybody in these towns knows."
MARKDOWN = "# Injuries by town\n\n| Town | 2020 | 2021 |\n|---|---|---|\n| Oslo | 12 | 3 |\n| Paris | 40 | 22 |\n"
TEXT = "Towns and roads\n{rest}\n\nTown\tInjuries in 2020\tInjuries in 2021\nOslo\t12\t3\nParis\t40\t22\n\n{rest}\n"
LONG = "| Town | Injuries in 2020 |\n|---|---|\n{rows}| Oslo | 12 |\n"
TABLES = [
    # (file, text, head, why)
    ("a.md", MARKDOWN + "\n" + REST, "Town | 2020 | 2021", "the heading says what is counted"),
    ("a.txt", TEXT.format(rest=REST), "Town\tInjuries in 2020\tInjuries in 2021", "the header says it, without a rule below"),
    ("a.md", LONG.format(rows="".join(f"| Town number {n} | {n} |\n" for n in range(80))), "Town | Injuries in 2020",
     "a long table is split into passages"),
]  # fmt: skip
QUESTION = "How many injuries were there in Oslo in 2020?"


def corpus_of(folder: Path, name: str, text: str) -> OpenIndex:
    (folder / "documents").mkdir()
    (folder / "documents" / name).write_text(text)
    (folder / "documents.toml").write_text(f'[[document]]\nfile = "{name}"\ntitle = "Roads"\n')
    return open_published(folder, "memory:")


def marked(hit: Hit) -> list[str]:
    return [hit.text[sentence.start : sentence.end] for sentence in hit.sentences if sentence.answers]


@pytest.mark.parametrize(("name", "text", "head", "why"), TABLES)
def test_a_row_is_found_and_shown_with_its_header(tmp_path: Path, name: str, text: str, head: str, why: str) -> None:
    index = corpus_of(tmp_path, name, text)
    found = answer(QUESTION, index)
    assert found.status != "abstained", why
    hit = found.answers[0]
    assert [row.split()[0] for row in marked(hit)] == ["Oslo"]
    assert hit.head is not None
    assert hit.head.text == head == text[hit.head.start : hit.head.end]
    assert text[hit.start : hit.end] == hit.text
    terminal = as_text(found)
    assert terminal.index(head) < terminal.index(marked(hit)[0])


@pytest.mark.parametrize(("name", "text", "head", "why"), TABLES[:2])
def test_page_and_api_show_the_header(tmp_path: Path, name: str, text: str, head: str, why: str) -> None:
    corpus_of(tmp_path, name, text)
    client = create_app(Settings(corpus=tmp_path)).test_client()
    page = client.get("/", query_string={"q": QUESTION}).text
    cells = re.split(r" \| |\t", head)
    assert texts(page, "th") == cells, "the header row, above the rows of the quotation"
    assert page.index("<blockquote") < page.index("<thead>") < page.index("<td")
    (hit, *_) = orjson.loads(client.get("/api/v1/ask", query_string={"q": QUESTION}).data)["answers"]
    assert hit["head"] == {"start": text.index(head), "end": text.index(head) + len(head), "text": head, "cells": cells}
