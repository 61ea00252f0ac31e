"""The examples in docs/writing.md behave as that page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.indexing.publish import open_published

PAGE = (Path(__file__).parent.parent / "docs" / "writing.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(text|markdown)\n(.*?)```\n\n```ledger\n(.*?)```", PAGE, re.S)


def test_every_example_has_its_ledger() -> None:
    assert len(EXAMPLES) == PAGE.count("```ledger") == PAGE.count("```") // 4 >= 7


@pytest.mark.parametrize(("form", "text", "ledger"), EXAMPLES, ids=[text[:30] for _, text, _ in EXAMPLES])
def test_example(tmp_path: Path, form: str, text: str, ledger: str) -> None:
    name = "a.md" if form == "markdown" else "a.txt"
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / name).write_text(text, encoding="utf-8")
    (tmp_path / "documents.toml").write_text(f'[[document]]\nfile = "{name}"\ntitle = "A"\n')
    (document,) = open_published(tmp_path, "memory:").documents()
    claims = [sentence for sentence in document.sentences if sentence.kind == "claim"]
    lines = [re.split(r"\s{2,}", line.strip()) for line in ledger.strip().splitlines()]
    assert len(claims) == len(lines)
    for sentence, (status, by, beginning) in zip(claims, lines, strict=True):
        support = sentence.support
        behind = [*support.references, *(i.reference for i in support.inherited)]
        behind += [f'"{source.text}"' for source in support.named_sources]
        assert document.text.startswith(beginning, sentence.start)
        assert (support.status, " ".join(behind) or "-") == (status, by)
