"""Every corpus that the tests have: the shipped one, and the one-page documents of other fields and habits."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from qa.cache import temporary_cache
from qa.encoder import open_encoder
from qa.indexes import IN_MEMORY, OpenIndex
from qa.indexing.publish import open_published, publish
from qa.indexing.vectors import open_with_vectors

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


def encoder_of_tests() -> str:
    """The encoder that tests use which do not name one: QA_TEST_ENCODER, `off` unless it is set."""
    return os.environ.get("QA_TEST_ENCODER", "off")


@cache
def shipped() -> OpenIndex:
    kept = temporary_cache()
    return open_with_vectors(IN_MEMORY, publish(SHIPPED, IN_MEMORY, kept=kept), kept, open_encoder(encoder_of_tests()))


def all_corpora(folder: Path) -> Iterator[tuple[str, OpenIndex]]:
    yield "shipped", shipped()
    for name in page_names():
        yield name, open_published(corpus_of_page(name, folder / name), "memory:")


MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{% x %}&lt;\u202e\u2066 \\ ` $x ]]>"
HOSTILE_TEXT = f"""# {MARKUP}

A 2022 trial [1] of 96 people found that {MARKUP} reduced craving. "The study" said so (Smith, 2020), and <b>more</b>.\r
\r
- item {MARKUP} [2]
- [a link](javascript:alert(1)) and <a href="javascript:alert(1)">another</a> [@a.bib]

| <th> | b |
|---|---|
| {{{{ braces }}}} | 1 |

## References

1. Smith J. {MARKUP}. J <b>Test</b>. 2020;1:2-3. doi:10.1/x}},evil={{y
2. <Jones> A. A work. javascript:alert(1). 2021.
"""


def hostile_corpus(folder: Path) -> Path:
    """A corpus in which every word of the owner's is markup, a template, a quote or a bidirectional control."""
    words = json.dumps(MARKUP)
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "a.md").write_bytes(HOSTILE_TEXT.encode())
    (folder / "documents" / "b.txt").write_bytes(f"{MARKUP}\n\nCraving was lower in 2021 (Smith 2020).\n".encode())
    (folder / "documents.toml").write_text(
        f'[[document]]\nfile = "a.md"\ntitle = {words}\nowner = {words}\norigin = {words}\nlicence = {words}\n'
        f'[[document]]\nid = "b"\nfile = "b.txt"\ntitle = {words}\n'
    )
    (folder / "site.toml").write_text(
        f'owner = {words}\nintro = {words}\nfooter = {words}\ncontact = "mailto:x@example.org"\n'
    )
    (folder / "conditions.toml").write_text(
        f'[[condition]]\nid = "craving"\nlabel = {words}\nnames = ["craving"]\n'
        f'[[condition]]\nid = "below"\nlabel = {words}\nparent = "craving"\nnames = ["evil craving"]\n'
    )
    (folder / "notices.toml").write_text(
        f'[[notice]]\nid = "n"\ntitle = {words}\ntext = {words}\nurgent = true\nwords = ["craving"]\n'
    )
    (folder / "notes.toml").write_text(
        f'[[note]]\ndocument = "b"\nsentence = "Craving was lower in 2021 (Smith 2020)."\nstatus = "contradicted"\n'
        f'text = {words}\ndate = 2026-01-01\nreference = "a.bib"\n'
    )
    work: dict[str, Any] = {
        "type": "book",
        "title": MARKUP,
        "author": [{"literal": MARKUP}, {"family": MARKUP, "given": MARKUP}],
    }
    work |= {"DOI": "10.1/x},evil={y", "URL": f"javascript:{MARKUP}", "PMID": MARKUP, "page": 12, "volume": MARKUP}
    works = [{"id": id, **work} for id in ("a.bib", "a", "..x", "x" * 200)]
    (folder / "references.json").write_text(json.dumps(works))
    return folder
