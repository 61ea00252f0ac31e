"""Every corpus that the tests have: the shipped one, and the one-page documents of other fields and habits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from qa.indexes import OpenIndex
from qa.ingest import publish

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "corpus"
PAGES = ROOT / "tests" / "data" / "pages"
LISTS = ROOT / "tests" / "data" / "lists"  # words that an owner would add, written by somebody who saw the page alone


def page_names() -> list[str]:
    return sorted(path.name.removesuffix(".gold.json") for path in PAGES.glob("*.gold.json"))


def corpus_of_page(name: str, folder: Path, *, lists: bool = False) -> Path:
    """A corpus folder with one of the pages and its vocabulary, as an owner would write it; `lists`: also the lists of
    words, for the pages that have any."""
    source = next(path for path in PAGES.glob(f"{name}.*") if path.suffix in {".txt", ".md"})
    (folder / "documents").mkdir(parents=True)
    shutil.copy(source, folder / "documents")
    (folder / "documents.toml").write_text(f'[[document]]\nfile = "{source.name}"\ntitle = "{name}"\n')
    conditions = json.loads((PAGES / f"{name}.conditions.json").read_text())
    ids = {condition["id"] for condition in conditions}
    (folder / "conditions.toml").write_text("\n".join(condition_in_toml(c, ids) for c in conditions))
    if lists and (LISTS / name).is_dir():
        shutil.copytree(LISTS / name, folder, dirs_exist_ok=True)
    return folder


def condition_in_toml(condition: dict[str, Any], ids: set[str]) -> str:
    lines = ["[[condition]]"]
    for key in ("id", "label", "parent", "names", "asked_as"):
        if condition.get(key):
            lines.append(f"{key} = {json.dumps(condition[key], ensure_ascii=False)}")
    for abbreviation in condition["abbreviations"]:
        # the annotators wrote meanings outside the vocabulary too, which an owner's file does not know
        ambiguous = sorted(ids.intersection(abbreviation["ambiguous"]))
        lines += ["[[condition.abbreviations]]", f"text = {json.dumps(abbreviation['text'])}"]
        lines += [f"ambiguous = {json.dumps(ambiguous)}"] if ambiguous else []
    return "\n".join(lines) + "\n"


@cache
def shipped() -> OpenIndex:
    return publish(SHIPPED, "memory:")


def all_corpora(folder: Path) -> Iterator[tuple[str, OpenIndex]]:
    yield "shipped", shipped()
    for name in page_names():
        yield name, publish(corpus_of_page(name, folder / name), "memory:")
