"""Fifty one-page documents of fifty fields, each with twelve questions by somebody who saw the page alone.

Twelve pages are real, in the formats in which they were published (`*.source.json` says where they are from and under
which licence); the others were written for this purpose. Of a page's questions four are in everyday words, two in
professional ones, two are long messages; a near miss, a trap (the page's words, another number, outcome or
population), one on another subject and one off topic have no answer.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from qa.readers import READERS

FOLDER = Path(__file__).parent.parent / "tests" / "data" / "other_pages"
# Ten pages on which nothing was fitted or tried. Ten others were kept so before; docs/questions.md has their figures.
UNSEEN = (
    *("airports", "bread", "choir", "handwashing", "helmets"),
    *("offices", "potato", "prison", "rainwater", "solar"),
)


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page and its questions: `question`, `kind`, and `answers`, the first words of each sentence that answers."""

    name: str
    file: Path
    questions: tuple[Mapping[str, Any], ...]


def other_pages(*, unseen: bool) -> list[OtherPage]:
    """The pages that nothing was fitted on (`unseen`), or the others. Two pages whose licence does not allow to ship
    them are read from the folder named by QA_TEST_DATA, if it has them; a page in a format without a reader is left
    out."""
    folders = [FOLDER, Path(os.environ.get("QA_TEST_DATA", "")) / "pages"]
    files = [file for folder in folders for file in sorted(folder.glob("*.questions.jsonl"))]
    return [page for file in files for page in read_page(file) if (page.name in UNSEEN) is unseen]


def read_page(questions: Path) -> Iterator[OtherPage]:
    name = questions.name.removesuffix(".questions.jsonl")
    for file in sorted(questions.parent.glob(f"{name}.*")):
        if file.suffix in READERS and not file.name.endswith((".json", ".jsonl")):
            yield OtherPage(name, file, tuple(map(orjson.loads, questions.read_bytes().splitlines())))


def off_topic_questions() -> list[str]:
    """Sixty questions that no page answers: small talk, requests, general knowledge."""
    return [line for line in (FOLDER / "off-topic.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def corpus_of(pages: list[OtherPage], folder: Path) -> Path:
    """A corpus folder with these pages and nothing else."""
    (folder / "documents").mkdir(parents=True)
    entries = []
    for page in pages:
        shutil.copy(page.file, folder / "documents")
        source = page.file.with_name(f"{page.name}.source.json")
        title = json.loads(source.read_text(encoding="utf-8"))["title"] if source.exists() else first_line(page.file)
        entries.append(f"[[document]]\nfile = {json.dumps(page.file.name)}\ntitle = {json.dumps(title)}\n")
    (folder / "documents.toml").write_text("\n".join(entries), encoding="utf-8")
    return folder


def first_line(file: Path) -> str:
    lines = (line.strip(" #*=\t") for line in file.read_text(encoding="utf-8").splitlines())
    return next(line for line in lines if line)[:100]
